"""What the commune's service needs of the world, as the loop in run.py uses it.

One real adapter (broker/register/store.py) and one fake; the same contract test runs over both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from broker.core.records import Entry, Incident, Snapshot
from wire.messages import Witness

MAX_PAGE = 200
"""Incidents a page may hold: more than a screen, less than a second on a Pi."""


class Page(Struct, frozen=True, kw_only=True):
    """Some incidents, the latest opened first."""

    incidents: tuple[Incident, ...]
    """At most as many as asked for."""
    next: int | None
    """Pass it as `before` for the page of those opened earlier; none: there are no more."""


class Register(Protocol):
    """The commune's memory: an append-only journal, and rows that follow from it.

    What must hold: entries that `append` returned for are there after any crash, in that order, and all of them; of a
    call that raised, none is there.
    """

    def append(self, entries: Sequence[Entry]) -> int:
        """Write them in one committed, synced transaction; the last one's `seq`. RegisterFull, RegisterFault."""
        ...

    @property
    def head(self) -> Witness | None:
        """The last line that was written or found, and the hash that binds all before it; none in a new register."""
        ...

    def hash_at(self, seq: int) -> str | None:
        """What its chain has for a line now; none: no such line. RegisterFault."""
        ...

    def restore(self) -> Snapshot:
        """What a service starts from. RegisterFault."""
        ...

    def page(self, before: int | None = None, limit: int = 50, open_only: bool = False) -> Page:
        """Up to `limit` (1 to MAX_PAGE) incidents, the latest opened first, opened before `before`. RegisterFault."""
        ...

    def probe(self) -> None:
        """Look whether it can still be read. RegisterFault."""
        ...

    def close(self) -> None:
        """Let go of it; twice is once."""
        ...
