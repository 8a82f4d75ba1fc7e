"""Walks the journal's chain and finds the first line that is not as it was written; holds it against what nodes saw.

    altered     the line, or the hash kept beside it, is not what was written
    missing     a line is gone
    inserted    a line was put in by something else than the service: it has no hash
    replaced    the chain fits itself, yet a node witnessed another: it was reckoned anew, or lines are gone at its end
    unguarded   what keeps the tables append-only was taken away

What must hold: the file is only read, whether a service runs or not, whole or not at all as SQLite sees it; and however
it was damaged, there is a sentence. It says nothing of lines that were altered before the register had a chain.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from broker.errors import RegisterFault
from broker.register.chain import FIRST, LINES, Line, Link, link
from broker.register.schema import refusal

LINKS = "SELECT seq, hash FROM register_chain ORDER BY seq"
GUARDS = tuple(
    f"register_{table}_no_{what}" for table in ("journal", "chain") for what in ("update", "delete", "replace")
)
How = Literal["altered", "missing", "inserted", "replaced", "unguarded"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a node was given with a chime."""

    node: str
    """Slug."""
    seq: int
    """The line's number."""
    hash: str
    """In hex."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """The first thing that cannot be right."""

    how: How
    """See the module."""
    seq: int
    """The line; of `replaced` the lowest one that a node saw otherwise; 0 where it is none's."""
    after: int = 0
    """Of `replaced`: the last line before it that the node saw as it is."""
    seen: Seen | None = None
    """Of `replaced`: whose witness."""
    ours: str | None = None
    """Of `replaced`: what the chain has there; none: no such line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came out."""

    lines: int
    """That were found right, from the first on."""
    head: Link
    """The last of them; FIRST in an empty register."""
    wrong: Wrong | None
    """None: everything is as it was written, as far as anybody knows."""
    agreeing: int = 0
    """Witnesses that say the same as the chain."""


def verify(path: Path, seen: Iterable[Seen] = ()) -> Verdict:
    """Walk it. RegisterFault, RegisterForeign if it cannot be read."""
    if not path.is_file():
        raise RegisterFault(f"Không có sổ trực {path}.", f"There is no register {path}.")
    try:
        with closing(_opened(path)) as db:
            return _verdict(path, db, seen)
    except sqlite3.Error as error:
        raise refusal(path, error) from error


def _opened(path: Path) -> sqlite3.Connection:
    """Read-only; of a copy without its log, or where nothing may be written, the file as it is."""
    where = path.absolute().as_uri()
    try:
        return _tried(f"{where}?mode=ro")
    except sqlite3.OperationalError:
        return _tried(f"{where}?mode=ro&immutable=1")


def _tried(uri: str) -> sqlite3.Connection:
    db = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=10)
    try:
        # What is no UTF-8 was written by no service: it is read, and found altered.
        db.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db


def _verdict(path: Path, db: sqlite3.Connection, seen: Iterable[Seen]) -> Verdict:
    names = {name for (name,) in db.execute("SELECT name FROM sqlite_master")}
    if not {"register_journal", "register_chain"} <= names:
        raise RegisterFault(
            f"Sổ trực {path} chưa có chuỗi kiểm: hãy chạy dịch vụ của bản này một lần để nâng cấp sổ.",
            f"The register {path} has no chain yet: run this version's service once, which migrates it.",
        )
    last, count, wrong = _walked(db)
    agreeing = 0
    if wrong is None:
        wrong, agreeing = _held_against(db, seen)
    if wrong is None and not names.issuperset(GUARDS):
        wrong = Wrong("unguarded", 0)
    return Verdict(count, last, wrong, agreeing)


def _walked(db: sqlite3.Connection) -> tuple[Link, int, Wrong | None]:
    last, count = FIRST, 0
    for seq, line, digest in _together(db.execute(LINES), db.execute(LINKS)):
        if line is None:
            return last, count, Wrong("missing", seq)
        if digest is None:
            return last, count, Wrong("inserted", seq)
        if seq > last[0] + 1:  # SQLite leaves no number out: an append that fails gives its numbers back
            return last, count, Wrong("missing", last[0] + 1)
        made = _link(last, line)
        if made is None or made != (seq, digest):
            return last, count, Wrong("altered", seq)
        last, count = made, count + 1
    return last, count, None


def _link(last: Link, line: Line) -> Link | None:
    try:
        return link(last, line)
    except TypeError:
        return None


def _together(lines: sqlite3.Cursor, links: sqlite3.Cursor) -> Iterator[tuple[int, Line | None, bytes | None]]:
    """Both, by number: a line without its link, or a link without its line, has None there."""
    line, kept = lines.fetchone(), links.fetchone()
    while True:
        if line is not None and (kept is None or line[0] < kept[0]):
            yield line[0], line, None
            line = lines.fetchone()
        elif kept is not None and (line is None or kept[0] < line[0]):
            yield kept[0], None, kept[1]
            kept = links.fetchone()
        elif line is not None and kept is not None:
            yield kept[0], line, kept[1]
            line, kept = lines.fetchone(), links.fetchone()
        else:
            return


def _held_against(db: sqlite3.Connection, seen: Iterable[Seen]) -> tuple[Wrong | None, int]:
    """The lowest line that a node saw otherwise, and how many saw what is there.

    A node's words are in the order in which it heard them: what it was given after its first other one proves nothing.
    """
    agreed: dict[str, int] = {}
    lowest: dict[str, Wrong] = {}
    agreeing = 0
    for one in seen:
        found = db.execute("SELECT hash FROM register_chain WHERE seq = ?", (one.seq,)).fetchone()
        ours = found[0].hex() if found and isinstance(found[0], bytes) else None
        if ours == one.hash:
            agreeing += 1
            if one.node not in lowest:
                agreed[one.node] = max(agreed.get(one.node, 0), one.seq)
        elif one.node not in lowest or one.seq < lowest[one.node].seq:
            lowest[one.node] = Wrong("replaced", one.seq, seen=one, ours=ours)
    if not lowest:
        return None, agreeing
    first = min(lowest.values(), key=lambda wrong: wrong.seq)
    after = max((seq for seq in agreed.values() if seq < first.seq), default=0)
    return Wrong("replaced", first.seq, after, first.seen, first.ours), agreeing
