"""A thread that takes turns between its mail and what is due: where the sounding side of a speaker lives.

What must always hold: posting returns at once; letters are acted on in order, each before the next step; the thread
never dies of what a letter or a step throws, which is logged, told to `stumbled`, and rested from; `last` runs on it
before it ends; and `close` returns after CLOSE_S even if a driver holds the thread.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from node.speaker.ports import Report, Reporter
from node.speaker.tape import NS_PER_S

_log = logging.getLogger(__name__)

MAIL_MAX = 64
"""Letters that may wait: more means that a driver holds the thread, and acting on them later would be wrong."""
CLOSE_S = 2.0
"""How long close waits for the thread: an open device is let go in milliseconds, a stuck driver perhaps never."""
AFTER_FAULT_NS = 250_000_000
"""Rest after a mistake of our own, so that it cannot eat the processor."""

Letter = Callable[[], None]


class Turns:
    """One thread, one mailbox."""

    def __init__(
        self,
        name: str,
        step: Callable[[], int],
        last: Letter,
        stumbled: Callable[[str], None],
        first: Letter | None = None,
    ) -> None:
        """`step` does what is due and says when to come back (monotonic ns); `first` and `last` frame the thread."""
        self._mail: SimpleQueue[Letter | None] = SimpleQueue()
        self._step, self._first, self._last, self._stumbled = step, first, last, stumbled
        self.closed = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def post(self, letter: Letter, most: int = MAIL_MAX) -> bool:
        """Have this done next; False if it was refused: closed, or `most` letters wait already."""
        if self.closed or self._mail.qsize() >= most:
            return False
        self._mail.put(letter)
        return True

    def close(self) -> None:
        """Do what was posted, then `last`, then end."""
        if not self.closed:
            self.closed = True
            self._mail.put(None)
            self._thread.join(CLOSE_S)

    def _run(self) -> None:
        if self._first:
            self._first()
        due_ns = 0
        while self._read_mail(due_ns):
            due_ns = self._guarded(self._step)
        self._guarded(self._last)

    def _read_mail(self, until_ns: int) -> bool:
        """Wait for a letter, act on all there are; False when it was told to end."""
        try:
            wait_ns = until_ns - time.monotonic_ns()
            letter = self._mail.get(timeout=wait_ns / NS_PER_S) if wait_ns > 0 else self._mail.get_nowait()
            while letter is not None:
                self._guarded(letter)
                letter = self._mail.get_nowait()
        except Empty:
            return True
        return False

    def _guarded(self, act: Callable[[], int | None]) -> int:
        try:
            return act() or 0
        except Exception as fault:
            _log.exception("the %s thread stumbled", self._thread.name)
            self._stumbled(f"bug: {type(fault).__name__}: {fault}")
            return time.monotonic_ns() + AFTER_FAULT_NS


def guarded(report: Reporter) -> Reporter:
    """The same reporter, but what it throws is only logged: a full queue must not end a sound."""

    def tell(what: Report) -> None:
        try:
            report(what)
        except Exception:
            _log.exception("a report was refused: %r", what)

    return tell
