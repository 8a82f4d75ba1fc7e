"""What a contact's levels become. Times in ms."""

import pytest

from node.core.contacts import (
    BLIND_MS,
    DRILL_LEFT_MS,
    LONGEST_STEP_MS,
    SILENT_STUCK_MS,
    STUCK_MS,
    TRUST_MS,
    Box,
    Integrator,
    Pressed,
)
from node.core.setup import ContactSetup

pytestmark = pytest.mark.pure

RED = ContactSetup("red", hold_ms=800)
TAP = ContactSetup("tap", hold_ms=0)
DRILL = ContactSetup("drill", purpose="drill", hold_ms=0)


def fed(box: Box, *runs: tuple[int, int, str], every_ms: int = 2) -> list[tuple[int, str]]:
    """Feed (from, to, names closed); the presses as (when, which)."""
    found: list[tuple[int, str]] = []
    for start, end, names in runs:
        for at_ms in range(start, end, every_ms):
            found += [(press.at_ms, press.contact.name) for press in box.feed(at_ms, tuple(names.split()))]
    return found


def test_a_press_is_complete_when_its_hold_is_over_not_later() -> None:
    assert fed(Box((RED,)), (0, 10, ""), (10, 2_000, "red")) == [(810, "red")]


def test_a_hold_that_ends_too_early_is_no_press() -> None:
    assert fed(Box((RED,)), (0, 10, ""), (10, 780, "red"), (780, 3_000, "")) == []


def test_a_tap_of_60_ms_presses_a_button_without_a_hold() -> None:
    assert len(fed(Box((TAP,)), (0, 10, ""), (10, 70, "tap"), (70, 200, ""))) == 1


def test_a_tap_of_80_ms_is_not_lost_by_a_sampler_that_manages_only_a_reading_in_10_ms() -> None:
    assert len(fed(Box((TAP,)), (0, 10, ""), (19, 90, "tap"), (90, 200, ""), every_ms=10)) == 1


def test_holding_on_presses_once() -> None:
    assert len(fed(Box((RED,)), (0, 20_000, "red"))) == 1


def test_letting_go_and_pressing_again_is_a_second_press() -> None:
    assert len(fed(Box((TAP,)), (0, 100, "tap"), (100, 200, ""), (200, 300, "tap"))) == 2


def test_a_bounce_in_the_middle_of_a_hold_does_not_start_it_again() -> None:
    assert fed(Box((RED,)), (0, 400, "red"), (400, 406, ""), (406, 1_000, "red"))[0][0] == 800


def test_two_buttons_at_once_are_two_presses_in_the_order_of_the_setup() -> None:
    assert fed(Box((RED, TAP)), (0, 900, "tap red")) == [(36, "tap"), (800, "red")]
    both = Box((TAP, ContactSetup("other", hold_ms=0)))
    assert [name for _, name in fed(both, (0, 100, "other tap"))] == ["tap", "other"]


def exercises(box: Box, *runs: tuple[int, int, str], every_ms: int = 2) -> list[tuple[str, bool]]:
    """The presses of `fed` as (which, whether it is an exercise)."""
    readings = [(at_ms, names) for start, end, names in runs for at_ms in range(start, end, every_ms)]
    found = [press for at_ms, names in readings for press in box.feed(at_ms, tuple(names.split()))]
    return [(press.contact.name, press.drill) for press in found]


def test_a_drill_switch_is_a_state_and_no_press() -> None:
    box = Box((RED, DRILL))
    assert exercises(box, (0, 100, "drill"), (100, 1_000, "drill red"), (1_000, 1_100, "")) == [("red", True)]
    assert exercises(box, (1_100, 2_000, "red")) == [("red", False)]


def test_an_alarm_button_is_no_drill_switch() -> None:
    assert exercises(Box((RED, TAP, DRILL)), (0, 100, "tap"), (100, 1_000, "tap red"))[1] == ("red", False)


@pytest.mark.parametrize("turned_ms", [2, 100, 790])
def test_a_press_that_began_before_the_drill_switch_was_turned_is_real(turned_ms: int) -> None:
    runs = ((0, turned_ms, "red"), (turned_ms, 1_000, "red drill"))
    assert exercises(Box((RED, DRILL)), *runs) == [("red", False)]


@pytest.mark.parametrize("turned_ms", [100, 790])
def test_a_press_that_is_complete_after_the_drill_switch_was_turned_back_is_real(turned_ms: int) -> None:
    # 12 ms are what an open contact takes to be believed.
    runs = ((0, turned_ms - 12, "red drill"), (turned_ms - 12, 1_000, "red"))
    assert exercises(Box((RED, DRILL)), *runs) == [("red", False)]


