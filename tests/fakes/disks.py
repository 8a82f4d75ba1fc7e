"""Small disks of a test's own: one that can be filled, one that dies read-only while files on it are open.

    with small_disk(tmp_path / "disk") as disk:      # NotPermitted, with a sentence, where the machine forbids it
        fill(disk); (disk / FILLER).unlink()
    with dying_disk(tmp_path / "card") as card:
        card.die()                                   # as a worn SD card does: the kernel turns it read-only
        card.tear_out()                              # as a stick that is pulled: nothing on it can be reached

What must hold: nothing but a mount below the given folder is touched, and it is gone at the end.
"""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

FILLER = "photos"
EXT4_IOC_SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32)
NO_FLUSH = 2
MIB = 1024 * 1024


T = TypeVar("T")


class NotPermitted(Exception):
    """This machine mounts nothing for us."""


class Mounts(ExitStack):
    """What a test has mounted."""

    def add(self, disk: AbstractContextManager[T]) -> T:
        """One more; the test is skipped where that is not permitted."""
        try:
            return self.enter_context(disk)
        except NotPermitted as why:
            pytest.skip(f"no disk of its own here: {why}")


@pytest.fixture
def mounts() -> Iterator[Mounts]:
    """Gone with the test."""
    with Mounts() as stack:
        yield stack


@contextmanager
def small_disk(place: Path, mib: int = 2) -> Iterator[Path]:
    """A file system in memory, of that size."""
    place.mkdir(parents=True)
    _mount("-t", "tmpfs", "-o", f"size={mib}m", "tmpfs", place)
    try:
        yield place
    finally:
        _run("umount", "-l", place)


class DyingDisk:
    """An ext4 file system in a file, as on a card."""

    def __init__(self, place: Path) -> None:
        self.place = place
        """Where it is mounted."""

    def die(self) -> None:
        """Read-only from now on, whatever is open on it: what the kernel does after a write error."""
        assert _run("mount", "-o", "remount,abort", self.place).returncode == 0

    def tear_out(self) -> None:
        """EIO from now on, whatever is asked of it."""
        folder = os.open(self.place, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.ioctl(folder, EXT4_IOC_SHUTDOWN, struct.pack("I", NO_FLUSH))
        finally:
            os.close(folder)


@contextmanager
def dying_disk(place: Path, mib: int = 16, *options: str) -> Iterator[DyingDisk]:
    """One that lives yet; `options` are those of mkfs.ext4."""
    place.mkdir(parents=True)
    image = place.with_suffix(".img")
    with image.open("wb") as file:
        file.truncate(mib * MIB)
    made = _run("mkfs.ext4", "-q", *options, image)
    if made.returncode:
        raise NotPermitted(f"mkfs.ext4: {made.stderr.strip()}")
    _mount("-o", "loop", image, place)
    try:
        yield DyingDisk(place)
    finally:
        _run("umount", "-l", place)


def fill(place: Path) -> None:
    """To the last byte."""
    with (place / FILLER).open("ab", buffering=0) as file:
        for size in (4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                continue


def _mount(*words: str | Path) -> None:
    if os.geteuid():
        raise NotPermitted("only root may mount a disk of a test's own")
    done = _run("mount", *words)
    if done.returncode:
        raise NotPermitted(f"mount: {done.stderr.strip()}")


def _run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    path = {**os.environ, "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"}
    try:
        return subprocess.run(
            [str(word) for word in words], capture_output=True, text=True, timeout=30, check=False, env=path
        )
    except FileNotFoundError as error:
        raise NotPermitted(f"{words[0]} not found") from error
