"""Folders in memory: these tests sync hundreds of times, and none of them is about the disk of this machine."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    if not MEMORY.is_dir():
        yield tmp_path
        return
    folder = Path(tempfile.mkdtemp(prefix="keng-update-", dir=MEMORY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)
