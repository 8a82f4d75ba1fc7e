"""How a line of the journal alters the tables that follow from it, as SQL for the standard library's sqlite3.

Rule 1. The tables follow from the journal alone: `write` sees the entry and its `seq`, and nothing else.
Rule 2. The same `write` serves the running service and a rebuild, so the two cannot drift apart.
The columns are the fields of broker/core/records.py; a test holds them against the Django models.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import msgspec

from broker.core.records import Alarm, AskRow, Entry, Incident, Mute, NodeRow, Trouble
from broker.register.chain import Line

JOURNAL_COLUMNS = ("seq", "what", "subject", "by", "at_ms", "body", "rows")
ROW_FIELDS = ("incident", "alarm", "trouble", "mute", "node", "ask")
"""The fields of an entry that are rows as they became."""

Row = TypeVar("Row", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Table:
    """One table that follows from the journal."""

    name: str
    """As in SQL."""
    key: tuple[str, ...]
    """What makes a row the same row."""
    columns: tuple[str, ...]
    """All of them, in the order of the statement's values."""
    once: tuple[str, ...] = ()
    """Columns that the first writing of a row settles."""

    @property
    def insert(self) -> str:
        """Add a row."""
        names = ", ".join(f'"{column}"' for column in self.columns)
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({", ".join("?" * len(self.columns))})'  # noqa: S608 - our names

    @property
    def upsert(self) -> str:
        """Add a row, or let it become this one."""
        later = [column for column in self.columns if column not in self.key + self.once]
        changes = ", ".join(f'"{column}" = excluded."{column}"' for column in later)
        what = f"UPDATE SET {changes}" if later else "NOTHING"
        return f"{self.insert} ON CONFLICT ({', '.join(self.key)}) DO {what}"


def _table(name: str, kind: type[msgspec.Struct], key: tuple[str, ...], *more: str) -> Table:
    once = tuple(column for column in more if column == "opened_seq")
    return Table(name, key, (*kind.__struct_fields__, *more), once)


INCIDENTS = _table("register_incident", Incident, ("id",), "opened_seq", "changed_seq")
ALARMS = _table("register_alarm", Alarm, ("id",), "opened_seq", "changed_seq")
TROUBLES = _table("register_trouble", Trouble, ("opened_seq",), "opened_seq", "changed_seq")
MUTES = _table("register_mute", Mute, ("node", "kind"), "seq")
NODES = _table("register_node", NodeRow, ("id",), "changed_seq")
ASKS = _table("register_ask", AskRow, ("user", "id"), "seq")
CHIMES = Table("register_chime", ("id",), ("id", "ordered_at_ms", "ordered_seq"), ("ordered_at_ms", "ordered_seq"))
JOINED = Table("register_joined", ("alert",), ("alert", "incident", "joined_seq"), ("joined_seq",))
COUNTER = Table("register_counter", ("id",), ("id", "value", "changed_seq"))
CODEBOOKS = Table("register_codebook", ("seq",), ("seq", "by", "at_ms", "fields"))
DERIVED = (INCIDENTS, ALARMS, TROUBLES, MUTES, NODES, ASKS, CHIMES, JOINED, COUNTER, CODEBOOKS)

ADD_ENTRY = "INSERT INTO register_journal (what, subject, by, at_ms, body, rows) VALUES (?, ?, ?, ?, ?, ?)"
TROUBLE_CHANGES = (
    "UPDATE register_trouble SET why = ?, since_ms = ?, over_at_ms = ?, changed_seq = ?"
    " WHERE kind = ? AND about = ? AND over_at_ms IS NULL"
)
COUNTER_RISES = f"{COUNTER.insert} ON CONFLICT (id) DO UPDATE SET value = excluded.value, changed_seq = excluded.changed_seq WHERE excluded.value > value"  # noqa: E501 - one statement, read whole


def add(db: sqlite3.Connection, entry: Entry) -> Line:
    """Write one entry and what follows from it, within the caller's transaction; its line, which is to be chained."""
    line = line_of(entry)
    seq = db.execute(ADD_ENTRY, line).lastrowid
    assert seq is not None  # noqa: S101 - an INSERT that did not raise has one
    write(db, seq, entry)
    return (seq, *line)


def line_of(entry: Entry) -> tuple[str, str, str | None, int, str, str]:
    """An entry as the journal holds it, but for its number."""
    rows = {name: row for name in ROW_FIELDS if (row := getattr(entry, name)) is not None}
    return entry.what, entry.subject, entry.by, entry.at_ms, _json(entry.body), _json(rows)


def write(db: sqlite3.Connection, seq: int, entry: Entry) -> None:
    """Let the derived tables follow from one entry of the journal."""
    if entry.incident is not None:
        db.execute(INCIDENTS.upsert, (*_values(entry.incident), seq, seq))
    if entry.alarm is not None:
        db.execute(ALARMS.upsert, (*_values(entry.alarm), seq, seq))
    if entry.trouble is not None:
        _write_trouble(db, seq, entry.trouble)
    if entry.mute is not None:
        db.execute(MUTES.upsert, (*_values(entry.mute), seq))
    if entry.node is not None:
        db.execute(NODES.upsert, (*_values(entry.node), seq))
    if entry.ask is not None:
        db.execute(ASKS.upsert, (*_values(entry.ask), seq))
    if entry.what == "chime":
        db.execute(CHIMES.upsert, (entry.subject, entry.at_ms, seq))
    elif entry.what == "counter":
        db.execute(COUNTER_RISES, (1, int(entry.body["counter"]), seq))
    elif entry.what == "codebook":
        db.execute(CODEBOOKS.upsert, (seq, entry.by, entry.at_ms, _json(entry.body)))
    elif entry.what == "insisted" and "joined" in entry.body:
        db.execute(JOINED.upsert, (str(entry.body["joined"]), entry.subject, seq))


def _write_trouble(db: sqlite3.Connection, seq: int, trouble: Trouble) -> None:
    """Kind and about name the one that is open; those that are over stay, each in a row of its own."""
    times = (trouble.why, trouble.since_ms, trouble.over_at_ms, seq)
    if db.execute(TROUBLE_CHANGES, (*times, trouble.kind, trouble.about)).rowcount == 0:
        db.execute(TROUBLES.insert, (*_values(trouble), seq, seq))


def entry_of(what: str, subject: str, by: str | None, at_ms: int, body: str, rows: str) -> Entry:
    """An entry as it was, from its line in the journal. msgspec.MsgspecError if it is none."""
    fields = {"what": what, "subject": subject, "by": by, "at_ms": at_ms, "body": msgspec.json.decode(body)}
    return msgspec.convert({**fields, **msgspec.json.decode(rows)}, Entry)


def read(kind: type[Row], row: sqlite3.Row) -> Row:
    """A record from its row in a table; columns that are none of its fields are left out."""
    values = {name: row[name] for name in kind.__struct_fields__}
    for name in _flags(kind):
        values[name] = bool(values[name])
    if values.get("hamlets") is not None:
        values["hamlets"] = msgspec.json.decode(values["hamlets"])
    return msgspec.convert(values, kind)


@cache
def _flags(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(kind) if field.type is bool)


def _values(record: msgspec.Struct) -> tuple[Any, ...]:
    return tuple(_json(value) if isinstance(value, tuple) else value for value in msgspec.structs.astuple(record))


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
