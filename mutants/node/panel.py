"""The sampler: the thread that reads the contacts, for ever.

What must always hold: nothing ends it but `close`. Whatever pins, reports or our own mistakes throw, it says
PanelHealth(False, why), lets go of the pins, and tries again; `turns` moves all the while, for a broken cable must not
make a watchdog restart the node, but a stuck driver must.

It does not know what a press is: levels go to the core, which integrates them.
"""

from __future__ import annotations

import logging
import os
import select
import threading
import time
from collections.abc import Callable

from node.board import Board
from node.core.items import Contacts, PanelHealth
from node.errors import PinFault
from node.sampling import BUSY_MS, Sampling

_log = logging.getLogger(__name__)

RETRY_MS = 1_000
"""Between tries to get lost pins back."""
CLOSE_S = 2.0
"""How long close waits for the thread."""

PanelReport = Callable[[Contacts | PanelHealth], None]
"""Where readings go; called on the sampler's thread, must only enqueue."""


class Bell:
    """Wakes a waiting thread from any other; costs it one system call a turn, half of what threading.Event does."""

    def __init__(self) -> None:
        self._fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        poll = select.poll()
        poll.register(self._fd, select.POLLIN)
        self._poll = poll.poll

    def ring(self) -> None:
        """Wake it, now or when it next waits."""
        os.eventfd_write(self._fd, 1)

    def wait(self, most_ms: int) -> bool:
        """Wait until it rings, at most so long; whether it rang."""
        if not self._poll(most_ms):
            return False
        os.eventfd_read(self._fd)
        return True


class Sampler:
    """Reads a board and reports."""

    def __init__(self, board: Board, report: PanelReport, bell: Bell | None = None) -> None:
        """`bell`: rung by the board's hints."""
        self._board = board
        self._report = report
        self._bell = bell or Bell()
        self.opened: list[Callable[[], None]] = []
        """Called whenever the pins were opened, and every output is off: whoever drives one drives it again."""
        self._turns = 0
        self._ok: bool | None = None
        self._why = ""
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="panel", daemon=True)

    def open(self) -> None:
        """Start reading; the first report says whether there are pins."""
        self._thread.start()

    def turns(self) -> int:
        """Moves while the thread lives and the driver answers: the watchdog's food."""
        return self._turns

    def close(self) -> None:
        """End the thread and let go of the pins."""
        self._closing = True
        self._bell.ring()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)
        self._board.close()

    def _run(self) -> None:
        while not self._closing:
            self._turns += 1
            try:
                self._board.open()
                for renew in self.opened:
                    renew()
                self._say(True, "")
                self._watch()
            except PinFault as fault:
                self._fail(str(fault))
            except Exception as fault:
                _log.exception("the sampler stumbled")
                self._fail(f"{type(fault).__name__}: {fault}")

    def _watch(self) -> None:
        sampling = Sampling()
        read, wait, take, clock = self._board.read, self._bell.wait, sampling.take, time.monotonic_ns
        while not self._closing:
            closed = read()
            now_ms = clock() // 1_000_000
            tell, wait_ms = take(now_ms, closed)
            if tell:
                self._report(Contacts(now_ms, closed))
            self._turns += 1
            if wait(wait_ms):
                woken_ms = clock() // 1_000_000
                sampling.hint(woken_ms)
                # Edges may come faster than anybody can read: a noisy cable must not eat the processor.
                time.sleep(max(0, now_ms + BUSY_MS - woken_ms) / 1000)

    def _fail(self, why: str) -> None:
        self._board.close()
        self._say(False, why)
        if not self._closing:
            self._bell.wait(RETRY_MS)

    def _say(self, ok: bool, why: str) -> None:
        if (ok, why) == (self._ok, self._why):
            return
        self._ok, self._why = ok, why
        try:
            self._report(PanelHealth(ok, why))
        except Exception:
            _log.exception("a report of the panel was refused")
