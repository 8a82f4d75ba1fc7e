"""The journal's promises, on a real file system and on the fake one; and what only a real one can do to it."""

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar, Protocol

import pytest
from fakes.journal import FakeDisk, FakeJournal
from hypothesis import given
from hypothesis import strategies as st

from node import journal as journals
from node.core.items import Disk, DiskState
from node.core.records import ChimeDone, CounterObeyed, HeardAlert, Memory, OwnAlert, OwnState, Record
from node.journal import Journal
from node.journalline import framed, line_of, read_lines


class FileJournal(journals.FileJournal):
    """Closed with the test: there are hundreds, and with 1,024 open files a process is deaf (see tests/conftest.py)."""

    made: ClassVar[list[journals.FileJournal]] = []

    def __init__(self, *words: Any, **more: Any) -> None:
        super().__init__(*words, **more)
        self.made.append(self)


@pytest.fixture(autouse=True)
def all_closed() -> Iterator[None]:
    yield
    while FileJournal.made:
        FileJournal.made.pop().close()


def alert(number: int, state: OwnState = "sending") -> OwnAlert:
    return OwnAlert(f"0193a1de-0000-7000-8000-{number:012d}", "fire", False, False, 1, "unsure", 2, "b", state=state)


RECORDS: list[Record] = [
    alert(1), CounterObeyed(17), ChimeDone("curfew/2026-11-21"), alert(1, "received"), alert(2), HeardAlert("x"),
]  # fmt: skip


def memory_of(records: list[Record]) -> Memory:
    memory = Memory()
    for record in records:
        memory = memory.after(record)
    return memory


class Rig(Protocol):
    told: list[Disk]

    def journal(self) -> Journal: ...
    def break_disk(self, state: DiskState) -> None: ...
    def heal(self) -> None: ...
    def raw(self) -> bytes: ...
    def put(self, raw: bytes) -> None: ...


class RealRig:
    """A file system of 64 KiB of its own, which can be filled and made read-only."""

    def __init__(self, folder: Path) -> None:
        self.told: list[Disk] = []
        self.folder = folder

    def journal(self) -> Journal:
        return FileJournal(self.folder / "journal", self.told.append)

    def break_disk(self, state: DiskState) -> None:
        if state == "full":
            with (self.folder / "ballast").open("wb", buffering=0) as file, pytest.raises(OSError):
                while True:
                    file.write(b"x" * 4096)
        else:
            subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True)

    def heal(self) -> None:
        subprocess.run(["mount", "-o", "remount,rw", self.folder], check=True)
        (self.folder / "ballast").unlink(missing_ok=True)

    def raw(self) -> bytes:
        return (self.folder / "journal").read_bytes()

    def put(self, raw: bytes) -> None:
        (self.folder / "journal").write_bytes(raw)


class FakeRig:
    def __init__(self) -> None:
        self.told: list[Disk] = []
        self.disk = FakeDisk()

    def journal(self) -> Journal:
        return FakeJournal(self.disk, self.told.append)

    def break_disk(self, state: DiskState) -> None:
        self.disk.state = state

    def heal(self) -> None:
        self.disk.state = "ok"

    def raw(self) -> bytes:
        return self.disk.platter

    def put(self, raw: bytes) -> None:
        self.disk.platter = raw


