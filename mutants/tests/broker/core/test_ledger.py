"""Order, one append at a time, again and again until it is written."""

import pytest

from broker.core.effects import Append
from broker.core.ledger import FIRST_RETRY_MS, LONGEST_RETRY_MS, MAX_BATCH, MAX_WAITING, SPARE_WAITING, Ledger
from broker.core.records import AskRow, Entry, Incident, What
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


def test_waits_double_from_the_first_to_the_longest() -> None:
    ledger = Ledger()
    ledger.note(entry(1))
    waits, now_ms = [], 0
    for _ in range(8):
        (append,) = flushed(ledger, now_ms)
        ledger.failed(Turn(now_ms, 0), append.token)
        assert ledger.deadline_ms is not None
        waits.append(ledger.deadline_ms - now_ms)
        now_ms = ledger.deadline_ms
    assert waits == [200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]


def test_what_cannot_wait_is_tried_at_once_though_the_last_append_has_just_failed() -> None:
    ledger = Ledger()
    ledger.note(entry(1))
    (append,) = flushed(ledger)
    turn = Turn(0, 0)
    ledger.flush(turn, urgent=True)
    assert turn.effects == []  # one at a time, urgent or not
    ledger.failed(turn, append.token)
    ledger.flush(turn)
    assert turn.effects == []
    ledger.flush(turn, urgent=True)
    assert turn.effects == [Append(2, (entry(1),))]
    assert ledger.deadline_ms is None


def test_whose_row_is_not_on_the_disk_yet_is_known_until_the_last_of_its_entries_is() -> None:
    row = Incident(
        id="i1", kind="fire", hamlet="h", node="n", silent=False, drill=False, state="open",
        opened_at_ms=0, pressed_at_ms=0,
    )  # fmt: skip
    ask = AskRow(user="duty", id="a1", verb="clear", ok=True, why="", target=None, at_ms=0)
    ledger = Ledger()
    for what in ("alert", "insisted"):
        ledger.note(Entry(what=what, subject="i1", by="n", at_ms=0, incident=row))
        ledger.note(Entry(what="asked", subject="a1", by="duty", at_ms=0, ask=ask))
        if what == "alert":
            (first,) = flushed(ledger)
    ledger.committed(first.token)
    assert ledger.awaits_incident("i1") and ledger.awaits_ask("duty", "a1")
    assert not ledger.awaits_incident("i2") and not ledger.awaits_ask("second", "a1")
    (second,) = flushed(ledger)
    ledger.committed(second.token)
    assert not ledger.awaits_incident("i1") and not ledger.awaits_ask("duty", "a1")


def test_it_is_full_with_the_last_that_has_room_and_what_informs_is_left_out_long_before() -> None:
    ledger = Ledger()
    for number in range(SPARE_WAITING - 1):
        ledger.note(entry(number))
    ledger.note(entry(0, "node"))
    assert ledger.lost == 0
    for what in ("sounded", "trouble", "mended", "node", "jumped", "proved", "restarted"):
        ledger.note(entry(0, what))
    assert (len(ledger), ledger.lost) == (SPARE_WAITING, 7)
    for number in range(MAX_WAITING - SPARE_WAITING - 1):
        ledger.note(entry(number))
    assert not ledger.full
    ledger.note(entry(0))
    assert ledger.full
