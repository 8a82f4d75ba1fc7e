"""The register on disk: SQLite, write-ahead log, every commit synced, by the standard library's sqlite3.

Rule 1. `append` returns when the entries are on the disk (synchronous=FULL), or raises; there is nothing in between.
Rule 2. What cannot be trusted is not opened: a damaged, foreign or newer file is refused and stays as it is.
Rule 3. A full or failing disk ends no service: `append` raises, and works again when the disk does.
Rule 4. Every line is chained in the transaction that writes it (chain.py), to what this program wrote last: whatever is
done to the file meanwhile does not enter into the chain.
Rule 5. What it restores is on the disk, too, though a service that was killed may have written it and not synced it.
It does not know what an incident is, nor Django; broker/register/schema.py has the tables made.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import msgspec

from broker.core.chimerows import CHIME_WHATS, row_of
from broker.core.offer import Offer
from broker.core.records import (
    MAX_ASKS,
    MAX_CALLED,
    MAX_CHIMES,
    MAX_CLOSED,
    MAX_JOINED,
    Alarm,
    AskRow,
    ChimeRow,
    Entry,
    Incident,
    Mute,
    NodeRow,
    Snapshot,
    Trouble,
)
from broker.core.spoken import Spoken
from broker.core.voices import MAX_SPOKEN, SUBJECT, spoken_of
from broker.errors import RegisterError, RegisterFault, RegisterForeign, RegisterFull
from broker.ports import MAX_PAGE, Page
from broker.register.ballast import drop_ballast, keep_ballast
from broker.register.chain import ADD_LINK, FIRST, HASH_AT, LAST_LINK, Link, links
from broker.register.lock import HomeLock
from broker.register.rows import add, entry_of, read
from broker.register.schema import bring_up_to_date, foreign, refusal
from wire.messages import Witness

FILE = "register.sqlite3"
BUSY_S = 1.0
"""A reader never holds the lock; another writer (a person with sqlite3) may; the next alarm must not wait long."""
MAX_LOG_BYTES = 4 * 1024 * 1024
"""The write-ahead log is cut back to this after a checkpoint: a slow reader can make it grow."""
NO_ROOM_BYTES = 64 * 1024
"""Less free than this explains an error of writing that SQLite cannot explain (a quota, a limit on file sizes)."""

OPEN_STATES = "('open', 'acknowledged')"
KEPT_INCIDENTS = f"""
    SELECT * FROM register_incident WHERE state IN {OPEN_STATES} UNION ALL
    SELECT * FROM (SELECT * FROM register_incident WHERE state NOT IN {OPEN_STATES} ORDER BY opened_seq DESC LIMIT ?)
    ORDER BY opened_seq
"""  # noqa: S608 - constants
ACTIVE_ALARMS = "SELECT * FROM register_alarm WHERE active ORDER BY opened_seq"
OPEN_TROUBLES = "SELECT * FROM register_trouble WHERE over_at_ms IS NULL ORDER BY opened_seq"
LASTING_MUTES = "SELECT * FROM register_mute WHERE over_at_ms IS NULL ORDER BY seq"
NODES = "SELECT * FROM register_node ORDER BY id"
LAST_ASKS = "SELECT * FROM (SELECT * FROM register_ask ORDER BY seq DESC LIMIT ?) ORDER BY seq"
LAST_CHIMES = "SELECT id FROM register_chime ORDER BY ordered_seq DESC LIMIT ?"
ABOUT_CHIME = f"""
    SELECT what, subject, "by", at_ms, body, '{{}}' FROM register_journal
    WHERE subject = ? AND what IN ({", ".join("?" * len(CHIME_WHATS))}) ORDER BY seq
"""  # noqa: S608 - constants
LAST_SPOKEN = """
    SELECT "by", at_ms, body FROM register_journal WHERE subject = ? AND what = 'spoke' ORDER BY seq DESC LIMIT ?
"""
LAST_JOINED = "SELECT alert, incident FROM register_joined ORDER BY joined_seq DESC LIMIT ?"
COUNTER = "SELECT value FROM register_counter"
CODEBOOK = "SELECT fields FROM register_codebook ORDER BY seq DESC LIMIT 1"
LAST_OFFER = """
    SELECT body FROM register_journal WHERE subject = 'release' AND what IN ('offered', 'offer_over')
    ORDER BY seq DESC LIMIT 1
