"""Whether a thread moves, for watchdogs: it says each time it comes round, and how long it means to rest."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

STUCK_S = 120.0
"""A turn of the link takes so long in no network: names that nobody answers for are given up in half of it."""


class Moving:
    """Said to by one thread, looked at by another."""

    def __init__(self, stuck_s: float = STUCK_S, now_s: Callable[[], float] = time.monotonic) -> None:
        """`stuck_s`: longer than any turn."""
        self._stuck_s, self._now_s = stuck_s, now_s
        self._due_s = math.inf

    def on_time(self, rest_s: float = 0.0) -> None:
        """It has come round, and is at its next turn after this rest."""
        self._due_s = self._now_s() + rest_s + self._stuck_s

    def stuck(self) -> bool:
        """Whether it is caught; False before its first turn."""
        return self._now_s() > self._due_s
