"""A wrong wall clock for one child process (wallclock.c): in 1970, seven hours off, or jumping while it runs.

    clock = WallClock(tmp_path / "clock")
    node.start(clock.environment)
    clock.show(datetime(1970, 1, 1, tzinfo=UTC)); clock.jump(years=3)

What must hold: the test's own clock, and every other process's, stays right. A library of our own, because a node's
speed is judged by its monotonic clock, which common preloaded clocks slow down or stop.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sysconfig
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("wallclock.c")
YEAR_S = 365 * 86_400


def build() -> Path:
    """The compiled library, from a cache named after its source."""
    key = hashlib.sha256(SOURCE.read_bytes() + sysconfig.get_platform().encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"keng-wallclock-{os.getuid()}-{key}"
    library = folder / "wallclock.so"
    if not library.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        draft = folder / f"{os.getpid()}.so"
        command = ["gcc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-O2"]
        subprocess.run([*command, "-o", str(draft), str(SOURCE)], check=True)
        draft.rename(library)
    return library


class WallClock:
    """The clock of whoever is started with its environment."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self.kept = False
        """Whether the machine says that NTP keeps it; before a process is started."""
        self.offset_s = 0.0
        """How much it is ahead."""
        self.set(0.0)

    @property
    def environment(self) -> dict[str, str]:
        """What a child process needs."""
        says = "kept" if self.kept else "unkept"
        return {"LD_PRELOAD": str(build()), "KENG_WALL_OFFSET_FILE": str(self._file), "KENG_WALL_SAYS": says}

    @property
    def now_ms(self) -> int:
        """What it shows."""
        return int((time.time() + self.offset_s) * 1000)

    def set(self, offset_s: float) -> None:
        """Be so much ahead of the true time, from now on."""
        self.offset_s = offset_s
        draft = self._file.with_suffix(".new")
        draft.write_text(f"{offset_s:.3f}")
        draft.rename(self._file)

    def jump(self, *, seconds: float = 0.0, years: float = 0.0) -> None:
        """From where it is."""
        self.set(self.offset_s + seconds + years * YEAR_S)

    def show(self, when: datetime) -> None:
        """Be there now."""
        self.set((when - datetime.now(UTC)).total_seconds())


@pytest.fixture
def wall_clock(tmp_path: Path) -> WallClock:
    """A right one, to be set wrong; skips where it cannot be built."""
    if not shutil.which("gcc"):
        pytest.skip("a clock of its own for a process needs gcc (sudo apt install gcc)")
    return WallClock(tmp_path / "clock")
