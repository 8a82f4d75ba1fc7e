"""A real gong, struck by a solenoid: a Speaker that plays a clip's strokes, and none of its sound.

What must always hold: whatever happens, the last thing done to the coil is `off`, and hammer.py's limits; a coil that
stays on burns. A stop comes at once: the blow that is on its way is let go.

The GPIO pin is behind `Striker`; the transistor and its flyback diode are the installer's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Literal, Protocol

from node.speaker.hammer import PULSE_NS, REST_NS, Hammer
from node.speaker.player import precede
from node.speaker.ports import Ended, Health, Reporter, Started
from node.speaker.tape import NS_PER_MS
from node.speaker.turns import MAIL_MAX, Turns, guarded
from patterns.clip import Clip

_log = logging.getLogger(__name__)

IDLE_NS = 2_000 * NS_PER_MS
"""Between turns with nothing due: the watchdog's food; each one lets the coil go once more."""


class Striker(Protocol):
    """The pin that drives the coil."""

    def on(self) -> None:
        """Drive it."""
        ...

    def off(self) -> None:
        """Let it go. Safe to call at any time, any number of times."""
        ...


class Solenoid:
    """A Speaker that strikes."""

    def __init__(self, striker: Striker, report: Reporter) -> None:
        self._striker, self._tell = striker, guarded(report)
        self._now: Hammer | None = None
        self._ref = ""
        self._asked_ns = 0
        self._first_ns: int | None = None
        self._off_ns: int | None = None
        self._rested_ns = 0
        self._health: Health | None = None
        self._moves = 0
        self._turns = Turns("solenoid", self._step, self._last, self._stumbled, precede)

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        asked_ns = time.monotonic_ns() if at_ms is None else at_ms * NS_PER_MS
        if not self._turns.post(lambda: self._take(ref, clip, asked_ns)):
            self._tell(Ended(ref, "failed", 0, 0, "io: the striker is closed or stuck"))

    def stop(self, ref: str | None = None) -> None:
        self._turns.post(lambda: self._stop(ref), 2 * MAIL_MAX)

    def close(self) -> None:
        self._turns.close()

    def progress(self) -> int:
        return self._moves

    def _step(self) -> int:
        now_ns = time.monotonic_ns()
        self._moves += 1
        if self._off_ns is not None:
            if now_ns < self._off_ns:
                return self._off_ns
            self._let_go()
        if self._now is None:
            self._drive(self._striker.off)
            return now_ns + IDLE_NS
        due_ns = self._now.due_ns()
        if now_ns < due_ns:
            return min(due_ns, now_ns + IDLE_NS)
        if self._now.over(now_ns):
            self._end(
                "finished" if self._now.struck else "failed", "" if self._now.struck else "io: no blow was struck"
            )
        elif self._now.strike(now_ns, self._rested_ns) and self._drive(self._striker.on):
            self._off_ns = now_ns + PULSE_NS
            self._now.struck += 1
            if self._first_ns is None:
                self._first_ns = now_ns
                self._tell(Started(self._ref, now_ns, max(0, now_ns - self._asked_ns) // NS_PER_MS))
        return now_ns

    def _let_go(self) -> None:
        self._drive(self._striker.off)
        self._off_ns = None
        self._rested_ns = time.monotonic_ns() + REST_NS

    def _drive(self, pin: Callable[[], None]) -> bool:
        try:
            pin()
        except Exception as fault:
            _log.exception("the striker's pin does not obey")
            self._heal(Health(False, f"io: {fault}"))
            return False
        self._heal(Health(True, "ok"))
        return True

    def _heal(self, health: Health) -> None:
        if health != self._health:
            self._health = health
            self._tell(health)

    def _take(self, ref: str, clip: Clip, asked_ns: int) -> None:
        self._end("pre_empted")
        self._now, self._ref, self._asked_ns, self._first_ns = Hammer(clip, asked_ns), ref, asked_ns, None

    def _stop(self, ref: str | None) -> None:
        if self._now and ref in (None, self._ref):
            self._end("stopped")

    def _end(self, how: Literal["finished", "stopped", "pre_empted", "failed"], why: str = "") -> None:
        if self._off_ns is not None:
            self._let_go()
        if self._now is not None:
            struck, self._now = self._now.struck, None
            sounded_ns = 0 if self._first_ns is None else time.monotonic_ns() - self._first_ns
            self._tell(Ended(self._ref, how, sounded_ns // NS_PER_MS, struck, why))

    def _stumbled(self, why: str) -> None:
        self._end("failed", why)

    def _last(self) -> None:
        self._end("stopped")
        self._drive(self._striker.off)
