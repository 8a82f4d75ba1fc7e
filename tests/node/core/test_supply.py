"""What is said of the power: it does not flicker, it is told in time, and it says nothing that was not measured."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.core.items import Machine
from node.core.supply import (
    BATTERY_LOW_PCT,
    BATTERY_WELL_PCT,
    COOL_C,
    FALL_PCT,
    HOT_C,
    HOUR_MS,
    LOW_MS,
    MAINS_MS,
    MOST_H,
    RATE_MS,
    RISE_PCT,
    UNREAD_MS,
    Supply,
)

pytestmark = pytest.mark.pure

EVERY_MS = 10_000  # as node/run.py reads it


class Told:
    """A Supply that is read every ten seconds, and what it said each time."""

    def __init__(self) -> None:
        self.supply = Supply()
        self.now_ms = 5_000_000
        self.words: list[str | None] = []

    def reads(self, machine: Machine, for_ms: int = 0) -> str | None:
        for _ in range(for_ms // EVERY_MS + 1):
            self.supply.take(self.now_ms, machine)
            self.now_ms += EVERY_MS
            self.words.append(self.supply.word)
        return self.supply.word

    @property
    def changes(self) -> int:
        return sum(before != after for before, after in pairwise(self.words))


def ups(pct: float, mains: bool | None = None) -> Machine:
    return Machine("ok", 50.0, "ok", pct, mains)


def test_a_machine_that_can_tell_nothing_is_said_nothing_of() -> None:
    assert Told().reads(Machine()) is None
    assert Told().reads(Machine(temperature_c=48.0)) is None
    assert Told().reads(Machine("ok")) == "ok"


def test_a_dip_of_the_supply_is_told_at_once_and_for_a_minute() -> None:
    box = Told()
    assert box.reads(Machine("low")) == "low"
    assert box.reads(Machine("ok"), LOW_MS - 2 * EVERY_MS) == "low"
    assert box.reads(Machine("ok")) == "ok"


def test_heat_comes_at_eighty_degrees_and_goes_below_seventy_five() -> None:
    box = Told()
    assert box.reads(Machine("ok", HOT_C - 0.1)) == "ok"
    assert box.reads(Machine("ok", HOT_C)) == "hot"
    assert box.reads(Machine("ok", COOL_C)) == "hot"
    assert box.reads(Machine("ok", COOL_C - 0.1)) == "ok"


def test_a_power_cut_is_told_after_two_readings_and_a_moved_plug_is_not() -> None:
    box = Told()
    assert box.reads(ups(100, True)) == "ok"
    assert box.reads(ups(100, False), MAINS_MS - EVERY_MS) == "ok"
    assert box.reads(ups(100, True), 2 * MAINS_MS) == "ok"
    assert box.supply.mains is True
    assert box.reads(ups(100, False), MAINS_MS - EVERY_MS) == "ok", "another plug that is moved"
    assert box.reads(ups(100, False)) == "mains_lost"
    assert box.supply.mains is False
    assert box.reads(ups(99, True), MAINS_MS) == "ok"


def test_a_battery_is_low_below_thirty_per_cent_and_well_from_forty_on_or_as_soon_as_it_is_fed() -> None:
    box = Told()
    box.reads(ups(50, False), MAINS_MS)
    assert box.reads(ups(BATTERY_LOW_PCT, False)) == "mains_lost"
    assert box.reads(ups(BATTERY_LOW_PCT - 0.1, False)) == "battery_low"
    assert box.reads(ups(BATTERY_WELL_PCT - 0.1, False)) == "battery_low"
    assert box.reads(ups(BATTERY_WELL_PCT, False)) == "mains_lost"
    box.reads(ups(20, False))
    assert box.reads(ups(20, True), MAINS_MS) == "ok"


def test_a_battery_that_cannot_be_read_is_told_after_a_minute_and_its_last_figure_is_not_shown_for_ever() -> None:
    box, lost = Told(), Machine("ok", 50.0, "unread")
    box.reads(ups(64, True))
    assert box.reads(lost, UNREAD_MS - EVERY_MS) == "ok"
    assert box.supply.battery_pct == 64
    assert box.reads(lost) == "unread"
    assert box.supply.battery_pct is None
    assert box.reads(ups(64, True)) == "ok"
    stale = Machine("ok", 50.0, "unread", 64.0)
    assert box.reads(stale, UNREAD_MS - EVERY_MS) == "ok"
    assert box.reads(stale) == "unread"


def test_hours_are_said_once_they_are_measured_and_only_on_battery() -> None:
    box = Told()
    box.reads(ups(100, True))
    box.reads(ups(100, False), MAINS_MS)
    assert box.supply.battery_h is None
    box.reads(ups(99.5, False))
    assert box.supply.battery_h is None, "half a per cent in half a minute says nothing"
    for step in range(360):  # an hour in which a tenth is gone
        box.reads(ups(100 - step / 36, False))
    assert box.supply.battery_h == pytest.approx(9, abs=0.2)
    box.reads(ups(90, True), MAINS_MS)
    assert box.supply.battery_h is None


@pytest.mark.parametrize(
    ("left_pct", "after_ms", "hours"),
    [
        (98.0, RATE_MS - 1, None),
        (98.1, RATE_MS, None),
        (98.0, RATE_MS, 8.2),  # 98 / (2 / 10 min)
        (0.0, 100 * HOUR_MS, 0.0),
        (50.0, 3 * HOUR_MS, 3.0),
        (98.0, 100 * HOUR_MS, MOST_H),
    ],
)
def test_the_hours_left_are_what_is_left_by_how_fast_it_went(
    left_pct: float, after_ms: int, hours: float | None
) -> None:
    supply, cut_ms = Supply(), 7_000_000
    supply.take(cut_ms - MAINS_MS, ups(100, False))
    for at_ms in (cut_ms, cut_ms + 10):  # the first one counts
        supply.take(at_ms, ups(100, False))
    supply.take(cut_ms + after_ms, ups(left_pct, False))
    assert (supply.battery_pct, supply.battery_h) == (round(left_pct), hours)


def test_by_a_gauge_alone_a_power_cut_is_what_makes_it_fall() -> None:
    box = Told()
    for pct in (98, 98.5, 97.5, 98.5 - FALL_PCT + 0.1):
        assert box.reads(ups(pct), MAINS_MS) == "ok"
    assert box.supply.mains is None, "nobody knows"
    assert box.reads(ups(95), MAINS_MS) == "mains_lost"
    assert box.reads(ups(60), MAINS_MS) == "mains_lost"
    assert box.reads(ups(60 + RISE_PCT), MAINS_MS) == "ok"
    assert box.reads(ups(60 + RISE_PCT - FALL_PCT), MAINS_MS) == "mains_lost"


@given(st.lists(st.floats(-0.9, 0.9), min_size=2, max_size=300), st.booleans())
def test_the_noise_of_a_gauge_changes_nothing(noise: list[float], mains: bool) -> None:
    box = Told()
    for wobble in noise:
        box.reads(ups(80 + wobble, mains if mains else None))
    assert box.changes == 0


@given(st.lists(st.floats(-4.9, 4.9), min_size=2, max_size=300))
def test_a_battery_at_its_limit_is_told_once(noise: list[float]) -> None:
    box = Told()
    box.reads(ups(90, False), MAINS_MS)
    mark = len(box.words)
    for wobble in noise:
        box.reads(ups((BATTERY_LOW_PCT + BATTERY_WELL_PCT) / 2 - 4.9 + wobble, False))
    words = box.words[mark:]
    assert sum(a == "battery_low" and b != "battery_low" for a, b in pairwise(words)) == 0


machines = st.builds(
    Machine,
    st.sampled_from([None, "ok", "low"]),
    st.none() | st.floats(-40, 120),
    st.sampled_from([None, "ok", "unread"]),
    st.none() | st.floats(-5, 300),
    st.sampled_from([None, True, False]),
)


@given(st.lists(st.tuples(machines, st.integers(0, HOUR_MS)), max_size=60))
def test_whatever_is_read_what_is_said_can_be_sent(readings: list[tuple[Machine, int]]) -> None:
    supply, now_ms = Supply(), 0
    for machine, wait_ms in readings:
        now_ms += wait_ms
        supply.take(now_ms, machine)
        assert supply.battery_pct is None or 0 <= supply.battery_pct <= 100
        assert supply.battery_h is None or (supply.mains is False and 0 <= supply.battery_h <= MOST_H)
        assert supply.word in (None, "ok", "low", "hot", "mains_lost", "battery_low", "unread")
        if supply.word == "battery_low":
            assert supply.mains is not True
