"""What a node reports of itself: how it is, and what it has sounded. A part of `messages`."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from wire.words import (
    Celsius,
    ClockState,
    Count,
    Decibels,
    EndedHow,
    Hours,
    Instant,
    Label,
    Milliseconds,
    Percent,
    Slug,
    Text,
    Token,
    Word,
)

MAX_EVERY_S = 10  # between two statuses of a node that is well
MAX_REASONS = 64  # of refusals in a status; there are 18
MAX_CODES = 16  # there are 9
MAX_FAULTS = 16  # named in a status beside those that have a field of their own; there are 4


class Lamps(Struct, frozen=True, kw_only=True):
    """What the box shows."""

    alert: Word
    """dark | sending | received | acknowledged."""
    link: Word
    """steady | unheard | trouble."""
    codes: Annotated[tuple[Count, ...], Meta(max_length=MAX_CODES)] = ()
    """Faults that the link lamp counts out, by their number in wire/blinks.py."""


class Updating(Struct, frozen=True, kw_only=True):
    """How far an update of the node's program is; kept and told until another is offered."""

    offer: Token
    """The order's."""
    version: Word
    """Which version."""
    state: Word
    """waiting | fetching | installing | ready | trying | done | rolled_back | failed."""
    why: Word = ""
    """waiting: hours, clock, alarm, chime, link. failed, rolled_back: net, full, hash, signature, key, manifest,
    machine, older, doctor, crash, unlinked, unwell, power; a colon and more may follow."""


class Status(Struct, frozen=True, kw_only=True):
    """How a node is; retained, and its last will."""

    node: Slug
    """Who speaks; the same as in the topic."""
    hamlet: Slug | None = None
    """Where it hangs."""
    online: bool
    """False in the last will alone."""
    since: Instant | None = None
    """When this run of the program began, if the clock is known."""
    version: Label | None = None
    """Software."""
    boot: Label | None = None
    """Identifies this run of the program."""
    clock: ClockState = "unsure"
    """Whether the node knows the time."""
    clock_error_ms: Milliseconds | None = None
    """Bound on the error of a synced clock."""
    panel: Word = "unknown"
    """Buttons and lamps: ok, or what is wrong (stuck:fire, left_on:drill)."""
    speaker: Word = "unknown"
    """Sound device: ok, busy, gone, io."""
    microphone: Word | None = None
    """Where one is fitted: ok; unheard (it hears, but not what sounds here); deaf (it gives silence and nothing else);
    or a device's trouble (busy, gone, io). Of the last sounding, until the next."""
    unsent: Count = 0
    """Alerts the register has not said it received."""
    sounding: Word | None = None
    """Id of what sounds now."""
    supply: Word | None = None
    """ok; low (under-voltage), hot, mains_lost, battery_low, unread (its battery cannot be): where it can be told."""
    mains: bool | None = None
    """Whether an uninterruptible supply is fed from the mains; none: there is none, or it cannot tell."""
    battery_pct: Percent | None = None
    """What is left in its battery."""
    battery_h: Hours | None = None
    """Hours that this lasts, by how fast it empties; none: on mains, or not measured yet."""
    temperature_c: Celsius | None = None
    """Of the processor, where it can be told."""
    disk: Word = "unknown"
    """Journal: ok, full, read_only, failed."""
    faults: Annotated[tuple[Word, ...], Meta(max_length=MAX_FAULTS)] = ()
    """What else is wrong: key, journal, patterns, codebook or rtc, a colon, and why."""
    refused: Annotated[dict[Word, Count], Meta(max_length=MAX_REASONS)] = {}
    """Messages refused since the start of the program, by reason."""
    orders_signed: bool = False
    """False: unsigned orders are accepted (a network without keys)."""
    every_s: Annotated[int, Meta(ge=1, le=MAX_EVERY_S)] | None = None
    """Seconds after which it is said again at the latest; none: 10."""
    lamps: Lamps | None = None
    """What the box shows now; a silent press is never in it."""
    update: Updating | None = None
    """How far an update of its program is, where one was offered."""


class Sounded(Struct, frozen=True, kw_only=True):
    """A node's proof of what it played."""

    id: Word
    """The alarm's, alert's or chime's."""
    pattern: Word
    """What was really played."""
    started_at: Instant | None
    """Wall time of the first sample; none if it never sounded or the clock is unsure."""
    late_ms: Milliseconds
    """How long after it was due."""
    duration_ms: Milliseconds
    """How long it sounded."""
    strokes: Count
    """Strokes played."""
    strokes_heard: Count | None = None
    """Strokes a microphone heard and told for ours; none without one, or where it could not listen."""
    level_db: Decibels | None = None
    """Mean loudness at the microphone while it sounded, against full scale; none without one."""
    ended: EndedHow
    """How it ended."""
    why: Text = ""
    """For a person: what failed, what took over."""
    first: bool | UnsetType = UNSET
    """True: nothing that this installation of the box sounded was proved to the commune before. Left out: it was."""
