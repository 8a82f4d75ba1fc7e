"""Rendering: strokes where the score says, ringing over each other, seamless in the loop, never clipped."""

import numpy as np
import pytest
from fakes.plainscores import scores
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.builtin import builtins
from patterns.clip import FRAMES_PER_MS
from patterns.render import FULL_SCALE, PEAK, levelled, mix, passes, render
from patterns.score import Score, parse_score
from patterns.strike import strike
from patterns.voice import Bar

RAIL = strike(Bar())
SHORT = strike(Bar(ring_s=0.4))


def samples(pcm: bytes) -> np.ndarray:
    return np.frombuffer(pcm, dtype="<i2").astype(np.int64)


def long_play(score: Score, stroke: np.ndarray, frames: int) -> np.ndarray:
    """The same score rendered straight through for so many frames, without any loop."""
    timeline = score.timeline()
    turns = frames // ((timeline.loop_ms or 1) * FRAMES_PER_MS) + 2
    hits = [hit for hit in passes(timeline, turns) if hit.at_ms * FRAMES_PER_MS < frames]
    return np.round(levelled(mix(hits, stroke, frames), max(hit.gain for hit in hits)) * FULL_SCALE).astype(np.int64)


@settings(max_examples=25, deadline=None)
@given(scores, st.floats(0.2, 1))
def test_nothing_is_clipped_and_the_loudest_stands_where_it_should(score: Score, ring_s: float) -> None:
    sound = render(score, strike(Bar(ring_s=ring_s)))
    loudest = np.max(np.abs(samples(sound.pcm)))
    timeline = score.timeline()
    hardest = max(hit.gain for hit in (*timeline.head, *timeline.loop))
    assert loudest == pytest.approx(PEAK * hardest * FULL_SCALE, abs=1)
    assert loudest < FULL_SCALE


@settings(max_examples=15, deadline=None)
@given(scores.filter(lambda score: score.endless), st.floats(0.2, 1.5))
def test_looped_play_is_the_same_as_one_long_rendering(score: Score, ring_s: float) -> None:
    stroke = strike(Bar(ring_s=ring_s))
    sound = render(score, stroke)
    assert sound.loop_start is not None
    assert sound.loop_end is not None
    frames = sound.loop_end + 3 * (sound.loop_end - sound.loop_start) + 17
    played = samples(sound.clip("x").played(frames))
    assert np.max(np.abs(played - long_play(score, stroke, frames))) <= 1


@pytest.mark.parametrize("name", [name for name, score in builtins().items() if score.endless])
def test_no_builtin_loop_has_a_click_or_a_gap_at_its_seam(name: str) -> None:
    sound = render(builtins()[name], RAIL)
    assert sound.loop_start is not None
    assert sound.loop_end is not None
    played = samples(sound.clip(name).played(sound.loop_end + 48_000))
    assert np.max(np.abs(played - long_play(builtins()[name], RAIL, len(played)))) <= 1
    steps = np.abs(np.diff(played))
    seam = sound.loop_end
    assert steps[seam - 2 : seam + 2].max() <= steps[sound.loop_start - 2 : sound.loop_start + 2].max() + 2


def test_the_heads_last_stroke_rings_out_into_the_loop() -> None:
    score = parse_score(["stroke", {"rest": 0.1}, {"repeat": {"until": "silenced", "steps": [{"rest": 1}, "stroke"]}}])
    sound = render(score, RAIL)
    after_head = samples(sound.pcm)[FRAMES_PER_MS * 100 : FRAMES_PER_MS * 600]
    assert np.max(np.abs(after_head)) > 1000


def test_strokes_start_where_the_score_says_and_are_audible_at_once() -> None:
    score = parse_score([{"beats": {"strokes": 3, "every_s": 0.5}}])
    sound = render(score, SHORT)
    assert sound.strokes == (0, 24_000, 48_000)
    loud = np.abs(samples(sound.pcm)) > 0.1 * FULL_SCALE
    for onset in sound.strokes:
        assert onset <= onset + int(np.argmax(loud[onset:])) < onset + 2 * FRAMES_PER_MS


def test_strokes_ring_over_each_other() -> None:
    two = samples(render(parse_score([{"beats": {"strokes": 2, "every_s": 0.3}}]), RAIL).pcm)
    assert len(two) == len(RAIL) + 300 * FRAMES_PER_MS
    assert np.max(np.abs(two[299 * FRAMES_PER_MS : 300 * FRAMES_PER_MS])) > 1000


def test_a_soft_score_stays_soft() -> None:
    soft, hard = (samples(render(parse_score([{"gain": gain}, "stroke"]), SHORT).pcm) for gain in (0.25, 1))
    assert np.max(np.abs(soft)) == pytest.approx(np.max(np.abs(hard)) / 4, abs=1)


def test_softer_strokes_are_softer() -> None:
    sound = render(parse_score(["stroke", {"gain": 0.5}, "stroke"]), SHORT)
    pcm = samples(sound.pcm)
    assert np.max(np.abs(pcm[48_000:])) == pytest.approx(np.max(np.abs(pcm[:48_000])) / 2, abs=2)


@pytest.mark.parametrize("name", list(builtins()))
def test_every_stroke_of_a_builtin_is_heard(name: str) -> None:
    sound = render(builtins()[name], RAIL)
    pcm = np.abs(samples(sound.pcm))
    for onset in sound.strokes:
        assert pcm[onset : onset + 40 * FRAMES_PER_MS].max() > 0.1 * FULL_SCALE


def test_the_alarm_after_a_roll_is_not_left_far_below_it() -> None:
    sound = render(builtins()["cong-lac/alarm"], RAIL)
    pcm = np.abs(samples(sound.pcm))
    assert sound.loop_start is not None
    assert 20 * np.log10(pcm[sound.loop_start :].max() / pcm.max()) > -7


def test_the_same_score_gives_the_same_bytes() -> None:
    assert render(builtins()["curfew"], RAIL).pcm == render(builtins()["curfew"], RAIL).pcm
