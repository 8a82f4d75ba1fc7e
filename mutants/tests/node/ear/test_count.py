"""Strokes that were played, held against blows that were heard."""

import random
from itertools import islice

import pytest
from fakes.clips import bursts
from hypothesis import given, settings
from hypothesis import strategies as st

from node.ear.count import DELAY_MS, PACK, Count, HeardBlow, Tally, strokes_of
from patterns.clip import Clip

pytestmark = pytest.mark.pure

ROLL = bursts(6_000, 200)  # thirty strokes
ENDLESS = bursts(1_000, 250, (0, 1_000))


def tally(
    clip: Clip, blows: list[HeardBlow], ended_ms: float, open_ms: float = -1_000.0, zero_ms: float = 0.0
) -> Tally:
    count = Count(clip, zero_ms, zero_ms)
    for until_ms in range(0, int(ended_ms), 500):
        count.judge(blows, until_ms, open_ms)
    count.end(blows, ended_ms, open_ms)
    return count.tally


def blows_at(times: list[float], power: float = 100.0) -> list[HeardBlow]:
    return [HeardBlow(at_ms, power) for at_ms in sorted(times)]


def strokes(clip: Clip, until_ms: float) -> list[float]:
    return [at_ms for at_ms in islice(strokes_of(clip), 3_000) if at_ms < until_ms]


def test_a_loop_s_strokes_go_on_for_ever() -> None:
    assert list(islice(strokes_of(ENDLESS), 7)) == [0, 250, 500, 750, 1_000, 1_250, 1_500]
    headed = bursts(1_000, 250, (500, 1_000))
    assert list(islice(strokes_of(headed), 7)) == [0, 250, 500, 750, 1_000, 1_250, 1_500]
    assert len(list(strokes_of(ROLL))) == 30


@settings(deadline=None, max_examples=20)
@given(delay_ms=st.floats(0, DELAY_MS - 80), drift=st.floats(-1e-4, 1e-4), seed=st.integers(0, 999))
def test_every_stroke_of_ten_minutes_is_heard_after_any_way_and_over_any_drift_of_two_clocks(
    delay_ms: float, drift: float, seed: int
) -> None:
    dice = random.Random(seed)
    played = strokes(ENDLESS, 600_000)
    heard = [at_ms * (1 + drift) + delay_ms + dice.uniform(-5, 5) for at_ms in played]
    assert tally(ENDLESS, blows_at(heard), 600_000).heard >= len(played) - 1


@settings(deadline=None)
@given(times=st.lists(st.floats(-500, 7_000), max_size=300), seed=st.integers(0, 9), ended_ms=st.floats(1, 6_500))
def test_never_are_more_heard_than_were_played(times: list[float], seed: int, ended_ms: float) -> None:
    dice = random.Random(seed)
    blows = [HeardBlow(at_ms, dice.random(), dice.random() < 0.05) for at_ms in sorted(times)]
    found = tally(ROLL, blows, ended_ms, open_ms=dice.uniform(-500, 3_000))
    assert 0 <= found.heard <= found.listened <= len(strokes(ROLL, ended_ms))


@settings(deadline=None)
@given(seed=st.integers(0, 9_999), a_second=st.floats(0, 25))
def test_what_others_strike_by_chance_is_not_ours(seed: int, a_second: float) -> None:
    dice = random.Random(seed)
    times = [dice.uniform(0, 6_000) for _ in range(int(6 * a_second))]
    found = tally(ROLL, [HeardBlow(at_ms, dice.random()) for at_ms in sorted(times)], 6_000)
    assert (found.heard, found.ours) == (0, False)


def test_another_s_gong_that_comes_later_than_ours_could_is_not_ours() -> None:
    played = strokes(bursts(6_000, 1_000), 6_000)
    assert tally(bursts(6_000, 1_000), blows_at([at_ms + 700 for at_ms in played]), 6_000).heard == 0


def test_the_strongest_blows_are_looked_at_first() -> None:
    heard = blows_at([at_ms + 50 for at_ms in strokes(ROLL, 6_000)])
    noise = [HeardBlow(at_ms, 1.0) for at_ms in range(0, 6_200, 35)]
    assert tally(ROLL, sorted([*heard, *noise], key=lambda blow: blow.at_ms), 6_000).heard == 30


def test_half_a_pack_by_one_delay_is_not_yet_ours() -> None:
    played = strokes(ROLL, 6_000)
    assert tally(ROLL, blows_at([at_ms + 50 for at_ms in played[:15]]), 6_000).ours is False
    assert tally(ROLL, blows_at([at_ms + 50 for at_ms in played[:16]]), 6_000).ours is True


def test_what_came_before_the_microphone_was_open_is_nobody_s_but_the_last_may_ring_into_it() -> None:
    heard = blows_at([at_ms + 40 for at_ms in strokes(ROLL, 6_000) if at_ms + 40 > 500])
    found = tally(ROLL, heard, 6_000, open_ms=500)
    assert (found.heard, found.listened) == (27, 28)
    found = tally(ROLL, [HeardBlow(500, 100.0, opening=True), *heard], 6_000, open_ms=500)
    assert (found.heard, found.listened) == (28, 28)


def test_a_single_stroke_that_was_not_heard_was_listened_to() -> None:
    once = bursts(900, 1_000)
    found = tally(once, [], 900, open_ms=30)
    assert (found.heard, found.listened, found.ours) == (0, 1, False)
    assert tally(once, [HeardBlow(30, 9.0, opening=True)], 900, open_ms=30).heard == 1


def test_a_loudspeaker_that_dies_in_the_middle_is_told_while_it_sounds() -> None:
    count = Count(ENDLESS, 0.0, 0.0)
    blows = blows_at([at_ms + 50 for at_ms in strokes(ENDLESS, 10_000)])
    told = []
    for until_ms in range(0, 60_000, 100):
        if count.judge(blows, until_ms, -100):
            told.append((count.tally.ours, until_ms))
    assert [ours for ours, _ in told][:2] == [True, False] or [ours for ours, _ in told][:3] == [True, True, False]
    assert count.tally.heard <= 40 + PACK


def test_of_a_sound_that_was_late_only_what_was_played_is_awaited() -> None:
    count = Count(ROLL, 0.0, 1_000.0)
    count.end(blows_at([at_ms + 30 for at_ms in strokes(ROLL, 6_000) if at_ms >= 1_000]), 6_000, -100)
    assert (count.tally.heard, count.tally.listened) == (25, 25)
