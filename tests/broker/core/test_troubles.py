"""Open troubles: one for each, written down twice."""

import pytest
from msgspec.structs import replace

from broker.core.ledger import Ledger
from broker.core.records import Entry, Trouble
from broker.core.troubles import MAX_OPEN, QUIET_MS, ROW_EVERY_MS, ROWS_AT_ONCE, Troubles
from broker.core.turn import Turn

pytestmark = pytest.mark.pure


def test_a_trouble_that_lasts_is_written_once_and_told_anew() -> None:
    ledger = Ledger()
    troubles = Troubles((), ledger)
    for number in range(10):
        troubles.hold(Turn(number, 5), "speaker", "n1", f"why {number}")
    assert len(ledger) == 1
    assert troubles.all == (Trouble(kind="speaker", about="n1", why="why 9", since_ms=5),)
    troubles.mend(Turn(20, 9), "speaker", "n1")
    troubles.mend(Turn(20, 9), "speaker", "n1")
    assert len(ledger) == 2
    assert troubles.all == ()


def test_what_is_found_wrong_is_raised_for_its_reason_and_what_is_found_right_is_over() -> None:
    troubles = Troubles((), Ledger())
    troubles.settle(Turn(0, 5), "backup", "commune", "no disk")
    assert troubles.all == (Trouble(kind="backup", about="commune", why="no disk", since_ms=5),)
    troubles.settle(Turn(1, 6), "backup", "commune", "")  # a reason that nobody has put into words is one
    assert [one.why for one in troubles.all] == [""]
    troubles.settle(Turn(2, 7), "backup", "other", None)
    assert troubles.is_open("backup", "commune")
    troubles.settle(Turn(2, 7), "backup", "commune", None)
    assert troubles.all == ()


def test_what_has_no_end_to_see_is_over_after_a_quiet_while() -> None:
    troubles = Troubles((), Ledger())
    troubles.hold(Turn(0, 0), "refused", "x", "")
    troubles.hold(Turn(30_000, 0), "refused", "x", "")
    troubles.run(Turn(QUIET_MS["refused"], 0))
    assert troubles.is_open("refused", "x")
    assert troubles.deadline_ms == 30_000 + QUIET_MS["refused"]
    troubles.run(Turn(30_000 + QUIET_MS["refused"], 0))
    assert not troubles.is_open("refused", "x")
    assert troubles.deadline_ms is None


def test_what_belonged_to_the_last_run_ends_with_it() -> None:
    kinds = ("register", "still_sounding", "not_sounding", "refused", "node_silent")
    past = tuple(Trouble(kind=kind, about="x", why="", since_ms=0) for kind in kinds)
    troubles = Troubles(past, Ledger())
    troubles.begin(Turn(0, 0))
    assert [one.kind for one in troubles.all] == ["refused", "node_silent"]
    troubles.run(Turn(QUIET_MS["refused"] - 1, 0))
    assert [one.kind for one in troubles.all] == ["refused", "node_silent"]
    troubles.run(Turn(QUIET_MS["refused"], 0))
    assert [one.kind for one in troubles.all] == ["node_silent"]


def test_names_without_end_open_no_more() -> None:
    troubles = Troubles((), Ledger())
    for number in range(MAX_OPEN + 10):
        troubles.hold(Turn(0, 0), "node_silent", str(number), "")
    assert len(troubles.all) == MAX_OPEN


def flap(troubles: Troubles, times: int, about: str = "n1") -> None:
    """Raised and mended, again and again, within a second; raised in the end."""
    for number in range(times):
        troubles.hold(Turn(number, number), "speaker", about, "")
        troubles.mend(Turn(number, number), "speaker", about)
    troubles.hold(Turn(times, times), "speaker", about, "")


def test_a_trouble_that_comes_and_goes_without_end_fills_no_register() -> None:
    ledger = Ledger()
    troubles = Troubles((), ledger)
    flap(troubles, 1_000)
    assert len(ledger) == ROWS_AT_ONCE
    assert troubles.is_open("speaker", "n1")
    troubles.hold(Turn(1_000, 0), "speaker", "n2", "")
    assert len(ledger) == ROWS_AT_ONCE + 1


