"""What the commune writes down: entries of an append-only journal, each with the whole row as it became.

Rule: the rows follow from the entries alone, so the register can always be rebuilt, and an entry is never changed.
Wall times are commune time in ms since 1970; order is by `seq`, never by time, since clocks jump.
"""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from broker.core.called import ChimeRow as ChimeRow
from broker.core.offer import Offer
from broker.core.spoken import Spoken
from wire.messages import Witness
from wire.words import ClockState, Kind

IncidentState = Literal["open", "acknowledged", "closed", "false_alarm"]
TroubleKind = Literal[
    "node_silent",
    "clock_unsure",
    "speaker",
    "microphone",
    "panel",
    "disk",
    "supply",
    "refused",
    "chime_missed",
    "still_sounding",
    "not_sounding",
    "foreign_service",
    "register",
    "clock_jump",
    "unsigned",
    "node_fault",
    "broker",
    "altered",
    "backup",
    "update",
    "retiring",
]
What = Literal[
    "alert",  # an alert arrived: the incident is opened
    "insisted",  # pressed again
    "cancelled",  # the cancel contact
    "opened",  # an officer's alarm opened an incident
    "sounding",  # an alarm's reach changed: started, relayed, escalated
    "widened",  # an officer had more hamlets sound
    "cleared",  # silenced by a person
    "silenced",  # silenced because its time was over
    "acknowledged",
    "commented",  # an officer's remark
    "closed",
    "sounded",  # a node's proof
    "trouble",  # raised
    "mended",  # a trouble is over
    "muted",  # a node's troubles raise nobody for a while
    "retiring",  # an officer dismissed a node; the code book without it follows
    "unmuted",  # they do again: somebody said so, or the time was over
    "chime",  # ordered
    "spoke",  # a box that was newly hung up has proved its first sounding
    "proved",  # PROOF_MS after a chime was due: which hamlets sounded it, and which did not
    "restarted",  # the broker: it did not deliver
    "codebook",  # taken into use
    "offered",  # a release of the program, to the nodes
    "offer_over",  # it is offered no more: somebody stopped it, or it broke a node
    "asked",  # an ask and what it was told
    "audited",  # what was done at the console itself
    "node",  # a node was first heard, or changed hamlet or program
    "jumped",  # the commune's clock
    "counter",  # orders up to this number may have gone out
    "started",  # the service
]


class Incident(Struct, frozen=True, kw_only=True):
    """A case: opened by an alert or an officer, acknowledged, closed."""

    id: str
    """UUIDv7; the alert's."""
    kind: Kind
    """What it is about."""
    hamlet: str | None
    """Where it was pressed; none for an officer's alarm."""
    node: str | None
    """Which node; none for an officer's alarm."""
    silent: bool
    """Pressed silently: must not show where others look."""
    drill: bool
    """An exercise."""
    state: IncidentState
    """Where in its life it is."""
    opened_at_ms: int
    """Commune time of the first copy's arrival, or of the officer's alarm."""
    pressed_at_ms: int | None
    """The press: opened_at less the age that the node gave."""
    clock: ClockState = "unsure"
    """Whether the node knew the time."""
    count: int = 1
    """How often pressed."""
    cancelled: bool = False
    """Taken back by the cancel contact."""
    by: str | None = None
    """Officer who opened it."""
    text: str | None = None
    """A line that came with an officer's alarm."""
    hamlets: tuple[str, ...] | None = None
    """Where officers had it sound: their own alarm, or beyond an alert's own hamlet; none: nowhere else."""
    acknowledged_by: str | None = None
    """Who took it first."""
    acknowledged_at_ms: int | None = None
    """When."""
    closed_by: str | None = None
    """Who ended it."""
    closed_at_ms: int | None = None
    """When."""
    outcome: str | None = None
    """In the words of the half-year report."""
    note: str | None = None
    """What the officer wrote."""


class Alarm(Struct, frozen=True, kw_only=True):
    """Something that sounds, or sounded, in the set of alarms."""

    id: str
    """The incident's."""
    kind: Kind
    """What it is about."""
    pattern: str
    """By name."""
    drill: bool
    """An exercise."""
    silent: bool
    """Stated to the commune's posts only."""
    hamlets: tuple[str, ...]
    """("all",) or hamlet ids; grows when it is widened, and never shrinks while it sounds."""
    since_ms: int
    """Commune time of its start."""
    life_s: int
    """Seconds it sounds, counted from `since_ms`; grows with each further press."""
    by: str | None = None
    """Node or officer."""
    text: str | None = None
    """A line for a person."""
    active: bool = True
    """False: out of the set, until an officer may start it again."""


