"""Alerts and cancels, once the door has let them in: what a press changes.

Rule 1. The id is the identity: however often, in whatever order, one row, one incident.
Rule 2. What an alert was first (whose, silent or not, drill or real) it stays; a copy that says otherwise is refused.
Rule 3. A flood of one kind swallows nothing else: the first of a kind in a minute opens its own row.
Rule 4. An alert older than the life of its alarm is written down and shown, and does not sound any more.
It says nothing to nodes: orders follow from the set of alarms, answers from the register.
"""

from __future__ import annotations

from typing import Any, Literal

from broker.core import incident
from broker.core.alarms import AlarmSet
from broker.core.answers import JOINED, Answers
from broker.core.book import Book
from broker.core.cases import Cases
from broker.core.escalation import Policy
from broker.core.ledger import Ledger
from broker.core.notices import Notices
from broker.core.rate import Flooded, Rate
from broker.core.records import Alarm, Entry, Incident
from broker.core.turn import Turn
from wire.errors import Refused
from wire.messages import Alert, Cancel

NEW_PER_MINUTE = 6  # one for each kind of button; further ones of a minute join what sounds already, of their kind
MOST_PER_MINUTE = 60  # new ids, and insistences written down, of one node: a frightened person presses once a second


class Intake:
    """Takes what nodes press."""

    def __init__(
        self,
        book: Book,
        cases: Cases,
        alarms: AlarmSet,
        policy: Policy,
        ledger: Ledger,
        answers: Answers,
        notices: Notices,
    ) -> None:
        self._book = book
        self._cases = cases
        self._alarms = alarms
        self._policy = policy
        self._ledger = ledger
        self._answers = answers
        self._notices = notices
        self._new = Rate(NEW_PER_MINUTE)
        self._most = Rate(MOST_PER_MINUTE)
        self._first_of_kind = Rate(1)
        self._insisting = Rate(MOST_PER_MINUTE)

    def alert(self, turn: Turn, alert: Alert, *, silent: bool) -> None:
        """A copy of an alert, the first or another. Refused, Flooded."""
        row = self._cases.find(alert.id)
        if row is None:
            self._first(turn, alert, silent)
            return
        _check_same(row, alert.node, silent)
        if alert.drill != row.drill:
            raise Refused("field", "an alert is a drill or real for ever")
        if alert.count > row.count and alert.id == row.id:
            self._insist(turn, row, alert.count)
        self._answers.repeat(turn, row, alert.id)

    def cancel(self, turn: Turn, cancel: Cancel, *, silent: bool) -> None:
        """An alert taken back. Refused, Flooded."""
        row = self._cases.find(cancel.id)
        if row is None:
            self._cancelled_before(turn, cancel, silent)
            return
        _check_same(row, cancel.node, silent)
        if cancel.drill and not row.drill:
            raise Refused("field", "a drill stops no real alarm")
        if cancel.id == row.id and not row.cancelled and incident.may(row, "cancel"):
            row = incident.cancelled(row, turn.wall_ms)
            self._write(turn, "cancelled", row, self._alarms.end(turn, row.id))
            self._notices.silent(turn, row)
        self._answers.repeat(turn, row, cancel.id)

    def _first(self, turn: Turn, alert: Alert, silent: bool) -> None:
        self._room(turn, alert.node, alert.kind, silent=silent, drill=alert.drill)
        row = Incident(
            id=alert.id,
            kind=alert.kind,
            hamlet=alert.hamlet,
            node=alert.node,
            silent=silent,
            drill=alert.drill,
            state="open",
            opened_at_ms=turn.wall_ms,
            pressed_at_ms=max(0, turn.wall_ms - alert.age_ms),
            clock=alert.clock,
            count=alert.count,
        )
        sounds = alert.age_ms < self._book.alarm_s * 1000
        if not self._new.allows(turn.now_ms, f"{alert.node} {alert.drill}"):
            host = self._host(alert.node, row, sounds)
            if host is not None:
                self._join(turn, host, alert.id)
                return
        alarm = self._alarm(row) if sounds else None
        if alarm is not None:
            self._alarms.start(turn, alarm, alert.age_ms)
        self._policy.watch(turn, row)
        self._write(turn, "alert", row, alarm)
        self._notices.silent(turn, row)

    def _alarm(self, row: Incident) -> Alarm:
        assert row.hamlet is not None and row.pressed_at_ms is not None  # noqa: S101 - an alert has both
        return Alarm(
            id=row.id,
            kind=row.kind,
            pattern=self._book.pattern_for(row.kind, drill=row.drill),
            drill=row.drill,
            silent=row.silent,
            hamlets=(row.hamlet,) if row.kind == "test" else self._book.heard_in(row.hamlet),
            since_ms=row.pressed_at_ms,
            life_s=self._book.alarm_s,
            by=row.node,
        )

    def _insist(self, turn: Turn, row: Incident, count: int) -> None:
        if incident.may(row, "insist") and self._insisting.allows(turn.now_ms, f"{row.node} {_nature(row)}"):
            self._write(turn, "insisted", incident.insisted(row, count), self._alarms.insist(turn, row.id))

    def _host(self, node: str, row: Incident, sounds: bool) -> Incident | None:
        """The node's latest incident of this kind that can take it in: a press that could sound is never lost in what
        is silent, nor a fire in a test."""
        mine = _nature(row)
        for other in self._cases.of_node(node):
            alike = _nature(other) == mine and incident.may(other, "insist")
            if alike and (not sounds or self._alarms.get(other.id) is not None):
                return other
        return None

    def _join(self, turn: Turn, host: Incident, alert_id: str) -> None:
        self._cases.join(alert_id, host.id)
        row = incident.insisted(host, host.count + 1)
        self._write(turn, "insisted", row, self._alarms.insist(turn, row.id), {JOINED: alert_id})

    def _cancelled_before(self, turn: Turn, cancel: Cancel, silent: bool) -> None:
        """The cancel has overtaken its alert: the row opens as what it will be."""
        if cancel.hamlet is None or cancel.kind is None:
            raise Refused("field", "a cancel of an unknown alert must say its hamlet and kind")
        self._room(turn, cancel.node, cancel.kind, silent=silent, drill=cancel.drill)
        row = Incident(
            id=cancel.id,
            kind=cancel.kind,
            hamlet=cancel.hamlet,
            node=cancel.node,
            silent=silent,
            drill=cancel.drill,
            state="open",
            opened_at_ms=turn.wall_ms,
            pressed_at_ms=max(0, turn.wall_ms - cancel.age_ms),
            clock=cancel.clock,
            count=cancel.count,
        )
        self._write(turn, "cancelled", incident.cancelled(row, turn.wall_ms), None)

    def _room(self, turn: Turn, node: str, kind: str, *, silent: bool, drill: bool) -> None:
        first = self._first_of_kind.allows(turn.now_ms, f"{node} {drill} {silent} {kind}")
        room = self._most.allows(turn.now_ms, f"{node} {drill}") or first
        if self._ledger.full or not room:
            raise Flooded(f"{node}: more than {MOST_PER_MINUTE} alerts a minute, or no room to write them down")

    def _write(
        self,
        turn: Turn,
        what: Literal["alert", "insisted", "cancelled"],
        row: Incident,
        alarm: Alarm | None,
        body: dict[str, Any] | None = None,
    ) -> None:
        self._cases.put(row)
        entry = Entry(
            what=what, subject=row.id, by=row.node, at_ms=turn.wall_ms, body=body or {}, incident=row, alarm=alarm
        )
        self._ledger.note(entry)


def _nature(row: Incident) -> tuple[str, bool, bool]:
    return row.kind, row.silent, row.drill


def _check_same(row: Incident, node: str, silent: bool) -> None:
    if row.node != node:
        raise Refused("topic", "another node's alert")
    if row.silent != silent:
        raise Refused("topic", "an alert is silent or loud for ever")
