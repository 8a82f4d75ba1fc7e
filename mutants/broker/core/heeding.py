"""Whose gong should sound by the set of alarms, and does not.

What must hold: a gong that is there and stays quiet through HEED_MS of an alarm that is meant for it is named. One that
sounds anything is left alone (what it plays may go before), and so is one that does not say how its speaker is. A
silent alert is asked of nobody: a post does not say that it sounds one, for everybody who watches could read it.
It does not know whether a node is there (supervision.py).
"""

from __future__ import annotations

from broker.core.alarms import AlarmSet
from broker.core.book import Book
from broker.core.records import Alarm
from wire.messages import Status
from wire.words import reaches

HEED_MS = 12_000  # the set is stated every 10 s: who missed one has heard the next


class Heeding:
    """Holds what nodes sound against what they should."""

    def __init__(self, book: Book, alarms: AlarmSet) -> None:
        self._book = book
        self._alarms = alarms
        self._quiet_ms: dict[str, int] = {}
        self._sounded: dict[str, set[str]] = {}

    def status(self, node: str, status: Status, now_ms: int) -> None:
        """What a node says of itself just now."""
        if status.sounding is not None:
            self.sounded(node, status.sounding)
        if status.sounding is not None or status.speaker == "unknown":
            self._quiet_ms.pop(node, None)
        else:
            self._quiet_ms.setdefault(node, now_ms)

    def sounded(self, node: str, id: str) -> None:  # noqa: A002 - the contract's word
        """It sounds this, or has sounded it."""
        if self._alarms.get(id) is not None:
            before = self._sounded.get(node, set())
            self._sounded[node] = {id, *(one for one in before if self._alarms.get(one) is not None)}

    def lost(self, node: str) -> None:
        """It is gone: once it is back it has its time again."""
        self._quiet_ms.pop(node, None)

    def owed(self, node: str, now_ms: int, linked_ms: int) -> Alarm | None:
        """The first alarm that this node should have sounded by now."""
        quiet_ms = self._quiet_ms.get(node)
        if quiet_ms is None:
            return None
        for live in self._alarms.live:
            since_ms = max(quiet_ms, linked_ms, live.reached_ms)
            if now_ms - since_ms >= HEED_MS and self._meant(node, live.alarm) and not self._done(node, live.alarm):
                return live.alarm
        return None

    def _meant(self, node: str, alarm: Alarm) -> bool:
        known = self._book.node(node)
        return known is not None and not alarm.silent and reaches(alarm.hamlets, known.hamlet)

    def _done(self, node: str, alarm: Alarm) -> bool:
        """One stroke of a test is over soon; what goes on without end must be heard as long as it is stated."""
        score = self._book.score(alarm.pattern)
        return score is not None and not score.endless and alarm.id in self._sounded.get(node, ())
