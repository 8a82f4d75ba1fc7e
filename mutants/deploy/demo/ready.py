"""Who is linked and welcomed, read off the wire: the demo is ready when every node is. Pure but for the lock."""

from __future__ import annotations

import threading
from collections.abc import Iterable

from wire.codec import decode
from wire.envelope import Arrived, LinkDown, LinkItem, LinkUp
from wire.errors import Refused
from wire.messages import Status
from wire.topics import Topics


class Roll:
    """Calls the roll. `take` on the link's thread, everything else on any."""

    def __init__(self, commune: str, nodes: Iterable[str]) -> None:
        self._topics = Topics(commune)
        self._missing = set(nodes)
        self._welcomed: set[str] = set()
        self._steady: set[str] = set()
        self._lock = threading.Lock()
        self._linked = threading.Event()
        self.complete = threading.Event()
        """Set when all are there."""

    @property
    def topics(self) -> list[str]:
        """What to listen to."""
        root = self._topics.root
        return [f"{root}/down/+/welcome", f"{root}/up/+/status"]

    def take(self, item: LinkItem) -> None:
        """Something came."""
        if isinstance(item, LinkUp):
            self._linked.set()
        if isinstance(item, LinkDown) or not isinstance(item, Arrived):
            return
        try:
            place = self._topics.parse(item.topic)
            with self._lock:
                if place.word == "welcome":
                    self._welcomed.add(place.who)
                elif self._is_steady(decode(item.payload, Status)):
                    self._steady.add(place.who)
                if not self._missing - (self._welcomed & self._steady):
                    self.complete.set()
        except Refused:
            return

    def listening(self, within_s: float) -> bool:
        """Wait until everything that is said from now on is heard."""
        return self._linked.wait(within_s)

    def missing(self) -> list[str]:
        """Who has not been both linked and welcomed."""
        with self._lock:
            return sorted(self._missing - (self._welcomed & self._steady))

    @staticmethod
    def _is_steady(status: Status) -> bool:
        heard = status.lamps is None or status.lamps.link != "unheard"
        return status.online and status.clock == "synced" and heard
