"""Every message of the contract, as a frozen, validated type with a line under each field; asks are in `asks`.

What must hold: a value that `codec.decode` returned is whole and in range, so nobody behind the door checks again.
Unknown fields are ignored, so that a newer speaker can be understood; a missing or wrong one refuses the message.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from wire.release import Release
from wire.reports import Lamps, Sounded, Status, Updating
from wire.words import (
    MAX_COUNTER,
    AnswerState,
    ChimeId,
    ClockState,
    Count,
    GraceS,
    HamletName,
    HamletNames,
    Hash,
    Instant,
    Kind,
    Label,
    LeaseS,
    Milliseconds,
    PatternName,
    Presses,
    PublicKey,
    Slug,
    Text,
    Token,
    Uuid,
    Word,
    check_hamlets,
    check_tree,
)

__all__ = [
    "ActiveAlarm",
    "Alarms",
    "Alert",
    "Answer",
    "Beacon",
    "Cancel",
    "Chime",
    "CodeBookOrder",
    "Hello",
    "Lamps",
    "Sounded",
    "Status",
    "Update",
    "Updating",
    "Welcome",
    "Witness",
]

MAX_ACTIVE = 64  # alarms in a set; so many at the smallest size fill the message
MAX_NODES = 200  # keys in a code book; its 8 KiB would stop at about 130


class Witness(Struct, frozen=True, kw_only=True):
    """A line of the commune's register and its hash, which binds every line before it: nodes remember it."""

    seq: Annotated[int, Meta(ge=1, le=MAX_COUNTER)]
    """The line's number."""
    hash: Hash
    """SHA-256 of the line and of the hash before it, as broker/register/chain.py says."""


class Hello(Struct, frozen=True, kw_only=True):
    """A node has connected, or wants its clock proved again."""

    node: Slug
    """Who speaks; the same as in the topic."""
    nonce: Token
    """Random; the welcome must return it."""
    boot: Label | None = None
    """Identifies this run of the node's program."""
    version: Label | None = None
    """The node's software."""
    codebook: Count | None = None
    """Version of the code book the node holds; 0 or none: it has none."""
    counter: Count = 0
    """The last counter the node obeyed."""
    witness: Witness | UnsetType = UNSET
    """The last that the node was given with a chime that it sounded; left out: none."""


class Beacon(Struct, frozen=True, kw_only=True):
    """What the commune's service says to itself, to see that the broker delivers."""

    by: Token
    """A random word of the run of the service that says it: another's shows that there are two."""
    number: Count
    """Rises by one; tells which one came back."""


class Welcome(Struct, frozen=True, kw_only=True):
    """The commune's time, proved by the hello's nonce."""

    nonce: Token
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
    count: Presses
    """How often it was pressed: 1, and one more for each insistence."""
    last_age_ms: Milliseconds | None = None
    """Where it was pressed again: time since the last press when this copy was sent; none: nobody knows."""


class Cancel(Struct, frozen=True, kw_only=True):
    """An alert taken back by the cancel contact."""

    id: Uuid
    """The alert's."""
    node: Slug
    """Who speaks; the same as in the topic."""
    cancelled: Annotated[bool, Meta(extra_json_schema={"const": True})]
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
    count: Presses = 1
    """How often it was pressed."""

    def __post_init__(self) -> None:
        if not self.cancelled:
            raise ValueError("cancelled must be true")


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
    alarms: Annotated[tuple[ActiveAlarm, ...], Meta(max_length=MAX_ACTIVE)]
    """The set."""
    over: Annotated[tuple[Uuid, ...], Meta(max_length=MAX_ACTIVE)] = ()
    """What a person ended of late, or a node took back: for gongs that have never heard it stated."""


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
    witness: Witness | UnsetType = UNSET
    """The head of the commune's register, for nodes to remember with the chime; left out: it has none."""
    issued_at: Instant
    """When it was ordered."""
    counter: Count
    """Rises with every order."""

    def __post_init__(self) -> None:
        check_hamlets(self.hamlets)


class Update(Struct, frozen=True, kw_only=True):
    """Which release of the program this node may install; said again and again, forgotten with its lease.

    The release itself bears the project's signature: this order can offer one, and cannot say what is in it.
    """

    offer: Token
    """Names this offer: a release that failed is tried anew under another."""
    release: Release | None = None
    """Which; none: it is offered no more."""
    lease_s: LeaseS
    """Seconds after `issued_at` at which it is forgotten unless said again."""
    issued_at: Instant
    """When it was said."""
    counter: Count
    """Rises with every order."""


class CodeBookOrder(Struct, frozen=True, kw_only=True):
    """A commune's code book on its way to the nodes. The room `patterns` reads what is inside."""

    version: Count
    """Rises with every change."""
    zone: Word
    """IANA time zone of the chimes."""
    patterns: dict[PatternName, Any]
    """Scores by name."""
    chimes: tuple[dict[str, Any], ...]
    """Name, hour, days, pattern, hamlets, exceptions of each."""
    alarm_s: LeaseS
    """Seconds a press sounds."""
    cancel_s: Annotated[int, Meta(ge=0, le=600)]
    """Seconds in which the cancel contact takes a press back."""
    relays: dict[Slug, tuple[HamletName, ...]]
    """Hamlets whose gongs also sound an alert of the key's hamlet."""
    node_keys: Annotated[dict[Slug, PublicKey], Meta(max_length=MAX_NODES)]
    """Public Ed25519 key (base64) of each node; empty in a network without keys."""
    issued_at: Instant
    """When it was ordered."""
    counter: Count
    """Rises with every order."""
    hamlets: dict[Slug, Any] = {}
    """Names of the hamlets."""
    posts: tuple[Slug, ...] = ()
    """Nodes at the commune's own post: they obey `down/{node}/alarms`, with the silent alerts in it."""
    by_kind: dict[Kind | Literal["default"], PatternName] = {}
    """Pattern of each kind of alert, where it is not `alarm`; `default`: of every kind that is not named."""

    def __post_init__(self) -> None:
        for tree in (self.patterns, self.chimes, self.hamlets):
            check_tree(tree)
