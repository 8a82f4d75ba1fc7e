"""Order, one append at a time, again and again until it is written."""

import pytest

from broker.core.effects import Append
from broker.core.ledger import FIRST_RETRY_MS, LONGEST_RETRY_MS, MAX_BATCH, SPARE_WAITING, Ledger
from broker.core.records import Entry, What
from broker.core.turn import Turn

pytestmark = pytest.mark.pure


def entry(number: int, what: What = "asked") -> Entry:
    return Entry(what=what, subject=str(number), by=None, at_ms=0)


def flushed(ledger: Ledger, now_ms: int = 0) -> list[Append]:
    turn = Turn(now_ms, 0)
    ledger.flush(turn)
    return [effect for effect in turn.effects if isinstance(effect, Append)]


def test_nothing_newer_is_handed_over_while_something_is_under_way() -> None:
    ledger = Ledger()
    ledger.note(entry(1))
    (append,) = flushed(ledger)
    ledger.note(entry(2))
    assert flushed(ledger) == []
    assert ledger.committed(append.token) == append.entries == (entry(1),)
    assert flushed(ledger)[0].entries == (entry(2),)


def test_a_failed_append_is_tried_again_whole_and_later_and_later() -> None:
    ledger = Ledger()
    ledger.note(entry(1))
    now_ms, waits = 0, []
    for _ in range(8):
        (append,) = flushed(ledger, now_ms)
        assert append.entries[0] == entry(1)
        assert ledger.failed(Turn(now_ms, 0), append.token)
        ledger.note(entry(2))
        assert ledger.deadline_ms is not None
        waits.append(ledger.deadline_ms - now_ms)
        assert flushed(ledger, ledger.deadline_ms - 1) == []
        now_ms = ledger.deadline_ms
    assert waits[0] == FIRST_RETRY_MS
    assert waits[-1] == LONGEST_RETRY_MS
    (append,) = flushed(ledger, now_ms)
    ledger.committed(append.token)
    assert ledger.deadline_ms is None
    ledger.note(entry(3))
    (append,) = flushed(ledger, now_ms)
    assert ledger.failed(Turn(now_ms, 0), append.token)
    assert ledger.deadline_ms == now_ms + FIRST_RETRY_MS


def test_words_about_another_append_are_ignored() -> None:
    ledger = Ledger()
    ledger.note(entry(1))
    (append,) = flushed(ledger)
    assert ledger.committed(append.token + 1) == ()
    assert not ledger.failed(Turn(0, 0), append.token - 1)
    assert ledger.committed(append.token) == (entry(1),)
    assert ledger.committed(append.token) == ()


def test_many_entries_go_in_several_appends_in_order() -> None:
    ledger = Ledger()
    for number in range(MAX_BATCH + 3):
        ledger.note(entry(number))
    (first,) = flushed(ledger)
    assert len(first.entries) == MAX_BATCH
    ledger.committed(first.token)
    assert [one.subject for one in flushed(ledger)[0].entries] == [str(MAX_BATCH + n) for n in range(3)]


def test_what_only_informs_gives_way_to_alerts() -> None:
    ledger = Ledger()
    for number in range(SPARE_WAITING):
        ledger.note(entry(number, "sounded"))
    ledger.note(entry(0, "sounded"))
    ledger.note(entry(0, "alert"))
    assert (len(ledger), ledger.lost) == (SPARE_WAITING + 1, 1)
    assert not ledger.full
