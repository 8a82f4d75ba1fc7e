"""Files that are there whole or not at all: the stored code book, and the lock that keeps a second node away.

What must hold: a disk that is dead, read-only or not there keeps no node from running; the journal tells of it.
"""

from __future__ import annotations

import errno
import fcntl
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from node.core.items import Fault
from node.errors import AlreadyRunning

_log = logging.getLogger(__name__)

CODEBOOK = "codebook.json"
"""In the state directory."""
JOURNAL = "journal"
"""In the state directory."""
LOCK = "lock"
"""In the state directory."""
MAX_CODEBOOK_BYTES = 64 * 1024
"""Eight times what the wire carries."""


def write_whole(path: Path, content: bytes) -> None:
    """Replace the file in one step, synced. Raises OSError, and then the old one is there, and nothing else."""
    new = path.with_name(path.name + ".new")
    try:
        _write(new, content)
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _write(path: Path, content: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        view = memoryview(content)
        while view:
            view = view[os.write(file, view) :]
        os.fsync(file)
    finally:
        os.close(file)


class BookFile:
    """The stored code book, written when it comes, or as soon as the disk takes it. One thread; nothing raises."""

    def __init__(self, state_dir: Path, tell: Callable[[Fault], None], stored: Callable[[], None]) -> None:
        """`stored` is called each time that one is safe."""
        self._path = state_dir / CODEBOOK
        self._tell = tell
        self._stored = stored
        self._payload: bytes | None = None
        self._why = ""

    def keep(self, payload: bytes) -> bool:
        """Store it, now or later: the commune does not send it again, for we have it. Whether it is safe."""
        self._payload = payload
        return self.mend()

    def mend(self) -> bool:
        """Try again what could not be stored; True if nothing is left to be."""
        if self._payload is None:
            return True
        why = ""
        try:
            write_whole(self._path, self._payload)
        except OSError as error:
            why = error.strerror or str(error)
        if why != self._why:
            self._why = why
            self._tell(Fault("codebook", why))
        if not why:
            self._payload = None
            self._stored()
        return not why


def stored_codebook(state_dir: Path) -> bytes | None:
    """The code book's JSON, if one is stored and can be read."""
    try:
        with (state_dir / CODEBOOK).open("rb") as file:
            return file.read(MAX_CODEBOOK_BYTES)
    except OSError:
        return None


def hold(state_dir: Path) -> int:
    """Make the state directory and hold it until the process ends; the lock's descriptor.

    Raises AlreadyRunning. Where there can be no such directory, or it cannot be written (a dead disk), it is held as
    well as it can be: the gong must work, and the journal tells.
    """
    try:
        state_dir.mkdir(parents=True, exist_ok=True, mode=0o750)
    except OSError as error:
        _log.error("%s: the node remembers nothing over a power cut: %s", state_dir, error.strerror)
        return -1
    try:
        lock = os.open(state_dir / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return -1
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise AlreadyRunning(
            f"{state_dir}: một hộp kẻng khác đang chạy với thư mục này. Hãy tắt nó (systemctl stop keng-node), "
            "hoặc đổi state_dir.",
            f"{state_dir}: another node runs with this directory. Stop it (systemctl stop keng-node), "
            "or change state_dir.",
        ) from error
    return lock


def partition(folder: Path) -> os.statvfs_result:
    """How the data partition is. OSError if the folder is none: what is written there is gone with the power."""
    if not os.path.ismount(folder):
        raise OSError(errno.ENODEV, "phân vùng dữ liệu không gắn được / the data partition is not mounted")
    return os.statvfs(folder)


def scratch(state_dir: Path, environ: Mapping[str, str]) -> Path:
    """A folder for lgpio's pipe, in memory rather than on the card: that may be dead, and buttons must work."""
    named = (environ.get("RUNTIME_DIRECTORY"), environ.get("LG_WD"), str(state_dir))
    fit = (Path(place) for place in named if place and os.access(place, os.W_OK | os.X_OK))
    return next(fit, Path(tempfile.gettempdir()))
