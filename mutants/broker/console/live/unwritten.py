"""What the wire says of alarms and the register does not: a full disk, a dead service. Pure.

What must hold: what is stated and not written down is a case at once, and stays one when its sound is over: silencing
is not closing. An alert that nobody has stated is one when the commune has been dumb for DUMB_MS: a living service
states the set more often than that, so what it refused, or took as one more press of the same, never shows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from broker.console.live.wire import Raised, Silent, WireView
from broker.core.records import Alarm, Incident
from wire.messages import ActiveAlarm

DUMB_MS = 10_500  # the set is stated every 10 s
SHIFT_MS = 12 * 3_600_000  # what is not written down by then was lost with the service that knew of it


def unwritten(wire: WireView, known: Collection[str], at_ms: int) -> Iterable[tuple[Incident, Alarm | None]]:
    """Incidents that are not in `known`, and what sounds for them."""
    sounding = {alarm.id for alarm in wire.stated}
    stated = {id_: alarm for id_, alarm in wire.once.items() if id_ not in known}
    for id_, alarm in stated.items():
        if id_ in sounding or at_ms - alarm.since.ms < SHIFT_MS:
            yield _stated(alarm, wire.alerts.get(id_)), _alarm(alarm) if id_ in sounding else None
    for id_, raised in wire.alerts.items():
        if id_ not in known and id_ not in stated and _dumb(wire, raised, at_ms):
            yield _raised(raised), None
    for id_, silent in wire.silent.items():
        if id_ not in known and at_ms - silent.at_ms < SHIFT_MS:
            yield _told(silent), None


def _dumb(wire: WireView, raised: Raised, at_ms: int) -> bool:
    """Whether the commune has said nothing since."""
    said = wire.stated_at_ms is not None and wire.stated_at_ms >= raised.at_ms
    return not said and at_ms - raised.at_ms >= DUMB_MS and raised.alert.kind != "test"


def _stated(alarm: ActiveAlarm, raised: Raised | None) -> Incident:
    return Incident(
        id=alarm.id,
        kind=alarm.kind,
        hamlet=raised.alert.hamlet if raised else None,
        node=raised.alert.node if raised else None,
        silent=False,
        drill=alarm.drill,
        state="open",
        opened_at_ms=alarm.since.ms,
        pressed_at_ms=None,
        by=alarm.by,
        text=alarm.text,
        hamlets=alarm.hamlets,
    )


def _alarm(alarm: ActiveAlarm) -> Alarm:
    return Alarm(
        id=alarm.id,
        kind=alarm.kind,
        pattern=alarm.pattern,
        drill=alarm.drill,
        silent=False,
        hamlets=alarm.hamlets,
        since_ms=alarm.since.ms,
        life_s=alarm.lease_s,
        by=alarm.by,
        text=alarm.text,
    )


def _raised(raised: Raised) -> Incident:
    alert = raised.alert
    return Incident(
        id=alert.id,
        kind=alert.kind,
        hamlet=alert.hamlet,
        node=alert.node,
        silent=False,
        drill=alert.drill,
        state="open",
        opened_at_ms=raised.at_ms,
        pressed_at_ms=None,
        count=alert.count,
    )


def _told(silent: Silent) -> Incident:
    return Incident(
        id=silent.id,
        kind=silent.kind,  # type: ignore[arg-type]  # a word of the wire, shown as it is
        hamlet=silent.hamlet or None,
        node=silent.node or None,
        silent=True,
        drill=silent.drill,
        state="open",
        opened_at_ms=silent.at_ms,
        pressed_at_ms=None,
    )
