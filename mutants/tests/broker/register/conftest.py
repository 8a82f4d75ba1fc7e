"""A register for each test: made once with its migrations, then copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from broker.register.schema import bring_up_to_date
from broker.register.store import FILE, SqliteRegister


@pytest.fixture(scope="session")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register file with tables and nothing in them."""
    path = tmp_path_factory.mktemp("blank") / FILE
    bring_up_to_date(path)
    return path


@pytest.fixture
def home(tmp_path: Path, blank: Path) -> Path:
    """A folder with a blank register."""
    folder = tmp_path / "home"
    folder.mkdir()
    shutil.copy(blank, folder / FILE)
    return folder


@pytest.fixture
def store(home: Path) -> Iterator[SqliteRegister]:
    """It, open."""
    register = SqliteRegister(home)
    yield register
    register.close()
