"""A deck with a thread and a clock: the Speaker that every sink becomes.

What must always hold: `play`, `stop` and `close` only post a letter (turns.py); the one sound thread alone touches the
device.
"""

from __future__ import annotations

import logging
import os
import time

from node.speaker.deck import Deck
from node.speaker.ports import Ended, Reporter
from node.speaker.sink import Sink
from node.speaker.tape import NS_PER_MS
from node.speaker.turns import MAIL_MAX, Turns, guarded
from patterns.clip import Clip

_log = logging.getLogger(__name__)


class Player:
    """A Speaker over any sink."""

    def __init__(self, sink: Sink, report: Reporter, gain_db: float = 0.0, realtime: bool = True) -> None:
        """Starts the thread, which probes the device at once. ValueError for a gain outside gain.py's limits.

        realtime: ask the kernel for precedence, where it is allowed (root, or LimitRTPRIO=1).
        """
        self._tell = guarded(report)
        deck = Deck(sink, self._tell, time.monotonic_ns, gain_db)
        self._deck = deck
        self._turns = Turns("speaker", deck.step, lambda: deck.stop(None), deck.fail, precede if realtime else None)

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        asked_ns = time.monotonic_ns() if at_ms is None else at_ms * NS_PER_MS
        if not self._turns.post(lambda: self._deck.play(ref, clip, asked_ns)):
            why = "io: the speaker is closed" if self._turns.closed else "io: the sound thread is stuck"
            self._tell(Ended(ref, "failed", 0, 0, why))

    def stop(self, ref: str | None = None) -> None:
        self._turns.post(lambda: self._deck.stop(ref), 2 * MAIL_MAX)

    def close(self) -> None:
        self._turns.close()

    def progress(self) -> int:
        return self._deck.progress


def precede() -> None:
    """Round-robin real-time class, lowest rank: no stutter while a log is rotated. A child aplay inherits it."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except OSError:
        _log.debug("no real-time precedence for the sound thread (LimitRTPRIO=1 would allow it)")
