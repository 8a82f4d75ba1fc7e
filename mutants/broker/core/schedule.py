"""Chimes: ordered AHEAD_MS before they are due, by the commune's wall clock, and on an officer's word at once.

Rule 1. Once per id, ever: what was ordered is written down. An order lost to a crash just then is heard of by the
nodes' own code books.
Rule 2. Nothing is remembered of the wall clock but what was ordered, so a jump there and back loses no chime; a clock
that cannot be right orders none.
Rule 3. Later than its grace, a chime is skipped: a gong at 23:00 sends people out with sticks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec import UNSET

from broker.core.book import Book
from broker.core.counter import Counter
from broker.core.ledger import Ledger
from broker.core.proofs import AHEAD_MS, PROOF_MS, Proofs
from broker.core.records import MAX_CHIMES, Entry
from broker.core.turn import Turn
from broker.core.witnesses import Witnesses
from patterns.chimes import Due
from patterns.codebook import CodeBook
from wire.messages import Chime
from wire.topics import Topics
from wire.words import Instant, is_sane

GRACE_MS = 60_000  # a minute late is still the curfew
KNOWN_MS = 2 * 86_400_000  # the calendar is asked for two days at a time
LOOK_AGAIN_MS = 3_600_000  # nothing due, or no time: no hurry


class Schedule:
    """Orders chimes."""

    def __init__(
        self,
        topics: Topics,
        book: Book,
        counter: Counter,
        ledger: Ledger,
        proofs: Proofs,
        witnesses: Witnesses,
        past: Iterable[str],
    ) -> None:
        self._topics = topics
        self._book = book
        self._counter = counter
        self._ledger = ledger
        self._proofs = proofs
        self._witnesses = witnesses
        self._ordered = dict.fromkeys(past)
        self._calendar: list[Due] = []
        self._calendar_of: CodeBook | None = None
        self._known_until_ms = 0
        self._linked = False
        self.deadline_ms: int | None = None
        """When to look next."""

    def forget(self) -> None:
        """The wall clock has jumped: what is due when must be asked anew."""
        self._calendar_of, self.deadline_ms = None, None

    def run(self, turn: Turn, *, linked: bool) -> None:
        """Order what is due soon, where it can be heard; its proofs are expected in any case."""
        if linked and not self._linked:
            self.deadline_ms = None
        self._linked = linked
        if self.deadline_ms is not None and turn.now_ms < self.deadline_ms and self._calendar_of is self._book.current:
            return
        if self._book.current is None or not is_sane(turn.wall_ms):
            self.deadline_ms = turn.now_ms + LOOK_AGAIN_MS
            return
        self._know(turn, self._book.current)
        wait_ms = LOOK_AGAIN_MS
        for due in self._calendar:
            until_ms = _ms(due.due_at_utc) - turn.wall_ms
            if until_ms > AHEAD_MS:
                wait_ms = min(wait_ms, until_ms - AHEAD_MS)
                break
            if until_ms > -PROOF_MS:
                self._proofs.expect(turn, due, _ms(due.due_at_utc))
            if linked and due.id not in self._ordered and until_ms >= -GRACE_MS:
                self.order(turn, due, GRACE_MS, by=None)
        self.deadline_ms = turn.now_ms + wait_ms

    def order(self, turn: Turn, due: Due, grace_ms: int, by: str | None) -> None:
        """Have it sounded, once."""
        at_ms = _ms(due.due_at_utc)
        head = self._witnesses.head
        chime = Chime(
            id=due.id,
            pattern=due.pattern,
            hamlets=due.hamlets,
            due_at=Instant(at_ms),
            grace_s=grace_ms // 1000,
            witness=UNSET if head is None else head,
            issued_at=turn.now,
            counter=self._counter.next(turn),
        )
        turn.order(self._topics.all("chime"), chime)
        self._ordered.setdefault(due.id)
        if len(self._ordered) > MAX_CHIMES:
            del self._ordered[next(iter(self._ordered))]
        body: dict[str, object] = {"pattern": due.pattern, "hamlets": list(due.hamlets), "due_at_ms": at_ms}
        if head is not None:
            body["witness"] = {"seq": head.seq, "hash": head.hash}
        self._ledger.note(Entry(what="chime", subject=due.id, by=by, at_ms=turn.wall_ms, body=body))
        self._proofs.expect(turn, due, at_ms)

    def was_ordered(self, id: str) -> bool:  # noqa: A002 - the contract's word
        """Whether it must not be ordered again."""
        return id in self._ordered

    def _know(self, turn: Turn, book: CodeBook) -> None:
        if self._calendar_of is book and turn.wall_ms + AHEAD_MS + LOOK_AGAIN_MS <= self._known_until_ms:
            return
        self._calendar_of = book
        self._known_until_ms = turn.wall_ms + KNOWN_MS
        self._calendar = book.due_between(moment(turn.wall_ms - PROOF_MS), moment(self._known_until_ms))


def moment(wall_ms: int) -> datetime:
    """For the calendar."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=wall_ms)


def _ms(at: datetime) -> int:
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
