"""The nightly backup: what is in it, how many are kept, what is said when it fails, and what is not put back."""

import io
import json
import sqlite3
import tarfile
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.installed import Installed

from broker.enrolment import archive
from broker.enrolment.archive import BackupFault
from broker.enrolment.backup import STATE, BackupSettings, Desk, Done, back_up, load_backup
from broker.enrolment.restore import restore
from broker.enrolment.safe import put_into_safe
from broker.enrolment.site import read_site
from broker.register.store import SqliteRegister

NIGHT = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)


def backed_up(machine: Installed, at: datetime = NIGHT, **more: object) -> Done:
    site = read_site(machine.etc)
    settings = BackupSettings(machine.root / "var/backups/keng", **more)  # type: ignore[arg-type]  # as named there
    return back_up(site, settings, Desk(machine.root / "var/lib/keng-console"), at)


def put_back(machine: Installed, file: Path, key: Path | None = None, at: datetime = NIGHT + timedelta(hours=1)):
    return restore(file, machine.etc, key, at, lambda _: machine.root / "var/lib/keng-console")


def state_of(machine: Installed) -> dict[str, object]:
    told: dict[str, object] = json.loads((machine.root / "var/lib/keng-commune" / STATE).read_text())
    return told


@pytest.fixture
def living(machine: Installed) -> Installed:
    """With a register and the desk's database, as they are after a day."""
    SqliteRegister(machine.root / "var/lib/keng-commune").close()
    desk = machine.root / "var/lib/keng-console"
    with closing(sqlite3.connect(desk / "console.sqlite3")) as db:
        db.execute("CREATE TABLE people (name TEXT)")
        db.commit()
    (desk / "secret").write_text("x" * 64)
    return machine


def test_it_holds_what_cannot_be_made_again_and_not_the_key_that_belongs_into_the_safe(living):
    done = backed_up(living)
    names = set(archive.check(done.file).files)
    assert {
        "etc/commune.key", "etc/service.password", "etc/duty.password", "etc/codebook.yaml", "etc/commune.yaml",
        "etc/ca/ca.crt", "etc/ca/issuer.key", "etc/backup.yaml", "mosquitto/server.key", "mosquitto/nodes.passwords",
        "register/register.sqlite3", "console/console.sqlite3", "console/secret",
    } <= names  # fmt: skip
    assert "etc/ca/ca.key" not in names
    assert done.file.stat().st_mode & 0o077 == 0
    assert done.file.parent.stat().st_mode & 0o077 == 0
    assert state_of(living)["ok"] is True


def test_a_commune_without_an_issuer_keeps_the_cas_key_in_it_or_no_certificate_could_be_made(living):
    (living.etc / "ca/issuer.crt").unlink()
    assert "etc/ca/ca.key" in archive.check(backed_up(living).file).files


def test_the_register_is_of_one_moment_while_somebody_writes(living):
    with closing(sqlite3.connect(living.root / "var/lib/keng-console/console.sqlite3")) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("INSERT INTO people VALUES ('an')")
        db.commit()
        db.execute("INSERT INTO people VALUES ('chưa xong')")
        done = backed_up(living)
        db.rollback()
    archive.unpack(done.file, living.root / "out")
    with closing(sqlite3.connect(living.root / "out/console/console.sqlite3")) as db:
        assert db.execute("SELECT name FROM people").fetchall() == [("an",)]


def test_so_many_are_kept_and_the_one_just_made_always(machine):
    for night in range(5):
        backed_up(machine, NIGHT + timedelta(days=night), keep=3)
    folder = machine.root / "var/backups/keng"
    assert [path.name[14:22] for path in sorted(folder.iterdir())] == ["20261127", "20261128", "20261129"]
    done = backed_up(machine, datetime(1970, 1, 1, tzinfo=UTC), keep=3)
    assert done.file.exists(), "a clock that woke up in 1970 must not throw tonight's away"
    assert len(list(folder.iterdir())) == 3


def test_a_stick_that_is_out_is_a_fault_and_the_backup_here_is_made_all_the_same(machine):
    with pytest.raises(BackupFault, match="USB"):
        backed_up(machine, second=machine.root / "media/none")
    assert len(list((machine.root / "var/backups/keng").iterdir())) == 1
    assert state_of(machine)["ok"] is False


def test_a_second_place_on_the_same_disk_is_none(machine):
    (same := machine.root / "media/usb").mkdir(parents=True)
    with pytest.raises(BackupFault, match="cùng ổ đĩa"):
        backed_up(machine, second=same)
    assert list(same.iterdir()) == []


