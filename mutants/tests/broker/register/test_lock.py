"""One service per register, however the last one ended."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from broker.errors import RegisterFault, RegisterTaken
from broker.register.lock import HomeLock
from broker.register.store import SqliteRegister


def test_a_second_service_is_refused_and_told_who_holds_it(home: Path, store: SqliteRegister) -> None:
    with pytest.raises(RegisterTaken, match=f"pid {os.getpid()}"):
        SqliteRegister(home)
    store.probe()


def test_the_register_is_free_again_after_a_kill(home: Path) -> None:
    code = "import sys,os,signal;from pathlib import Path;from broker.register.lock import HomeLock as L;"
    code += "L(Path(sys.argv[1]));os.kill(os.getpid(),9)"
    assert subprocess.run([sys.executable, "-c", code, home], check=False).returncode == -9
    HomeLock(home).close()


def test_a_refused_register_is_free_for_the_next_try(home: Path) -> None:
    (home / "register.sqlite3").write_bytes(b"junk" * 999)
    for _ in range(2):
        with pytest.raises(ValueError, match="SQLite"):
            SqliteRegister(home)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RegisterFault, match="kiểm tra đường dẫn"):
        HomeLock(tmp_path / "file" / "home")


def test_closing_twice_is_closing_once(home: Path) -> None:
    lock = HomeLock(home)
    lock.close()
    lock.close()
