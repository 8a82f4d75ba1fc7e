"""What a node says of itself: its status, its will, its proofs. Pure functions and one small state."""

from __future__ import annotations

from typing import assert_never

from msgspec import Struct, structs

from node.core.cause import Proof
from node.core.contacts import Box
from node.core.effects import AlertLamp, LinkLamp
from node.core.items import Disk, Fault, Machine, MicrophoneHealth, PanelHealth, SpeakerHealth
from node.core.parts import Parts
from node.core.supply import Supply
from wire.messages import Lamps, Sounded, Status
from wire.words import MAX_WALL_MS, Instant

HEARD_WITHIN_MS = 13_000  # the commune speaks every 10 s, and TCP loses nothing: three more are for a busy machine
EVERY_S = 8  # wire.md says 10 at the most; whoever freezes must be missed within ten seconds of his last word
RTC_OFF_S = 60  # an RTC shows whole seconds, and drifts by some two a day where nothing sets it
WORD_CHARS = 80  # of a Status field


class Condition:
    """How the parts of the box are, as their shells last said."""

    def __init__(self) -> None:
        self.speaker = "unknown"
        self.microphone: str | None = None
        self.panel = "unknown"
        self.disk = "ok"
        self.machine = Machine()
        self.supply = Supply()
        self.faults: dict[str, str] = {}

    def take(
        self, item: SpeakerHealth | MicrophoneHealth | PanelHealth | Disk | Fault | Machine, now_ms: int = 0
    ) -> None:
        """One of them has changed, or was looked at."""
        match item:
            case SpeakerHealth():
                self.speaker = "ok" if item.ok else _word(item.why) or "failed"
            case MicrophoneHealth():
                self.microphone = "ok" if item.ok else _word(item.why) or "failed"
            case PanelHealth():
                self.panel = "ok" if item.ok else _word(item.why) or "failed"
            case Disk():
                self.disk = item.state
            case Fault():
                self.faults.pop(item.part, None)
                if item.why:
                    self.faults[item.part] = _word(f"{item.part}: {item.why}")
            case Machine():
                self.machine = item
                self.supply.take(now_ms, item)
            case _:
                assert_never(item)

    def take_rtc(self, wall_ms: int | None, rtc_ms: int | None) -> None:
        """What the clock with a battery shows, and what time it is, if that is known."""
        if wall_ms is None or rtc_ms is None:
            return
        off_s = (rtc_ms - wall_ms) // 1000
        self.take(Fault("rtc", f"{off_s} s" if abs(off_s) > RTC_OFF_S else ""))


def _word(text: str) -> str:
    """A shell's sentence as one field: one line, printable, cut. The contract refuses a status with anything else."""
    return "".join(letter for letter in " ".join(text.split()) if letter.isprintable())[:WORD_CHARS]


class Shown(Struct, frozen=True):
    """What the lamps show."""

    alert: AlertLamp
    """Of the alerts."""
    link: LinkLamp
    """Of the link and the box."""


def heard(parts: Parts, now_ms: int) -> bool:
    """Whether the commune's service is there, as far as we can tell."""
    return parts.linked and parts.heard_ms is not None and now_ms - parts.heard_ms < HEARD_WITHIN_MS


def lamps(parts: Parts, condition: Condition, now_ms: int) -> Shown:
    """The lamps now."""
    told = {condition.speaker, condition.microphone or "ok", condition.panel, condition.disk}
    broken = told - {"ok", "unknown"} or parts.box.shown or condition.faults
    link: LinkLamp = "trouble" if broken else "steady" if heard(parts, now_ms) else "unheard"
    return Shown(parts.alerts.lamp(), link)


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
        faults=tuple(condition.faults[part] for part in sorted(condition.faults)),
        refused={str(reason): count for reason, count in sorted(parts.refused.items())},
        orders_signed=parts.gate.signed,
        every_s=EVERY_S,
        lamps=Lamps(alert=shown.alert, link=shown.link),
    )


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


def sounded(parts: Parts, proof: Proof, now_ms: int) -> Sounded:
    """A proof, with wall times where they are known."""
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
    )


def late(id_: str, pattern: str, late_ms: int) -> Sounded:
    """A chime that came too late and was skipped."""
    why = f"Muộn {late_ms // 1000} giây, không đánh bù / {late_ms // 1000} s late, skipped"
    return Sounded(
        id=id_, pattern=pattern, started_at=None, late_ms=late_ms, duration_ms=0, strokes=0, ended="failed", why=why
    )


def _instant(wall_ms: int | None) -> Instant | None:
    return None if wall_ms is None or not 0 <= wall_ms <= MAX_WALL_MS else Instant(wall_ms)