@contextmanager
def own_file_system(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "none", folder], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("mounting a tmpfs needs root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


@pytest.fixture(params=["file", "fake"])
def rig(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Rig]:
    if request.param == "fake":
        yield FakeRig()
        return
    with own_file_system(tmp_path / "disk") as folder:
        yield RealRig(folder)


def test_what_was_appended_is_there_after_a_restart(rig: Rig) -> None:
    first = rig.journal()
    assert first.open().memory == Memory()
    assert all([first.append(record) for record in RECORDS])  # noqa: C419 - each of them
    again = rig.journal().open()
    assert (again.memory, again.damaged) == (memory_of(RECORDS), 0)
    assert [told.state for told in rig.told] == ["ok", "ok"]


def append_until_refused(journal: Journal) -> list[Record]:
    """A file system gives whole pages, so a full one takes a little more."""
    appended: list[Record] = []
    for number in range(1000, 2000):
        appended.append(CounterObeyed(number))
        if not journal.append(appended[-1]):
            return appended
    raise AssertionError("the disk is not full")


def test_a_full_disk_is_told_and_heals_by_itself_with_nothing_lost(rig: Rig) -> None:
    journal = rig.journal()
    journal.open()
    assert journal.append(RECORDS[0])
    rig.break_disk("full")
    wanted = [RECORDS[0], *append_until_refused(journal), *RECORDS[1:]]
    assert not any([journal.append(record) for record in RECORDS[1:]])  # noqa: C419 - each of them
    assert not journal.mend()
    assert [told.state for told in rig.told] == ["ok", "full"]
    rig.heal()
    assert journal.mend()
    assert [told.state for told in rig.told] == ["ok", "full", "ok"]
    again = rig.journal().open()
    assert (again.memory, again.damaged) == (memory_of(wanted), 0)


def test_a_read_only_disk_is_read_and_told_and_heals(rig: Rig) -> None:
    first = rig.journal()
    first.open()
    assert first.append(RECORDS[0])
    first.close()
    rig.break_disk("read_only")
    journal = rig.journal()
    assert journal.open().memory == memory_of(RECORDS[:1])
    assert not journal.append(RECORDS[1])
    rig.heal()
    assert journal.append(RECORDS[2])
    assert [told.state for told in rig.told] == ["ok", "read_only", "ok"]
    journal.close()
    assert rig.journal().open().memory == memory_of(RECORDS[:3])


def test_a_disk_that_is_full_is_told_though_nothing_is_to_be_written(rig: Rig) -> None:
    """A status said that the disk was well until the next press."""
    journal = rig.journal()
    journal.open()
    assert journal.append(RECORDS[0])
    rig.break_disk("full")
    assert journal.mend()
    assert [told.state for told in rig.told] == ["ok", "full"]
    rig.heal()
    assert journal.mend()
    assert [told.state for told in rig.told] == ["ok", "full", "ok"]


def test_a_disk_that_was_made_read_only_is_told_though_nothing_is_to_be_written(tmp_path: Path) -> None:
    told: list[Disk] = []
    flags = 0

    def look(path: Path) -> os.statvfs_result:
        seen = os.statvfs(path)
        return os.statvfs_result((*seen[:8], seen.f_flag | flags, *seen[9:]))

    journal = FileJournal(tmp_path / "journal", told.append, look=look)
    journal.open()
    flags = os.ST_RDONLY  # a kernel does this by itself to a card with errors
    journal.mend()
    flags = 0
    journal.mend()
    assert [one.state for one in told] == ["ok", "read_only", "ok"]


def test_a_state_directory_that_is_gone_is_told(tmp_path: Path) -> None:
    told: list[Disk] = []
    journal = FileJournal(tmp_path / "state" / "journal", told.append)
    journal.open()
    (tmp_path / "state").rename(tmp_path / "elsewhere")
    journal.mend()
    assert told[-1].state == "failed"


def test_a_journal_that_only_grows_is_made_shorter_and_means_the_same(rig: Rig) -> None:
    journal = rig.journal()
    journal.open()
    wanted: list[Record] = [*RECORDS, *(CounterObeyed(100 + n) for n in range(40))]
    assert all([journal.append(record) for record in wanted])  # noqa: C419 - each of them
    assert rig.journal().open().memory == memory_of(wanted)


def test_a_small_limit_compacts_and_a_newer_programs_records_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(framed(b'{"type":"FromTheFuture","x":1}'))
    journal = FileJournal(path, lambda _: None, compact_bytes=1000)
    assert journal.open().damaged == 0
    for number in range(500):
        assert journal.append(CounterObeyed(number))
    assert path.stat().st_size < 2500
    assert b"FromTheFuture" in path.read_bytes()
    assert FileJournal(path, lambda _: None).open().memory.counter == 499


def test_compacting_on_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    with own_file_system(tmp_path / "disk") as folder:
        told: list[Disk] = []
        journal = FileJournal(folder / "journal", told.append, compact_bytes=500)
        journal.open()
        for record in RECORDS:
            journal.append(record)
        RealRig(folder).break_disk("full")
        wanted = [*RECORDS, *append_until_refused(journal)]
        (folder / "ballast").unlink()
        assert journal.mend()
        assert FileJournal(folder / "journal", told.append).open().memory == memory_of(wanted)


def test_a_journal_that_cannot_be_made_shorter_goes_on_in_the_old_file(tmp_path: Path) -> None:
    """Past its limit nothing was written any more where the new file could not even be opened."""
    (tmp_path / "journal.new").mkdir()
    told: list[Disk] = []
    journal = FileJournal(tmp_path / "journal", told.append, compact_bytes=400)
    journal.open()
    assert all([journal.append(CounterObeyed(number)) for number in range(100)])  # noqa: C419 - each of them
    assert [one.state for one in told] == ["ok"]
    (tmp_path / "journal.new").rmdir()
    assert all([journal.append(CounterObeyed(number)) for number in range(100, 500)])  # noqa: C419 - each of them
    assert (tmp_path / "journal").stat().st_size < 15_000
    assert FileJournal(tmp_path / "journal", told.append).open().memory.counter == 499


def test_what_a_power_cut_tore_is_no_damage_and_what_is_damaged_is_told_once(rig: Rig, tmp_path: Path) -> None:
    """A torn last line is what a power cut leaves, on every node of a village: no card is failing for that."""
    first = rig.journal()
    first.open()
    assert all([first.append(record) for record in RECORDS])  # noqa: C419 - each of them
    whole = rig.raw()
    rig.put(whole + line_of(CounterObeyed(99))[:-9])
    again = rig.journal()
    assert again.open().damaged == 0
    assert again.mend() and again.append(CounterObeyed(100))
    assert rig.journal().open().damaged == 0
    rig.put(whole.replace(b"curfew", b"curfex"))
    for damaged in (1, 0):
        journal = rig.journal()
        assert journal.open().damaged == damaged
        assert journal.mend() and journal.append(CounterObeyed(101 - damaged))
    assert [told.state for told in rig.told if told.state != "ok"] == []


def test_torn_at_any_byte_every_record_before_it_is_there(tmp_path: Path) -> None:
    lines = [line_of(record) for record in RECORDS]
    whole = b"".join(lines)
    path = tmp_path / "journal"
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        kept = [n for n in range(len(lines)) if len(b"".join(lines[: n + 1])) - 1 <= length]  # the last break may lack
        told: list[Disk] = []
        journal = FileJournal(path, told.append, sync=lambda _: None)
        recall = journal.open()
        assert recall.memory == memory_of([RECORDS[n] for n in kept])
        assert recall.damaged <= 1
        assert journal.append(HeardAlert("after"))
        journal.close()
        assert FileJournal(path, told.append, sync=lambda _: None).open().memory == recall.memory.after(
            HeardAlert("after")
        )


@pytest.mark.pure
@pytest.mark.parametrize("bit", range(8))
def test_one_flipped_bit_anywhere_costs_one_record_at_most(bit: int) -> None:
    lines = [line_of(record) for record in RECORDS]
    whole = b"".join(lines)
    for at in range(len(whole)):
        hit = next(n for n in range(len(lines)) if at < len(b"".join(lines[: n + 1])))
        reading = read_lines(whole[:at] + bytes([whole[at] ^ 1 << bit]) + whole[at + 1 :])
        others = tuple(record for n, record in enumerate(RECORDS) if n != hit)
        assert reading.records in (others, tuple(RECORDS)), at
        assert reading.records == tuple(RECORDS) or reading.damaged + reading.torn in (1, 2)


@pytest.mark.pure
@given(st.lists(st.binary(max_size=60)), st.lists(st.integers(0, 5)))
def test_garbage_between_lines_is_counted_and_costs_nothing(garbage: list[bytes], which: list[int]) -> None:
    raw = b"".join(garbage[n % len(garbage)] + line_of(RECORDS[n]) if garbage else line_of(RECORDS[n]) for n in which)
    assert read_lines(raw).records == tuple(RECORDS[n] for n in which)


@pytest.mark.pure
@pytest.mark.parametrize("field", [b"[" * 5_000 + b"]" * 5_000, b'"\xff"', b"9" * 5_000, b'"\\ud800"'])
def test_a_whole_line_that_no_reader_can_take_in_costs_nothing_else(field: bytes) -> None:
    strange = [framed(b'{"type":"CounterObeyed","counter":1,"x":%s}' % field), framed(b'{"type":%s}' % field)]
    reading = read_lines(b"".join([line_of(RECORDS[0]), *strange, line_of(RECORDS[1])]))
    assert {RECORDS[0], RECORDS[1]} <= {*reading.records}
    assert reading.damaged == 0


class SickSync:
    """A disk that takes bytes and cannot make them safe, while `sick`; it remembers what was safe."""

    def __init__(self, path: Path) -> None:
        self.path, self.sick, self.safe = path, False, b""

    def __call__(self, file: int) -> None:
        if self.sick:
            raise OSError(errno.EIO, "Input/output error")
        os.fdatasync(file)
        if stat.S_ISREG(os.fstat(file).st_mode):
            self.safe = Path(f"/proc/self/fd/{file}").read_bytes()


def test_what_is_claimed_was_synced_first(tmp_path: Path) -> None:
    sync = SickSync(tmp_path / "journal")
    journal = FileJournal(sync.path, lambda _: None, compact_bytes=600, sync=sync)
    journal.open()
    for number in range(50):
        assert journal.append(CounterObeyed(number))
        assert memory_of(list(read_lines(sync.safe).records)).counter == number


def test_after_a_failed_sync_a_new_file_takes_the_old_ones_place(tmp_path: Path) -> None:
    sync = SickSync(tmp_path / "journal")
    told: list[Disk] = []
    journal = FileJournal(sync.path, told.append, sync=sync)
    journal.open()
    journal.append(RECORDS[0])
    sync.sick = True
    assert not journal.append(RECORDS[1])
    assert not journal.append(RECORDS[2])
    assert told[-1].state == "failed"
    before = sync.path.stat().st_ino
    sync.sick = False
    assert journal.mend()
    assert told[-1].state == "ok"
    assert sync.path.stat().st_ino != before
    assert sync.path.read_bytes() == sync.safe
    assert FileJournal(sync.path, told.append).open().memory == memory_of(RECORDS[:3])


def test_what_is_read_at_the_start_and_cannot_be_made_safe_is_written_anew_before_anything_is_claimed(
    tmp_path: Path,
) -> None:
    sync = SickSync(tmp_path / "journal")
    sync.path.write_bytes(line_of(RECORDS[0]))
    sync.sick = True
    told: list[Disk] = []
    journal = FileJournal(sync.path, told.append, sync=sync)
    assert journal.open().memory == memory_of(RECORDS[:1])
    assert not journal.append(RECORDS[1])
    assert [disk.state for disk in told] == ["failed"]
    sync.sick = False
    assert journal.mend()
    assert memory_of(list(read_lines(sync.safe).records)) == memory_of(RECORDS[:2])
    assert sync.path.read_bytes() == sync.safe


WRITER = """
import sys
from pathlib import Path
from node.core.records import CounterObeyed
from node.journal import FileJournal
journal = FileJournal(Path(sys.argv[1]), lambda _: None, compact_bytes=4000)
number = journal.open().memory.counter
print(number, flush=True)
while True:
    number += 1
    assert journal.append(CounterObeyed(number))
    print(number, flush=True)
"""


def test_kill_9_again_and_again_and_what_was_claimed_is_there(tmp_path: Path) -> None:
    claimed = 0
    for round_ in range(8):
        child = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path / "journal"], stdout=subprocess.PIPE)
        assert child.stdout is not None
        assert int(child.stdout.readline()) >= claimed
        lines = [child.stdout.readline() for _ in range(20 + 29 * round_)]
        child.send_signal(signal.SIGKILL)
        rest = child.communicate()[0].splitlines(keepends=True)
        claimed = max(int(line) for line in [*lines, *rest] if line.endswith(b"\n"))
    recall = FileJournal(tmp_path / "journal", lambda _: None).open()
    assert recall.memory.counter >= claimed > 12


