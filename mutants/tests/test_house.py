"""The house keeps its own rules: what no linter knows is checked here."""

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("wire", "patterns", "node", "broker")
MOST_LINES = 300
# Longer on purpose: none. A name here needs its reason beside it.
LONGER: dict[str, str] = {}
WAITS = re.compile(r"\btime\.sleep\(")
# The environment is a program's input and may be set; code and objects may not be bent.
PATCHES = re.compile(r"\bmonkeypatch\.(?!setenv|delenv)|\bmock\.patch\b|\bMagicMock\b")


def tracked(suffix: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", f"*{suffix}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split() if (ROOT / name).exists()]


def sources() -> list[Path]:
    return [
        path
        for path in tracked(".py")
        if path.relative_to(ROOT).parts[0] in PACKAGES and "migrations" not in path.parts
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_this_checkout_and_not_a_namesake_from_elsewhere(package):
    found = importlib.import_module(package).__file__
    assert found is not None
    assert Path(found).resolve() == ROOT / package / "__init__.py"
    assert (ROOT / package / "py.typed").exists()


def test_no_package_hides_under_tests():
    assert not [
        path for path in tracked(".py") if path.name == "__init__.py" and "tests" in path.relative_to(ROOT).parts
    ]


def test_every_module_opens_with_what_it_is_for():
    silent = [
        path for path in sources() if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert not silent


def test_no_module_outgrows_one_reading():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sources()
        if (lines := len(path.read_text().splitlines())) > MOST_LINES and str(path.relative_to(ROOT)) not in LONGER
    }
    assert not long


def test_paho_is_imported_in_one_place():
    users = [
        path.relative_to(ROOT) for path in sources() if re.search(r"^\s*(from|import) paho", path.read_text(), re.M)
    ]
    assert users == [Path("wire/link.py")]


def test_tests_wait_for_conditions_and_patch_nothing():
    offenders = []
    for path in tracked(".py"):
        where = path.relative_to(ROOT)
        if where.parts[0] != "tests" or where == Path("tests/test_house.py"):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if PATCHES.search(line) or (WAITS.search(line) and "#" not in line):
                offenders.append(f"{where}:{number}: {line.strip()}")
    assert not offenders, "give each real wait its reason on the line"


def test_ignores_carry_their_reason():
    bare = []
    for path in [*sources(), *(p for p in tracked(".py") if "tests" in p.parts)]:
        for number, line in enumerate(path.read_text().splitlines(), 1):
            ignored = re.search(r"#\s*(noqa(: [A-Z0-9, ]+)?|type: ignore(\[[a-z, -]+\])?)(.*)$", line)
            if ignored and not re.search(r"\w{3,}", ignored.group(4)) and path.name != "test_house.py":
                bare.append(f"{path.relative_to(ROOT)}:{number}")
    assert not bare


def test_the_workplace_is_not_named():
    words = re.compile("/" + r"work/|/opt/(wheels|pypi)|\bClau" + r"de\b|\bLL" + r"M\b", re.I)
    named = []
    for suffix in (".py", ".md", ".sh", ".yaml", ".toml", ".service", ".c"):
        named += [
            str(path.relative_to(ROOT)) for path in tracked(suffix) if words.search(path.read_text(errors="replace"))
        ]
    assert not named
