"""When contacts are read: little at rest, all of a press, little of a switch left on; and what the core makes of it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.core.contacts import Box
from node.core.setup import ContactSetup
from node.sampling import BUSY_MS, OPENS, QUIET_MS, REST_MS, STEADY_MS, STEADY_TELL_MS, Sampling

pytestmark = pytest.mark.pure


def at_rest() -> Sampling:
    """A sampler that has long been at it, at 0 ms."""
    sampling = Sampling()
    for now_ms in range(-10 * REST_MS, 0, REST_MS):
        sampling.take(now_ms, ())
    return sampling


def run(levels: list[tuple[int, bool]], hints: bool) -> list[tuple[int, tuple[str, ...]]]:
    """What is told of a contact that changes at the given times (ms, closed), sampled as the thread would."""
    sampling, told, now_ms = at_rest(), [], 0
    end_ms = levels[-1][0] + 1_000
    while now_ms < end_ms:
        level = [closed for at, closed in levels if at <= now_ms][-1:] == [True]
        tell, wait_ms = sampling.take(now_ms, ("b",) if level else ())
        if tell:
            told.append((now_ms, ("b",) if level else ()))
        edges = [at for at, _ in levels if now_ms < at <= now_ms + wait_ms]
        if hints and edges and not level:
            now_ms = edges[0]
            sampling.hint(now_ms)
        else:
            now_ms += wait_ms
    return told


def presses(told: list[tuple[int, tuple[str, ...]]], hold_ms: int) -> list[int]:
    box = Box((ContactSetup("b", hold_ms=hold_ms),))
    return [press.at_ms for at_ms, closed in told for press in box.feed(at_ms, closed)]


def test_at_rest_nothing_is_told_and_little_is_read() -> None:
    sampling = Sampling()
    start = QUIET_MS + REST_MS
    assert all(sampling.take(now_ms, ()) == (True, BUSY_MS) for now_ms in range(0, QUIET_MS + 1, BUSY_MS))
    assert {sampling.take(now_ms, ()) for now_ms in range(start, 10_000, REST_MS)} == {(False, REST_MS)}


def test_from_the_first_closed_reading_until_all_is_quiet_everything_is_told_fast() -> None:
    told = run([(100, True), (160, False)], hints=False)
    assert told[0][0] <= 100 + REST_MS
    assert told[-1][0] >= 160 + QUIET_MS - BUSY_MS
    assert {later[0] - earlier[0] for earlier, later in pairwise(told)} == {BUSY_MS}


def test_a_hint_is_followed_at_once_but_is_not_needed() -> None:
    levels = [(105, True), (185, False)]
    assert run(levels, hints=True)[0][0] == 105
    assert presses(run(levels, hints=False), 40) and presses(run(levels, hints=True), 40)


def test_a_switch_left_on_is_told_seldom_and_never_too_seldom_for_the_core() -> None:
    told = run([(0, True), (STEADY_MS + 5_000, False)], hints=False)
    late = [at for at, closed in told if at > STEADY_MS + 200 and closed]
    assert len(late) < 60
    gaps = [b - a for a, b in pairwise(late)]
    assert max(gaps) <= STEADY_TELL_MS + REST_MS
    sampling = at_rest()
    at_ms = (0, STEADY_MS, STEADY_MS + 1, STEADY_MS + STEADY_TELL_MS - 1, STEADY_MS + STEADY_TELL_MS)
    assert [sampling.take(ms, ("b",))[0] for ms in at_ms] == [True, True, False, False, True]


def test_after_a_hint_a_contact_that_bounces_is_read_fast_though_it_is_open_just_then() -> None:
    sampling = at_rest()
    assert sampling.take(0, ()) == (False, REST_MS)
    sampling.hint(5)
    assert sampling.take(5, ()) == (True, BUSY_MS)
    assert sampling.take(5 + QUIET_MS + 1, ()) == (False, REST_MS)


@given(st.integers(60, 9_000), st.integers(0, 20), st.booleans())
def test_no_press_of_60_ms_is_lost_and_none_is_made_twice(length_ms: int, phase_ms: int, hints: bool) -> None:
    told = run([(200 + phase_ms, True), (200 + phase_ms + length_ms, False)], hints)
    assert len(presses(told, 0)) == 1
    if length_ms > 820:
        took_ms = presses(told, 800)[0] - 200 - phase_ms
        assert 800 - BUSY_MS <= took_ms <= 800 + REST_MS + BUSY_MS


def test_however_slow_the_readings_so_many_open_ones_are_told_as_bring_the_core_to_zero() -> None:
    sampling = at_rest()
    assert sampling.take(0, ("b",)) == (True, BUSY_MS)
    slow = [sampling.take(now_ms, ())[0] for now_ms in range(1_000, 100_000, 1_000)]
    assert slow == [True] * OPENS + [False] * (99 - OPENS)


@given(st.integers(480, 700), st.integers(0, 700))
def test_a_sampler_that_stalls_as_the_finger_goes_up_loses_no_later_press(stalls_ms: int, for_ms: int) -> None:
    levels = [(100, True), (500, False), (1_500, True), (2_000, False)]
    sampling, told, now_ms = at_rest(), [], 0
    while now_ms < 2_500:
        closed = ("b",) if [level for at, level in levels if at <= now_ms][-1:] == [True] else ()
        tell, wait_ms = sampling.take(now_ms, closed)
        if tell:
            told.append((now_ms, closed))
        stalled = stalls_ms <= now_ms < stalls_ms + wait_ms
        now_ms += wait_ms + (for_ms if stalled else 0)
    assert len(presses(told, 300)) == 2
