"""The life of an incident, as a table; the diagram in the design page is drawn from it.

Rule 1. What is not in the table is refused: nothing leads out of `closed` or `false_alarm`.
Rule 2. `acknowledged` is reached by a person alone.
The one danger: taking silence for an end. Clearing an alarm is no action here; it changes no incident.
"""

from __future__ import annotations

from typing import Literal

from msgspec import structs

from broker.core.records import Incident, IncidentState
from wire.messages import Answer
from wire.words import EVERYWHERE, AnswerState, Instant

Action = Literal["acknowledge", "close", "mistake", "cancel", "insist", "widen"]

LIFE: dict[tuple[IncidentState, Action], IncidentState] = {
    ("open", "acknowledge"): "acknowledged",
    ("open", "close"): "closed",
    ("open", "mistake"): "false_alarm",
    ("open", "cancel"): "false_alarm",
    ("open", "insist"): "open",
    ("open", "widen"): "open",
    ("acknowledged", "acknowledge"): "acknowledged",
    ("acknowledged", "close"): "closed",
    ("acknowledged", "mistake"): "false_alarm",
    ("acknowledged", "cancel"): "acknowledged",
    ("acknowledged", "insist"): "acknowledged",
    ("acknowledged", "widen"): "acknowledged",
}
"""acknowledge, close, mistake (closed as báo nhầm), widen: a person. cancel, insist: the node."""
ENDED: frozenset[IncidentState] = frozenset({"closed", "false_alarm"})

_ANSWERS: dict[IncidentState, AnswerState] = {
    "open": "received",
    "acknowledged": "acknowledged",
    "closed": "closed",
    "false_alarm": "false_alarm",
}


def may(row: Incident, action: Action) -> bool:
    """Whether the table has it."""
    return (row.state, action) in LIFE


def acknowledged(row: Incident, by: str, at_ms: int) -> Incident:
    """A person takes it; the first name stays. KeyError if it is over."""
    state = LIFE[row.state, "acknowledge"]
    if row.acknowledged_by is not None:
        return row
    return structs.replace(row, state=state, acknowledged_by=by, acknowledged_at_ms=at_ms)


def closed(row: Incident, by: str, at_ms: int, outcome: str, note: str | None, *, mistake: bool) -> Incident:
    """A person ends it, with its outcome; `mistake`: nothing had happened. KeyError if it is over."""
    state = LIFE[row.state, "mistake" if mistake else "close"]
    return structs.replace(row, state=state, closed_by=by, closed_at_ms=at_ms, outcome=outcome, note=note)


def cancelled(row: Incident, at_ms: int) -> Incident:
    """The node takes it back: over if nobody has taken it yet. KeyError if it is over."""
    state = LIFE[row.state, "cancel"]
    if state not in ENDED:
        return structs.replace(row, cancelled=True)
    return structs.replace(row, state=state, cancelled=True, closed_by=row.node, closed_at_ms=at_ms)


def insisted(row: Incident, count: int) -> Incident:
    """Pressed again. KeyError if it is over."""
    return structs.replace(row, state=LIFE[row.state, "insist"], count=max(row.count, count))


def widened(row: Incident, hamlets: tuple[str, ...]) -> Incident:
    """An officer has it sound in more hamlets. KeyError if it is over."""
    return structs.replace(row, state=LIFE[row.state, "widen"], hamlets=together(row.hamlets or (), hamlets))


def together(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Hamlets of both, each once; everywhere is everywhere."""
    both = tuple(dict.fromkeys((*one, *other)))
    return EVERYWHERE if EVERYWHERE[0] in both else both


def answer(row: Incident, alert_id: str) -> Answer:
    """What the node is told of its alert."""
    by, at_ms = _who(row)
    return Answer(id=alert_id, state=_ANSWERS[row.state], by=by, at=None if at_ms is None else Instant(at_ms))


def _who(row: Incident) -> tuple[str | None, int | None]:
    if row.state == "open":
        return None, row.opened_at_ms
    if row.state == "acknowledged":
        return row.acknowledged_by, row.acknowledged_at_ms
    return row.closed_by, row.closed_at_ms
