"""A line's hash binds all that is in it and before it, and no two lines look alike."""

import pytest

from broker.register.chain import FIRST, Line, link, links

pytestmark = pytest.mark.pure

LINE: Line = (7, "closed", "x", "duty", 5, "{}", '{"a":1}')


@pytest.mark.parametrize("place", range(7))
def test_each_field_counts(place: int) -> None:
    other = list(LINE)
    other[place] = 8 if isinstance(LINE[place], int) else f"{LINE[place]}'"
    assert link(FIRST, tuple(other))[1] != link(FIRST, LINE)[1]


def test_what_moves_from_one_field_to_the_next_is_another_line() -> None:
    moved = [("ab", "c"), ("a", "bc"), ("", "abc"), ("abc", "")]
    hashes = {link(FIRST, (7, what, subject, None, 5, "{}", "{}")) for what, subject in moved}
    assert len(hashes) == len(moved)


def test_nobody_and_an_empty_name_differ() -> None:
    nobody, empty, dash = ((7, "a", "b", by, 5, "{}", "{}") for by in (None, "", "-"))
    assert len({link(FIRST, line) for line in (nobody, empty, dash)}) == 3


def test_each_line_binds_those_before_it() -> None:
    lines = [(seq, *LINE[1:]) for seq in (1, 2, 3)]
    whole = links(FIRST, lines)
    assert [seq for seq, _ in whole] == [1, 2, 3]
    assert links(whole[0], lines[1:]) == whole[1:]
    altered = links(FIRST, [(1, "opened", *LINE[2:]), *lines[1:]])
    assert all(one != other for one, other in zip(whole, altered, strict=True))


@pytest.mark.parametrize("strange", [1.5, b"raw"])
def test_what_no_journal_holds_is_no_line(strange: object) -> None:
    with pytest.raises(TypeError):
        link(FIRST, (7, "a", "b", None, 5, "{}", strange))
