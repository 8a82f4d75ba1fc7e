"""An entry that went into the journal comes out of it the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes.entries import ask, chime, closed, counter, node, opened, sounding, trouble

from broker.core.records import Entry
from broker.register.rows import add, entry_of


@pytest.mark.parametrize(
    "entry",
    [opened(1), closed(1), sounding(1), trouble("n1"), node("n1"), ask(1), chime(1, 2), counter(3)],
    ids=lambda entry: entry.what,
)
def test_an_entry_comes_back_whole(blank: Path, entry: Entry) -> None:
    with closing(sqlite3.connect(blank)) as db:
        add(db, entry)
        line = db.execute('SELECT what, subject, "by", at_ms, body, rows FROM register_journal').fetchone()
        db.rollback()
    assert entry_of(*line) == entry
