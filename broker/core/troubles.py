"""The faults of the system itself that are open now; each is written down when it is raised and when it is over.

Rule 1. One open trouble for each (kind, about); raising it again only puts its end off.
Rule 2. What one node can have written down in its name is bounded, for years: here is always how it is now, and the
register follows when it may.
Rule 3. Some have no end that can be seen (a refused message, a foreign order): they are over after a quiet while.
A silent alert is never told in here: troubles are shown where others look.
"""

from __future__ import annotations

from msgspec import structs

from broker.core.ledger import Ledger
from broker.core.rate import Bucket
from broker.core.records import Entry, Trouble, TroubleKind
from broker.core.turn import Turn

MAX_OPEN = 3_000  # each kind for each of 200 nodes, and what was refused of 500 senders; no more are opened
ROWS_AT_ONCE = 30  # of one node: a bad night of every part of it
ROW_EVERY_MS = 60_000  # then; some 200 MB of a node that goes mad for a year
QUIET_MS: dict[TroubleKind, int] = {
    "refused": 60_000,  # rate-limits what a stranger can have written down to two entries a minute
    "foreign_service": 60_000,  # six restatements: the other service is gone
    "clock_jump": 600_000,  # ten minutes in which an officer can see it
    "altered": 7
    * 86_400_000,  # a week without a word against the register: somebody has seen to it, or put a backup back
}
RUN_BOUND: frozenset[TroubleKind] = frozenset({"register", "still_sounding", "not_sounding"})
"""Kinds that mean nothing to a new run of the service, which looks anew."""

Key = tuple[TroubleKind, str]


class Troubles:
    """Open troubles."""

    def __init__(self, past: tuple[Trouble, ...], ledger: Ledger) -> None:
        self._ledger = ledger
        self._open: dict[Key, Trouble] = {(one.kind, one.about): one for one in past}
        self._quiet_at_ms: dict[Key, int] = {}
        self._rows = Bucket(ROWS_AT_ONCE, ROW_EVERY_MS)
        self._written = set(self._open)
        self._ended: dict[Key, Trouble] = {}
        self._owed_at_ms: dict[Key, int] = {}

    @property
    def all(self) -> tuple[Trouble, ...]:
        """Oldest first."""
        return tuple(self._open.values())

    @property
    def deadline_ms(self) -> int | None:
        """When the next one is over by itself, or may be written down."""
        return min((*self._quiet_at_ms.values(), *self._owed_at_ms.values()), default=None)

    def is_open(self, kind: TroubleKind, about: str) -> bool:
        """Whether it lasts."""
        return (kind, about) in self._open

    def begin(self, turn: Turn) -> None:
        """A new run of the service: what the last one left open ends in its time, or now."""
        for key in list(self._open):
            if key[0] in RUN_BOUND:
                self.mend(turn, *key)
            elif key[0] in QUIET_MS:
                self._quiet_at_ms[key] = turn.now_ms + QUIET_MS[key[0]]

    def hold(self, turn: Turn, kind: TroubleKind, about: str, why: str) -> None:
        """Raise it; if it is open already, it is told anew and lasts longer, and nothing is written."""
        key = (kind, about)
        known = self._open.get(key)
        if known is None and len(self._open) >= MAX_OPEN:
            return
        if kind in QUIET_MS:
            self._quiet_at_ms[key] = turn.now_ms + QUIET_MS[kind]
        if known is not None:
            if known.why != why:
                self._open[key] = structs.replace(known, why=why)
            return
        self._open[key] = Trouble(kind=kind, about=about, why=why, since_ms=turn.wall_ms)
        self._follow(turn, key)

    def mend(self, turn: Turn, kind: TroubleKind, about: str) -> None:
        """It is over; nothing if it was not open."""
        row = self._open.pop((kind, about), None)
        self._quiet_at_ms.pop((kind, about), None)
        if row is None:
            return
        self._ended[kind, about] = structs.replace(row, over_at_ms=turn.wall_ms)
        self._follow(turn, (kind, about))

    def settle(self, turn: Turn, kind: TroubleKind, about: str, why: str | None) -> None:
        """As somebody has just found it: wrong for this reason, or right."""
        if why is None:
            self.mend(turn, kind, about)
        else:
            self.hold(turn, kind, about, why)

    def run(self, turn: Turn) -> None:
        """End what has been quiet for long enough; write down what had to wait."""
        for key in [key for key, at_ms in self._quiet_at_ms.items() if at_ms <= turn.now_ms]:
            self.mend(turn, *key)
        for key in [key for key, at_ms in self._owed_at_ms.items() if at_ms <= turn.now_ms]:
            self._follow(turn, key)

    def _follow(self, turn: Turn, key: Key) -> None:
        """Let the register have it as it is, if it may; else later. What came and went in between is left out."""
        opened, ended = self._open.get(key), self._ended.pop(key, None)
        self._owed_at_ms.pop(key, None)
        if (opened is None) == (key not in self._written):
            return
        about = key[1]
        if not self._rows.allows(turn.now_ms, about):
            self._owed_at_ms[key] = self._rows.free_ms(turn.now_ms, about)
            if ended is not None:
                self._ended[key] = ended
        elif opened is not None:
            self._written.add(key)
            self._ledger.note(Entry(what="trouble", subject=about, by=None, at_ms=turn.wall_ms, trouble=opened))
        else:
            self._written.remove(key)
            self._ledger.note(Entry(what="mended", subject=about, by=None, at_ms=turn.wall_ms, trouble=ended))
