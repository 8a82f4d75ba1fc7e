"""Judges what a power cut left: the real register and the real journal are opened on it.

`register_holds`, `node_holds`: an AssertionError says what was lost, and the programs' own errors that something does
not open. Each image is laid out in a folder of its own in memory, for a card would take a second for each.
"""

from __future__ import annotations

import json
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from cuts.commune_lines import Expected, batch, batches_in, entries_in
from cuts.disk import Cut, Image, lay_out

from broker.register.rows import entry_of
from broker.register.store import FILE, SqliteRegister

MEMORY = Path("/dev/shm")
entry = cache(entry_of)
expected = Expected()


@contextmanager
def laid_out(image: Image) -> Iterator[Path]:
    """A folder with these files."""
    with tempfile.TemporaryDirectory(prefix="keng-cut-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        lay_out(image, Path(name))
        yield Path(name)


def claimed(cut: Cut, word: str) -> int:
    """The most that was claimed of something; nothing is nought."""
    return max((claim[word] for raw in cut.claims if word in (claim := json.loads(raw))), default=0)


def register_holds(cut: Cut) -> int:
    """The register opens, is whole, and holds what was claimed and nothing that was not appended; its batches."""
    least = batches_in(claimed(cut, "lines"))
    with laid_out(cut.image) as home:
        with closing(SqliteRegister(home)) as store, closing(sqlite3.connect(home / FILE)) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            lines = db.execute('SELECT seq, what, subject, "by", at_ms, body, rows FROM register_journal ORDER BY seq')
            batches = _right(lines.fetchall())
            assert least <= batches <= least + 1, f"{least} batches were claimed, {batches} are there"
            assert store.restore() == expected.snapshot(batches)
            assert store.append(batch(batches)) == entries_in(batches + 1), "it does not go on where it ended"
    return batches


def _right(lines: Sequence[tuple[int, str, str, str | None, int, str, str]]) -> int:
    batches = batches_in(len(lines))
    assert [seq for seq, *_ in lines] == list(range(1, len(lines) + 1))
    appended = [one for number in range(batches) for one in batch(number)]
    assert [entry(*line) for _, *line in lines] == appended, "a line is there that nobody wrote"
    return batches
