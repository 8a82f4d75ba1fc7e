"""What an officer should see now, from what the register says and what the wire says. Pure.

Rule 1. The register is the truth; what only the wire knows is shown as well, and said to be not written down yet.
Rule 2. Loudest first: what nobody has taken before what somebody has, real before drill, newest before older.
Rule 3. Who has not sounded, and who has not stopped, is said by name: by a node's own status, not by hope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from broker.console.live.tail import Proof, RegisterView
from broker.console.live.wire import QUIET_MS, Heard, WireView
from broker.core.records import Alarm, Incident, Trouble
from wire.words import EVERYWHERE, reaches

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
    """Gongs that should and do not."""
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
    troubles: tuple[Trouble, ...] = ()
    """Open."""
    nodes: tuple[NodeNow, ...] = ()
    """By hamlet and id."""
    hamlets: Mapping[str, str] = field(default_factory=dict)
    """Slug to name, in the code book's order."""
    codebook: Mapping[str, Any] = field(default_factory=dict)
    """Fields of the one in use."""


def assemble(register: RegisterView, wire: WireView, at_ms: int) -> Board:
    """The board of this moment."""
    book = register.codebook or {}
    nodes = tuple(_nodes(register, wire, book, at_ms))
    cases = [*_written(register, nodes, at_ms), *_unwritten(register, wire, nodes, at_ms)]
    return Board(
        at_ms=at_ms,
        seq=register.seq,
        register_fault=register.fault,
        linked=wire.linked,
        cases=tuple(sorted(cases, key=_loudness)),
        ended=register.ended,
        still_sounding=tuple(one.about for one in register.troubles if one.kind == "still_sounding"),
        troubles=register.troubles,
        nodes=nodes,
        hamlets={slug: str((one or {}).get("name") or slug) for slug, one in (book.get("hamlets") or {}).items()},
        codebook=book,
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
        yield NodeNow(id_, hamlet, heard, online, tuple(about.get(id_, ())))


def _written(register: RegisterView, nodes: tuple[NodeNow, ...], at_ms: int) -> Iterable[Case]:
    alarms = {alarm.id: alarm for alarm in register.alarms}
    for row in register.incidents:
        yield _case(row, alarms.get(row.id), nodes, at_ms, True, register.proofs.get(row.id, ()))


def _unwritten(register: RegisterView, wire: WireView, nodes: tuple[NodeNow, ...], at_ms: int) -> Iterable[Case]:
    known = {row.id for row in (*register.incidents, *register.ended)}
    for alarm in wire.stated:
        if alarm.id in known:
            continue
        known.add(alarm.id)
        raised = wire.alerts.get(alarm.id)
        row = Incident(
            id=alarm.id,
            kind=alarm.kind,
            hamlet=raised.alert.hamlet if raised else None,
            node=raised.alert.node if raised else None,
            silent=False,
            drill=alarm.drill,
            state="open",
            opened_at_ms=alarm.since.ms,
            pressed_at_ms=None,
            by=alarm.by,
            text=alarm.text,
            hamlets=alarm.hamlets,
        )
        sounds = Alarm(
            id=alarm.id,
            kind=alarm.kind,
            pattern=alarm.pattern,
            drill=alarm.drill,
            silent=False,
            hamlets=alarm.hamlets,
            since_ms=alarm.since.ms,
            life_s=alarm.lease_s,
            by=alarm.by,
            text=alarm.text,
        )
        yield _case(row, sounds, nodes, at_ms, False, ())


def _case(
    row: Incident, alarm: Alarm | None, nodes: tuple[NodeNow, ...], at_ms: int, written: bool, proofs: tuple[Proof, ...]
) -> Case:
    saying = tuple(node.id for node in nodes if node.heard is not None and node.heard.status.sounding == row.id)
    mute: tuple[str, ...] = ()
    if alarm is not None and not alarm.silent and at_ms - alarm.since_ms > SOUND_MS:
        wanted = [node for node in nodes if alarm.hamlets == EVERYWHERE or reaches(alarm.hamlets, node.hamlet)]
        mute = tuple(node.id for node in wanted if node.id not in saying)
    return Case(row, written, alarm, saying, mute, proofs)
