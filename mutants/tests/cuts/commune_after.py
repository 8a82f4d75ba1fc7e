"""Judges a commune's register after a power cut: the real one is opened on what is left."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from functools import cache

from cuts.aftermath import claimed, laid_out
from cuts.commune_lines import Expected, batch, batches_in, entries_in
from cuts.disk import Cut

from broker.register.audit import verify
from broker.register.rows import entry_of
from broker.register.store import FILE, SqliteRegister

LINES = 'SELECT seq, what, subject, "by", at_ms, body, rows FROM register_journal ORDER BY seq'
entry = cache(entry_of)
expected = Expected()


def register_holds(cut: Cut) -> int:
    """It opens, is whole, and holds what was claimed and nothing that was not appended; its batches."""
    least = batches_in(claimed(cut, "lines") or 0)
    with (
        laid_out(cut.image) as home,
        closing(SqliteRegister(home)) as store,
        closing(sqlite3.connect(home / FILE)) as db,
    ):
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        batches = _right(db.execute(LINES).fetchall())
        assert least <= batches <= least + 1, f"{least} batches were claimed, {batches} are there"
        assert store.restore() == expected.snapshot(batches)
        assert store.append(batch(batches)) == entries_in(batches + 1), "it does not go on where it ended"
        verdict = verify(home / FILE)
        assert (verdict.wrong, verdict.lines) == (None, entries_in(batches + 1)), "its chain does not hold"
    return batches


def _right(lines: Sequence[tuple[int, str, str, str | None, int, str, str]]) -> int:
    batches = batches_in(len(lines))
    assert [seq for seq, *_ in lines] == list(range(1, len(lines) + 1))
    appended = [one for number in range(batches) for one in batch(number)]
    assert [entry(*line) for _, *line in lines] == appended, "a line is there that nobody wrote"
    return batches
