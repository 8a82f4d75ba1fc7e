"""What a node's core asks of the world, in the order in which it must be done. The shell does it and decides nothing.

Order is the promise: a press yields Sound, then Write, then Publish (wire.md rule 3), and a power cut may fall
between any two.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from node.core.records import Record
from wire.release import Release

AlertLamp = Literal["dark", "sending", "received", "acknowledged"]
LinkLamp = Literal["steady", "unheard", "trouble"]


class Sound(Struct, frozen=True, tag=True):
    """Play a pattern, over whatever plays now."""

    ref: str
    """Names this sounding in Began and Finished; never used twice."""
    pattern: str
    """By name; one that is not ready plays the built-in alarm if `alarm`, else fails."""
    alarm: bool
    """A real alarm: must sound something whatever happens. Never a drill, which must not be taken for one."""
    at_ms: int | None = None
    """Monotonic time of the first sample, at most some seconds ahead; none: now."""


class Silence(Struct, frozen=True, tag=True):
    """Be quiet within one period."""

    ref: str
    """The sound's; one that no longer plays is ignored."""


class Write(Struct, frozen=True, tag=True):
    """Append to the journal and sync it to the disk, before the next effect."""

    record: Record
    """What must survive."""


class Publish(Struct, frozen=True, tag=True):
    """Say it, if there is a link; the core says what matters again. The shell signs alerts where the node has a key."""

    topic: str
    """Where."""
    payload: bytes
    """What."""
    retain: bool = False
    """For the status alone."""


class Show(Struct, frozen=True, tag=True):
    """Set the lamps."""

    alert: AlertLamp
    """sending: blinks fast. received: pulses slowly. acknowledged: steady."""
    link: LinkLamp
    """steady: the commune is heard. unheard: blinks slowly. trouble: blinks fast."""
    codes: tuple[int, ...] = ()
    """Faults that the link lamp counts out between its looks, by their number in wire/blinks.py."""


class KeepCodeBook(Struct, frozen=True, tag=True):
    """Store a code book that was checked, atomically, and render what it names in the background."""

    payload: bytes
    """The order's JSON, as it came."""


class Nudge(Struct, frozen=True, tag=True):
    """Somebody pressed: the link should try now instead of waiting its back-off out."""


class Permit(Struct, frozen=True, tag=True):
    """Let the updater install this release, or no longer; it looks at the permission last of all before it switches."""

    offer: str | None
    """The order's name of it; none: nothing may be installed."""
    release: Release | None
    """Which."""


Effect = Sound | Silence | Write | Publish | Show | KeepCodeBook | Nudge | Permit
