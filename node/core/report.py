"""What a node says of itself: its status, its will, its proofs. Pure functions and one small state."""

from __future__ import annotations

from msgspec import UNSET, Struct, structs

from node.core.cause import Proof
from node.core.codes import codes, weak
from node.core.condition import WORD_CHARS, Condition, heard
from node.core.contacts import Box
from node.core.effects import AlertLamp, LinkLamp
from node.core.parts import Parts
from wire.messages import Lamps, Sounded, Status
from wire.words import MAX_WALL_MS, Instant

OTHER_KEY = "key: the code book names another one"
EVERY_S = 8  # wire.md says 10 at the most; whoever freezes must be missed within ten seconds of his last word


class Shown(Struct, frozen=True):
    """What the lamps show."""

    alert: AlertLamp
    """Of the alerts."""
    link: LinkLamp
    """Of the link and the box."""
    codes: tuple[int, ...] = ()
    """Faults that the link lamp counts out."""


def lamps(parts: Parts, condition: Condition, now_ms: int) -> Shown:
    """The lamps now."""
    told = {condition.speaker, condition.microphone or "ok", condition.panel, condition.disk}
    broken = told - {"ok", "unknown"} or parts.box.shown or condition.faults or parts.other_key or weak(condition)
    link: LinkLamp = "trouble" if broken else "steady" if heard(parts, now_ms) else "unheard"
    return Shown(parts.alerts.lamp(), link, codes(parts, condition, now_ms))


def status(parts: Parts, condition: Condition, now_ms: int, since_ms: int) -> Status:
    """The node as it is. `since_ms` is the monotonic time of the program's start."""
    since_wall_ms = None if (wall := parts.wall_ms(now_ms)) is None else wall - (now_ms - since_ms)
    shown = lamps(parts, condition, now_ms)
    return Status(
        node=parts.setup.node,
        hamlet=parts.setup.hamlet,
        online=True,
        since=_instant(since_wall_ms),
        version=parts.setup.version,
        boot=parts.setup.run,
        clock=parts.clock.state(now_ms),
        clock_error_ms=parts.clock.error_ms(now_ms),
        panel=_panel(parts.box) or condition.panel,
        speaker=condition.speaker,
        microphone=condition.microphone,
        unsent=parts.alerts.unsent(),
        sounding=parts.stage.sounding(now_ms, public=True),
        supply=condition.supply.word,
        mains=condition.supply.mains,
        battery_pct=condition.supply.battery_pct,
        battery_h=condition.supply.battery_h,
        temperature_c=condition.machine.temperature_c,
        disk=condition.disk,
        faults=_faults(parts, condition),
        refused={str(reason): count for reason, count in sorted(parts.refused.items())},
        orders_signed=parts.gate.signed,
        every_s=EVERY_S,
        lamps=Lamps(alert=shown.alert, link=shown.link, codes=shown.codes),
        update=parts.updates.status(),
    )


def _faults(parts: Parts, condition: Condition) -> tuple[str, ...]:
    faults = {"key": OTHER_KEY, **condition.faults} if parts.other_key else condition.faults
    return tuple(faults[part] for part in sorted(faults))


def _panel(box: Box) -> str:
    """What is wrong with the contacts, by name; empty if nothing is."""
    named = {"stuck": box.stuck, "left_on": box.left_on}
    return " ".join(f"{what}:{','.join(names)}" for what, names in named.items() if names)[:WORD_CHARS]


def differs(told: Status, now: Status) -> bool:
    """Whether something changed that is worth telling before its time: not the drift of a clock, nor a degree.

    Nor that the broker denied us something: where that is the status itself, telling would never end.
    """
    return _lasting(told) != _lasting(now)


def _lasting(status: Status) -> Status:
    refused = {reason: count for reason, count in status.refused.items() if reason != "denied"}
    return structs.replace(
        status, clock_error_ms=None, temperature_c=None, since=None, refused=refused, battery_pct=None, battery_h=None
    )


def offline(parts: Parts) -> Status:
    """The last will, and the last word before an orderly end."""
    return Status(node=parts.setup.node, hamlet=parts.setup.hamlet, online=False, boot=parts.setup.run)


def sounded(parts: Parts, proof: Proof, now_ms: int, *, first: bool = False) -> Sounded:
    """A proof, with wall times where they are known; `first`: of this installation."""
    wall_ms = parts.wall_ms(now_ms)
    began_ms = None if proof.first_ms is None or wall_ms is None else wall_ms - (now_ms - proof.first_ms)
    return Sounded(
        id=proof.id,
        pattern=proof.pattern,
        started_at=_instant(began_ms),
        late_ms=proof.late_ms,
        duration_ms=proof.duration_ms,
        strokes=proof.strokes,
        strokes_heard=proof.heard,
        level_db=proof.level_db,
        ended=proof.ended,
        why=" ".join(proof.why.split())[:300],
        first=True if first else UNSET,
    )


def late(id_: str, pattern: str, late_ms: int) -> Sounded:
    """A chime that came too late and was skipped."""
    why = f"Muộn {late_ms // 1000} giây, không đánh bù / {late_ms // 1000} s late, skipped"
    return Sounded(
        id=id_, pattern=pattern, started_at=None, late_ms=late_ms, duration_ms=0, strokes=0, ended="failed", why=why
    )


def _instant(wall_ms: int | None) -> Instant | None:
    return None if wall_ms is None or not 0 <= wall_ms <= MAX_WALL_MS else Instant(wall_ms)
