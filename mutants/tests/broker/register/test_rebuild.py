"""The derived tables follow from the journal: made again from it, they are what they were."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes.entries import (
    NOON_MS,
    acknowledged,
    ask,
    chime,
    closed,
    counter,
    joined,
    node,
    opened,
    sounding,
    trouble,
    uuid,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from broker.core.records import Entry
from broker.errors import RegisterFault, RegisterTaken
from broker.register.rebuild import rebuild
from broker.register.rows import DERIVED
from broker.register.store import FILE, SqliteRegister

NUMBERS = st.integers(1, 4)
ENTRIES = st.one_of(
    st.builds(opened, NUMBERS),
    st.builds(acknowledged, NUMBERS),
    st.builds(closed, NUMBERS),
    st.builds(sounding, NUMBERS, st.booleans(), st.sampled_from([("all",), ("thon-1", "thon-2")])),
    st.builds(trouble, st.sampled_from(["n1", "n2"]), over_at_ms=st.sampled_from([None, NOON_MS + 9])),
    st.builds(node, st.sampled_from(["n1", "n2"]), st.sampled_from(["1", "2"])),
    st.builds(ask, NUMBERS, st.sampled_from(["duty", "watch"]), st.booleans(), st.text(max_size=5)),
    st.builds(chime, NUMBERS, st.integers(0, 9)),
    st.builds(joined, NUMBERS, NUMBERS),
    st.builds(counter, st.integers(0, 9)),
    st.builds(
        lambda n: Entry(what="codebook", subject=str(n), by=None, at_ms=NOON_MS, body={"version": n, "é": [None]}),
        NUMBERS,
    ),
)


def contents(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every derived row."""
    with closing(sqlite3.connect(home / FILE)) as db:
        return {table.name: sorted(db.execute(f"SELECT * FROM {table.name}"), key=repr) for table in DERIVED}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(ENTRIES, min_size=1, max_size=6), min_size=1, max_size=6))
def test_a_rebuild_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, blank: Path, batches: list[list[Entry]]
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / FILE).write_bytes(blank.read_bytes())
    with closing(SqliteRegister(home)) as store:
        for batch in batches:
            store.append(batch)
    before = contents(home)
    assert rebuild(home) == ()
    assert contents(home) == before


def test_a_rebuild_mends_what_was_altered_by_hand(home: Path) -> None:
    with closing(SqliteRegister(home)) as store:
        store.append([opened(1), acknowledged(1), opened(2), node("n1")])
    before = contents(home)
    with closing(sqlite3.connect(home / FILE)) as db:
        db.execute("UPDATE register_incident SET state = 'closed'")
        db.execute("DELETE FROM register_node")
        db.commit()
    assert rebuild(home) == ("register_incident", "register_node")
    assert contents(home) == before


def test_a_line_that_cannot_be_read_leaves_everything_as_it_was(home: Path) -> None:
    with closing(SqliteRegister(home)) as store:
        store.append([opened(1)])
    with closing(sqlite3.connect(home / FILE)) as db:
        db.execute("INSERT INTO register_journal (what, subject, at_ms, body, rows) VALUES ('odd', 'x', 1, '{}', '{}')")
        db.commit()
    before = contents(home)
    with pytest.raises(RegisterFault, match="dòng 2"):
        rebuild(home)
    assert contents(home) == before


def test_a_running_service_is_not_rebuilt_under_its_feet(home: Path, store: SqliteRegister) -> None:
    store.append([opened(1)])
    with pytest.raises(RegisterTaken):
        rebuild(home)
    assert [row.id for row in store.restore().incidents] == [uuid(1)]
