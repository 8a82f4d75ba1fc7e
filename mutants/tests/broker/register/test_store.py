"""What the register on disk does when the disk, the file or its surroundings are not as they should be."""

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fakes.entries import NOON_MS, opened, uuid

from broker.core.records import Entry
from broker.errors import RegisterError, RegisterFault, RegisterForeign, RegisterFull
from broker.register.store import FILE, SqliteRegister

NOBODY = 65534
ROOT = os.geteuid() == 0


def there(home: Path) -> list[str]:
    """Ids of the incidents on the disk, seen by somebody else."""
    with closing(sqlite3.connect(home / FILE)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return [name for (name,) in db.execute("SELECT id FROM register_incident ORDER BY opened_seq")]


def test_every_commit_is_synced(store: SqliteRegister) -> None:
    assert store._db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert store._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_what_is_appended_is_seen_by_others_at_once(store: SqliteRegister, home: Path) -> None:
    store.append([opened(1)])
    assert there(home) == [uuid(1)]


@pytest.mark.parametrize(
    "bad",
    [
        Entry(what="alert", subject="\ud800", by=None, at_ms=NOON_MS),
        Entry(what="alert", subject="x", by=None, at_ms=2**70),
        Entry(what="alert", subject="x", by=None, at_ms=NOON_MS, body={"a": object()}),
        Entry(what="counter", subject="x", by=None, at_ms=NOON_MS),
    ],
)
def test_of_an_append_that_fails_nothing_is_there(store: SqliteRegister, home: Path, bad: Entry) -> None:
    store.append([opened(1)])
    with pytest.raises(RegisterFault):
        store.append([opened(2), bad])
    assert there(home) == [uuid(1)]
    store.append([opened(3)])
    assert there(home) == [uuid(1), uuid(3)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE register_journal SET by = 'me'",
        "DELETE FROM register_journal",
        "INSERT OR REPLACE INTO register_journal VALUES (1, 'a', 'b', NULL, 1, '{}', '{}')",
    ],
)
def test_the_journal_refuses_to_be_changed(store: SqliteRegister, home: Path, statement: str) -> None:
    store.append([opened(1)])
    with closing(sqlite3.connect(home / FILE)) as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute(statement)


def test_a_reader_does_not_hold_an_append_up(store: SqliteRegister, home: Path) -> None:
    store.append([opened(1)])
    with closing(sqlite3.connect(home / FILE)) as db:
        db.execute("BEGIN")
        db.execute("SELECT count(*) FROM register_journal").fetchone()
        store.append([opened(2)])


