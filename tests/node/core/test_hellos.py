"""When a node asks for the time."""

import pytest

from node.core.hellos import (
    AGAIN_MS,
    APART_MS,
    EVERY_MS,
    GOOD_ERROR_MS,
    LAST_MS,
    MAX_RETRIES,
    RETRY_MS,
    SPREAD_MS,
    Hellos,
)
from wire.uuid7 import Entropy

pytestmark = pytest.mark.pure


def hellos() -> Hellos:
    new = Hellos(Entropy(b"seed"))
    new.linked(1_000)
    return new


def test_unanswered_it_is_said_less_and_less_often():
    asked = hellos()
    gaps = []
    for _ in range(5):
        at_ms = asked.due_ms
        asked.said(at_ms)
        gaps.append(asked.due_ms - at_ms)
    assert gaps == [*AGAIN_MS, LAST_MS, LAST_MS]


def test_a_poor_first_proof_is_asked_for_again_soon_and_not_for_ever():
    asked = hellos()
    waits = []
    for _ in range(MAX_RETRIES + 2):
        at_ms = asked.due_ms
        asked.said(at_ms)
        asked.welcomed(at_ms, GOOD_ERROR_MS + 1)
        waits.append(asked.due_ms - at_ms)
    assert all(RETRY_MS <= wait < 2 * RETRY_MS for wait in waits[:MAX_RETRIES])
    assert all(EVERY_MS <= wait < EVERY_MS + SPREAD_MS for wait in waits[MAX_RETRIES:])


def test_a_good_proof_is_enough():
    asked = hellos()
    asked.said(1_000)
    asked.welcomed(1_000, GOOD_ERROR_MS)
    assert asked.due_ms >= 1_000 + EVERY_MS


def test_an_order_that_cannot_be_judged_asks_soon_and_not_at_each_order():
    asked = hellos()
    asked.said(1_000)
    asked.welcomed(1_000, 0)
    asked.needed(1_100)
    assert asked.due_ms == 1_000 + APART_MS


def test_a_chime_is_preceded_by_one_more_proof():
    asked = hellos()
    asked.said(1_000)
    asked.welcomed(1_000, 0)
    asked.before(2_000, 100_000)
    assert asked.due_ms == 55_000
    asked.said(55_000)
    asked.welcomed(55_000, 0)
    asked.before(56_000, 100_000)
    assert asked.due_ms >= 55_000 + EVERY_MS
