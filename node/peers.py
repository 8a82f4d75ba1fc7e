"""Whose alerts a gong hears straight from other boxes: not, for a while, of one that says more than anybody can read.

Mosquitto has one queue for each of its clients, and the kernel holds megabytes behind it. What one stolen box says
without pause fills a gong's, and then the commune's own words wait behind it, or are dropped: the gong neither sounds
nor stops by order for a quarter of a minute after the flood, and `received` never comes. So the gong makes a new
connection, which drops what waits, and asks for the others' alerts by name until the flooder has been calm.

Rule 1. Only a flooder is left out: a box that comes back says its 64 alerts and proofs, and no more.
Rule 2. Nothing is lost by it that the commune has not got: it hears the flooder aside (broker/core/hush.py), and states
what sounds. A box that the code book does not name yet is not heard directly meanwhile.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from wire.envelope import Arrived, LinkItem

FLOOD = 200
"""Alerts of one box within WINDOW_S: three times what an outage makes a box keep."""
WINDOW_S = 2.0
CALM_S = 60.0
"""Without a flood, until a flooder is heard again: each change is a new connection."""
LOOK_MS = 5_000
"""Between looks whether somebody has been calm."""
_log = logging.getLogger(__name__)


class Peers:
    """Between the link, whose thread calls `deliver`, and the inbox; the loop calls `look`."""

    def __init__(
        self,
        put: Callable[[LinkItem], None],
        listen: Callable[[Sequence[str]], None],
        filters: Callable[[Collection[str]], Sequence[str]],
        now_s: Callable[[], float],
    ) -> None:
        """`filters`: what to listen to without these boxes; `listen` makes a new connection, and returns at once."""
        self._put = put
        self._listen = listen
        self._filters = filters
        self._now_s = now_s
        self._lock = threading.Lock()
        self._since_s = now_s()
        self._said: Counter[str] = Counter()
        self._until_s: dict[str, float] = {}

    def deliver(self, item: LinkItem) -> None:
        """Put it into the inbox; a flood changes whom we listen to."""
        self._put(item)
        if not isinstance(item, Arrived):
            return
        way, node = item.topic.split("/", 5)[3:5]  # keng/1/commune/up/NODE/word
        if way != "up":
            return
        with self._lock:
            now_s = self._now_s()
            if now_s - self._since_s >= WINDOW_S:
                self._since_s = now_s
                self._said.clear()
            self._said[node] += 1
            if self._said[node] < FLOOD:
                return
            self._said.clear()
            known = node in self._until_s  # what was on its way when we turned away
            self._until_s[node] = now_s + CALM_S
            if not known:
                self._change(f"{node} floods; its alerts are heard through the commune alone for a while")

    def look(self) -> None:
        """Hear those again who have been calm."""
        with self._lock:
            calm = [node for node, until_s in self._until_s.items() if until_s <= self._now_s()]
            for node in calm:
                del self._until_s[node]
            if calm:
                self._change(f"{', '.join(calm)}: heard again")

    def _change(self, why: str) -> None:
        _log.warning("%s", why)
        self._listen(self._filters(tuple(self._until_s)))
