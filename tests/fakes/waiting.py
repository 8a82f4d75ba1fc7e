"""Waiting for a condition with a deadline, for tests of real processes, sockets and devices. Never for pure code."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

STEP_S = 0.005  # short against any bound that is asserted, long against a scheduler's slice

PATIENCE_S = 30.0
"""For what takes a moment: a machine that does other work as well may take so long. What must be quick is asserted."""

SLOWER = float(os.environ.get("KENG_SLOW", "1"))
"""So many times longer may all of it take: for an emulated processor (`make arm`)."""

T = TypeVar("T")


def eventually(
    look: Callable[[], T], within_s: float = PATIENCE_S, why: str = "it never came true", every_s: float = STEP_S
) -> T:
    """The first true value that `look` returns; AssertionError with `why` after `within_s` seconds."""
    within_s *= SLOWER
    end_s = time.monotonic() + within_s
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() >= end_s:
            raise AssertionError(f"{why} (within {within_s} s)")
        time.sleep(every_s)  # between two looks


def freeze(pid: int) -> None:
    """SIGSTOP; the whole process stands when this returns."""
    os.kill(pid, signal.SIGSTOP)
    stat = Path(f"/proc/{pid}/stat")
    eventually(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T", why=f"{pid} does not freeze")
