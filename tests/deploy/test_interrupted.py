"""A machine that is founded loses its power at any step: run again, it is whole, and no key was made twice."""

import argparse
import base64
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.installed import script

from broker.enrolment.files import InstallFault
from broker.enrolment.found import Founding, found, settle
from broker.enrolment.options import parser
from broker.mosquitto.accounts import hashed
from broker.mosquitto.ca import public_of

KNOWN = ("etc/keng/commune.key", "etc/keng/ca/ca.key", "etc/keng/ca/ca.crt")
"""What boxes or the safe know: never twice."""
PAIRS = ("etc/keng/ca/ca", "etc/keng/ca/issuer", "etc/mosquitto/keng/server")
OWNERS = ("daemon", "games") if os.geteuid() == 0 else (None, None)
"""Of Debian's own users, in the places of keng and mosquitto."""
STEPS = range(1, 90) if os.environ.get("KENG_SOAK") else (11, 30, 46)
"""Between the CA's key and its certificate; between a server's key and its owner; between passwords and their owner."""


def run(root: Path) -> list[str]:
    """install-commune.sh's part that makes files; what it made."""
    founding = Founding(root, *OWNERS)
    args: argparse.Namespace = parser().parse_args(["--address", "10.0.0.2"])
    settle(founding, found(founding, args))
    return founding.made


def cut_before(step: int, work: Callable[[], object]) -> bool:
    """In a child, until the step-th file would get its name or owner; whether it came that far."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    left = step

    def count(event: str, _: object) -> None:
        nonlocal left
        if event in ("os.rename", "os.chown", "os.mkdir"):
            left -= 1
            if left == 0:
                os._exit(9)

    try:
        sys.addaudithook(count)
        work()
    finally:
        os._exit(0)


def facts(root: Path) -> dict[str, tuple[int, int, int]]:
    """Names, modes and owners."""
    return {
        str(path.relative_to(root)): (path.stat().st_mode, path.stat().st_uid, path.stat().st_gid)
        for path in root.rglob("*")
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Founded without a hitch."""
    root = tmp_path_factory.mktemp("whole")
    assert run(root)
    assert run(root) == []
    return root


@pytest.mark.soak
@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_at_any_step_leaves_what_a_second_run_makes_whole(whole: Path, tmp_path: Path, step: int) -> None:
    if not cut_before(step, lambda: run(tmp_path)):
        pytest.skip("it has no such step")
    there = {name: (tmp_path / name).read_bytes() for name in KNOWN if (tmp_path / name).exists()}
    run(tmp_path)
    assert {name: (tmp_path / name).read_bytes() for name in there} == there, "boxes and the safe may know them"
    assert facts(tmp_path) == facts(whole)
    for pair in PAIRS:
        assert public_of(tmp_path / f"{pair}.crt") == public_of(tmp_path / f"{pair}.key")
    lines = (tmp_path / "etc/mosquitto/keng/local.passwords").read_text().splitlines()
    users = dict(line.split(":", 1) for line in lines if line and not line.startswith("#"))
    for path in (tmp_path / "etc/keng").glob("*.password"):
        salt = base64.b64decode(users[path.stem].split("$")[3])
        assert hashed(path.read_text().strip(), salt) == users[path.stem]
    assert run(tmp_path) == []


@pytest.fixture(scope="module")
def pi(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """A box that is installed, and the folders of it and of another one."""
    home = tmp_path_factory.mktemp("pi")
    for name, box in (("một", "thon-1"), ("hai", "thon-2")):
        (folder := home / name).mkdir()
        (folder / "node.yaml").write_text(f"node: {box}\n")
        for file in ("password", "node.key", "ca.crt"):
            (folder / file).write_text(f"{file} of {box}\n")
    assert (done := script("node.sh", home / "một", "--root", home / "root")).returncode == 0, done.stderr
    (home / "root/var/lib/keng-node").mkdir(parents=True)
    return home / "root", home / "một", home / "hai"


@pytest.mark.soak
@pytest.mark.parametrize("step", range(1, 16) if os.environ.get("KENG_SOAK") else (2,))
def test_a_card_that_loses_its_power_while_it_becomes_another_box_is_that_box_after_a_second_run(
    pi: tuple[Path, Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    (tmp_path / "bin").mkdir()
    (move := tmp_path / "bin/mv").write_text(
        f"#!/bin/sh\necho >>{tmp_path}/moves\n[ $(wc -l <{tmp_path}/moves) -ne {step} ] || kill -9 $PPID\n"
        'exec /bin/mv "$@"\n'
    )
    move.chmod(0o755)
    root = tmp_path / "root"
    shutil.copytree(pi[0], root, symlinks=True)
    words = (pi[2], "--root", root, "--replace")
    path = os.environ["PATH"]
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{path}")
    if script("node.sh", *words).returncode == 0:
        pytest.skip("it has no such step")
    monkeypatch.setenv("PATH", path)
    done = script("node.sh", *words)
    assert done.returncode == 0, done.stderr
    for file in ("node.yaml", "password", "node.key", "ca.crt"):
        assert (root / "etc/keng" / file).read_bytes() == (pi[2] / file).read_bytes(), file
    assert len(list((root / "var/lib").glob("keng-node*"))) == 1, "the old journal, and no new one yet"


def test_a_ca_that_every_box_knows_is_not_made_anew_on_a_machine_that_lost_it(whole: Path) -> None:
    lost = {path: path.read_bytes() for path in (whole / "etc/keng/ca").glob("ca.*")}  # the key is in the safe
    for path in lost:
        path.unlink()
    with pytest.raises(InstallFault, match="keng restore"):
        run(whole)
    assert not any(path.exists() for path in lost)
    for path, was in lost.items():
        path.write_bytes(was)


def test_a_cas_certificate_that_is_lost_is_made_of_its_key_which_boxes_go_on_to_believe(whole: Path) -> None:
    certificate = whole / "etc/keng/ca/ca.crt"
    before = public_of(certificate)
    certificate.unlink()
    assert run(whole) == [str(certificate)]
    assert public_of(certificate) == before
