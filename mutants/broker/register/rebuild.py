"""Makes the derived tables again from the journal alone: for a person who doubts them, and the proof that they follow.

One transaction: until it is committed the old rows stand. The service must not run (the folder's lock says so).
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from broker.errors import RegisterFault
from broker.register.lock import HomeLock
from broker.register.rows import DERIVED, Table, entry_of, write
from broker.register.schema import bring_up_to_date, refusal
from broker.register.store import FILE

JOURNAL = 'SELECT seq, what, subject, "by", at_ms, body, rows FROM register_journal ORDER BY seq'


def rebuild(home: Path) -> tuple[str, ...]:
    """Names of the tables that were not as the journal says, and are now. RegisterError."""
    path = home / FILE
    with closing(HomeLock(home)):
        bring_up_to_date(path)
        try:
            with closing(sqlite3.connect(path, isolation_level=None)) as db:
                db.execute("PRAGMA synchronous = FULL")
                db.execute("BEGIN IMMEDIATE")
                before = [_digest(db, table) for table in DERIVED]
                _replay(db, path)
                after = [_digest(db, table) for table in DERIVED]
                db.execute("COMMIT")
        except sqlite3.Error as error:
            raise refusal(path, error) from error
    return tuple(table.name for table, was, now in zip(DERIVED, before, after, strict=True) if was != now)


def _replay(db: sqlite3.Connection, path: Path) -> None:
    for table in DERIVED:
        db.execute(f'DELETE FROM "{table.name}"')  # noqa: S608 - our names
    for seq, *line in db.execute(JOURNAL).fetchall():
        try:
            write(db, seq, entry_of(*line))
        except (msgspec.MsgspecError, KeyError, ValueError) as error:
            raise RegisterFault(
                f"Sổ trực {path}, dòng {seq}: không đọc được ({error}). Các bảng giữ nguyên như cũ.",
                f"The register {path}, line {seq}: cannot be read ({error}). The tables stay as they were.",
            ) from error


def _digest(db: sqlite3.Connection, table: Table) -> bytes:
    columns = ", ".join(f'"{column}"' for column in table.columns)
    digest = hashlib.sha256()
    for row in db.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY {", ".join(table.key)}'):  # noqa: S608 - ours
        digest.update(repr(tuple(row)).encode())
    return digest.digest()