@pytest.mark.parametrize("contacts", [(RED, DRILL), (DRILL, RED), (TAP, DRILL), (DRILL, TAP)])
def test_a_drill_switch_that_closes_in_the_same_reading_as_the_button_makes_an_exercise(
    contacts: tuple[ContactSetup, ...],
) -> None:
    assert [drill for _, drill in exercises(Box(contacts), (0, 10, ""), (10, 900, "red tap drill"))] == [True]


def test_a_drill_switch_that_is_not_believed_yet_makes_no_exercise() -> None:
    runs = ((0, 12, "tap drill"), (12, 14, "tap"), (14, 100, "tap drill"))
    assert exercises(Box((TAP, DRILL)), *runs) == [("tap", False)]


def test_a_stall_of_the_sampler_does_not_make_an_exercise_of_a_press_that_began_before_the_switch() -> None:
    runs = ((0, 100, "red"), (100, 200, "red drill"), (200 + BLIND_MS + 2, 2_000, "red drill"))
    assert exercises(Box((RED, DRILL)), *runs) == [("red", False)]


def test_a_contact_that_nobody_fitted_is_ignored() -> None:
    assert Box((RED,)).feed(0, ("ghost",)) == []


def test_a_button_closed_for_more_than_30_s_is_stuck_until_it_opens() -> None:
    box = Box((RED,))
    fed(box, (0, STUCK_MS, "red"))
    assert box.stuck == ()
    fed(box, (STUCK_MS, STUCK_MS + 100, "red"))
    assert box.stuck == ("red",)
    fed(box, (STUCK_MS + 100, STUCK_MS + 200, ""))
    assert box.stuck == ()


def test_a_drill_switch_left_on_is_not_stuck() -> None:
    box = Box((DRILL,))
    fed(box, (0, STUCK_MS + 1_000, "drill"))
    assert box.stuck == ()


def test_a_long_gap_between_closed_readings_starts_the_hold_again() -> None:
    box = Box((RED,))
    assert fed(box, (0, 100, "red"), (10_000, 10_700, "red")) == []
    assert fed(box, (10_700, 11_000, "red")) == [(10_800, "red")]


def test_a_long_gap_is_no_evidence_for_a_press() -> None:
    assert fed(Box((TAP,)), (0, 2, "tap"), (1_000, 1_002, "tap"), (2_000, 2_002, "tap")) == []


def test_a_short_stall_of_the_sampler_does_not_stop_a_hold() -> None:
    assert fed(Box((RED,)), (0, 400, "red"), (400 + BLIND_MS - 10, 1_000, "red")) == [(800, "red")]


def test_a_stuck_button_presses_once_whatever_the_sampler_does() -> None:
    """A stall of the sampler was taken for an opening, and the next 0.8 s for a press."""
    stalls = [(start, start + 5_000, "red") for start in range(0, 60_000, 5_300)]
    assert len(fed(Box((RED,)), *stalls)) == 1


def test_a_stuck_button_stays_a_trouble_over_a_stall_of_the_sampler() -> None:
    box = Box((RED,))
    fed(box, (0, STUCK_MS + 100, "red"), (STUCK_MS + 1_000, STUCK_MS + 1_100, "red"))
    assert box.stuck == ("red",)


def test_a_button_let_go_during_a_stall_is_seen_open_after_it() -> None:
    box = Box((RED,))
    assert len(fed(box, (0, 1_000, "red"), (5_000, 5_010, ""), (5_010, 6_000, "red"))) == 2


def test_times_that_go_back_are_no_time() -> None:
    box = Box((TAP,))
    assert [box.feed(at_ms, ("tap",)) for at_ms in (1_000, 990, 1_000, 980, 1_000)] == [[], [], [], [], []]


def test_a_press_names_its_contact_and_moment() -> None:
    box = Box((TAP,))
    found = [box.feed(at_ms, ("tap",)) for at_ms in range(0, 48, 6)]
    assert [press for some in found for press in some] == [Pressed(TAP, 36)]


def test_a_contact_that_had_pressed_when_the_last_run_ended_must_be_seen_open_first() -> None:
    box = Box((RED, TAP), spent=("red", "gone"))
    assert fed(box, (0, 2_000, "red tap")) == [(36, "tap")]
    assert box.spent == ("red", "tap")
    assert fed(box, (2_000, 2_006, ""), (2_006, 4_000, "red")) == [], "a bounce is no opening"
    assert fed(box, (4_000, 4_100, ""), (4_100, 5_000, "red")) == [(4_900, "red")]


def test_a_bounce_in_the_first_moment_of_a_run_is_no_opening() -> None:
    assert fed(Box((RED,), spent=("red",)), (0, 6, ""), (6, 2_000, "red")) == []