"""
LAST_AT = "SELECT at_ms FROM register_journal ORDER BY seq DESC LIMIT 1"


class SqliteRegister:
    """broker.ports.Register over `home/register.sqlite3`. Use it from the thread that made it."""

    def __init__(self, home: Path) -> None:
        """Open it, made or migrated if need be. Any RegisterError."""
        self.path = home / FILE
        self._lock = HomeLock(home)
        try:
            self._db = self._open(home)
            self._inode = self._look()
            self._last = self._last_link()
        except BaseException:
            self._lock.close()
            raise
        keep_ballast(home)

    def _open(self, home: Path) -> sqlite3.Connection:
        try:
            return _opened(self.path)
        except RegisterForeign:
            raise
        except RegisterError as error:
            if drop_ballast(home):
                return _opened(self.path)
            raise self._full() if self._no_room() else error from error

    def append(self, entries: Sequence[Entry]) -> int:
        """One committed, synced transaction."""
        if not entries:
            raise ValueError("nothing to append")
        db = self._db
        try:
            self._same_file()
            db.execute("BEGIN IMMEDIATE")
            try:
                made = links(self._last, [add(db, entry) for entry in entries])
                db.executemany(ADD_LINK, made)
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise
        except (sqlite3.Error, OSError, ValueError, TypeError, OverflowError, KeyError) as error:
            raise self._trouble(error) from error
        self._last = made[-1]
        return self._last[0]

    @property
    def head(self) -> Witness | None:
        """The last line that this program wrote or found, for nodes to witness; none in a new register."""
        seq, digest = self._last
        return Witness(seq=seq, hash=digest.hex()) if seq else None

    def hash_at(self, seq: int) -> str | None:
        """What the file has for this line now; none: it has no such line. RegisterFault."""
        try:
            found = self._db.execute(HASH_AT, (seq,)).fetchone()
        except (sqlite3.Error, OverflowError) as error:
            raise self._trouble(error) from error
        return bytes(found[0]).hex() if found else None

    def _last_link(self) -> Link:
        found = self._db.execute(LAST_LINK).fetchone()
        return (found[0], bytes(found[1])) if found else FIRST

    def restore(self) -> Snapshot:
        """What a service starts from."""
        find = self._db.execute
        try:
            wanted = (COUNTER, CODEBOOK, LAST_OFFER, LAST_AT)
            counter, codebook, offer, last_at = (find(sql).fetchone() for sql in wanted)
            chimes = tuple(id_ for (id_,) in reversed(find(LAST_CHIMES, (MAX_CHIMES,)).fetchall()))
            return Snapshot(
                incidents=tuple(read(Incident, row) for row in find(KEPT_INCIDENTS, (MAX_CLOSED,))),
                alarms=tuple(read(Alarm, row) for row in find(ACTIVE_ALARMS)),
                troubles=tuple(read(Trouble, row) for row in find(OPEN_TROUBLES)),
                mutes=tuple(read(Mute, row) for row in find(LASTING_MUTES)),
                nodes=tuple(read(NodeRow, row) for row in find(NODES)),
                asks=tuple(read(AskRow, row) for row in find(LAST_ASKS, (MAX_ASKS,))),
                chimes=chimes,
                called=tuple(row for id_ in chimes[-MAX_CALLED:] if (row := self._chime(id_)) is not None),
                spoken=tuple(reversed(spoken(self._db, MAX_SPOKEN))),
                joined=tuple((alert, id_) for alert, id_ in reversed(find(LAST_JOINED, (MAX_JOINED,)).fetchall())),
                counter=counter[0] if counter else 0,
                codebook=msgspec.json.decode(codebook[0]) if codebook else None,
                offer=msgspec.json.decode(offer[0], type=Offer) if offer else None,
                last_at_ms=last_at[0] if last_at else 0,
                head=self.head,
            )
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            raise self._trouble(error) from error

    def _chime(self, id_: str) -> ChimeRow | None:
        return row_of(entry_of(*line) for line in self._db.execute(ABOUT_CHIME, (id_, *CHIME_WHATS)))

    def page(self, before: int | None = None, limit: int = 50, open_only: bool = False) -> Page:
        """Up to `limit` incidents opened before `before`, the latest first."""
        limit = max(1, min(limit, MAX_PAGE))
        only = f"AND state IN {OPEN_STATES}" if open_only else ""
        sql = f"SELECT * FROM register_incident WHERE opened_seq < ? {only} ORDER BY opened_seq DESC LIMIT ?"  # noqa: S608 - constants
        try:
            rows = self._db.execute(sql, (2**63 - 1 if before is None else before, limit + 1)).fetchall()
            incidents = tuple(read(Incident, row) for row in rows[:limit])
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            raise self._trouble(error) from error
        return Page(incidents=incidents, next=rows[limit - 1]["opened_seq"] if len(rows) > limit else None)

    def probe(self) -> None:
        """Read the last line of the journal, and see that the file is still the one that was opened."""
        try:
            self._same_file()
            self._db.execute("SELECT max(seq) FROM register_journal").fetchone()
        except (sqlite3.Error, OSError) as error:
            raise self._trouble(error) from error

    def close(self) -> None:
        """Let go of the file and of the folder's lock."""
        self._db.close()
        self._lock.close()

    def _look(self) -> tuple[int, int]:
        seen = self.path.stat()
        return seen.st_dev, seen.st_ino

    def _same_file(self) -> None:
        """SQLite goes on writing into a file that was deleted or replaced, and calls it committed."""
        if self._look() != self._inode:
            raise OSError("the file was replaced while it was in use")

    def _trouble(self, error: Exception) -> RegisterError:
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_FULL or (isinstance(error, sqlite3.OperationalError | OSError) and self._no_room()):
            return self._full()
        return RegisterFault(
            f"Không ghi hoặc đọc được sổ trực {self.path} ({error}). Hãy kiểm tra ổ đĩa.",
            f"Cannot write or read the register {self.path} ({error}). Check the disk.",
        )

    def _no_room(self) -> bool:
        try:
            there = os.statvfs(self.path.parent)
        except OSError:
            return False
        return there.f_bavail * there.f_frsize < NO_ROOM_BYTES

    def _full(self) -> RegisterFull:
        return RegisterFull(
            f"Ổ đĩa của sổ trực {self.path} đã đầy. Hãy xóa bớt tệp không cần trên ổ, đừng xóa gì trong thư mục sổ.",
            f"The disk of the register {self.path} is full. Delete what is not needed on it, nothing in this folder.",
        )


