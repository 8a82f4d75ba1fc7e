"""A box that was newly hung up and has sounded is written down once, and remembered."""

import pytest
from fakes.service import codebook
from msgspec import UNSET

from broker.core.book import Book
from broker.core.ledger import Ledger
from broker.core.spoken import Spoken
from broker.core.turn import Turn
from broker.core.voices import MAX_SPOKEN, SAME_MS, SUBJECT, Voices, spoken_of
from wire.messages import Sounded

pytestmark = pytest.mark.pure


def proof(**changes: object) -> Sounded:
    fields = {"id": "first/x", "pattern": "test", "started_at": None, "late_ms": 0, "duration_ms": 900, "strokes": 1}
    return Sounded(**{**fields, "ended": "finished", "first": True, **changes})  # type: ignore[arg-type]  # of a proof


def voices(*past: Spoken) -> tuple[Voices, Ledger]:
    ledger = Ledger()
    return Voices(Book("cong-lac"), ledger, past), ledger


def written(ledger: Ledger) -> list[tuple[str, str, str | None]]:
    return [(entry.what, entry.subject, entry.by) for entry in ledger._queue]


def test_the_first_proof_is_written_down_and_a_copy_is_not() -> None:
    kept, ledger = voices()
    kept.take(Turn(0, 1_000), "thon-3", proof())
    kept.take(Turn(5_000, 6_000), "thon-3", proof(duration_ms=901))
    assert written(ledger) == [("spoke", SUBJECT, "thon-3")]
    assert kept.of("thon-3") == Spoken(node="thon-3", hamlet="thon-3", at_ms=1_000)
    assert kept.of("thon-4") is None


def test_what_is_written_tells_where_and_how_it_sounded_and_reads_back_as_it_was_known() -> None:
    book, ledger = Book("cong-lac"), Ledger()
    book.adopt(codebook(nodes={"gate": {"hamlet": "thon-3"}}))
    kept = Voices(book, ledger)
    kept.take(Turn(0, 1_000), "gate", proof(strokes=3, strokes_heard=2))
    (entry,) = ledger._queue
    assert entry.body == {"hamlet": "thon-3", "pattern": "test", "strokes": 3, "heard": 2}
    told = spoken_of(entry.by, entry.at_ms, entry.body)
    assert told == kept.of("gate") == Spoken(node="gate", hamlet="thon-3", at_ms=1_000)


def test_a_copy_within_the_same_moment_is_none_and_one_by_a_clock_that_was_set_back_is_the_first_again() -> None:
    kept, ledger = voices(Spoken(node="thon-3", hamlet="thon-3", at_ms=1_000))
    kept.take(Turn(0, 1_000), "thon-3", proof())
    assert written(ledger) == []
    kept.take(Turn(0, 999), "thon-3", proof())
    assert written(ledger) == [("spoke", SUBJECT, "thon-3")]


def test_a_box_that_was_hung_up_anew_has_a_first_sounding_again() -> None:
    kept, ledger = voices(Spoken(node="thon-3", hamlet="thon-3", at_ms=1_000))
    kept.take(Turn(0, 1_000 + SAME_MS - 1), "thon-3", proof())
    assert written(ledger) == []
    kept.take(Turn(0, 1_000 + SAME_MS), "thon-3", proof())
    assert len(written(ledger)) == 1


@pytest.mark.parametrize(
    "changes", [{"first": UNSET}, {"first": False}, {"strokes": 0}, {"ended": "failed"}, {"strokes_heard": 0}]
)
def test_what_did_not_sound_or_was_not_heard_or_is_not_the_first_is_no_voice(changes: dict[str, object]) -> None:
    kept, ledger = voices()
    kept.take(Turn(0, 0), "thon-3", proof(**changes))
    assert written(ledger) == []


def test_names_without_end_do_not_fill_the_memory() -> None:
    kept, _ = voices()
    for number in range(MAX_SPOKEN + 5):
        kept.take(Turn(0, number), f"n{number}", proof())
    assert kept.of("n4") is None
    assert kept.of("n5") is not None


def test_a_line_of_the_register_tells_who_it_was_and_where() -> None:
    assert spoken_of("gate", 5, {"hamlet": "thon-3"}) == Spoken(node="gate", hamlet="thon-3", at_ms=5)
    assert spoken_of("gate", 5, {}) == Spoken(node="gate", hamlet="gate", at_ms=5)
