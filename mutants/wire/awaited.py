"""Which publication a broker's refusal is about. Both sides may be first: the one that sends, the one that listens."""

from __future__ import annotations

import threading


class Awaited:
    """Topics of publications whose PUBACK is awaited, by packet id; as many as are under way, so bounded by that."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._topics: dict[int, str] = {}
        self._early: dict[int, str] = {}

    def sent(self, packet_id: int, topic: str) -> str:
        """It went out; why it has been refused already, empty if it has not."""
        with self._lock:
            if packet_id in self._early:
                return self._early.pop(packet_id)
            self._topics[packet_id] = topic
            return ""

    def answered(self, packet_id: int, why: str) -> str | None:
        """The broker has answered, with a reason if it refused; the topic, none if `sent` has still to say it."""
        with self._lock:
            topic = self._topics.pop(packet_id, None)
            if topic is None:
                self._early[packet_id] = why
            return topic