def test_a_contact_that_had_pressed_is_stuck_30_s_after_the_start_not_at_once() -> None:
    box = Box((RED,), spent=("red",))
    fed(box, (100_000, 100_000 + STUCK_MS, "red"))
    assert box.stuck == ()
    fed(box, (100_000 + STUCK_MS, 100_100 + STUCK_MS, "red"))
    assert box.stuck == ("red",)


def level(*readings: tuple[int, bool], closed: bool = False) -> Integrator:
    fresh = Integrator(closed)
    for at_ms, is_closed in readings:
        fresh.feed(at_ms, is_closed)
    return fresh


def steps(start: int, end: int, every_ms: int, closed: bool = True) -> list[tuple[int, bool]]:
    return [(at_ms, closed) for at_ms in range(start, end + 1, every_ms)]


def test_a_contact_is_open_until_it_was_closed_for_its_time_however_often_it_is_read() -> None:
    fresh = Integrator()
    assert (fresh.closed, fresh.since_ms, fresh.closed_ms) == (False, 0, 0)
    assert not level(*steps(0, TRUST_MS - 1, 1)).closed
    for every_ms in (1, 2, 6):
        found = level(*steps(100, 100 + TRUST_MS, every_ms))
        assert (found.closed, found.since_ms, found.closed_ms) == (True, 100, 100 + TRUST_MS)
    for before in ([], [(-10, False), (-5, False)]):
        assert not level(*before, *steps(0, 35, 5)).closed
        assert level(*before, *steps(0, 40, 5)).closed


def test_it_is_open_again_at_the_very_reading_that_uses_its_trust_up() -> None:
    found = level(*steps(0, 36, 6), (36, False), (42, False), (48, False))
    assert (found.closed, found.since_ms, found.closed_ms) == (False, 48, 48)
    assert found.closed is False
    assert level(*steps(0, 36, 6), (36, False), (42, False)).closed


def test_a_reading_from_before_the_last_is_one_of_the_same_moment() -> None:
    assert level(*steps(0, 30, 6), (27, True), (36, True)).closed


def test_a_gap_is_blind_beyond_its_limit_and_not_at_it() -> None:
    assert level(*steps(0, 30, 6), (30 + BLIND_MS, True)).closed
    assert not level(*steps(0, 30, 6), (31 + BLIND_MS, True)).closed
    blind = [*steps(0, 36, 6), (37 + BLIND_MS, True)]
    assert level(*blind).since_ms == 37 + BLIND_MS
    assert level(*blind, (237 + BLIND_MS, False)).closed
    again = level(*steps(0, 30, 6), *steps(300, 335, 5))
    assert not again.closed, "the count starts again, from nothing"


CLOSED_MS = TRUST_MS // LONGEST_STEP_MS * BLIND_MS
"""When a contact that is read as slowly as a sampler may counts as closed."""


def held(box: Box, names: str, until_ms: int) -> None:
    """From 0 until it counts as closed, and then, after a long stall, once more: a stall is no opening."""
    for at_ms in (*range(0, CLOSED_MS + 1, BLIND_MS), until_ms):
        box.feed(at_ms, tuple(names.split()))


def test_each_drill_switch_that_is_left_on_for_more_than_an_hour_is_named_and_shown() -> None:
    other = ContactSetup("other", purpose="drill", hold_ms=0)
    box = Box((DRILL, other, RED))
    assert (box.stuck, box.left_on, box.shown) == ((), (), False)
    held(box, "drill other", CLOSED_MS + DRILL_LEFT_MS)
    assert (box.left_on, box.shown) == ((), False)
    box.feed(CLOSED_MS + DRILL_LEFT_MS + 1, ("drill", "other"))
    assert (box.left_on, box.shown, box.stuck) == (("drill", "other"), True, ())


def test_a_drill_switch_that_is_on_hides_no_press() -> None:
    assert [name for _, name in fed(Box((DRILL, RED)), (0, 900, "drill red"))] == ["red"]


def test_a_silent_button_is_stuck_much_later_and_is_never_shown() -> None:
    quiet = ContactSetup("quiet", silent=True)
    box = Box((quiet, RED))
    held(box, "quiet", CLOSED_MS + SILENT_STUCK_MS)
    assert box.stuck == ()
    box.feed(CLOSED_MS + SILENT_STUCK_MS + 1, ("quiet",))
    assert (box.stuck, box.shown) == (("quiet",), False)
    loud = Box((quiet, RED))
    held(loud, "quiet red", CLOSED_MS + STUCK_MS)
    assert loud.stuck == ()
    loud.feed(CLOSED_MS + STUCK_MS + 1, ("quiet", "red"))
    assert (loud.stuck, loud.shown) == (("red",), True)
