"""Pictures fit the terminal and show every stroke."""

import pytest
from fakes.plainscores import scores
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.builtin import builtins
from patterns.picture import described, picture
from patterns.render import render
from patterns.score import Score, parse_score
from patterns.strike import strike
from patterns.voice import Bar


@given(scores, st.integers(0, 500))
def test_no_line_is_wider_than_asked(score: Score, width: int) -> None:
    for line in picture(score.named("x"), width=width).splitlines():
        assert len(line) <= max(40, min(400, width))


@settings(max_examples=15, deadline=None)
@given(scores)
def test_no_score_with_its_sound_fails_to_be_drawn(score: Score) -> None:
    assert picture(score, render(score, strike(Bar(ring_s=0.3))).clip("x"))


@pytest.mark.parametrize("name", list(builtins()))
def test_the_vietnamese_title_comes_first_in_eighty_columns(name: str) -> None:
    score = builtins()[name]
    lines = picture(score, render(score, strike(Bar())).clip(name), 80).splitlines()
    assert lines[0].startswith(score.title_vi)
    assert score.title_en in lines[0]
    assert max(map(len, lines)) <= 80
    assert any("█" in line for line in lines[3:8])


def test_strokes_stand_where_they_fall() -> None:
    lines = picture(parse_score([{"beats": {"strokes": 5, "every_s": 1}}]), width=52).splitlines()
    strokes = lines[-3][1:]
    assert [column for column, mark in enumerate(strokes) if mark == "│"] == [0, 10, 20, 30, 40]
    assert lines[-1][1:].index("2 s") == 20


def test_a_loop_is_marked_where_it_starts() -> None:
    score = parse_score(
        [{"beats": {"strokes": 4, "every_s": 1}}, {"repeat": {"until": "silenced", "steps": ["stroke"]}}]
    )
    axis = picture(score, width=72).splitlines()[-2][1:]
    assert axis.index("↻") == 40
    assert axis.endswith("…")


def test_soft_strokes_are_drawn_broken() -> None:
    assert "╎" in picture(parse_score(["stroke", {"gain": 0.3}, "stroke"]))


def test_what_is_struck_is_said_in_both_languages() -> None:
    assert described(builtins()["alarm"].timeline()) == (
        "3 tiếng mỗi 1,14 giây, lặp lại đến khi tắt",
        "3 strokes every 1.14 s, until silenced",
    )
    assert described(builtins()["test"].timeline()) == ("1 tiếng", "1 stroke")
