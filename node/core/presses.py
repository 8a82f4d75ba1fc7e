"""What a contact does: an alert, an insistence, a cancelling.

Order is the promise: Sound, then Write, then Publish. A silent press yields no Sound and no Show.
"""

from __future__ import annotations

from msgspec import structs

from node.core.contacts import Pressed
from node.core.effects import Effect, Nudge
from node.core.parts import Parts
from node.core.records import OwnAlert
from node.core.setup import ContactSetup

MAX_COUNT = 100_000  # the contract's: a number above it would be refused, and the alert with it


def pressed(parts: Parts, now_ms: int, press: Pressed) -> list[Effect]:
    """A contact was held for its time."""
    if press.contact.purpose == "cancel":
        return _cancel(parts, now_ms)
    if press.contact.kind == "test":
        parts.asked_ms = now_ms
    same = _insisted(parts, press.contact, press.drill, now_ms)
    if same is not None:
        alert = structs.replace(same, count=min(MAX_COUNT, same.count + 1), last_ms=now_ms)
    else:
        alert = _new(parts, press.contact, press.drill, now_ms)
    return _raise(parts, now_ms, alert)


def resume(parts: Parts, now_ms: int) -> None:
    """After a restart of the program a press that is young sounds on; after a reboot nobody knows its age."""
    for alert in parts.alerts.all():
        if alert.boot != parts.setup.boot or alert.silent or alert.quiet or alert.id in parts.memory.over:
            continue
        last_ms = alert.pressed_ms if alert.last_ms is None else alert.last_ms
        left_ms = last_ms + parts.alarm_ms() - now_ms
        if 0 < left_ms <= parts.alarm_ms():
            parts.stage.vouch(parts.cause_of(alert, now_ms), "own", now_ms + left_ms)


def _raise(parts: Parts, now_ms: int, alert: OwnAlert) -> list[Effect]:
    sounds: list[Effect] = []
    if not alert.silent:
        parts.stage.vouch(parts.cause_of(alert, now_ms), "own", now_ms + parts.alarm_ms())
        sounds = parts.stage.plan(now_ms)
    write = parts.keep(alert, now_ms, send=True)
    return [*sounds, write, *parts.say_due(now_ms), Nudge()]


def _new(parts: Parts, contact: ContactSetup, drill: bool, now_ms: int) -> OwnAlert:
    return OwnAlert(
        id=parts.new_id(now_ms),
        kind=contact.kind,
        silent=contact.silent,
        drill=drill,
        pressed_wall_ms=parts.wall_ms(now_ms) or 0,
        clock=parts.clock.state(now_ms),
        pressed_ms=now_ms,
        boot=parts.setup.boot,
    )


def _insisted(parts: Parts, contact: ContactSetup, drill: bool, now_ms: int) -> OwnAlert | None:
    """The alert that this press insists on: the same button's, while it is fresh and nobody has ended it."""
    for alert in reversed(parts.alerts.all()):
        if (alert.kind, alert.silent, alert.drill) != (contact.kind, contact.silent, drill) or alert.cancelled:
            continue
        if alert.boot != parts.setup.boot or alert.quiet:
            continue
        if alert.state != "sending" and not parts.linked:
            # Somebody may have ended it by now, and that all-clear must not silence this press.
            continue
        if alert.silent and now_ms - alert.pressed_ms < parts.alarm_ms():
            return alert
        if not alert.silent and parts.stage.get(alert.id) is not None:
            return alert
    return None


def _cancel(parts: Parts, now_ms: int) -> list[Effect]:
    """Take back what was pressed within the code book's window; what is older is the commune's to end."""
    young = [
        alert
        for alert in parts.alerts.all()
        if alert.boot == parts.setup.boot and not alert.cancelled and now_ms - alert.pressed_ms <= parts.cancel_ms()
    ]
    for alert in young:
        parts.stage.clear(alert.id, now_ms)
    effects: list[Effect] = list(parts.stage.plan(now_ms))
    for alert in young:
        gone = structs.replace(alert, cancelled=True, quiet=True, state="sending")
        effects.append(parts.keep(gone, now_ms, send=True))
    return [*effects, *parts.say_due(now_ms), Nudge()] if young else effects
