"""An installed commune's files, made in this process; and another disk."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.installed import Installed

SHARED = Path("/dev/shm")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Made once, by the real thing; never changed."""
    first = Installed(tmp_path_factory.mktemp("founded") / "root")
    first.found()
    return first


@pytest.fixture
def machine(founded: Installed, tmp_path: Path) -> Installed:
    """To be changed: a copy, which knows where it lies; a second quicker than one that is founded."""
    fresh = Installed(tmp_path / "root", [*founded.ports])
    shutil.copytree(founded.root, fresh.root)
    for path in fresh.root.rglob("*"):
        if path.is_file() and str(founded.root) in (text := path.read_text("utf-8")):
            path.write_text(text.replace(str(founded.root), str(fresh.root)), "utf-8")
    return fresh


@pytest.fixture
def stick(tmp_path: Path) -> Iterator[Path]:
    """A folder on another disk than the machine's."""
    if not SHARED.is_dir() or not os.access(SHARED, os.W_OK) or SHARED.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second disk here")
    folder = Path(tempfile.mkdtemp(prefix="keng-stick-", dir=SHARED))
    yield folder
    shutil.rmtree(folder)