def _opened(path: Path) -> sqlite3.Connection:
    """A connection to a whole register with the tables of this program."""
    bring_up_to_date(path)
    try:
        db = sqlite3.connect(path, timeout=BUSY_S, isolation_level=None)
        try:
            _prepare(path, db)
        except BaseException:
            db.close()
            raise
    except sqlite3.Error as error:
        raise refusal(path, error) from error
    return db


def _prepare(path: Path, db: sqlite3.Connection) -> None:
    db.row_factory = sqlite3.Row
    (mode,) = db.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode != "wal":
        raise RegisterFault(
            f"Ổ đĩa của {path} không dùng được cho sổ trực (thư mục mạng?). Hãy đặt sổ trực trên ổ đĩa của máy này.",
            f"The disk of {path} cannot hold a register (a network folder?). Put it on a disk of this machine.",
        )
    db.execute("PRAGMA synchronous = FULL")
    db.execute(f"PRAGMA journal_size_limit = {MAX_LOG_BYTES}")
    _sync_log(path)
    (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise foreign(path, f"hỏng: {verdict}", f"damaged: {verdict}")
    # A read-only file opens, and fails at the first alert: better to hear of it now.
    db.execute("BEGIN IMMEDIATE")
    db.execute("ROLLBACK")


def _sync_log(path: Path) -> None:
    """SQLite shows rows of a killed service that only the page cache has, and nodes would be answered `received`.

    The log's name is safe: SQLite syncs the folder before the first row goes into a new one.
    """
    try:
        log = os.open(path.with_name(f"{path.name}-wal"), os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.fsync(log)
    except OSError as error:
        raise RegisterFault(
            f"Ổ đĩa của {path} không ghi chắc được ({error.strerror}). Hãy kiểm tra ổ đĩa.",
            f"The disk of {path} makes nothing safe ({error.strerror}). Check the disk.",
        ) from error
    finally:
        os.close(log)


def spoken(db: sqlite3.Connection, most: int) -> list[Spoken]:
    """First soundings, the latest first."""
    found = db.execute(LAST_SPOKEN, (SUBJECT, most)).fetchall()
    return [spoken_of(by, at_ms, msgspec.json.decode(body)) for by, at_ms, body in found]