def test_another_writer_is_waited_for_but_not_long(store: SqliteRegister, home: Path) -> None:
    with closing(sqlite3.connect(home / FILE, isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegisterFault, match="locked"):
            store.append([opened(1)])
        db.execute("ROLLBACK")
    store.append([opened(1)])
    assert there(home) == [uuid(1)]


@pytest.mark.parametrize("how", ["deleted", "replaced"])
def test_a_file_taken_away_while_in_use_is_noticed(store: SqliteRegister, home: Path, blank: Path, how: str) -> None:
    store.append([opened(1)])
    (home / FILE).unlink()
    if how == "replaced":
        shutil.copy(blank, home / FILE)
    with pytest.raises(RegisterFault):
        store.append([opened(2)])
    with pytest.raises(RegisterFault):
        store.probe()


@pytest.mark.parametrize("junk", [b"x" * 5000, b"SQLite format 3\x00" + b"\xff" * 5000, b"\x00" * 5000])
def test_a_file_that_is_no_register_is_refused_and_left_alone(home: Path, junk: bytes) -> None:
    (home / FILE).write_bytes(junk)
    with pytest.raises(RegisterForeign, match="khôi phục bản sao lưu"):
        SqliteRegister(home)
    assert (home / FILE).read_bytes() == junk


def test_a_torn_register_is_refused_and_left_alone(home: Path) -> None:
    with closing(SqliteRegister(home)) as store:
        store.append([opened(n) for n in range(300)])
    whole = (home / FILE).read_bytes()
    torn = whole[: len(whole) // 2 // 4096 * 4096]
    (home / FILE).write_bytes(torn)
    with pytest.raises(RegisterForeign, match="damaged"):
        SqliteRegister(home)
    assert (home / FILE).read_bytes() == torn


def test_bytes_flipped_in_the_middle_are_found_at_the_start(home: Path) -> None:
    with closing(SqliteRegister(home)) as store:
        store.append([opened(n) for n in range(300)])
    with (home / FILE).open("r+b") as file:
        file.seek(40 * 4096)
        file.write(b"\xa5" * 4096)
    with pytest.raises(RegisterForeign):
        SqliteRegister(home)


def test_a_torn_log_costs_only_what_was_never_acknowledged(home: Path) -> None:
    store = SqliteRegister(home)
    store.append([opened(1)])
    log = home / (FILE + "-wal")
    safe = log.read_bytes()
    store.append([opened(2)])
    torn = log.read_bytes()[: len(safe) + 5000]
    copy = home.parent / "after"
    copy.mkdir()
    shutil.copy(home / FILE, copy / FILE)
    (copy / (FILE + "-wal")).write_bytes(torn)
    store.close()
    with closing(SqliteRegister(copy)) as again:
        assert [row.id for row in again.restore().incidents] == [uuid(1)]


@pytest.mark.skipif(not ROOT, reason="only root can become somebody who may not write")
@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_folder_that_may_not_be_written_is_said_so(home: Path, mode: int) -> None:
    for place in (home, *home.parents[:4]):
        if place != Path("/tmp"):
            place.chmod(0o755)
    home.chmod(mode)
    os.chown(home, NOBODY, NOBODY)
    code = (
        "import os,sys;from pathlib import Path;from broker.register.store import SqliteRegister as S;"
        f"from broker.errors import RegisterFault as F;os.setuid({NOBODY})\n"
        "try: S(Path(sys.argv[1]))\n"
        "except F as e: print(e.vi); print(e.en)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, home], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "quyền ghi" in done.stdout and str(home) in done.stdout


def test_a_limit_on_file_sizes_fails_the_append_and_nothing_else(store: SqliteRegister, home: Path) -> None:
    store.append([opened(1)])
    size = (home / (FILE + "-wal")).stat().st_size
    old = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 100, old[1]))
    try:
        with pytest.raises(RegisterError):
            store.append([opened(2)])
        store.probe()
        assert len(store.restore().incidents) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, old)
    store.append([opened(3)])
    assert there(home) == [uuid(1), uuid(3)]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(place)]
    if not ROOT or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no permission to mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path) -> None:
    """Take the last byte."""
    with (place / "photos").open("ab", buffering=0) as file:
        for size in (65536, 4096):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC


def test_a_full_disk_fails_the_append_and_comes_back(small_disk: Path, blank: Path) -> None:
    home = small_disk / "home"
    home.mkdir()
    shutil.copy(blank, home / FILE)
    with closing(SqliteRegister(home)) as store:
        store.append([opened(1)])
        fill(small_disk)
        with pytest.raises(RegisterFull, match="đã đầy"):
            for number in range(2, 1000):
                store.append([opened(number)])
        safe = there(home)
        assert len(store.restore().incidents) == len(safe)
        store.probe()
        (small_disk / "photos").unlink()
        store.append([opened(5000)])
        assert there(home) == [*safe, uuid(5000)]


def test_sqlites_own_word_for_full_is_believed(store: SqliteRegister) -> None:
    store.append([opened(1)])
    (pages,) = store._db.execute("PRAGMA page_count").fetchone()
    store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(RegisterFull):
        store.append([opened(n) for n in range(2, 300)])


def test_a_service_starts_on_a_full_disk_and_still_knows_everything(small_disk: Path, blank: Path) -> None:
    home = small_disk / "home"
    home.mkdir()
    shutil.copy(blank, home / FILE)
    with closing(SqliteRegister(home)) as store:
        store.append([opened(1)])
    fill(small_disk)
    with closing(SqliteRegister(home)) as store:
        assert [row.id for row in store.restore().incidents] == [uuid(1)]
        fill(small_disk)
        with pytest.raises(RegisterFull):
            for number in range(2, 1000):
                store.append([opened(number)])
        safe = there(home)
    # A second start finds no ballast left: SQLite cannot even open the file. It says so, and nothing is lost.
    fill(small_disk)
    try:
        SqliteRegister(home).close()
    except RegisterFull as error:
        assert "đã đầy" in error.vi
    (small_disk / "photos").unlink()
    with closing(SqliteRegister(home)) as store:
        assert [row.id for row in store.restore().incidents] == safe


def test_a_new_register_on_a_full_disk_is_refused_with_a_sentence(small_disk: Path) -> None:
    fill(small_disk)
    with pytest.raises(RegisterError):
        SqliteRegister(small_disk / "home")
