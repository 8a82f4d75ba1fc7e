"""A deck's thread, clock and mailbox: the Speaker that every sink becomes.

What must always hold: `play`, `stop` and `close` only post a letter; the one sound thread alone touches the device; it
never dies, whatever a device, a report or our own mistake throws at it; and it ends when `close` returns, unless a
driver holds it, which then stands in `progress`.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from queue import Empty, SimpleQueue

from node.speaker.deck import Deck
from node.speaker.ports import Clip, Ended, Report, Reporter
from node.speaker.sink import Sink
from node.speaker.tape import NS_PER_MS, NS_PER_S

_log = logging.getLogger(__name__)

MAIL_MAX = 64
"""Letters that may wait: more means that a driver holds the thread, and playing them later would be wrong."""
CLOSE_S = 2.0
"""How long close waits for the thread: an open device is let go in milliseconds, a stuck driver perhaps never."""
AFTER_FAULT_NS = 250_000_000
"""Rest after a mistake of our own, so that it cannot eat the processor."""


class Player:
    """A Speaker over any sink."""

    def __init__(self, sink: Sink, report: Reporter, gain_db: float = 0.0, realtime: bool = True) -> None:
        """Starts the thread, which probes the device at once. `realtime`: ask the kernel for precedence, if allowed."""
        self._report = report
        self._mail: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._deck = Deck(sink, self._tell, time.monotonic_ns, gain_db)
        self._closed = False
        self._realtime = realtime
        self._thread = threading.Thread(target=self._run, name="speaker", daemon=True)
        self._thread.start()

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        asked_ns = time.monotonic_ns() if at_ms is None else at_ms * NS_PER_MS
        if self._closed or self._mail.qsize() >= MAIL_MAX:
            why = "io: the speaker is closed" if self._closed else "io: the sound thread is stuck"
            self._tell(Ended(ref, "failed", 0, 0, why))
            return
        self._mail.put(lambda: self._deck.play(ref, clip, asked_ns))

    def stop(self, ref: str | None = None) -> None:
        if not self._closed and self._mail.qsize() < 2 * MAIL_MAX:
            self._mail.put(lambda: self._deck.stop(ref))

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._mail.put(None)
            self._thread.join(CLOSE_S)

    def progress(self) -> int:
        return self._deck.progress

    def _run(self) -> None:
        if self._realtime:
            _take_precedence()
        due_ns = 0
        while self._read_mail(due_ns):
            due_ns = self._guarded(self._deck.step)

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
        self._guarded(lambda: self._deck.stop(None))
        return False

    def _guarded(self, act: Callable[[], int | None]) -> int:
        """When to come back; a stumble is reported, survived, and rested from."""
        try:
            return act() or 0
        except Exception as fault:
            _log.exception("the sound thread stumbled")
            self._deck.fail(f"bug: {type(fault).__name__}: {fault}")
            return time.monotonic_ns() + AFTER_FAULT_NS

    def _tell(self, report: Report) -> None:
        try:
            self._report(report)
        except Exception:
            _log.exception("a sound report was refused: %r", report)


def _take_precedence() -> None:
    """Round-robin real-time class, lowest rank: no stutter while a log is rotated. A child aplay inherits it."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except OSError:
        _log.debug("no real-time precedence for the sound thread (LimitRTPRIO=1 would allow it)")
