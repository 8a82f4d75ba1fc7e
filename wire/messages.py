"""Every message of the contract, as a frozen, validated type with a line under each field.

What must hold: a value that `codec.decode` returned is whole and in range, so nobody behind the door checks again.
Unknown fields are ignored, so that a newer speaker can be understood; a missing or wrong one refuses the message.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta, Struct

from wire.words import (
    AnswerState,
    ChimeId,
    ClockState,
    Count,
    EndedHow,
    HamletNames,
    Instant,
    Kind,
    LeaseS,
    Milliseconds,
    PatternName,
    Slug,
    Text,
    Uuid,
    Word,
    check_hamlets,
)

Nonce = Annotated[str, Meta(min_length=1, max_length=64)]
GraceS = Annotated[int, Meta(ge=0, le=3600)]


class Hello(Struct, frozen=True, kw_only=True):
    """A node has connected, or wants its clock proved again."""

    node: Slug
    """Who speaks; the same as in the topic."""
    nonce: Nonce
    """Random; the welcome must return it."""
    boot: str | int | None = None
    """Identifies this run of the node's program."""
    version: str | int | None = None
    """The node's software."""
    codebook: Count | None = None
    """Version of the code book the node holds; 0 or none: it has none."""
    counter: Count = 0
    """The last counter the node obeyed."""


class Welcome(Struct, frozen=True, kw_only=True):
    """The commune's time, proved by the hello's nonce."""

    nonce: Nonce
    """The hello's."""
    now: Instant
    """The commune's wall time when this was written."""
    issued_at: Instant
    """The same moment; every order bears it."""
    counter: Count
    """Rises with every order."""


class Alert(Struct, frozen=True, kw_only=True):
    """A press on its way up: one finger, one alert, one id, however often it is sent."""

    id: Uuid
    """UUIDv7; the identity."""
    node: Slug
    """Who speaks; the same as in the topic."""
    hamlet: Slug
    """Where it was pressed."""
    kind: Kind
    """Which button."""
    drill: bool
    """An exercise."""
    pressed_at: Instant
    """Wall time of the press by the node's clock; see `clock`."""
    clock: ClockState
    """Whether `pressed_at` can be believed."""
    age_ms: Milliseconds
    """Time since the press when this copy was sent, by the node's monotonic clock."""
    count: Annotated[int, Meta(ge=1, le=100_000)]
    """How often it was pressed: 1, and one more for each insistence."""


class Cancel(Struct, frozen=True, kw_only=True):
    """An alert taken back by the cancel contact."""

    id: Uuid
    """The alert's."""
    node: Slug
    """Who speaks; the same as in the topic."""
    cancelled: bool
    """Always true: what tells this from an alert on the same topic."""
    hamlet: Slug | None = None
    """Where it was pressed; with the next fields it lets a cancel be understood that overtook its alert."""
    kind: Kind | None = None
    """Which button."""
    drill: bool = False
    """An exercise."""
    pressed_at: Instant | None = None
    """Wall time of the press by the node's clock."""
    clock: ClockState = "unsure"
    """Whether `pressed_at` can be believed."""
    age_ms: Milliseconds = 0
    """Time since the press when this copy was sent."""
    count: Annotated[int, Meta(ge=1, le=100_000)] = 1
    """How often it was pressed."""


class Answer(Struct, frozen=True, kw_only=True):
    """What became of an alert."""

    id: Uuid
    """The alert's."""
    state: AnswerState
    """received: committed and synced. acknowledged: a person took it. closed, false_alarm: it is over."""
    by: Word | None = None
    """Who did it; none for the register itself."""
    at: Instant | None = None
    """When, by the commune's clock."""


class ActiveAlarm(Struct, frozen=True, kw_only=True):
    """One entry in the set of what should sound now."""

    id: Uuid
    """The alert's that it answers, or its own."""
    kind: Kind
    """What it is about."""
    pattern: PatternName
    """What to play; an unknown name plays the built-in alarm."""
    drill: bool
    """An exercise: can neither become nor stop a real alarm."""
    hamlets: HamletNames
    """Where: ["all"] or hamlet ids."""
    since: Instant
    """When it began, by the commune's clock."""
    lease_s: LeaseS
    """Seconds after `issued_at` of the set at which it ends unless said again."""
    by: Word | None = None
    """Who caused it."""
    text: Text | None = None
    """A line for a person."""

    def __post_init__(self) -> None:
        check_hamlets(self.hamlets)


