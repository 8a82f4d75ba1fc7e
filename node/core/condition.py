"""How a box is, as its shells last said, and whether the commune is heard. Pure."""

from __future__ import annotations

from typing import assert_never

from node.core.items import Disk, Fault, Machine, MicrophoneHealth, PanelHealth, SpeakerHealth
from node.core.parts import Parts
from node.core.supply import Supply

HEARD_WITHIN_MS = 13_000  # the commune speaks every 10 s, and TCP loses nothing: three more are for a busy machine
RTC_OFF_S = 60  # an RTC shows whole seconds, and drifts by some two a day where nothing sets it
WORD_CHARS = 80  # of a Status field


class Condition:
    """How the parts of the box are, as their shells last said."""

    def __init__(self, started_ms: int = 0) -> None:
        self.started_ms = started_ms
        """Monotonic time of the program's start."""
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


def heard(parts: Parts, now_ms: int) -> bool:
    """Whether the commune's service is there, as far as we can tell."""
    return parts.linked and parts.heard_ms is not None and now_ms - parts.heard_ms < HEARD_WITHIN_MS
