"""Sổ vụ việc's search: neither case nor diacritics of either side matter, in SQLite itself."""

import sqlite3

import pytest

from broker.console.cases.plainly import FUNCTION, _plain, pattern
from broker.core.outcome import plain

pytestmark = pytest.mark.pure
NOTE = "Cháy ĐỐNG rơm nhà bà Ừng, thôn Đông Thượng: 100% đã dập_tắt"


def found(note: str, words: str) -> bool:
    """As the lookup asks it."""
    bare = plain(words)
    with sqlite3.connect(":memory:") as db:
        db.create_function(FUNCTION, 1, _plain, deterministic=True)
        sql = f"SELECT ? LIKE ? ESCAPE '\\' AND instr({FUNCTION}(?), ?) > 0"
        return bool(db.execute(sql, (note, pattern(bare), note, bare)).fetchone()[0])


@pytest.mark.parametrize(
    "words",
    ["đống", "ĐỐNG", "dong", "Đong rom", "ỪNG", "ung", "thuong", "THƯỢNG", "ha ba  ung", "100%", "dap_tat", "dập_"],
)
def test_is_found_whatever_its_case_and_diacritics(words: str) -> None:
    assert found(NOTE, words)


@pytest.mark.parametrize("words", ["dung", "10%", "dapxtat", "thon tay", "%", "_a_"])
def test_is_not_found_by_what_is_not_there(words: str) -> None:
    assert found(NOTE, words) == (words == "%")


def test_every_letter_of_vietnamese_is_found_by_its_bare_one_and_the_other_way_round() -> None:
    every = map(chr, (*range(0xC0, 0x1B1), *range(0x1EA0, 0x1EFA)))
    letters = [one for one in every if plain(one) in set("adeiouy")]
    assert len(letters) > 180
    for one in letters:
        assert found(f"x{one}x", f"x{plain(one)}x") and found(f"x{plain(one)}x", f"X{one.swapcase()}X"), one
