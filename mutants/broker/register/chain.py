"""The journal's hash chain: each line's hash binds it, and by the one before it every line that came earlier.

    hash(n) = SHA-256( hash(n-1) ‖ seq ‖ what ‖ subject ‖ by ‖ at_ms ‖ body ‖ rows )      hash(0) = SHA-256(FIRST)

Each field stands as its length in decimal, a colon and its UTF-8 (a number in decimal), or as `-` where it is NULL;
body and rows as the text that the journal holds. So no two lines look alike, and any program can reckon it.

What must hold: this form never changes, for what a node witnessed must be found again after years. Another form would
be another table. Pure, but for the SQL's words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeAlias

Line: TypeAlias = tuple[int, str, str, str | None, int, str, str]
"""A line of the journal, in the order of JOURNAL_COLUMNS."""
Link: TypeAlias = tuple[int, bytes]
"""Number and hash of a line."""

FIRST: Link = (0, hashlib.sha256(b"keng register chain 1").digest())
"""Before any line."""
ADD_LINK = "INSERT INTO register_chain (seq, hash) VALUES (?, ?)"
LAST_LINK = "SELECT seq, hash FROM register_chain ORDER BY seq DESC LIMIT 1"
HASH_AT = "SELECT hash FROM register_chain WHERE seq = ?"
LINES = 'SELECT seq, what, subject, "by", at_ms, body, rows FROM register_journal ORDER BY seq'


def link(before: Link, line: Line) -> Link:
    """The next link. TypeError if a field is of no kind that a journal holds."""
    digest = hashlib.sha256(before[1])
    for field in line:
        digest.update(_written(field))
    return line[0], digest.digest()


def links(before: Link, lines: Iterable[Line]) -> list[Link]:
    """The next links."""
    found: list[Link] = []
    for line in lines:
        before = link(before, line)
        found.append(before)
    return found


def _written(field: object) -> bytes:
    if field is None:
        return b"-"
    if isinstance(field, str):
        raw = field.encode("utf-8", "surrogatepass")
    elif isinstance(field, int):
        raw = b"%d" % field
    else:
        raise TypeError(f"no field of a journal: {type(field).__name__}")
    return b"%d:%b" % (len(raw), raw)
