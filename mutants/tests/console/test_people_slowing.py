"""Wrong guesses cost time, never an account."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.console.people.slowing import Rule, Slowing

pytestmark = pytest.mark.pure
RULE = Rule(free=3, first_s=5.0, most_s=60.0, forget_s=3600.0)


def test_the_first_wrong_tries_cost_nothing_and_then_each_costs_twice_as_much():
    slowing, now_s, waits = Slowing(RULE), 0.0, []
    for _ in range(9):
        waits.append(slowing.wait_s("an", now_s))
        now_s += waits[-1]
        assert slowing.take("an", now_s) == 0
    assert waits == [0, 0, 0, 5, 10, 20, 40, 60, 60]


def test_a_try_that_must_wait_is_not_counted_and_does_not_lengthen_the_wait():
    slowing = Slowing(RULE)
    for _ in range(3):
        slowing.take("an", 0.0)
    for tenth in range(40):
        assert slowing.take("an", tenth / 10) == pytest.approx(5 - tenth / 10)
    assert slowing.take("an", 5.0) == 0


def test_a_hundred_at_once_are_not_all_the_first():
    slowing = Slowing(RULE)
    assert [slowing.take("an", 7.0) > 0 for _ in range(100)].count(False) == RULE.free


def test_a_right_one_forgives_and_so_does_time():
    slowing = Slowing(RULE)
    for _ in range(3):
        slowing.take("an", 0.0)
    slowing.passed("an")
    assert slowing.wait_s("an", 0.0) == 0
    for _ in range(3):
        slowing.take("an", 0.0)
    assert [slowing.take("an", 3600.0) for _ in range(4)] == [0, 0, 0, 5]


def test_one_key_knows_nothing_of_another():
    slowing = Slowing(RULE)
    for _ in range(9):
        slowing.take("an", 0.0)
    assert slowing.take("binh", 0.0) == 0


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1e4)), max_size=60))
def test_no_wait_is_longer_than_the_rules_longest_and_each_ends(tries):
    slowing, now_s = Slowing(RULE, most_keys=2), 0.0
    for key, later_s in tries:
        now_s += later_s
        wait_s = slowing.take(key, now_s)
        assert 0 <= wait_s <= RULE.most_s
        assert slowing.take(key, now_s + RULE.most_s) == 0
        now_s += RULE.most_s


def test_strangers_cannot_fill_the_memory():
    slowing = Slowing(RULE, most_keys=50)
    for number in range(10_000):
        slowing.take(f"stranger-{number}", float(number))
    assert len(slowing._tallies) == 50
