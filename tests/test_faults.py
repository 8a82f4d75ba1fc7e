"""FAULTS.md says which test shows each promise: every test that it names is there, and no row is without one."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
ROWS = re.findall(r"^\| (\d+) \|.*\|$", (TESTS / "FAULTS.md").read_text("utf-8"), re.M)
TEXT = (TESTS / "FAULTS.md").read_text("utf-8")
NAMED = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", TEXT)


def test_every_row_is_there():
    assert {str(number) for number in range(1, 28)} == set(ROWS)


def test_no_row_is_without_a_test():
    rows = [line for line in TEXT.splitlines() if re.match(r"\| \d", line)]
    assert not [row for row in rows if "_" not in "".join(re.findall(r"`([\w/]+\.py)", row))]


def test_every_test_that_it_names_is_there():
    def there(file, name):
        path = TESTS / file
        return path.exists() and re.search(rf"^(    def |def |class |){name}\b", path.read_text("utf-8"), re.M)

    assert len(NAMED) > 40
    assert not [(file, name) for file, name in NAMED if file.startswith("tests/") or not there(file, name or "")]
