"""Which codes of wire/blinks.py the link lamp shows: read off the box as it is now. Pure.

Rule 1. Every code is the level of a fault that is there now; a fault that is mended takes its code away at once.
Rule 2. A lamp that says `trouble` names what, and one that says `unheard` names why, as far as the box can tell.
Rule 3. What keeps the gong from sounding comes first, then what keeps the commune from hearing of it.
"""

from __future__ import annotations

from node.core.condition import HEARD_WITHIN_MS, Condition, heard
from node.core.parts import Parts
from wire.blinks import BUTTONS, CLOCK, DISK, ENTRY, KEYS, MICROPHONE, NETWORK, SPEAKER, SUPPLY

CLOCK_MS = 10_000  # a box that has just started asks for the time first
FINE = frozenset({"ok", "unknown"})
KEPT = ("codebook", "journal", "patterns")  # faults of what lies on the card, or does not fit on it
WEAK = ("low", "battery_low")  # somebody must come; a power cut alone, or a hot noon, passes by itself
UNHEARD = "unheard"  # what a microphone says of a loudspeaker


def codes(parts: Parts, condition: Condition, now_ms: int) -> tuple[int, ...]:
    """All of now."""
    microphone = condition.microphone or "ok"
    unheard = microphone == UNHEARD
    down = parts.down
    unsure = parts.clock.state(now_ms) == "unsure"
    strange = not heard(parts, now_ms) and parts.linked and parts.gate.mistrusted
    told = (
        (SPEAKER, condition.speaker not in FINE or unheard),
        (BUTTONS, condition.panel not in FINE or parts.box.shown),
        (DISK, condition.disk not in FINE or any(part in condition.faults for part in KEPT)),
        (KEYS, "key" in condition.faults or parts.other_key or strange or (down is not None and down.unproved)),
        (ENTRY, down is not None and down.shut),
        (NETWORK, down is not None and not (down.shut or down.unproved)),
        (CLOCK, "rtc" in condition.faults or (unsure and now_ms - condition.started_ms >= CLOCK_MS)),
        (MICROPHONE, microphone not in FINE and not unheard),
        (SUPPLY, weak(condition)),
    )
    return tuple(code for code, there in told if there)


def weak(condition: Condition) -> bool:
    """Whether the power needs somebody."""
    return condition.supply.word in WEAK


def deadline_ms(parts: Parts, condition: Condition, now_ms: int) -> int | None:
    """When time alone may change them."""
    if parts.clock.state(now_ms) == "unsure" and now_ms - condition.started_ms < CLOCK_MS:
        return condition.started_ms + CLOCK_MS
    if parts.linked and parts.heard_ms is not None and heard(parts, now_ms):
        return parts.heard_ms + HEARD_WITHIN_MS
    return None