def test_a_file_size_limit_is_a_full_disk_and_heals(tmp_path: Path, limit_file_size: Callable[[int], None]) -> None:
    told: list[Disk] = []
    journal = FileJournal(tmp_path / "journal", told.append)
    journal.open()
    journal.append(RECORDS[0])
    limit_file_size((tmp_path / "journal").stat().st_size + 10)
    assert not journal.append(RECORDS[1])
    assert told[-1].state == "full"
    limit_file_size(resource.RLIM_INFINITY)
    assert journal.append(RECORDS[2])
    recall = FileJournal(tmp_path / "journal", told.append).open()
    assert (recall.memory, recall.damaged) == (memory_of(RECORDS[:3]), 0)


@pytest.fixture
def limit_file_size() -> Iterator[Callable[[int], None]]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda limit: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_journal_that_cannot_be_read_is_put_aside_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.mkdir()  # the nearest thing to an unreadable file that root cannot read either
    told: list[Disk] = []
    journal = FileJournal(path, told.append)
    assert journal.open().memory == Memory()
    assert told[-1].state == "failed"
    assert not journal.append(RECORDS[0])
    path.rmdir()
    assert journal.mend()
    assert FileJournal(path, told.append).open().memory == memory_of(RECORDS[:1])


def test_a_long_outage_is_bounded_and_still_loses_nothing(rig: Rig) -> None:
    journal = rig.journal()
    journal.open()
    rig.break_disk("full")
    wanted = append_until_refused(journal)
    for number in range(3000, 3600):
        wanted.append(CounterObeyed(number))
        assert not journal.append(wanted[-1])
    rig.heal()
    assert journal.mend()
    assert rig.journal().open().memory == memory_of(wanted)