class Trouble(Struct, frozen=True, kw_only=True):
    """A fault of the system itself; never an incident."""

    kind: TroubleKind
    """Which."""
    about: str
    """Node, user or service; with `kind` it is unique among the open ones."""
    why: str
    """For a person, Vietnamese first."""
    since_ms: int
    """Commune time."""
    over_at_ms: int | None = None
    """Commune time; none while it lasts."""


class Mute(Struct, frozen=True, kw_only=True):
    """A node's troubles raise nobody; with `kind` the node is unique."""

    node: str
    """Slug."""
    kind: str
    """A TroubleKind, or "all"."""
    why: str
    """What the officer wrote."""
    by: str
    """Officer."""
    since_ms: int
    """Commune time."""
    until_ms: int
    """Commune time."""
    over_at_ms: int | None = None
    """Commune time; none while it lasts."""
    over_by: str | None = None
    """Officer who ended it; none if its time was over."""


class NodeRow(Struct, frozen=True, kw_only=True):
    """A node, as last written down (its live status is not in the register: it comes every 10 s)."""

    id: str
    """Slug."""
    hamlet: str
    """Slug."""
    version: str = ""
    """Of its software."""
    first_at_ms: int = 0
    """Commune time of its first hello."""
    last_at_ms: int = 0
    """Commune time of its last hello."""


class AskRow(Struct, frozen=True, kw_only=True):
    """An ask and what it was told: a repeated id is answered again, not done again."""

    user: str
    """Who asked."""
    id: str
    """The ask's."""
    verb: str
    """What."""
    ok: bool
    """Whether it was done."""
    why: str
    """If not: why."""
    target: str | None
    """The incident or alarm that it made or changed."""
    at_ms: int
    """Commune time."""
    digest: str | None = None
    """Of its content: another ask under the same id is not this one. None: written down before this was kept."""


class Entry(Struct, frozen=True, kw_only=True):
    """One line of the journal."""

    what: What
    """What happened."""
    subject: str
    """Id of the incident, node, chime…"""
    by: str | None
    """Node, user, or none for the service itself."""
    at_ms: int
    """Commune time."""
    body: dict[str, Any] = {}
    """Details, as JSON."""
    incident: Incident | None = None
    """The row as it became."""
    alarm: Alarm | None = None
    """The row as it became."""
    trouble: Trouble | None = None
    """The row as it became."""
    mute: Mute | None = None
    """The row as it became."""
    node: NodeRow | None = None
    """The row as it became."""
    ask: AskRow | None = None
    """The row as it became."""


class Snapshot(Struct, frozen=True, kw_only=True):
    """What a service starts from."""

    incidents: tuple[Incident, ...] = ()
    """Those not closed, and the last MAX_CLOSED others: by sequence, never by time, since clocks jump."""
    alarms: tuple[Alarm, ...] = ()
    """Those active."""
    troubles: tuple[Trouble, ...] = ()
    """Those not over."""
    mutes: tuple[Mute, ...] = ()
    """Those not over."""
    nodes: tuple[NodeRow, ...] = ()
    """All."""
    asks: tuple[AskRow, ...] = ()
    """The last MAX_ASKS."""
    chimes: tuple[str, ...] = ()
    """The last MAX_CHIMES ids ordered, by sequence."""
    called: tuple[ChimeRow, ...] = ()
    """The last MAX_CALLED of them, with what became of them."""
    spoken: tuple[Spoken, ...] = ()
    """The last MAX_SPOKEN first soundings, oldest first."""
    joined: tuple[tuple[str, str], ...] = ()
    """(alert id, incident id) of the last MAX_JOINED alerts that insisted on an older incident (body has `joined`)."""
    counter: int = 0
    """The highest counter written down."""
    codebook: dict[str, Any] | None = None
    """The fields of the one in use."""
    offer: Offer | None = None
    """The last, in force or not."""
    last_at_ms: int = 0
    """Commune time of the last entry: a clock behind it has jumped back."""
    head: Witness | None = None
    """The journal's last line and its hash; none in a new register."""


MAX_CLOSED = 10_000  # decades of a commune's incidents in 5 MB: a copy of any of their alerts opens nothing anew
MAX_CHIMES = 1_000  # a year of three chimes a day
MAX_CALLED = 64  # chimes of five minutes on an officer's word; of the curfew two months
MAX_JOINED = 1_000  # ids of a flood; a node repeats one within minutes, or gives up
RECENT_DAYS = 7  # a node that was away for a week is still told how its alert ended
MAX_ASKS = 1_000  # an asker repeats within seconds; a thousand outlasts any of that
