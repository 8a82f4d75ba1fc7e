"""What a village would take for an alarm, and for the evacuation signal."""

import pytest

from patterns.likeness import alarm_likeness, is_evacuate, rapid_likeness, three_beat
from patterns.score import parse_score

pytestmark = pytest.mark.pure


def timeline(*steps):
    return parse_score(list(steps)).timeline()


def beats(strokes: int, every_s: float):
    return {"beats": {"strokes": strokes, "every_s": every_s}}


def forever(*steps):
    return {"repeat": {"until": "silenced", "steps": list(steps)}}


def test_a_three_beat_is_measured() -> None:
    beat = three_beat(timeline(forever(beats(3, 0.3), {"rest": 0.9})))
    assert beat is not None
    assert (beat.gap_ms, beat.pause_ms, beat.rapid) == (300, 900, True)


def test_a_three_beat_is_found_wherever_its_loop_is_cut() -> None:
    beat = three_beat(timeline(forever("stroke", {"rest": 0.9}, beats(2, 0.3), {"rest": 0.3})))
    assert beat is not None
    assert (beat.gap_ms, beat.pause_ms) == (300, 900)


@pytest.mark.parametrize("every_s, rest_s", [(0.36, 0.9), (0.3, 1.01), (1, 2)])
def test_a_slow_three_beat_is_not_rapid(every_s: float, rest_s: float) -> None:
    beat = three_beat(timeline(forever(beats(3, every_s), {"rest": rest_s})))
    assert beat is not None
    assert not beat.rapid


@pytest.mark.parametrize(
    "steps", [(beats(6, 0.3),), (forever(beats(3, 0.3)),), (forever(beats(2, 0.3), {"rest": 0.9}),)]
)
def test_what_is_no_three_beat(steps) -> None:
    assert three_beat(timeline(*steps)) is None


@pytest.mark.parametrize(
    "steps",
    [
        (forever("stroke"),),
        (beats(5, 0.3),),
        ("stroke", beats(24, 0.3)),
        ({"repeat": {"times": 2, "steps": [beats(3, 0.3), {"rest": 0.8}]}},),
    ],
)
def test_what_a_village_would_run_out_for(steps) -> None:
    assert alarm_likeness(timeline(*steps)) is not None


@pytest.mark.parametrize(
    "steps",
    [({"roll": {"strokes": 24, "from_s": 0.8, "to_s": 0.12}},), (beats(5, 1.4),), ("stroke",), (beats(3, 0.3),)],
)
def test_what_it_would_not(steps) -> None:
    assert alarm_likeness(timeline(*steps)) is None


def test_a_loop_is_rapid_even_if_one_pass_is_short() -> None:
    assert rapid_likeness(timeline("stroke", forever(beats(2, 0.2)))) is not None
    assert rapid_likeness(timeline(forever(beats(2, 0.7), {"rest": 2}))) is None


def test_the_evacuation_signal_is_known() -> None:
    assert is_evacuate(timeline(forever(beats(3, 1), {"rest": 2})))
    assert is_evacuate(timeline({"repeat": {"times": 2, "steps": [beats(3, 1), {"rest": 2}]}}))
    assert not is_evacuate(timeline(beats(3, 0.8)))
    assert not is_evacuate(timeline(forever(beats(3, 0.3), {"rest": 0.9})))
    assert not is_evacuate(timeline(beats(9, 1)))
