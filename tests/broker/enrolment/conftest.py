"""An installed commune's files, made in this process; and another disk."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.installed import Installed

SHARED = Path("/dev/shm")


@pytest.fixture
def machine(tmp_path: Path) -> Installed:
    """To be changed."""
    fresh = Installed(tmp_path / "root")
    fresh.found()
    return fresh


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """A folder on another disk than the machine's."""
    if not SHARED.is_dir() or not os.access(SHARED, os.W_OK) or SHARED.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    folder = Path(tempfile.mkdtemp(prefix="keng-stick-", dir=SHARED))
    yield folder
    shutil.rmtree(folder)