class Alarms(Struct, frozen=True, kw_only=True):
    """The whole set of what should sound now; absence from it is the all-clear."""

    issued_at: Instant
    """When it was stated."""
    counter: Count
    """Rises with every order."""
    alarms: Annotated[tuple[ActiveAlarm, ...], Meta(max_length=64)]
    """The set; 64 entries at the smallest size fill the message."""


class Chime(Struct, frozen=True, kw_only=True):
    """A scheduled, harmless sound, ordered ahead."""

    id: ChimeId
    """`<name>/<local date>`: sounds once, ever."""
    pattern: PatternName
    """What to play."""
    hamlets: HamletNames
    """Where: ["all"] or hamlet ids."""
    due_at: Instant
    """When the first stroke falls."""
    grace_s: GraceS
    """Seconds after `due_at` beyond which it is skipped, not made up for."""
    issued_at: Instant
    """When it was ordered."""
    counter: Count
    """Rises with every order."""

    def __post_init__(self) -> None:
        check_hamlets(self.hamlets)


class CodeBookOrder(Struct, frozen=True, kw_only=True):
    """A commune's code book on its way to the nodes. The room `patterns` reads what is inside."""

    version: Count
    """Rises with every change."""
    zone: Word
    """IANA time zone of the chimes."""
    patterns: dict[str, Any]
    """Scores by name."""
    chimes: tuple[dict[str, Any], ...]
    """Name, hour, days, pattern, hamlets, exceptions of each."""
    alarm_s: Annotated[int, Meta(ge=1, le=600)]
    """Seconds a press sounds."""
    cancel_s: Annotated[int, Meta(ge=0, le=600)]
    """Seconds in which the cancel contact takes a press back."""
    relays: dict[str, tuple[str, ...]]
    """Hamlets whose gongs also sound an alert of the key's hamlet."""
    node_keys: dict[str, str]
    """Public Ed25519 key (base64) of each node; empty in a network without keys."""
    issued_at: Instant
    """When it was ordered."""
    counter: Count
    """Rises with every order."""
    hamlets: dict[str, Any] = {}
    """Names of the hamlets."""
    by_kind: dict[str, str] = {}
    """Pattern of each kind of alert, where it is not `alarm`."""


class Lamps(Struct, frozen=True, kw_only=True):
    """What the box shows."""

    alert: Word
    """dark | sending | received | acknowledged."""
    link: Word
    """steady | unheard | trouble."""


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
    version: str | int | None = None
    """Software."""
    boot: str | int | None = None
    """Identifies this run of the program."""
    clock: ClockState = "unsure"
    """Whether the node knows the time."""
    clock_error_ms: Milliseconds | None = None
    """Bound on the error of a synced clock."""
    panel: Word = "unknown"
    """Buttons and lamps: ok, or what is wrong (stuck:fire)."""
    speaker: Word = "unknown"
    """Sound device: ok, busy, gone, io."""
    microphone: Word | None = None
    """ok, deaf, or none fitted."""
    unsent: Count = 0
    """Alerts the register has not said it received."""
    sounding: Word | None = None
    """Id of what sounds now."""
    supply: Word | None = None
    """ok, low: the power supply, where it can be told."""
    temperature_c: float | None = None
    """Of the processor, where it can be told."""
    disk: Word = "unknown"
    """Journal: ok, full, read_only, failed."""
    refused: dict[str, int] = {}
    """Messages refused since the start of the program, by reason."""
    orders_signed: bool = False
    """False: unsigned orders are accepted (a network without keys)."""
    lamps: Lamps | None = None
    """What the box shows now; a silent press is never in it."""


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
    """Strokes a microphone heard; none without one."""
    level_db: float | None = None
    """Loudness at the microphone; none without one."""
    ended: EndedHow
    """How it ended."""
    why: Text = ""
    """For a person: what failed, what took over."""
