"""Whether a register is this program's, an older one's, a newer one's, or none."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fakes.entries import opened, uuid

from broker.errors import RegisterFault, RegisterForeign, RegisterNewer
from broker.register import schema
from broker.register.audit import verify
from broker.register.store import FILE, SqliteRegister

ADDED = (("register_ask", "digest"), ("register_incident", "hamlets"))
"""Columns that later migrations brought."""
LATER = ("register_mute", "register_chain")
"""Tables that they brought."""


def test_this_program_knows_its_own_migrations_in_order() -> None:
    assert schema.known()[:2] == ("0001_tables", "0002_append_only")


def test_a_register_that_is_up_to_date_is_not_touched(blank: Path) -> None:
    before = blank.read_bytes()
    schema.bring_up_to_date(blank)
    assert blank.read_bytes() == before


def test_a_register_of_a_newer_program_is_refused_and_not_touched(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE)) as db:
        db.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('register', '0099_future', '2030-01-01')"
        )
        db.commit()
    before = (home / FILE).read_bytes()
    with pytest.raises(RegisterNewer, match="phiên bản mới hơn"):
        SqliteRegister(home)
    assert (home / FILE).read_bytes() == before


@pytest.fixture
def behind(home: Path) -> Path:
    """A register as it was before the journal was guarded, with one incident in it."""
    with closing(SqliteRegister(home)) as store:
        store.append([opened(1)])
    with closing(sqlite3.connect(home / FILE)) as db:
        for trigger in ("no_update", "no_delete", "no_replace"):
            db.execute(f"DROP TRIGGER register_journal_{trigger}")
        db.execute("PRAGMA application_id = 0")
        for table, column in ADDED:
            db.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        for table in LATER:
            db.execute(f"DROP TABLE {table}")
        db.execute("DROP INDEX register_journal_deed")
        db.execute("DELETE FROM django_migrations WHERE app = 'register' AND name > '0001_tables'")
        db.commit()
    return home


def test_an_older_register_is_migrated_with_a_copy_beside_it(behind: Path) -> None:
    with closing(SqliteRegister(behind)) as store:
        assert [row.id for row in store.restore().incidents] == [uuid(1)]
    assert schema.applied(behind / FILE) == schema.known()
    copy = behind / (FILE + ".before-0002_append_only")
    assert schema.applied(copy) == ("0001_tables",)
    with closing(sqlite3.connect(copy)) as db:
        assert db.execute("SELECT count(*) FROM register_journal").fetchone() == (1,)


def test_the_lines_of_an_older_register_are_chained_as_they_stand(behind: Path) -> None:
    with closing(sqlite3.connect(behind / FILE)) as db:
        before = db.execute("SELECT * FROM register_journal").fetchall()
    with closing(SqliteRegister(behind)) as store:
        found = store.head
        store.append([opened(2)])
    assert found is not None
    assert found.seq == 1
    assert verify(behind / FILE).lines == 2
    assert verify(behind / FILE).wrong is None
    with closing(sqlite3.connect(behind / FILE)) as db:
        assert db.execute("SELECT * FROM register_journal").fetchall()[:1] == before
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute("UPDATE register_chain SET hash = x'00'")


def test_a_copy_that_cannot_be_made_stops_the_migration(behind: Path) -> None:
    (behind / (FILE + ".before-0002_append_only.draft")).mkdir()
    with pytest.raises(RegisterFault, match="sao lưu"):
        SqliteRegister(behind)
    assert schema.applied(behind / FILE) == ("0001_tables",)


def test_a_migration_that_fails_is_told_and_changes_nothing(behind: Path) -> None:
    with closing(sqlite3.connect(behind / FILE)) as db:
        db.execute("CREATE TRIGGER register_journal_no_delete AFTER INSERT ON register_node BEGIN SELECT 1; END")
        db.commit()
    with pytest.raises(RegisterFault, match="already exists"):
        SqliteRegister(behind)
    assert schema.applied(behind / FILE) == ("0001_tables",)


def test_somebody_elses_database_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / FILE
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE photos (id)")
        db.commit()
    before = path.read_bytes()
    with pytest.raises(RegisterForeign):
        SqliteRegister(tmp_path)
    assert path.read_bytes() == before


def test_somebody_elses_django_project_is_refused(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE)) as db:
        db.execute("UPDATE django_migrations SET app = 'shop'")
        db.commit()
    with pytest.raises(RegisterForeign):
        schema.applied(home / FILE)


def test_a_file_whose_header_is_not_ours_is_refused(home: Path) -> None:
    with closing(sqlite3.connect(home / FILE)) as db:
        db.execute("PRAGMA application_id = 7")
    with pytest.raises(RegisterForeign):
        schema.applied(home / FILE)


def test_a_backup_is_whole_while_the_register_is_in_use(store: SqliteRegister, home: Path, tmp_path: Path) -> None:
    store.append([opened(1)])
    schema.back_up(home / FILE, tmp_path / "copy.sqlite3")
    store.append([opened(2)])
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(tmp_path / "copy.sqlite3", again / FILE)
    with closing(SqliteRegister(again)) as restored:
        assert [row.id for row in restored.restore().incidents] == [uuid(1)]
