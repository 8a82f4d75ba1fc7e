"""The node's memory on disk: what is appended is there after a power cut, or the disk is said not to be ok.

Rule 1. `append` returns after the sync, and what `open` tells is synced, too. A record that could not be synced is
kept, in order, and tried again.
Rule 2. One bad byte never costs a night: journalline.py says how; nothing on disk is lost to a failed rewrite either.
Rule 3. After a failed sync the kernel may call lost pages clean, so the file is never trusted again: a new one is
written whole, synced, and takes its place in one step.
Rule 4. An idle disk is looked at, not written to: whether it is full or read-only is known before the next press.
Rule 5. Where another file system comes to stand in the folder's place (a partition that is mounted late, or lost), what
it holds is read and kept, and all that we know is written there too.
The one danger: a disk that fails for long. What is unsaved is bounded by the memory that it adds up to.

It does not know what the records mean; `Memory` does.
"""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from node.core.items import Disk, DiskState
from node.core.records import Memory, Record
from node.journalline import framed, line_of, read_lines

_log = logging.getLogger(__name__)

COMPACT_BYTES = 256 * 1024
"""A year of nights, and read in a few milliseconds; past it the journal is rewritten as what it adds up to."""
MAX_BYTES = 16 * 1024 * 1024
"""A longer file is not ours; its end is read, and it is rewritten."""
MAX_UNSAVED = 256
"""Records that wait for the disk one by one; beyond it the whole memory is written instead."""
MAX_FOREIGN = 100
"""Lines of a newer program that are kept."""


@dataclass(frozen=True, slots=True)
class Recall:
    """What a journal held."""

    memory: Memory
    """What its records add up to."""
    damaged: int
    """Lines that could not be read; not one that a power cut tore."""
    lost: bool = False
    """Whether it could not be looked at whole: there may have been more."""


class Journal(Protocol):
    """Something that remembers records over a power cut. All methods are called by one thread; none of them raises."""

    def open(self) -> Recall:
        """Read what is there; called once, first."""
        ...

    def append(self, record: Record) -> bool:
        """Keep it, synced; False if the disk would not have it now: then `mend` tries again."""
        ...

    def mend(self) -> bool:
        """Try again what could not be written, in order; True if nothing is left to be written.

        Called every second or so: it also looks whether the next record will have room.
        """
        ...

    def close(self) -> None:
        """Let go of the disk."""
        ...


