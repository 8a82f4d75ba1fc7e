"""The loop: one thread that waits for the next item or the core's deadline, steps the core, and has it done.

What must always hold: only this loop reads a clock for the core; it never waits longer than LONGEST_WAIT_S of wall
time; nothing that an item, an effect or a watcher does ends it, or makes it go round in circles. It ends after Stop,
with what the core wants said last.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from node.core.effects import Effect
from node.core.items import Item, Stop, Tick
from node.core.node import Node
from node.hands import Hands
from node.inbox import Inbox
from node.trace import Trace

_log = logging.getLogger(__name__)

LONGEST_WAIT_S = 20.0
"""A step of the wall clock, or a machine that slept, cannot be slept through."""
IDLE_FROM_S = 0.02
"""A wait at least so long is a good moment to write the trace out."""
REST_MS = 250
"""After a mistake of the core, before its deadline is looked at again: it would still be over. Items do not wait."""
LOG_EVERY_MS = 10_000
"""Mistakes of the core closer than this are counted, not written down: a log is on the card, too."""


def now_ms() -> int:
    """The core's clock: whole monotonic milliseconds."""
    return time.monotonic_ns() // 1_000_000


@dataclass(slots=True)
class Chore:
    """Something that comes round again, on the loop's own thread."""

    every_ms: int
    """How often."""
    act: Callable[[], object]
    """Short; must not wait for anything."""
    due_ms: int = 0
    """When next; at first at once."""


class Watcher(Protocol):
    """Somebody who looks on."""

    def saw(self, item: Item, effects: Sequence[Effect]) -> None:
        """One step was made and done."""
        ...


class Loop:
    """A core, its inbox and its hands."""

    def __init__(
        self,
        core: Node,
        inbox: Inbox,
        hands: Hands,
        chores: Sequence[Chore],
        trace: Trace | None = None,
        watcher: Watcher | None = None,
    ) -> None:
        self._core = core
        self._inbox = inbox
        self._hands = hands
        self._chores = chores
        self._trace = trace
        self._watcher = watcher
        self._turns = 0
        self._rest_until_ms = 0
        self._stumbles = 0
        self._log_ms = 0

    def turns(self) -> int:
        """Moves with each turn that did what was to be done, if only to wait: the watchdog's food."""
        return self._turns

    def run(self) -> None:
        """Until Stop."""
        while True:
            wait_s = self._wait_s()
            if wait_s > IDLE_FROM_S and self._trace is not None:
                self._trace.flush()
            item = self._inbox.get(wait_s)
            if (item is None and now_ms() < self._due_ms()) or self.step(item or Tick()):
                self._turns += 1
            if isinstance(item, Stop):
                return
            self._do_chores()

    def step(self, item: Item) -> bool:
        """One item through the core, and its effects done; whether the core could take it."""
        at_ms = now_ms()
        effects: list[Effect] = []
        good = True
        try:
            effects = self._core.step(at_ms, item)
        except Exception:
            # A mistake of ours in the core must not take gong and buttons away with it.
            self._stumbled(at_ms, item)
            good = False
        self._hands.do(effects)
        if self._trace is not None:
            self._trace.step(at_ms, item, effects)
        if self._watcher is not None:
            self._watcher.saw(item, effects)
        return good

    def _stumbled(self, at_ms: int, item: Item) -> None:
        self._rest_until_ms = at_ms + REST_MS
        self._stumbles += 1
        if at_ms >= self._log_ms:
            _log.exception("the core stumbled (%d times), last over %.200r", self._stumbles, item)
            self._stumbles, self._log_ms = 0, at_ms + LOG_EVERY_MS

    def _due_ms(self) -> int:
        return max(self._core.deadline_ms, self._rest_until_ms)

    def _wait_s(self) -> float:
        next_ms = min([self._due_ms(), *(chore.due_ms for chore in self._chores)])
        return min(LONGEST_WAIT_S, max(0, next_ms - now_ms()) / 1000)

    def _do_chores(self) -> None:
        at_ms = now_ms()
        for chore in self._chores:
            if chore.due_ms > at_ms:
                continue
            chore.due_ms = at_ms + chore.every_ms
            try:
                chore.act()
            except Exception:
                _log.exception("a chore failed")
