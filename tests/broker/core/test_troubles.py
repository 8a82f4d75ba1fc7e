"""Open troubles: one for each, written down twice."""

import pytest

from broker.core.ledger import Ledger
from broker.core.records import Trouble
from broker.core.troubles import MAX_OPEN, QUIET_MS, Troubles
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
    troubles.run(Turn(QUIET_MS["refused"], 0))
    assert [one.kind for one in troubles.all] == ["node_silent"]


def test_names_without_end_open_no_more() -> None:
    troubles = Troubles((), Ledger())
    for number in range(MAX_OPEN + 10):
        troubles.hold(Turn(0, 0), "node_silent", str(number), "")
    assert len(troubles.all) == MAX_OPEN
