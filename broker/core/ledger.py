"""What is on its way to the disk, and what must wait for it.

Rule 1. Entries are written in the order in which they were noted, one append at a time; a failed one is tried again
whole, before anything newer.
Rule 2. What depends on an entry (received, acknowledged, told) is said out of `committed`, and nowhere else.
It does not know what an entry means.
"""

from __future__ import annotations

from collections import Counter as Tally
from collections import deque
from itertools import islice
from typing import TypeVar

from broker.core.effects import Append
from broker.core.records import Entry
from broker.core.turn import Turn

MAX_BATCH = 500  # entries of one transaction: some 200 KB, written within a second by a Pi's card
MAX_WAITING = 50_000  # 50 MB: hours of a flood with a dead disk; then new alerts are refused, and their nodes keep them
SPARE_WAITING = 5_000  # beyond it what only informs (proofs, troubles) is left out, so that alerts have room
FIRST_RETRY_MS = 200
LONGEST_RETRY_MS = 5_000  # a person who frees the disk must not wait for long
INFORMING = frozenset({"sounded", "trouble", "mended", "node", "jumped", "proved", "spoke", "restarted"})

K = TypeVar("K")


class Ledger:
    """Pending appends."""

    def __init__(self) -> None:
        self._queue: deque[Entry] = deque()
        self._flying = 0
        self._token = 0
        self._retry_at_ms: int | None = None
        self._retry_ms = FIRST_RETRY_MS
        self._incidents: Tally[str] = Tally()
        self._asks: Tally[tuple[str, str]] = Tally()
        self.lost = 0
        """Informing entries left out because the register could not be written."""

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def full(self) -> bool:
        """No room for another alert."""
        return len(self._queue) >= MAX_WAITING

    @property
    def deadline_ms(self) -> int | None:
        """When to try again."""
        return self._retry_at_ms if self._queue and not self._flying else None

    def awaits_incident(self, id: str) -> bool:  # noqa: A002 - the contract's word
        """Whether something about this incident is not on the disk yet."""
        return id in self._incidents

    def awaits_ask(self, user: str, id: str) -> bool:  # noqa: A002 - the contract's word
        """Whether this ask is not on the disk yet."""
        return (user, id) in self._asks

    def note(self, entry: Entry) -> None:
        """Write this, after all that was noted before."""
        if len(self._queue) >= SPARE_WAITING and entry.what in INFORMING:
            self.lost += 1
            return
        self._queue.append(entry)
        if entry.incident is not None:
            self._incidents[entry.incident.id] += 1
        if entry.ask is not None:
            self._asks[entry.ask.user, entry.ask.id] += 1

    def flush(self, turn: Turn, *, urgent: bool = False) -> None:
        """Hand what waits to the register, unless an append is under way or (if it can wait) has just failed."""
        if self._flying or not self._queue:
            return
        if not urgent and self._retry_at_ms is not None and turn.now_ms < self._retry_at_ms:
            return
        self._flying = min(len(self._queue), MAX_BATCH)
        self._token += 1
        entries = tuple(islice(self._queue, self._flying))
        turn.effects.append(Append(self._token, entries))

    def committed(self, token: int) -> tuple[Entry, ...]:
        """The register has them: the entries that are now safe, in order."""
        if token != self._token or not self._flying:
            return ()
        safe = tuple(self._queue.popleft() for _ in range(self._flying))
        self._flying, self._retry_at_ms, self._retry_ms = 0, None, FIRST_RETRY_MS
        for entry in safe:
            if entry.incident is not None:
                _less(self._incidents, entry.incident.id)
            if entry.ask is not None:
                _less(self._asks, (entry.ask.user, entry.ask.id))
        return safe

    def failed(self, turn: Turn, token: int) -> bool:
        """The register could not: try again after a while. False if nothing of ours failed."""
        if token != self._token or not self._flying:
            return False
        self._flying = 0
        self._retry_at_ms = turn.now_ms + self._retry_ms
        self._retry_ms = min(self._retry_ms * 2, LONGEST_RETRY_MS)
        return True


def _less(tally: Tally[K], key: K) -> None:
    tally[key] -= 1
    if tally[key] <= 0:
        del tally[key]
