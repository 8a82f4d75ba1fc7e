"""Files that are there whole or not at all, and private from their first byte.

It does not know what is in them.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from broker.errors import BrokerError
from broker.synced import sync_folder

SECRET = 0o600
PUBLIC = 0o644


class InstallFault(BrokerError, OSError):
    """A file of the installation cannot be read or written."""


def put(path: Path, text: str, mode: int, owner: str | None = None) -> None:
    """Write in one step, synced; what is there keeps its owner and mode. `owner`: of a new file. InstallFault."""
    draft = path.with_name(f".{path.name}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        old = path.stat() if path.exists() else None
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET)
        with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            # By what was opened, not by its name: the folder may be the service's, and the name another file's by now.
            if old is None:
                os.fchmod(opened, mode)
                belongs_to(path, owner, opened)
            else:
                os.fchmod(opened, old.st_mode & 0o777)
                if os.geteuid() == 0:
                    os.fchown(opened, old.st_uid, old.st_gid)
            file.flush()
            os.fsync(opened)
        draft.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise fault(path, error, vi="ghi", en="written") from error


def belongs_to(path: Path, owner: str | None, opened: int | None = None) -> None:
    """Give it to a user and the group of the same name; nothing without a name. `opened`: it is that. InstallFault."""
    if owner is None:
        return
    import shutil

    try:
        shutil.chown(path if opened is None else opened, owner, owner)
    except (OSError, LookupError) as error:
        raise InstallFault(
            f"{path}: không giao được cho người dùng {owner} ({error}). Hãy chạy bằng sudo.",
            f"{path}: cannot be given to the user {owner} ({error}). Run it with sudo.",
        ) from error


def read(path: Path) -> str:
    """A whole text, its line ends as they are. InstallFault."""
    try:
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise fault(path, error, vi="đọc", en="read") from error


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """While it lasts, nobody else who asks for the same file's lock gets it. InstallFault."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise fault(path, error, vi="đọc", en="read") from error
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def fault(path: Path, error: Exception, *, vi: str, en: str) -> InstallFault:
    """The sentence for a file that will not."""
    why = getattr(error, "strerror", None) or error
    rights = isinstance(error, PermissionError)
    return InstallFault(
        f"{path}: không {vi} được ({why}). {'Hãy chạy bằng sudo.' if rights else 'Hãy kiểm tra tệp và thư mục này.'}",
        f"{path}: cannot be {en} ({why}). {'Run it with sudo.' if rights else 'Check this file and its folder.'}",
    )
