"""Where everything that happens to the service comes in: one queue, bounded, that nobody waits to put into.

What must hold: `put` never blocks for long and never raises; items come out in the order in which they came in; a
sender who floods fills his own share and nobody else's. What is left out comes again: alerts are sent again,
states stated again. The service's own beacon is never left out for a flood of others: a flood must not look like a
broker that hangs.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter

from broker.core.items import Flooding, Item
from wire.envelope import Arrived
from wire.topics import BEACON

MAX_OF_ONE = 100
"""Arrivals of one sender that may wait: a node says a few words a second at its liveliest."""
MAX_ARRIVED = 4_000
"""Of all senders: the hellos and statuses of 1,000 nodes at once, and 64 MB of the largest packets."""

FLOOD_OF_ONE = 200
"""Arrivals of one node left out while its share was full: no outage makes a box keep so many (64 alerts and proofs)."""


class Inbox:
    """A queue from many threads to one."""

    def __init__(self) -> None:
        # Its put is reentrant, so a signal's handler may use it while the loop is inside `get`.
        self._items: queue.SimpleQueue[Item] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._arrived = 0
        self.lost = 0
        """Arrivals left out since the start."""

    def put(self, item: Item) -> None:
        """Add it, or leave it out if its sender, or everybody, has too many waiting."""
        if isinstance(item, Arrived):
            sender = _sender(item.topic)
            with self._lock:
                full = self._arrived >= MAX_ARRIVED and not item.topic.endswith(f"/{BEACON}")
                if full or self._waiting[sender] >= MAX_OF_ONE:
                    self.lost += 1
                    self._left_out[sender] += self._waiting[sender] >= MAX_OF_ONE
                    flooded = self._left_out[sender] and self._left_out[sender] % FLOOD_OF_ONE == 0
                    if flooded and sender.startswith("up/"):
                        self._items.put(Flooding(sender.removeprefix("up/")))
                    return
                self._waiting[sender] += 1
                self._arrived += 1
        self._items.put(item)

    def get(self, timeout_s: float) -> Item | None:
        """The oldest; None if there is none for so long."""
        try:
            item = self._items.get(timeout=timeout_s) if timeout_s > 0 else self._items.get_nowait()
        except queue.Empty:
            return None
        if isinstance(item, Arrived):
            sender = _sender(item.topic)
            with self._lock:
                self._arrived -= 1
                self._waiting[sender] -= 1
                if not self._waiting[sender]:
                    del self._waiting[sender]
                    self._left_out.pop(sender, None)
        return item


def _sender(topic: str) -> str:
    """keng/1/commune/up/NODE/…: the broker's access list vouches for the name."""
    return "/".join(topic.split("/", 5)[3:5])