class FileJournal:
    """A Journal in one file. Changes of the disk's state are reported as Disk items; the first report is its state."""

    def __init__(
        self,
        path: Path,
        report: Callable[[Disk], None],
        compact_bytes: int = COMPACT_BYTES,
        sync: Callable[[int], None] = os.fdatasync,
        look: Callable[[Path], os.statvfs_result] = os.statvfs,
    ) -> None:
        """`sync` makes a file's bytes and length, or a folder's names, safe; times are not worth a write.

        `look`: how a folder's file system is.
        """
        self._path = path
        self._sync = sync
        self._look = look
        self._report = report
        self._compact_bytes = compact_bytes
        self._file = -1
        self._device: int | None = None
        self._size = 0
        self._suspect = False
        self._unread = False
        self._stale = False
        self._memory = Memory()
        self._unsaved: list[Record] = []
        self._foreign: tuple[bytes, ...] = ()
        self._state: Disk | None = None

    def open(self) -> Recall:
        raw = b""
        try:
            self._unread = True
            raw = self._read()
            self._unread = False
            self._open_file()
            self._check_room()
            self._tell("ok", "")
        except OSError as error:
            self._fail(error)
        lost = self._unread or (self._state is not None and self._state.state == "failed")
        reading = read_lines(raw)
        self._stale = bool(reading.damaged or reading.torn)  # written anew, or each start would tell of it again
        self._foreign = reading.foreign[-MAX_FOREIGN:]
        for record in reading.records:
            self._memory = self._memory.after(record)
        return Recall(self._memory, reading.damaged, lost)

    def append(self, record: Record) -> bool:
        self._memory = self._memory.after(record)
        self._unsaved.append(record)
        if len(self._unsaved) > MAX_UNSAVED:
            self._suspect = True  # the memory has them all: it is written whole
            self._unsaved.clear()
        return self.mend()

    def mend(self) -> bool:
        try:
            self._follow()
            self._save()
            self._check_room()
            self._tell("ok", "")
        except OSError as error:
            self._fail(error)
        return not self._unsaved and not self._suspect

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _follow(self) -> None:
        """Not to write into a file that nobody will find again."""
        if self._file < 0 or self._device is None or self._path.parent.stat().st_dev == self._device:
            return
        ours = self._memory.records()
        reading = read_lines(self._read())
        self.close()
        self._foreign = (*reading.foreign, *self._foreign)[-MAX_FOREIGN:]
        self._memory = Memory()
        for record in (*reading.records, *ours):
            self._memory = self._memory.after(record)
        self._suspect = True  # until it is written here, too

    def _check_room(self) -> None:
        """OSError, as a write would raise it."""
        seen = self._look(self._path.parent)
        if seen.f_flag & os.ST_RDONLY:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        if seen.f_bavail == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _save(self) -> None:
        if self._file < 0 and not self._suspect:
            self._open_file()
        if self._suspect or self._stale or self._size > self._compact_bytes:
            self._rewrite()
        if self._unsaved:
            lines = b"".join(line_of(record) for record in self._unsaved)
            self._write(lines)
            self._unsaved.clear()

    def _write(self, lines: bytes) -> None:
        try:
            _write_all(self._file, lines)
        except OSError:
            with suppress(OSError):  # half a line would be counted as damage; its leading break contains it anyway
                os.ftruncate(self._file, self._size)
            raise
        try:
            self._sync(self._file)
        except OSError:
            self._suspect = True
            raise
        self._size += len(lines)

    def _rewrite(self) -> None:
        """The whole memory into a new file, which takes the old one's place only when it is safe."""
        new = self._path.with_suffix(".new")
        self._stale = False
        lines = [framed(body) for body in self._foreign] + [line_of(record) for record in self._memory.records()]
        file = -1
        try:
            file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC, 0o600)
            _write_all(file, b"".join(lines))
            self._sync(file)
            if self._unread:  # it could not be read at the start, but perhaps a person can
                with suppress(FileNotFoundError):
                    self._path.rename(self._path.with_suffix(".unread"))
                self._unread = False
            new.rename(self._path)
        except OSError as error:
            if file >= 0:
                os.close(file)
            with suppress(OSError):
                new.unlink()
            if not self._suspect and self._file >= 0:
                _log.warning("the journal could not be written anew: %s", error)
                self._compact_bytes = 2 * self._size  # the old one is whole: go on in it, try again when it has doubled
                return
            raise
        self.close()
        self._file, self._size = file, sum(map(len, lines))
        self._compact_bytes = max(self._compact_bytes, 2 * self._size)
        self._suspect = True  # until the new name is safe, too
        self._sync_folder()
        self._unsaved.clear()
        self._suspect = False

    def _read(self) -> bytes:
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return b""
        try:
            size = os.fstat(file).st_size
            self._suspect = size > MAX_BYTES
            return os.pread(file, MAX_BYTES, max(0, size - MAX_BYTES))
        finally:
            os.close(file)

    def _open_file(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            self._size = os.fstat(file).st_size
            self._settle(file)
            self._sync_folder()
        except OSError:
            os.close(file)
            raise
        self._file = file

    def _settle(self, file: int) -> None:
        """What a killed node wrote and did not sync is in the page cache alone, and we act on what we read."""
        try:
            self._sync(file)
        except OSError:
            self._suspect = True
            raise

    def _sync_folder(self) -> None:
        folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        self._device = os.fstat(folder).st_dev
        try:
            self._sync(folder)
        finally:
            os.close(folder)

    def _fail(self, error: OSError) -> None:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            self._tell("full", f"{self._path}: {error.strerror}")
        elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            self._tell("read_only", f"{self._path}: {error.strerror}")
        else:
            self._tell("failed", f"{self._path}: {error.strerror or error}")

    def _tell(self, state: DiskState, why: str) -> None:
        news = Disk(state, why)
        if news != self._state:
            self._state = news
            self._report(news)


def _write_all(file: int, raw: bytes) -> None:
    view = memoryview(raw)
    while view:
        view = view[os.write(file, view) :]
