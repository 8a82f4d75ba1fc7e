"""deploy/requirements/*.txt: an installed machine gets what pyproject.toml asks for, each file by its SHA-256."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy/requirements"
LOCKS = {path.stem: path for path in sorted(FOLDER.glob("*.txt"))}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
SCRIPTS = ("install-commune.sh", "node.sh")
MACHINES = [
    {**default_environment(), "python_version": short, "python_full_version": f"{short}.2", "platform_machine": machine}
    for short in ("3.11", "3.13")
    for machine in ("x86_64", "aarch64", "armv7l")
]
"""Debian 12 and 13, on a PC, a Pi with 64 bits, a Pi with 32."""


def entries(path: Path) -> dict[Requirement, list[str]]:
    """What is held, and the hashes of the files that are let in."""
    logical = path.read_text().replace("\\\n", " ")
    found = {}
    for line in logical.splitlines():
        if line and not line.startswith("#"):
            what, *hashes = line.split("--hash=")
            found[Requirement(what.strip())] = [one.strip() for one in hashes]
    return found


def wanted(stem: str) -> list[Requirement]:
    """What pyproject.toml says for a set of extras, and what builds our own wheel."""
    project = PROJECT["project"]
    extras = [line for name in stem.split("-") for line in project["optional-dependencies"][name]]
    return [Requirement(line) for line in (*project["dependencies"], *extras, *PROJECT["build-system"]["requires"])]


def name_of(requirement: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", requirement.name).lower()


def test_each_set_of_extras_that_a_script_installs_has_its_lock():
    used = set()
    for script in SCRIPTS:
        for line in re.findall(r'need_program "\$program" (.+)', (ROOT / "deploy" / script).read_text()):
            for words in {line.replace("$(pins_extra)", "pi"), line.replace("$(pins_extra)", "")}:
                used.add("-".join(sorted(words.split())))
    assert used == set(LOCKS)


@pytest.mark.parametrize("stem", LOCKS)
@pytest.mark.parametrize("machine", MACHINES, ids=lambda one: f"{one['python_version']}-{one['platform_machine']}")
def test_what_the_project_asks_for_is_held_in_a_version_that_it_takes(stem, machine):
    held = {name_of(one): one for one in entries(LOCKS[stem]) if one.marker is None or one.marker.evaluate(machine)}
    for requirement in wanted(stem):
        if requirement.marker is None or requirement.marker.evaluate(machine):
            [pin] = held[name_of(requirement)].specifier
            assert pin.operator == "==" and requirement.specifier.contains(pin.version), f"{requirement}: make lock"


@pytest.mark.parametrize("stem", LOCKS)
def test_every_file_is_known_by_its_hash(stem):
    for requirement, hashes in entries(LOCKS[stem]).items():
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), requirement


def test_no_two_locks_differ_in_a_version():
    versions: dict[str, set[str]] = {}
    for path in LOCKS.values():
        for requirement in entries(path):
            versions.setdefault(name_of(requirement), set()).add(str(requirement.specifier))
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


def test_a_library_whose_hash_is_another_is_not_installed(tmp_path):
    """pip itself, as the installer calls it; nothing is fetched."""
    wheel = tmp_path / "kengprobe-1-py3-none-any.whl"
    wheel.write_bytes(b"not what was locked")
    lock = tmp_path / "render.txt"
    lock.write_text(f"kengprobe @ file://{wheel} \\\n    --hash=sha256:{'0' * 64}\n")
    call = f'. deploy/lib.sh; uname() {{ echo x86_64; }}; pip_locked "{sys.executable}" "{lock}"'
    done = subprocess.run(["bash", "-c", call], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "DO NOT MATCH" in done.stderr
