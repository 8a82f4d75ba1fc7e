"""The plans are what they claim to be: aimed, various, and the same each time."""

import random

import pytest
from street.faults import ANYTIME, AT_A_PRESS, AT_THE_HOUR, Draft
from street.plan import DAY_MS, HOMES, NIGHT_MS, plan, play

from broker.core.schedule import GRACE_MS

pytestmark = pytest.mark.pure

AIM_MS = 500
PLANS = [plan(seed) for seed in range(300)]


def test_a_seed_is_a_plan_for_ever():
    assert plan(7) == plan(7)
    assert plan(7) != plan(8)


def test_half_of_the_faults_fall_within_half_a_second_of_a_press_or_an_ask_or_around_the_hour():
    aimed = total = 0
    for it in PLANS:
        for fault_ms in it.faults:
            total += 1
            aimed += any(abs(fault_ms - aim_ms) <= AIM_MS for aim_ms in it.aims)
            # At the hour: the minute of the order ahead, the arming, and the grace are its second.
            aimed += any(AIM_MS < abs(fault_ms - hour_ms) <= GRACE_MS + 2_000 for hour_ms in hours(it))
    assert aimed >= total / 2


def hours(it):
    begins = range(0, DAY_MS + 1, DAY_MS)
    return [begin + 240_000 for begin in begins] + [420_000]


def test_every_fault_is_used():
    used = {step for it in PLANS for _, step, _ in it.steps}
    for fault in (*AT_A_PRESS, *AT_THE_HOUR, *ANYTIME):
        draft = Draft(random.Random(1), HOMES)
        draft.end_ms = NIGHT_MS
        fault(draft, 100_000)
        assert {step for _, step, _ in draft.in_order()} <= used
        assert draft.faults


def test_nights_are_of_many_dates_with_and_without_keys_and_some_over_midnight():
    assert len({it.town["begins_ms"] for it in PLANS}) >= 10
    assert {it.town["keys"] for it in PLANS} == {True, False}
    assert {it.town["chimes"] for it in PLANS} == {("23:59", "00:02"), ("05:00", "22:00")}


def test_any_step_can_be_left_out():
    it = plan(3)
    for number in range(0, len(it.steps), 7):
        play(type(it)(it.seed, it.town, it.steps[:number] + it.steps[number + 1 :]))
