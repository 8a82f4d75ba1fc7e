"""What the journal tells of a chime."""

import pytest
from fakes.entries import NOON_MS, sounded

from broker.core.chimerows import row_of
from broker.core.records import ChimeRow, Entry

pytestmark = pytest.mark.pure

CURFEW = "curfew/2026-11-21"


def ordered(due_at_ms: int = NOON_MS, hamlets: tuple[str, ...] = ("all",)) -> Entry:
    body = {"due_at_ms": due_at_ms, "hamlets": list(hamlets)}
    return Entry(what="chime", subject=CURFEW, by=None, at_ms=NOON_MS, body=body)


def summed(**lists: list[str]) -> Entry:
    return Entry(what="proved", subject=CURFEW, by=None, at_ms=NOON_MS, body=lists)


def test_a_chime_that_was_only_ordered_is_neither_proved_nor_summed_up() -> None:
    assert row_of([ordered(7, ("thon-1", "thon-2"))]) == ChimeRow(
        id=CURFEW, hamlets=("thon-1", "thon-2"), due_at_ms=7, nodes=(), sounded=(), missed=(), summed=False
    )


def test_who_proved_it_is_named_once_in_the_order_of_the_proofs_and_a_failure_is_no_proof() -> None:
    proofs = [sounded(CURFEW, "n2"), sounded(CURFEW, "n1"), sounded(CURFEW, "n3", "failed"), sounded(CURFEW, "n2")]
    nobody = Entry(what="sounded", subject=CURFEW, by=None, at_ms=NOON_MS, body={"ended": "finished"})
    row = row_of([ordered(), *proofs, nobody])
    assert row is not None
    assert row.nodes == ("n2", "n1")


def test_what_was_played_and_not_heard_proves_nothing_and_a_single_stroke_that_was_heard_does() -> None:
    proofs = [
        Entry(what="sounded", subject=CURFEW, by=f"n{heard}", at_ms=NOON_MS, body={"strokes_heard": heard})
        for heard in (0, 1, None)
    ]
    row = row_of([ordered(), *proofs])
    assert row is not None
    assert row.nodes == ("n1", "nNone")


def test_once_it_is_summed_up_it_says_where_it_sounded_and_where_not() -> None:
    row = row_of([ordered(), summed(sounded=["thon-1"], missed=["thon-2", "thon-3"])])
    assert row is not None
    assert (row.sounded, row.missed, row.summed) == (("thon-1",), ("thon-2", "thon-3"), True)
    empty = row_of([ordered(), summed()])
    assert empty is not None
    assert (empty.sounded, empty.missed, empty.summed) == ((), (), True)


def test_ordered_anew_the_last_word_counts() -> None:
    row = row_of([ordered(7), ordered(9, ("thon-3",))])
    assert row is not None
    assert (row.due_at_ms, row.hamlets) == (9, ("thon-3",))


def test_of_what_was_never_ordered_or_nobody_knows_for_when_nothing_is_said() -> None:
    old = Entry(what="chime", subject=CURFEW, by=None, at_ms=NOON_MS, body={"hamlets": ["all"]})
    assert row_of([]) is None
    assert row_of([old, sounded(CURFEW, "n1"), summed(sounded=["thon-1"])]) is None


def test_what_else_is_written_of_the_same_subject_changes_nothing() -> None:
    node = Entry(what="node", subject=CURFEW, by="n9", at_ms=NOON_MS, body={"due_at_ms": 5, "sounded": ["x"]})
    assert row_of([ordered(7), node]) == row_of([ordered(7)])
