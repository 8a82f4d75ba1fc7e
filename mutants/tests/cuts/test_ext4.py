"""What the model of disk.py takes from ext4, seen on a real one: a small image, mounted, and copied as it is at a cut.

The copy is what the kernel had given to the device; mounting it replays ext4's own journal, as after a power cut. Needs
root, a loop device and mkfs.ext4; skips without. f2fs is not tried: few kernels here have it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

IMAGE_BYTES = 16 * 1024 * 1024
NEVER_S = 900
"""Between the commits that ext4 makes by itself: long enough to see what it does not do at once."""


@contextmanager
def mounted(image: Path, place: Path) -> Iterator[Path]:
    place.mkdir(exist_ok=True)
    command = ["mount", "-o", f"loop,commit={NEVER_S}", image, place]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting an ext4 image needs root and a loop device")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """An empty ext4."""
    if shutil.which("mkfs.ext4") is None:
        pytest.skip("making an ext4 needs mkfs.ext4 (sudo apt install e2fsprogs)")
    path = tmp_path / "disk.img"
    with path.open("wb") as file:
        file.truncate(IMAGE_BYTES)
    subprocess.run(["mkfs.ext4", "-q", "-F", path], check=True)
    return path


def after_a_cut(image: Path, deed: Callable[[Path], None]) -> dict[str, bytes]:
    """The files of a folder in which `file` was safe as "old", after the deed and a cut."""
    copy = image.with_name("cut.img")
    with mounted(image, image.with_name("live")) as disk:
        (disk / "folder").mkdir()
        (disk / "folder" / "file").write_bytes(b"old")
        os.sync()
        deed(disk / "folder")
        shutil.copy(image, copy)
    with mounted(copy, image.with_name("after")) as disk:
        return {path.name: path.read_bytes() for path in (disk / "folder").iterdir()}


def replace(folder: Path) -> None:
    """As write_whole and the journal's compaction do it, up to the folder's sync."""
    with (folder / "draft").open("wb") as file:
        file.write(b"new")
        file.flush()
        os.fdatasync(file.fileno())
    (folder / "draft").rename(folder / "file")


def synced(sync: Callable[[int], None], folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(handle)
    finally:
        os.close(handle)


def test_a_move_whose_folder_is_not_synced_is_lost(image: Path) -> None:
    assert after_a_cut(image, replace) == {"file": b"old", "draft": b"new"}


@pytest.mark.parametrize("sync", [os.fsync, os.fdatasync])
def test_either_sync_of_a_folder_makes_its_names_safe(image: Path, sync: Callable[[int], None]) -> None:
    def deed(folder: Path) -> None:
        replace(folder)
        synced(sync, folder)

    assert after_a_cut(image, deed) == {"file": b"new"}


def test_a_write_that_is_not_synced_is_lost(image: Path) -> None:
    def deed(folder: Path) -> None:
        with (folder / "file").open("r+b") as file:
            file.write(b"new")

    assert after_a_cut(image, deed) == {"file": b"old"}
