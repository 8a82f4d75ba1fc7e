"""What an officer should see now, from what the register says and what the wire says. Pure.

Rule 1. The register is the truth; what only the wire knows is shown as well, and said to be not written down yet.
Rule 2. Loudest first: what nobody has taken before what somebody has, real before drill, newest before older.
Rule 3. Who has not sounded, and who has not stopped, is said by name: by a node's own status, not by hope.
Rule 4. An alert that the commune has neither written down nor answered is shown once the commune has been silent about
it for DUMB_MS: its service may be dead while hamlets sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from broker.console.live.tail import Proof, RegisterView, Remark
from broker.console.live.unwritten import unwritten
from broker.console.live.vouched import Forged
from broker.console.live.wire import QUIET_MS, Heard, WireView
from broker.core.mutes import ALL_KINDS, MUTABLE
from broker.core.records import Alarm, ChimeRow, Incident, Mute, Trouble
from broker.core.spoken import Spoken
from wire.words import reaches

WRITE_MS = 2_000  # a line is written, synced and read back within a tenth of that
NEWS_MS = 86_400_000  # until the installers' day is over
SOUND_MS = 5_000  # a status follows a change at once; after this long a gong that does not say so does not sound


@dataclass(frozen=True, slots=True)
class NodeNow:
    """A gong, as it is."""

    id: str
    """Slug."""
    hamlet: str
    """Slug."""
    heard: Heard | None
    """Its last status; none: not heard since the console started."""
    online: bool
    """Whether it speaks."""
    troubles: tuple[Trouble, ...] = ()
    """About it."""
    ours: bool = True
    """False: the code book names gongs, and not this one; shown while it speaks, and never missed."""


@dataclass(frozen=True, slots=True)
class Case:
    """An incident that is open, with what sounds for it."""

    incident: Incident
    """As written down."""
    written: bool
    """False: the register does not have it (yet)."""
    alarm: Alarm | None = None
    """What sounds for it."""
    sounding: tuple[str, ...] = ()
    """Gongs that say they sound it."""
    mute: tuple[str, ...] = ()
    """Gongs that should and do not; one that sounds another alarm instead is none of them."""
    still: tuple[str, ...] = ()
    """Gongs that say they sound it though it was silenced."""
    remarks: tuple[Remark, ...] = ()
    """What officers wrote about it."""
    proofs: tuple[Proof, ...] = ()
    """What gongs have proved."""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything live."""

    at_ms: int = 0
    """Commune time at which it was assembled."""
    seq: int = 0
    """The register's last line."""
    register_fault: str = "missing"
    """Empty: none."""
    linked: bool = False
    """With MQTT."""
    cases: tuple[Case, ...] = ()
    """Open, loudest first."""
    ended: tuple[Incident, ...] = ()
    """Latest first."""
    still_sounding: tuple[str, ...] = ()
    """Gongs that sound what should not sound, by trouble."""
    unended: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Incident of `ended` to the gongs that say they sound it still."""
    chime: ChimeRow | None = None
    """The last that was ordered."""
    spoken: tuple[Spoken, ...] = ()
    """Boxes newly hung up that have sounded within NEWS_MS, latest first."""
    troubles: tuple[Trouble, ...] = ()
    """Open."""
    mutes: tuple[Mute, ...] = ()
    """Troubles that raise nobody now, because an officer said so."""
    nodes: tuple[NodeNow, ...] = ()
    """By hamlet and id."""
    hamlets: Mapping[str, str] = field(default_factory=dict)
    """Slug to name, in the code book's order."""
    codebook: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the one in use."""
    forged: Forged | None = None
    """Sets of alarms that somebody stated and the commune did not sign."""
    foreign: bool = False
    """Another service states alarms, and no key tells the two apart: what is not written down may be its."""

    def mute_of(self, trouble: Trouble) -> Mute | None:
        """What mutes it, as the service judges (broker/core/mutes.py)."""
        if trouble.kind not in MUTABLE:
            return None
        about = {mute.kind: mute for mute in self.mutes if mute.node == trouble.about}
        return about.get(trouble.kind) or about.get(ALL_KINDS)

    def unwritten(self, *, silent: bool) -> bool:
        """Whether something that a viewer may know of has waited for the register for longer than its writing takes."""
        seen = [case for case in self.cases if silent or not case.incident.silent]
        if self.foreign:
            return False
        return any(not case.written and self.at_ms - case.incident.opened_at_ms > WRITE_MS for case in seen)


def assemble(register: RegisterView, wire: WireView, at_ms: int) -> Board:
    """The board of this moment."""
    book = register.codebook or {}
    nodes = tuple(_nodes(register, wire, book, at_ms))
    cases = [*_written(register, nodes, at_ms), *_unwritten(register, wire, nodes, at_ms)]
    ended = {row.id: sounding for row in register.ended if (sounding := _saying(row.id, nodes))}
    return Board(
        at_ms=at_ms,
        seq=register.seq,
        register_fault=register.fault,
        linked=wire.linked,
        cases=tuple(sorted(cases, key=_loudness)),
        ended=register.ended,
        still_sounding=tuple(one.about for one in register.troubles if one.kind == "still_sounding"),
        unended=ended,
        chime=register.chime,
        spoken=tuple(one for one in register.spoken if at_ms - one.at_ms < NEWS_MS),
        troubles=register.troubles,
        mutes=tuple(mute for mute in register.mutes if at_ms < mute.until_ms),
        nodes=nodes,
        hamlets={slug: str((one or {}).get("name") or slug) for slug, one in (book.get("hamlets") or {}).items()},
        codebook=book,
        forged=wire.vouched.told(at_ms),
        foreign=wire.foreign_since(register) is not None,
    )


def _loudness(case: Case) -> tuple[bool, bool, int]:
    row = case.incident
    return row.state != "open", row.drill, -row.opened_at_ms


def _nodes(register: RegisterView, wire: WireView, book: Mapping[str, Any], at_ms: int) -> Iterable[NodeNow]:
    listed = {id_: str((one or {}).get("hamlet") or id_) for id_, one in (book.get("nodes") or {}).items()}
    known = {row.id: row.hamlet for row in register.nodes}
    about: dict[str, list[Trouble]] = {}
    for trouble in register.troubles:
        about.setdefault(trouble.about, []).append(trouble)
    for id_, hamlet in sorted({**known, **listed}.items(), key=lambda one: (one[1], one[0])):
        heard = wire.nodes.get(id_)
        silent = any(trouble.kind == "node_silent" for trouble in about.get(id_, ()))
        online = heard is not None and heard.status.online and at_ms - heard.at_ms < QUIET_MS and not silent
        ours = id_ in listed or not listed
        if ours or online:
            yield NodeNow(id_, hamlet, heard, online, tuple(about.get(id_, ())), ours)


def _written(register: RegisterView, nodes: tuple[NodeNow, ...], at_ms: int) -> Iterable[Case]:
    alarms = {alarm.id: alarm for alarm in register.alarms}
    for row in register.incidents:
        case = _case(row, alarms.get(row.id), alarms, nodes, at_ms)
        remarks, proofs = register.remarks.get(row.id, ()), register.proofs.get(row.id, ())
        yield replace(case, remarks=remarks, proofs=proofs)


def _unwritten(register: RegisterView, wire: WireView, nodes: tuple[NodeNow, ...], at_ms: int) -> Iterable[Case]:
    known = {row.id for row in (*register.incidents, *register.ended)}
    found = list(unwritten(wire, known, at_ms))
    alarms = {alarm.id: alarm for alarm in (*register.alarms, *(alarm for _, alarm in found if alarm))}
    for row, alarm in found:
        yield replace(_case(row, alarm, alarms, nodes, at_ms), written=False)


def _saying(incident: str, nodes: tuple[NodeNow, ...]) -> tuple[str, ...]:
    return tuple(node.id for node in nodes if node.heard is not None and node.heard.status.sounding == incident)


def _case(
    row: Incident, alarm: Alarm | None, alarms: Mapping[str, Alarm], nodes: tuple[NodeNow, ...], at_ms: int
) -> Case:
    saying = _saying(row.id, nodes)
    if alarm is None:
        return Case(row, True, still=saying)
    mute: tuple[str, ...] = ()
    if not alarm.silent and at_ms - alarm.since_ms > SOUND_MS:
        wanted = [node for node in nodes if node.ours and reaches(alarm.hamlets, node.hamlet)]
        mute = tuple(node.id for node in wanted if node.id not in saying and not _busy(node, alarm, alarms))
    return Case(row, True, alarm, saying, mute)


def _busy(node: NodeNow, alarm: Alarm, alarms: Mapping[str, Alarm]) -> bool:
    """Whether it sounds another alarm that is as urgent: one gong has one voice."""
    other = alarms.get((node.heard.status.sounding or "") if node.heard is not None and node.online else "")
    return other is not None and (alarm.drill or not other.drill)
