"""broker/console/ASVS.md says which test shows each requirement: every test it names is there, no row is without."""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure
HERE = Path(__file__).parent
TEXT = (HERE.parents[1] / "broker" / "console" / "ASVS.md").read_text("utf-8")
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+) \| (.+) \| (.+) \|$", TEXT, re.M)
NAMED = re.findall(r"`(test_\w+\.py)::(\w+)`", TEXT)


def test_every_test_that_it_names_is_there():
    def there(file, name):
        path = HERE / file
        return path.exists() and re.search(rf"^def {name}\b", path.read_text("utf-8"), re.M)

    assert len(NAMED) > 80
    assert not [(file, name) for file, name in NAMED if not there(file, name)]


def test_every_row_has_a_test_or_says_what_is_not_held():
    assert len(ROWS) > 80
    bare = [number for number, _, shown in ROWS if not re.search(r"`test_\w+\.py::|by reading: \w|not held: \w", shown)]
    assert not bare
    assert len(re.findall(r"^\| \d", TEXT, re.M)) == len(ROWS), "a row that is not read"


def test_no_requirement_stands_twice_and_they_are_in_order():
    numbers = [tuple(map(int, number.split("."))) for number, _, _ in ROWS]
    assert numbers == sorted(set(numbers))
