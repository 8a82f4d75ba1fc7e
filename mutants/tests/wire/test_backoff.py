"""Waits that grow, stay within their bounds, and differ between nodes."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wire.backoff import FIRST_WAIT_S, LONGEST_WAIT_S, STEADY_S, Backoff

pytestmark = pytest.mark.pure


@given(st.integers(), st.integers(1, 100))
def test_every_wait_is_within_its_bounds(seed, tries):
    backoff = Backoff(random.Random(seed))
    ceiling_s = FIRST_WAIT_S
    for _ in range(tries):
        ceiling_s = min(LONGEST_WAIT_S, ceiling_s * 2)
        assert FIRST_WAIT_S <= backoff.next_s() <= ceiling_s


def test_waits_grow_to_the_longest():
    waits = []
    for seed in range(200):
        backoff = Backoff(random.Random(seed))
        waits.append([backoff.next_s() for _ in range(12)])
    assert max(row[0] for row in waits) <= 2 * FIRST_WAIT_S
    assert max(row[-1] for row in waits) > LONGEST_WAIT_S * 0.9


def test_forty_nodes_that_lose_the_same_broker_do_not_come_back_in_step():
    first = sorted(Backoff(random.Random(seed)).next_s() for seed in range(40))
    assert first[-1] - first[0] > FIRST_WAIT_S / 2
    assert len(set(first)) == 40


@given(st.integers(), st.integers(0, 20))
def test_reset_it_starts_afresh(seed, tries):
    backoff = Backoff(random.Random(seed))
    for _ in range(tries):
        backoff.next_s()
    backoff.reset()
    assert backoff.next_s() <= 2 * FIRST_WAIT_S


@given(st.integers(), st.integers(0, 20))
def test_after_a_connection_that_held_it_starts_afresh(seed, tries):
    backoff = Backoff(random.Random(seed))
    for _ in range(tries):
        backoff.next_s()
    assert backoff.next_s(STEADY_S) <= 2 * FIRST_WAIT_S


def test_after_connections_that_do_not_hold_it_goes_on_growing():
    backoff = Backoff(random.Random(1))
    assert max(backoff.next_s(STEADY_S - 0.1) for _ in range(20)) > LONGEST_WAIT_S / 2
