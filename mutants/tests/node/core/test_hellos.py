"""When a node asks for the time."""

import pytest

from node.core.hellos import (
    AGAIN_MS,
    APART_MS,
    BEFORE_CHIME_MS,
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
        assert isinstance(asked.due_ms, int)
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


def test_without_a_link_or_a_first_word_no_chime_asks_for_one():
    asked = Hellos(Entropy(b"seed"))
    asked.before(2_000, 100_000)
    assert asked.due_ms is None
    assert (asked.unanswered, asked._retries) == (0, 0)
    asked.linked(200_000)
    asked.before(2_000, 100_000)
    assert asked.due_ms == 200_000


def test_a_proof_that_is_due_anyway_or_was_had_in_time_is_not_doubled_for_a_chime():
    asked = hellos()
    asked.said(1_000)
    asked.before(1_500, 47_000 + 1)
    assert asked.due_ms == 1_000 + AGAIN_MS[0]
    asked.welcomed(1_500, 0)
    due_ms = asked.due_ms
    asked.before(1_600, BEFORE_CHIME_MS + 1_000)
    assert asked.due_ms == due_ms
    asked.before(1_600, BEFORE_CHIME_MS + 1_001)
    assert asked.due_ms == 1_600


def test_a_new_link_and_a_welcome_each_begin_the_patience_anew():
    asked = hellos()
    for _ in range(4):
        asked.said(asked.due_ms)
    asked.welcomed(asked.due_ms, 0)
    assert asked.unanswered == 0
    asked.said(400_000)
    assert asked.due_ms == 400_000 + AGAIN_MS[0]
    for _ in range(MAX_RETRIES + 1):
        asked.welcomed(400_000, GOOD_ERROR_MS + 1)
    asked.linked(500_000)
    assert (asked.unanswered, asked.due_ms) == (0, 500_000)
    asked.welcomed(500_000, GOOD_ERROR_MS + 1)
    assert asked.due_ms < 500_000 + 2 * RETRY_MS


def test_what_is_needed_is_asked_for_at_once_where_nothing_was_asked_and_never_later_than_it_was_due():
    asked = Hellos(Entropy(b"seed"))
    asked.needed(5_000)
    assert asked.due_ms == 5_000
    asked = hellos()
    asked.said(1_000)
    asked.needed(7_000)
    assert asked.due_ms == 7_000
    asked = hellos()
    asked.needed(3_000)
    assert asked.due_ms == 3_000
    asked = hellos()
    asked.said(1_000)
    asked.due_ms = 1_500
    asked.needed(1_200)
    assert asked.due_ms == 1_500


def test_forty_nodes_do_not_ask_in_step():
    gaps = set()
    for number in range(40):
        asked = Hellos(Entropy(bytes([number])))
        asked.linked(0)
        asked.welcomed(0, 0)
        assert isinstance(asked.due_ms, int)
        gaps.add(asked.due_ms - EVERY_MS)
    assert len(gaps) > 30
    assert max(gaps) - min(gaps) > SPREAD_MS / 2
