"""Welcomes nodes in place of the service, so that a bench can state alarms by hand without a second voice."""

from __future__ import annotations

import json
import threading
import time

from bench.rig import TOPICS
from fakes.mosquitto import Mosquitto
from fakes.waiting import eventually

from wire.codec import encode
from wire.envelope import Arrived, Publication
from wire.link import Link, LinkItem, LinkSettings
from wire.messages import Welcome
from wire.words import Instant


class Welcomer:
    """Answers each hello with the machine's own time."""

    def __init__(self, broker: Mosquitto) -> None:
        self._welcomed: dict[str, int] = {}
        self._lock = threading.Lock()
        self._link = Link(
            LinkSettings(broker.host, broker.port, "welcomer"), [TOPICS.every("up", "hello")], self._heard
        )
        self._link.open()

    def wait(self, node: str) -> None:
        """Until this one was welcomed."""
        eventually(lambda: node in self._welcomed, why=f"{node} said no hello")

    def times(self, node: str) -> int:
        """How often it was."""
        return self._welcomed.get(node, 0)

    def close(self) -> None:
        """Leave."""
        self._link.close()

    def _heard(self, item: LinkItem) -> None:
        if not isinstance(item, Arrived):
            return
        hello = json.loads(item.payload)
        now = Instant(time.time_ns() // 1_000_000)
        welcome = Welcome(nonce=hello["nonce"], now=now, issued_at=now, counter=0)
        self._link.publish(Publication(TOPICS.down(hello["node"], "welcome"), encode(welcome)))
        with self._lock:
            self._welcomed[hello["node"]] = self._welcomed.get(hello["node"], 0) + 1
