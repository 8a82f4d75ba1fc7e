"""That a case came up on an officer's screen is written down once: the first time, with who it was.

What must hold: one line for a case, over reconnections and restarts of the console; it delays no stream and no card.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from broker.console.people import notes
from broker.console.people.models import Untold
from broker.register.models import JournalEntry

MAX_KNOWN = 10_000
"""Cases that this process has seen on a screen: some years of a commune."""


class Shown:
    """Remembers which cases came up already."""

    def __init__(self, most: int = MAX_KNOWN) -> None:
        self._most = most
        self._known: dict[str, None] = {}
        self._lock = threading.Lock()

    def first(self, ids: Iterable[str]) -> list[str]:
        """Those of these that never came up before; from now on they have."""
        with self._lock:
            fresh = [id_ for id_ in ids if id_ not in self._known]
            self._known.update(dict.fromkeys(fresh))
            while len(self._known) > self._most:
                del self._known[next(iter(self._known))]
        return fresh


def note(officer: str, ids: Iterable[str]) -> None:
    """Write it down, unless it was before a restart of the console."""
    for id_ in ids:
        told = JournalEntry.objects.filter(subject=id_, what="audited", body__what="shown").exists()
        if not told and not Untold.objects.filter(about=id_, what="shown").exists():
            notes.note(officer, "shown", id_)
