"""Where everything that happens comes in: one queue, bounded, that nobody ever waits to put into.

What must always hold: `put` never blocks and never raises, whatever the other side does; items come out in the order in
which they came in. When there are too many, what goes is decided by kind:

- contact readings that only repeat the one before are thinned, to no wider than the core trusts; then the oldest go;
- arrivals: the oldest go, for the newest statement says all that matters, and alerts are sent again;
- the rest (a few a minute: reports of the speaker, the disk, the link) has room of its own, which a flood cannot take.

What was dropped is counted, and told by `lost`.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Mapping
from typing import Literal

from node.core.contacts import LONGEST_STEP_MS
from node.core.items import Contacts, Item
from wire.envelope import Arrived

Lane = Literal["contacts", "arrived", "rest"]
LIMITS: Mapping[Lane, int] = {
    "contacts": 4096,  # 8 s at the fastest, 24 s thinned: longer than a loop may stall under its watchdog
    "arrived": 512,  # 4 MiB of the largest messages
    "rest": 1024,
}
THIN_FROM = 64
"""Readings that may wait before they are thinned: a loop that keeps up never has two."""


class Inbox:
    """A queue from many threads to one."""

    def __init__(self) -> None:
        # Reentrant: a signal's handler may put while this very thread is inside.
        self._change = threading.Condition(threading.RLock())
        self._lanes: dict[Lane, deque[tuple[int, Item]]] = {lane: deque() for lane in LIMITS}
        self._next = 0
        self._lost: Counter[Lane] = Counter()

    def put(self, item: Item) -> None:
        """Add it; never blocks, never raises."""
        lane: Lane = "contacts" if isinstance(item, Contacts) else "arrived" if isinstance(item, Arrived) else "rest"
        with self._change:
            queue = self._lanes[lane]
            if isinstance(item, Contacts) and len(queue) >= THIN_FROM:
                self._thin(queue, item)
            if len(queue) >= LIMITS[lane]:
                queue.popleft()
                self._lost[lane] += 1
            queue.append((self._next, item))
            self._next += 1
            self._change.notify()

    def get(self, timeout_s: float) -> Item | None:
        """The oldest item; None if there is none for so long."""
        with self._change:
            oldest = self._oldest()
            if oldest is None and timeout_s > 0:
                self._change.wait(timeout_s)
                oldest = self._oldest()
            return None if oldest is None else oldest.popleft()[1]

    def lost(self) -> dict[str, int]:
        """How many items of each lane were dropped since the start."""
        with self._change:
            return {str(lane): count for lane, count in self._lost.items()}

    def _oldest(self) -> deque[tuple[int, Item]] | None:
        waiting = [queue for queue in self._lanes.values() if queue]
        return min(waiting, key=lambda queue: queue[0][0], default=None)

    @staticmethod
    def _thin(queue: deque[tuple[int, Item]], new: Contacts) -> None:
        """Take out the last reading if its neighbours say the same and are near enough without it."""
        before, last = queue[-2][1], queue[-1][1]
        if (
            isinstance(before, Contacts)
            and isinstance(last, Contacts)
            and before.closed == last.closed == new.closed
            and new.at_ms - before.at_ms <= LONGEST_STEP_MS
        ):
            queue.pop()
