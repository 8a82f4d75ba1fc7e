"""What can happen to a node: each input of the core, as a plain value that a trace can hold and a test can make."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from wire.envelope import Arrived, Denied, LinkDown, LinkUp
from wire.reports import Updating

DiskState = Literal["ok", "full", "read_only", "failed"]
FaultPart = Literal["key", "journal", "patterns", "codebook", "rtc"]


class Tick(Struct, frozen=True, tag=True):
    """The core's deadline has come, or a while has passed."""


class Contacts(Struct, frozen=True, tag=True):
    """One reading of all contacts, as levels. The sampler stamps it: a stalled loop must not squeeze time together."""

    at_ms: int
    """Monotonic time of the reading."""
    closed: tuple[str, ...]
    """Names of the contacts that were closed; `settings` gives each its meaning."""


class PanelHealth(Struct, frozen=True, tag=True):
    """Pins can, or can no longer, be read and driven."""

    ok: bool
    """Whether they can."""
    why: str = ""
    """For a person."""


class Began(Struct, frozen=True, tag=True):
    """The first sample of a sound has reached the device."""

    ref: str
    """The sound's."""
    at_ms: int
    """Monotonic time of that sample."""
    late_ms: int
    """How long after it was due."""


class Finished(Struct, frozen=True, tag=True):
    """A sound is over; exactly one for each `Sound` effect."""

    ref: str
    """The sound's."""
    how: Literal["finished", "stopped", "pre_empted", "failed"]
    """`finished` by itself, `stopped` by a Silence, `pre_empted` by a newer Sound."""
    duration_ms: int
    """How long it sounded."""
    strokes: int
    """Strokes played."""
    why: str = ""
    """What failed."""


class SpeakerHealth(Struct, frozen=True, tag=True):
    """The sound device can, or can no longer, be used."""

    ok: bool
    """Whether it can."""
    why: str = ""
    """busy, gone, io, and a sentence."""


class MicrophoneHealth(Struct, frozen=True, tag=True):
    """The microphone can, or can no longer, be used; or what was last heard through it."""

    ok: bool
    """Whether it is there and the last sounding, if there was one, was heard."""
    why: str = ""
    """deaf, unheard, or busy, gone, io, and a sentence."""


class Heard(Struct, frozen=True, tag=True):
    """What a microphone heard of a sound; where a node has one, exactly one for each `Finished`, soon after it."""

    ref: str
    """The sound's."""
    strokes: int | None = None
    """Strokes it recognised; none: it could not listen."""
    level_db: float | None = None
    """Mean loudness, of full scale; none: it could not listen."""


class Disk(Struct, frozen=True, tag=True):
    """The journal has changed its state: what is written is, or is no longer, safe."""

    state: DiskState
    """ok: the last write is synced, and there is room for the next."""
    why: str = ""
    """For a person."""


class Fault(Struct, frozen=True, tag=True):
    """Something that no other item tells of is broken, or is mended."""

    part: FaultPart
    """key: the node's own cannot be read. journal: lines of it were lost. patterns: they could not be rendered.
    codebook: it could not be stored. rtc: the clock with a battery is wrong."""
    why: str = ""
    """For a person; empty: it is well again."""


class SystemClock(Struct, frozen=True, tag=True):
    """The machine's own wall clock, told every few seconds."""

    wall_ms: int
    """Milliseconds since 1970."""
    in_step: bool
    """Whether the kernel says that NTP keeps it."""
    rtc_ms: int | None = None
    """What the clock with a battery showed at that moment, in whole seconds; none: there is none."""


class Machine(Struct, frozen=True, tag=True):
    """How the machine is."""

    supply: Literal["ok", "low"] | None = None
    """Power supply, where the machine can tell."""
    temperature_c: float | None = None
    """Of the processor, where the machine can tell."""
    battery: Literal["ok", "unread"] | None = None
    """Whether the battery of an uninterruptible supply could be read; none: there is none."""
    battery_pct: float | None = None
    """What is left in it."""
    mains: bool | None = None
    """Whether it is fed from the mains; none: it cannot tell."""


class PatternsReady(Struct, frozen=True, tag=True):
    """These patterns are rendered and can be played without delay."""

    names: tuple[str, ...]
    """By name."""


class UpdateTold(Struct, frozen=True, tag=True):
    """What the updater has written of itself."""

    update: Updating | None
    """None: nothing yet."""


class Stop(Struct, frozen=True, tag=True):
    """The program is asked to end."""


Item = (
    Tick
    | Contacts
    | PanelHealth
    | Began
    | Finished
    | SpeakerHealth
    | MicrophoneHealth
    | Heard
    | Disk
    | Fault
    | SystemClock
    | Machine
    | PatternsReady
    | UpdateTold
    | Stop
    | Arrived
    | Denied
    | LinkUp
    | LinkDown
)
