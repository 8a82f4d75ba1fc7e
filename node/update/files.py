"""The small files by which node, fetcher and installer speak to each other: each written whole by one, read by others.

    /run/keng-node/permit.json      the node: what may be installed now; gone when nothing may, and with the node itself
    /run/keng-node/health.json      the node, each ten seconds: which version, whether it is heard, what is wrong
    /var/lib/keng-fetch/told.json   the fetcher: how far it is, or why not
    /var/lib/keng-update/told.json  the installer: the same, and how it ended
    /var/lib/keng-update/trial.json the installer: a version is on trial; how often that was tried

What must hold: whoever reads them believes no more than that the writer said so; one that is missing, half or garbage
is as none. `permit` is the node's, so it may name any release: the installer takes none but a newer one that a release
key vouches for.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, TypeVar

import msgspec
from msgspec import Struct

from wire.release import Release
from wire.reports import Updating

RUN, FETCHED, STATE = Path("/run/keng-node"), Path("/var/lib/keng-fetch"), Path("/var/lib/keng-update")
PERMIT, HEALTH, TOLD, TRIAL = "permit.json", "health.json", "told.json", "trial.json"
MAX_BYTES = 16 * 1024


class Permitted(Struct, frozen=True, kw_only=True):
    """What may be installed now."""

    offer: str
    """The order's name of it."""
    release: Release
    """Which."""
    hosts: tuple[str, ...]
    """The commune's machine, the one that is linked to first."""


class Health(Struct, frozen=True, kw_only=True):
    """How the node that runs is."""

    version: str
    """Which runs."""
    run: str
    """Identifies this run of it."""
    at_s: float
    """Monotonic time of writing: of the machine, so that all its programs have the same."""
    heard: bool
    """Whether the commune hears it, as far as it can tell."""
    wrong: tuple[str, ...] = ()
    """What is wrong with it, in words that compare."""
    sounding: bool = False
    """Whether a gong sounds at this moment: a restart would lose a press."""


class Trial(Struct, frozen=True, kw_only=True):
    """A version is on trial, or was when the power went."""

    offer: str
    """The order's name of it."""
    version: str
    """Which."""
    cuts: int = 0
    """How often the power went, or the installer was killed, in the middle of it."""
    on: bool = True
    """Whether it is on now."""


T = TypeVar("T", Permitted, Health, Trial, Updating)


def read(path: Path, kind: type[T]) -> T | None:
    """What it says; none if there is nothing to be understood."""
    try:
        with plain(path.parent, path.name) as file:
            return msgspec.json.decode(file.read(MAX_BYTES), type=kind)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def plain(folder: Path, name: str) -> BinaryIO:
    """Open what another may have put there: an ordinary file, by no link on the way; no pipe to wait at. OSError."""
    *folders, last = name.split("/")
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in folders:
            before, at = at, os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
            os.close(before)
        file = os.open(last, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=at)
    finally:
        os.close(at)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise OSError(errno.EINVAL, "no ordinary file", name)
    return os.fdopen(file, "rb")


def write(path: Path, value: Struct, *, sync: bool = True) -> None:
    """Replace it in one step, readable for all; synced, but where it does not outlive a boot. OSError."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)  # half of one, or a link that somebody left
    file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        os.fchmod(file, 0o644)
        os.write(file, msgspec.json.encode(value))
        if sync:
            os.fsync(file)
    finally:
        os.close(file)
    new.replace(path)
    if sync:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Its names are safe then."""
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(at)
    finally:
        os.close(at)
