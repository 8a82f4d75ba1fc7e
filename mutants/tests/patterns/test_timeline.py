"""Unfolding: strokes fall in order, at once, never too close, and for a bounded time."""

from itertools import pairwise

import pytest
from fakes.plainscores import scores
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import ScoreError
from patterns.score import Score
from patterns.steps import MAX_LENGTH_MS, MAX_STROKES, MIN_GAP_MS, Beats, Gain, Repeat, Rest, Roll, Stroke
from patterns.timeline import roll_for, roll_ms, unfold

pytestmark = pytest.mark.pure


@given(scores)
def test_strokes_start_at_once_rise_and_keep_their_distance(score: Score) -> None:
    timeline = score.timeline()
    onsets = timeline.onsets_ms(passes=3)
    assert onsets[0] == 0
    assert all(later - earlier >= MIN_GAP_MS for earlier, later in pairwise(onsets))
    assert timeline.length_ms <= MAX_LENGTH_MS
    assert timeline.strokes <= MAX_STROKES
    assert all(0 < hit.gain <= 1 for hit in (*timeline.head, *timeline.loop))
    assert (timeline.loop_ms is None) == (not score.endless) == (not timeline.loop)


def onsets(*steps) -> list[int]:
    return unfold(steps).onsets_ms(passes=2)


def test_a_rest_counts_from_the_last_stroke() -> None:
    assert onsets(Beats(2, 300), Rest(700), Stroke()) == [0, 300, 1000]


def test_without_a_rest_the_last_interval_holds() -> None:
    assert onsets(Beats(2, 300), Stroke()) == [0, 300, 600]


def test_rests_in_a_row_add_up() -> None:
    assert onsets(Stroke(), Rest(100), Rest(200), Stroke()) == [0, 300]


def test_a_repeat_keeps_its_pause_between_its_turns() -> None:
    assert onsets(Repeat(2, (Beats(2, 100), Rest(500)))) == [0, 100, 600, 700]


def test_a_loop_keeps_its_pause_between_its_passes() -> None:
    timeline = unfold((Stroke(), Rest(400), Repeat(None, (Beats(3, 250), Rest(600)))))
    assert (timeline.head_ms, timeline.loop_ms) == (400, 1100)
    assert timeline.onsets_ms(passes=2) == [0, 400, 650, 900, 1500, 1750, 2000]


def test_a_roll_quickens_from_its_first_interval_to_its_last() -> None:
    times = roll_ms(Roll(12, 800, 120))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert (gaps[0], gaps[-1]) == (800, 120)
    assert gaps == sorted(gaps, reverse=True)
    assert onsets(Roll(12, 800, 120), Stroke())[-1] - times[-1] == 120


@given(st.integers(500, 60_000), st.integers(60, 2000), st.integers(60, 2000))
def test_a_roll_by_duration_comes_nearest(duration_ms: int, from_ms: int, to_ms: int) -> None:
    best = roll_for(duration_ms, from_ms, to_ms)
    off = abs(roll_ms(best)[-1] - duration_ms)
    for strokes in {max(3, best.strokes - 1), min(MAX_STROKES, best.strokes + 1)}:
        assert off <= abs(roll_ms(Roll(strokes, from_ms, to_ms))[-1] - duration_ms) + 1


def test_gain_holds_to_the_end_of_its_list_and_multiplies() -> None:
    timeline = unfold((Gain(0.5), Stroke(), Repeat(1, (Stroke(), Gain(0.4), Stroke())), Stroke()))
    assert [hit.gain for hit in timeline.head] == pytest.approx([0.5, 0.5, 0.2, 0.5])


def test_a_later_gain_of_the_same_list_replaces_the_earlier() -> None:
    assert [hit.gain for hit in unfold((Gain(0.5), Stroke(), Gain(0.8), Stroke())).head] == [0.5, 0.8]


def test_gain_reaches_into_the_loop() -> None:
    assert unfold((Stroke(), Gain(0.5), Repeat(None, (Stroke(),)))).loop[0].gain == 0.5


def test_gain_in_a_repeat_starts_anew_at_each_turn() -> None:
    timeline = unfold((Repeat(2, (Stroke(), Gain(0.5), Stroke())),))
    assert [hit.gain for hit in timeline.head] == [1, 0.5, 1, 0.5]


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (Rest(100), Stroke()),
        (Rest(100), Repeat(None, (Stroke(),))),
        (Repeat(None, (Rest(100), Stroke())),),
        (Repeat(None, (Stroke(),)), Stroke()),
        (Repeat(100, (Repeat(100, (Repeat(100, (Rest(1000),)),)),)),),
        (Beats(MAX_STROKES, 60), Stroke()),
        (Beats(100, 1000), Repeat(None, (Beats(100, 1000),))),
    ],
)
def test_what_breaks_a_limit_is_refused(steps) -> None:
    with pytest.raises(ScoreError):
        unfold(steps)
