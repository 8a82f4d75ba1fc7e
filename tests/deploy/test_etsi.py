"""deploy/ETSI.md has each provision of EN 303 645's table B.1 once, and every test that it names is there."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure
TESTS = Path(__file__).parents[1]
TEXT = (TESTS.parent / "deploy" / "ETSI.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d[\w.-]*) \| ([MR]) \| (.+?) \| (.+) \|$", TEXT, re.M)
NAMED = re.findall(r"`([\w/]+/test_\w+\.py)::(\w+)`", TEXT)
LAST = {
    "5.0": 1, "5.1": 5, "5.2": 3, "5.3": 16, "5.4": 4, "5.5": 8, "5.6": 9, "5.7": 2, "5.8": 3, "5.9": 3, "5.10": 1,
    "5.11": 4, "5.12": 3, "5.13": 1, "6": 8,
}  # fmt: skip
SPLIT = {"5.1-2": ["", "A"]} | {one: ["A", "B"] for one in ("5.3-4", "5.3-6", "5.3-15", "5.6-4", "5.13-1", "6-3")}
"""V3.1.3 made two provisions of one of V2.1.1's, or put one beside it."""


def provisions() -> list[str]:
    return [
        f"{clause}-{number}{letter}"
        for clause, last in LAST.items()
        for number in range(1, last + 1)
        for letter in SPLIT.get(f"{clause}-{number}", [""])
    ]


def test_every_provision_stands_here_once_and_in_order():
    assert [number for number, *_ in ROWS] == provisions()
    assert len(re.findall(r"^\| \d", TEXT, re.M)) == len(ROWS), "a row that is not read"


def test_every_test_that_it_names_is_there():
    def there(file: str, name: str) -> bool:
        path = TESTS / file
        return path.exists() and re.search(rf"^ *def {name}\b", path.read_text("utf-8"), re.M) is not None

    assert len(NAMED) > 50
    assert not [(file, name) for file, name in NAMED if not there(file, name)]


def test_every_row_has_a_test_or_says_why_there_is_none():
    told = r"`[\w/]+/test_\w+\.py::|by reading: \S|not held: \S|n/a: \S"
    assert not [number for number, _, _, shown in ROWS if not re.search(told, shown)]
