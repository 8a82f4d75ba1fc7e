"""Tells systemd that the service lives: only when the loop has come round, the register answered, the link moved.

A register that says it cannot be read is no reason to be restarted: a restart mends no disk, and the alarms of a
service that cannot write still sound. One that never answers is: then the loop hangs with it, and nothing is fed.
A link that is down is none either, but one whose thread is caught is: it would be down for ever, and a Mosquitto that
is well would be started again and again for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from broker.errors import RegisterError
from broker.sdnotify import Notifier

PERIOD_MS = 10_000
"""How often the register is asked where systemd does not watch."""
FEEDS_PER_PERIOD = 3
"""systemd's advice is half the period; a third leaves room for a slow disk."""


class Probed(Protocol):
    """The part of a register that is looked at here."""

    def probe(self) -> None:
        """RegisterError if it cannot be read."""
        ...


class Heart:
    """Beaten by the loop after each step."""

    def __init__(
        self,
        register: Probed,
        notifier: Notifier,
        say: Callable[[str], None] = lambda _: None,
        stuck: Callable[[], bool] = lambda: False,
    ) -> None:
        """`say` hears, once each time, that the register cannot be read; `stuck`: whether the link's thread is."""
        self._stuck = stuck
        self._register = register
        self._notifier = notifier
        self._say = say
        self._period_ms = notifier.watchdog_ms // FEEDS_PER_PERIOD or PERIOD_MS
        self._due_ms = 0
        self._broken = False

    def beat(self, now_ms: int) -> None:
        """The loop has come round."""
        if now_ms < self._due_ms:
            return
        try:
            self._register.probe()
            self._broken = False
        except RegisterError as error:
            if not self._broken:
                self._broken = True
                self._say(str(error))
        if self._stuck():
            self._say("no progress: the link; systemd is not told that all is well")
        else:
            self._notifier.say("WATCHDOG=1")
        self._due_ms = now_ms + self._period_ms
