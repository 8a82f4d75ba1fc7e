"""The register as it grows, by the standard library's sqlite3: the last number of its journal, and what is open.

What must hold: it only reads, and never holds a lock longer than one statement; a register that is not there yet, or
that
cannot be read, is told and tried again. A register that was put in another's place is opened anew.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from broker.core.chimerows import CHIME_WHATS, row_of
from broker.core.records import Alarm, ChimeRow, Incident, Mute, NodeRow, Trouble
from broker.core.spoken import Spoken
from broker.register.rows import entry_of, read
from broker.register.store import (
    ABOUT_CHIME,
    ACTIVE_ALARMS,
    CODEBOOK,
    FILE,
    LAST_CHIMES,
    LASTING_MUTES,
    NODES,
    OPEN_STATES,
    OPEN_TROUBLES,
    spoken,
)

LAST_SEQ = "SELECT max(seq) FROM register_journal"
OPEN_INCIDENTS = f"SELECT * FROM register_incident WHERE state IN {OPEN_STATES} ORDER BY opened_seq"  # noqa: S608 - constants
ENDED_INCIDENTS = f"SELECT * FROM register_incident WHERE state NOT IN {OPEN_STATES} ORDER BY opened_seq DESC LIMIT ?"  # noqa: S608 - constants
PROOFS = (
    "SELECT subject, by, at_ms, body FROM register_journal WHERE subject = ? AND what = 'sounded' ORDER BY seq LIMIT ?"
)
REMARKS = (
    "SELECT by, at_ms, body FROM register_journal WHERE subject = ? AND what = 'commented' ORDER BY seq DESC LIMIT ?"
)
STARTED = """
    SELECT body FROM register_journal WHERE subject = 'commune' AND what = 'started' ORDER BY seq DESC LIMIT 1
"""
MAX_REMARKS = 5  # of one incident, on a page that must be understood at a glance; the register's page has them all
MAX_ENDED = 20  # that a duty page still shows
MAX_SPOKEN = 40  # boxes that were hung up in a week
MAX_PROOFS = 400  # of one incident: some for each gong of the largest commune
BUSY_S = 0.5


@dataclass(frozen=True, slots=True)
class Proof:
    """A gong's proof of what it sounded."""

    node: str
    """Whose."""
    at_ms: int
    """Commune time of its arrival."""
    body: dict[str, Any]
    """wire.reports.Sounded, as it was written down."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What an officer wrote about an open incident."""

    by: str
    """Who."""
    at_ms: int
    """Commune time."""
    note: str
    """In their words."""


@dataclass(frozen=True, slots=True)
class RegisterView:
    """What the register says, at one moment."""

    seq: int = 0
    """The last line of the journal."""
    fault: str = "missing"
    """Empty: it can be read. Else why not: missing, or SQLite's own words."""
    incidents: tuple[Incident, ...] = ()
    """Open ones, oldest first."""
    ended: tuple[Incident, ...] = ()
    """The last that were closed, latest first."""
    alarms: tuple[Alarm, ...] = ()
    """Those that sound."""
    troubles: tuple[Trouble, ...] = ()
    """Those not over."""
    mutes: tuple[Mute, ...] = ()
    """Those not over."""
    nodes: tuple[NodeRow, ...] = ()
    """All that were ever heard."""
    proofs: dict[str, tuple[Proof, ...]] = field(default_factory=dict)
    """By open incident."""
    remarks: dict[str, tuple[Remark, ...]] = field(default_factory=dict)
    """By open incident, oldest first."""
    chime: ChimeRow | None = None
    """The last that was ordered."""
    spoken: tuple[Spoken, ...] = ()
    """The last first soundings of boxes, latest first."""
    codebook: dict[str, Any] | None = None
    """Fields of the one in use."""
    key: str | None = None
    """The commune's public key, as its service said at its last start; none: it has none."""


class Tail:
    """Follows one register. Use it from the thread that made it."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE
        self._db: sqlite3.Connection | None = None
        self._inode = (0, 0)
        self.view = RegisterView()
        """As last read."""

    def look(self) -> bool:
        """Read what is new; whether anything changed."""
        before = self.view
        try:
            self._open()
            assert self._db is not None  # noqa: S101 - just opened
            (seq,) = self._db.execute(LAST_SEQ).fetchone()
            if (seq or 0) != before.seq or before.fault:
                self.view = self._read(self._db)
        except (OSError, sqlite3.Error, msgspec.MsgspecError) as error:
            self.close()
            why = "missing" if isinstance(error, FileNotFoundError) else str(error)
            self.view = replace(before, fault=why)
        return self.view != before

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            with suppress(sqlite3.Error):
                self._db.close()
            self._db = None

    def _open(self) -> None:
        there = self._path.stat()
        inode = (there.st_dev, there.st_ino)
        if self._db is not None and inode == self._inode:
            return
        self.close()
        self._db = sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, timeout=BUSY_S, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._inode = inode
        self.view = RegisterView()

    def _read(self, db: sqlite3.Connection) -> RegisterView:
        find = db.execute
        find("BEGIN")  # one moment for all of it
        try:
            (seq,) = find(LAST_SEQ).fetchone()
            incidents = tuple(read(Incident, row) for row in find(OPEN_INCIDENTS))
            codebook = find(CODEBOOK).fetchone()
            return RegisterView(
                seq=seq or 0,
                fault="",
                incidents=incidents,
                ended=tuple(read(Incident, row) for row in find(ENDED_INCIDENTS, (MAX_ENDED,))),
                alarms=tuple(read(Alarm, row) for row in find(ACTIVE_ALARMS)),
                troubles=tuple(read(Trouble, row) for row in find(OPEN_TROUBLES)),
                mutes=tuple(read(Mute, row) for row in find(LASTING_MUTES)),
                nodes=tuple(read(NodeRow, row) for row in find(NODES)),
                proofs={row.id: tuple(map(_proof, find(PROOFS, (row.id, MAX_PROOFS)))) for row in incidents},
                remarks={row.id: _remarks(db, row.id) for row in incidents},
                chime=_chime(db),
                spoken=tuple(spoken(db, MAX_SPOKEN)),
                codebook=msgspec.json.decode(codebook[0]) if codebook else None,
                key=_key(db),
            )
        finally:
            find("ROLLBACK")


def _remarks(db: sqlite3.Connection, incident: str) -> tuple[Remark, ...]:
    rows = db.execute(REMARKS, (incident, MAX_REMARKS)).fetchall()
    return tuple(
        Remark(row["by"] or "", row["at_ms"], str(msgspec.json.decode(row["body"]).get("note") or ""))
        for row in reversed(rows)
    )


def _key(db: sqlite3.Connection) -> str | None:
    started = db.execute(STARTED).fetchone()
    return None if started is None else msgspec.json.decode(started[0]).get("key")


def _chime(db: sqlite3.Connection) -> ChimeRow | None:
    last = db.execute(LAST_CHIMES, (1,)).fetchone()
    if last is None:
        return None
    return row_of(entry_of(*line) for line in db.execute(ABOUT_CHIME, (last[0], *CHIME_WHATS)))


def _proof(row: sqlite3.Row) -> Proof:
    return Proof(row["by"] or "", row["at_ms"], msgspec.json.decode(row["body"]))
