"""FAULTS.md says which test shows each promise: each one named is there and was seen to fail; no row is without one."""

import re
from pathlib import Path

import breaks
import mutants

TESTS = Path(__file__).parent
ROWS = re.findall(r"^\| (\d+) \|.*\|$", (TESTS / "FAULTS.md").read_text("utf-8"), re.M)
TEXT = (TESTS / "FAULTS.md").read_text("utf-8")
NAMED = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", TEXT)
REAL = ("lab/", "attacker/", "deploy/", "broker/mosquitto/", "console/", "node/ear/test_run.py")
"""Rooms of tests with real processes: each of them has a break of its own."""
BROKEN = {one.test.partition("[")[0] for one in breaks.BREAKS}
MUTATED = {test for mutant in mutants.MUTANTS for test in mutant.tests.split()}
SEEN = breaks.TABLE.read_text("utf-8")


def test_every_row_is_there():
    assert {str(number) for number in range(1, 29)} == set(ROWS)


def test_no_row_is_without_a_test():
    rows = [line for line in TEXT.splitlines() if re.match(r"\| \d", line)]
    assert not [row for row in rows if "_" not in "".join(re.findall(r"`([\w/]+\.py)", row))]


def test_every_test_that_it_names_is_there():
    def there(file, name):
        path = TESTS / file
        return path.exists() and re.search(rf"^(    def |def |class |){name}\b", path.read_text("utf-8"), re.M)

    assert len(NAMED) > 40
    assert not [(file, name) for file, name in NAMED if file.startswith("tests/") or not there(file, name or "")]


def test_every_test_that_it_names_was_seen_to_fail():
    def seen(file, name):
        if file.startswith(REAL):
            return {file, f"{file}::{name}"} & BROKEN
        return file in MUTATED or f"{file}::{name}" in BROKEN

    rows = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", TEXT[TEXT.index("| 1 |") :])
    assert not [f"{file}::{name}" for file, name in rows if not seen(file, name)]


def test_every_break_can_still_be_made_and_stands_in_the_table():
    assert not [one for one in breaks.BREAKS if not breaks.source(one)]
    assert not [one for one in breaks.BREAKS if breaks.row(one) not in SEEN]
    assert SEEN.count("\n| ") == len(breaks.BREAKS) + 1, "make breaks ARGS=--write: rows that are no break's any more"
