"""Tells systemd that the duty desk lives: only when the pages' loop has come round and the board's thread has moved.

What must hold: it runs in the loop that serves the pages, so a loop that hangs feeds nothing; a thread of the board
that stood still between two looks feeds nothing either, for a page that shows an old board as the newest is worse than
none. Without the service, Mosquitto or a register both move: then the page says so, and nobody is restarted.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from broker.sdnotify import Notifier

FEEDS_PER_PERIOD = 3
"""systemd's advice is half the period; a third leaves room for one late look."""
_log = logging.getLogger(__name__)


class ConsoleHeart:
    """Begun by the loop once it accepts connections."""

    def __init__(self, notifier: Notifier, turns: Callable[[], int], stuck: Callable[[], bool] = lambda: False) -> None:
        """`turns`: of the board's thread; it moves many times a second. `stuck`: whether the link's thread is."""
        self._stuck = stuck
        self._notifier = notifier
        self._turns = turns
        self._seen = turns()
        self._every_s = notifier.watchdog_ms / 1000 / FEEDS_PER_PERIOD
        self._next: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Pages are served; to be called in the loop."""
        self._notifier.say("READY=1", "STATUS=Trang trực ban đang chạy / serving")
        if self._every_s:
            self._seen = self._turns()
            self._wait()

    def end(self) -> None:
        """No further feeding is needed."""
        if self._next is not None:
            self._next.cancel()
        self._notifier.say("STOPPING=1")

    def beat(self) -> None:
        """The loop has come round."""
        turns = self._turns()
        still = "the board's thread" if turns == self._seen else "the link" if self._stuck() else ""
        if still:
            _log.error("no progress: %s; systemd is not told that all is well", still)
        else:
            self._notifier.say("WATCHDOG=1")
        self._seen = turns

    def _wait(self) -> None:
        self._next = asyncio.get_running_loop().call_later(self._every_s, self._again)

    def _again(self) -> None:
        self._wait()
        self.beat()
