"""Whom an alert reaches that nobody acknowledges: the neighbours, then the whole commune, if the code book says so.

Rule 1. Counted from the first copy's arrival, by the monotonic clock.
Rule 2. Only a real, loud alert that still sounds; a person who takes it, or silences it, stops it.
"""

from __future__ import annotations

from broker.core.alarms import AlarmSet
from broker.core.book import Book
from broker.core.cases import Cases
from broker.core.records import Incident
from broker.core.turn import Turn
from wire.words import EVERYWHERE


def escalates(row: Incident) -> bool:
    """Whether anybody else is ever to hear of it."""
    return row.node is not None and row.state == "open" and not (row.silent or row.drill or row.kind == "test")


class Policy:
    """Widens alarms in time."""

    def __init__(self, book: Book, cases: Cases, alarms: AlarmSet) -> None:
        self._book = book
        self._cases = cases
        self._alarms = alarms
        self._steps: dict[str, list[tuple[int, bool]]] = {}

    @property
    def deadline_ms(self) -> int | None:
        """When the next alarm is to be widened."""
        return min((steps[0][0] for steps in self._steps.values()), default=None)

    def begin(self, turn: Turn) -> None:
        """A new run of the service: time has passed for those that still sound."""
        for alarm in self._alarms.all:
            row = self._cases.find(alarm.id)
            # What an officer started again has been seen by a person.
            if row is not None and alarm.by == row.node:
                self.watch(turn, row, max(0, turn.wall_ms - row.opened_at_ms))

    def watch(self, turn: Turn, row: Incident, waited_ms: int = 0) -> None:
        """Wait for somebody to take it; `run` forgets at once what never escalates."""
        rules = self._book.escalation
        after = ((rules.neighbours_after_s, False), (rules.commune_after_s, True))
        steps = [(turn.now_ms + s * 1000 - waited_ms, whole) for s, whole in after if s is not None]
        if steps:
            self._steps[row.id] = sorted(steps)

    def run(self, turn: Turn) -> None:
        """Widen what has waited for long enough; forget what need not wait any more."""
        for id_, steps in list(self._steps.items()):
            row = self._cases.find(id_)
            if row is None or not escalates(row) or self._alarms.get(id_) is None:
                del self._steps[id_]
                continue
            assert row.hamlet is not None  # noqa: S101 - what escalates was pressed somewhere
            while steps and steps[0][0] <= turn.now_ms:
                _, whole = steps.pop(0)
                self._alarms.widen(turn, id_, EVERYWHERE if whole else self._book.neighbours(row.hamlet))
            if not steps:
                del self._steps[id_]
