"""Stops one thread of a process and leaves the others alone: what a watchdog that is fed by a timer never notices.

    with stopped(tid): ...        # ptrace; PermissionError where the machine allows none (root allows it)

SIGSTOP stops a whole process. Whoever waits for a lock that the thread holds stands with it, as in life. The thread
that enters it must leave it, and the process goes on if we die.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17


def threads(pid: int) -> list[int]:
    """Of a process, in the order they were started; the first is the process itself."""
    return sorted(int(one.name) for one in Path(f"/proc/{pid}/task").iterdir())


@contextmanager
def stopped(tid: int) -> Iterator[None]:
    """It stands meanwhile, or until its process is killed."""
    libc = ctypes.CDLL(None, use_errno=True)
    for request in (SEIZE, INTERRUPT):
        if libc.ptrace(request, tid, None, None):
            raise OSError(ctypes.get_errno(), f"ptrace: {os.strerror(ctypes.get_errno())}")
    try:
        yield
    finally:
        libc.ptrace(DETACH, tid, None, None)