def test_after_the_safe_a_copy_elsewhere_is_sealed_and_its_key_alone_opens_it(living, stick):
    (safe := stick / "két").mkdir()
    (second := stick / "second").mkdir()
    assert not backed_up(living, second=second).sealed
    put_into_safe(read_site(living.etc), safe)
    done = backed_up(living, NIGHT + timedelta(days=1), second=second)
    assert done.sealed and done.second is not None and b"commune.key" not in done.second.read_bytes()
    later = NIGHT + timedelta(days=2)
    with pytest.raises(BackupFault, match=r"backup\.key"):
        put_back(living, done.second, at=later)
    key = (living.etc / "commune.key").read_text()
    (living.etc / "commune.key").write_text("")
    assert put_back(living, done.second, safe / "backup.key", later).manifest.commune == "cong-lac"
    assert (living.etc / "commune.key").read_text() == key


def test_a_database_that_is_damaged_is_no_backup(living):
    path = living.root / "var/lib/keng-console/console.sqlite3"
    path.write_bytes(b"SQLite format 3\0" + b"\xff" * 8000)
    with pytest.raises(BackupFault, match=r"console\.sqlite3"):
        backed_up(living)
    assert list((living.root / "var/backups/keng").iterdir()) == []
    assert state_of(living)["ok"] is False


def test_what_was_there_before_is_moved_aside_and_not_deleted(living):
    done = backed_up(living)
    (living.etc / "codebook.yaml").write_text("sau đó")
    aside = put_back(living, done.file).aside
    assert {path.name.split(".before")[0] for path in aside} == {"keng", "keng-commune", "keng-console"}
    [etc] = [path for path in aside if path.parent == living.root / "etc"]
    assert (etc / "codebook.yaml").read_text() == "sau đó"
    assert read_site(living.etc).commune.commune == "cong-lac"


def test_into_another_folder_it_is_not_put_for_the_register_would_still_be_replaced(living, tmp_path):
    file, desk = backed_up(living).file, living.root / "var/lib/keng-console"
    before = {path: path.stat().st_mtime_ns for path in living.root.rglob("*")}
    with pytest.raises(BackupFault, match="--look"):
        restore(file, tmp_path / "look", None, NIGHT + timedelta(hours=1), lambda _: desk)
    assert {path: path.stat().st_mtime_ns for path in living.root.rglob("*")} == before
    assert not (tmp_path / "look").exists()


def test_a_clock_before_the_backup_is_refused_and_nothing_is_touched(living):
    done = backed_up(living)
    before = (living.etc / "commune.yaml").stat()
    with pytest.raises(BackupFault, match="Đồng hồ"):
        put_back(living, done.file, at=NIGHT - timedelta(minutes=1))
    assert (living.etc / "commune.yaml").stat() == before


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installed, Path]:
    """A machine and its backup; nothing of it changes."""
    one = Installed(tmp_path_factory.mktemp("kept") / "root")
    one.found()
    return one, backed_up(one).file


def tampered(file: Path, change: str) -> Path:
    """The archive with one member altered, added, left out, named to lead out, or a link."""
    spoilt = file.with_name("spoilt.tar.gz")
    with tarfile.open(file) as old, tarfile.open(spoilt, "w:gz") as new:
        for member in old:
            text = ((got := old.extractfile(member)) and got.read()) or b""
            if change == "escape" and member.name == archive.MANIFEST:
                text = text.replace(b"etc/commune.key", b"etc/../../evil")
            if member.name == "etc/commune.key":
                if change == "leave":
                    continue
                text = b"another key" if change == "alter" else text
                member.name = "etc/../../evil" if change == "escape" else member.name
                if change == "link":
                    member.type, member.linkname = tarfile.SYMTYPE, "/etc/shadow"
            member.size = len(text) if member.isreg() else 0
            new.addfile(member, io.BytesIO(text))
        if change == "add":
            new.addfile(tarfile.TarInfo("etc/more"), io.BytesIO())
    return spoilt


@pytest.mark.parametrize("change", ["alter", "leave", "add", "escape", "link", "cut", "text", "bit"])
def test_a_backup_that_is_not_as_it_was_written_is_refused_as_a_whole(kept, change):
    machine, file = kept
    if change in ("cut", "text", "bit"):
        spoilt = file.with_name("spoilt.tar.gz")
        whole = file.read_bytes()
        middle = len(whole) // 2
        texts = {"cut": whole[:-500], "text": b"no archive", "bit": whole[:middle] + b"\xff" * 9 + whole[middle + 9 :]}
        spoilt.write_bytes(texts[change])
    else:
        spoilt = tampered(file, change)
    before = {path: path.stat().st_mtime_ns for path in machine.etc.rglob("*")}
    with pytest.raises(BackupFault, match="hỏng"):
        put_back(machine, spoilt)
    assert {path: path.stat().st_mtime_ns for path in machine.etc.rglob("*")} == before
    assert not (machine.root.parent / "evil").exists()


def test_what_is_written_for_it_is_what_it_reads(machine):
    assert load_backup(machine.etc) == BackupSettings(machine.root / "var/backups/keng", 14, None)