def test_the_register_has_it_as_it_is_once_it_may() -> None:
    ledger = Ledger()
    troubles = Troubles((), ledger)
    flap(troubles, ROWS_AT_ONCE)
    at_ms = troubles.deadline_ms
    assert at_ms is not None
    assert at_ms <= 1_000 + ROW_EVERY_MS
    troubles.run(Turn(at_ms, 7))
    entries = list(ledger._queue)
    assert (entries[-1].what, entries[-1].trouble.since_ms) == ("trouble", ROWS_AT_ONCE)
    assert troubles.deadline_ms is None
    troubles.mend(Turn(at_ms, 8), "speaker", "n1")
    assert len(ledger) == ROWS_AT_ONCE + 1
    troubles.run(Turn(at_ms + ROW_EVERY_MS, 99))
    last = ledger._queue[-1]
    assert (last.what, last.trouble.over_at_ms) == ("mended", 8)


def test_what_was_over_before_it_could_be_written_is_left_out() -> None:
    ledger = Ledger()
    troubles = Troubles((), ledger)
    flap(troubles, ROWS_AT_ONCE)
    troubles.mend(Turn(1_000, 0), "speaker", "n1")
    troubles.run(Turn(10 * ROW_EVERY_MS, 0))
    assert len(ledger) == ROWS_AT_ONCE
    assert troubles.deadline_ms is None


def test_a_trouble_that_was_open_before_this_run_is_mended_with_the_row_it_had() -> None:
    ledger = Ledger()
    past = Trouble(kind="speaker", about="n1", why="x", since_ms=3)
    troubles = Troubles((past,), ledger)
    troubles.begin(Turn(5, 5))
    assert (len(ledger), troubles.deadline_ms) == (0, None)
    troubles.mend(Turn(9, 9), "speaker", "n1")
    over = Entry(what="mended", subject="n1", by=None, at_ms=9, trouble=replace(past, over_at_ms=9))
    assert list(ledger._queue) == [over]


def test_a_trouble_is_written_when_it_is_raised_as_it_is() -> None:
    ledger = Ledger()
    troubles = Troubles((), ledger)
    troubles.hold(Turn(5, 7), "disk", "n1", "x")
    row = Trouble(kind="disk", about="n1", why="x", since_ms=7)
    assert list(ledger._queue) == [Entry(what="trouble", subject="n1", by=None, at_ms=7, trouble=row)]


def test_one_that_is_open_is_told_anew_though_no_more_are_opened() -> None:
    troubles = Troubles((), Ledger())
    for number in range(MAX_OPEN):
        troubles.hold(Turn(0, 0), "refused", str(number), "")
    troubles.hold(Turn(50_000, 0), "refused", "0", "again")
    troubles.hold(Turn(50_000, 0), "refused", "one more", "")
    troubles.run(Turn(QUIET_MS["refused"], 0))
    assert [(one.about, one.why) for one in troubles.all] == [("0", "again")]
    assert troubles.deadline_ms == 50_000 + QUIET_MS["refused"]


def test_one_that_was_mended_leaves_no_end_behind_for_the_next() -> None:
    troubles = Troubles((), Ledger())
    troubles.hold(Turn(0, 0), "refused", "x", "")
    troubles.mend(Turn(10, 0), "refused", "x")
    assert troubles.deadline_ms is None
    troubles.hold(Turn(20, 0), "refused", "x", "")
    troubles.run(Turn(QUIET_MS["refused"], 0))
    assert troubles.is_open("refused", "x")


def test_one_that_ends_and_comes_again_before_it_could_be_written_stays_one_row() -> None:
    """The register has it open; in between nothing could be written; it is open again: nothing is to be said."""
    ledger = Ledger()
    troubles = Troubles((), ledger)
    flap(troubles, ROWS_AT_ONCE // 2 - 1)  # and raised: an odd number of rows
    troubles.hold(Turn(900, 0), "disk", "n1", "")  # the last that may be written at once
    assert len(ledger) == ROWS_AT_ONCE
    troubles.mend(Turn(950, 0), "speaker", "n1")
    troubles.hold(Turn(960, 0), "speaker", "n1", "")
    assert troubles.deadline_ms is None
    troubles.run(Turn(10 * ROW_EVERY_MS, 0))
    assert len(ledger) == ROWS_AT_ONCE
    troubles.mend(Turn(10 * ROW_EVERY_MS, 77), "speaker", "n1")
    assert ledger._queue[-1].trouble.over_at_ms == 77
