"""Stops one thread of a process and leaves the others alone: what a watchdog that is fed by a timer never notices.

    with stopped(tid) as reap:    # ptrace; OSError where the machine allows none (root allows it)
        eventually(lambda: reap() or …)

SIGSTOP stops a whole process. Whoever waits for a lock that the thread holds stands with it, as in life. The thread
that enters it must leave it, and call `reap` while it waits for the process to end: a stopped thread that is killed is
its tracer's to bury. The process goes on if we die.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SEIZE, INTERRUPT, DETACH = 0x4206, 0x4207, 17
ANY_NOW = 0x40000001
"""__WALL, WNOHANG."""


def threads(pid: int) -> list[int]:
    """Of a process, in the order they were started; the first is the process itself."""
    return sorted((int(one.name) for one in Path(f"/proc/{pid}/task").iterdir()), key=lambda tid: (tid != pid, tid))


@contextmanager
def stopped(tid: int) -> Iterator[Callable[[], None]]:
    """It stands meanwhile, or until its process is killed."""
    libc = ctypes.CDLL(None, use_errno=True)
    for request in (SEIZE, INTERRUPT):
        if libc.ptrace(request, tid, None, None):
            raise OSError(ctypes.get_errno(), f"ptrace: {os.strerror(ctypes.get_errno())}")
    try:
        yield lambda: libc.waitpid(tid, None, ANY_NOW) and None
    finally:
        libc.ptrace(DETACH, tid, None, None)
