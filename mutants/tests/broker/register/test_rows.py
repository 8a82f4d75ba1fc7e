"""An entry that went into the journal comes out of it the same."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes.entries import ask, chime, closed, counter, mute, node, opened, sounding, trouble

from broker.core.records import Entry
from broker.register.rows import add, entry_of


@pytest.mark.parametrize(
    "entry",
    [opened(1), closed(1), sounding(1), trouble("n1"), mute("n1"), node("n1"), ask(1), chime(1, 2), counter(3)],
    ids=lambda entry: entry.what,
)
def test_an_entry_comes_back_whole(blank: Path, entry: Entry) -> None:
    with closing(sqlite3.connect(blank)) as db:
        add(db, entry)
        line = db.execute('SELECT what, subject, "by", at_ms, body, rows FROM register_journal').fetchone()
        db.rollback()
    assert entry_of(*line) == entry


def test_a_trouble_that_comes_back_does_not_rewrite_the_one_that_is_over(blank: Path) -> None:
    with closing(sqlite3.connect(blank)) as db:
        for entry in (trouble("n1", 1), trouble("n1", 1, over_at_ms=2), trouble("n1", 3)):
            add(db, entry)
        rows = db.execute("SELECT since_ms, over_at_ms FROM register_trouble ORDER BY opened_seq").fetchall()
        db.rollback()
    assert rows == [(1, 2), (3, None)]
