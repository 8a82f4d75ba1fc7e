"""Room kept for the hour in which the disk is full: a file that is given up so that SQLite can open the register.

SQLite makes its shared-memory file (32 KiB) anew at each start after an orderly end. Without room for it a register on
a full disk could not even be read, and a service without its open incidents is worse than one that cannot write.
"""

from __future__ import annotations

import os
from pathlib import Path

BALLAST_BYTES = 256 * 1024
"""The shared-memory file, a first write-ahead log, and what a file system rounds up."""


def keep_ballast(home: Path) -> None:
    """Set the room aside, if there is any."""
    path = home / "ballast"
    try:
        if path.exists() and path.stat().st_size == BALLAST_BYTES:
            return
        with path.open("wb") as file:
            file.write(bytes(BALLAST_BYTES))
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)


def drop_ballast(home: Path) -> bool:
    """Give the room up; whether there was any."""
    try:
        (home / "ballast").unlink()
    except OSError:
        return False
    return True
