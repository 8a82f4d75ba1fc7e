"""What is heard on MQTT, kept as a picture of now: each node's last status, the set that is stated, alerts on their
way. Pure.

What must hold: a stranger's bytes raise nothing here; what the register already has is not kept twice; it is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wire.codec import decode
from wire.envelope import Arrived
from wire.errors import Refused
from wire.messages import ActiveAlarm, Alarms, Alert, Status
from wire.topics import Topics

MAX_NODES = 500  # of the largest commune, and as many that are invented
MAX_ALERTS = 64  # that the register does not have yet
QUIET_MS = 30_000  # three statuses missed: what a node last said is no longer how it is


@dataclass(frozen=True, slots=True)
class Heard:
    """A node's last words."""

    status: Status
    """What it said."""
    at_ms: int
    """Commune time; of a retained one that of our connection."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alert as a node sent it."""

    alert: Alert
    """What it said."""
    at_ms: int
    """Commune time of its first copy here."""


@dataclass(slots=True)
class WireView:
    """Mutable, and owned by the hub alone."""

    topics: Topics
    """Of the commune."""
    linked: bool = False
    """Whether the broker is there."""
    stated_at_ms: int | None = None
    """When the commune last stated its set."""
    stated: tuple[ActiveAlarm, ...] = ()
    """What should sound."""
    nodes: dict[str, Heard] = field(default_factory=dict)
    """By id."""
    alerts: dict[str, Raised] = field(default_factory=dict)
    """By id: loud ones of late."""

    @property
    def filters(self) -> list[str]:
        """What to subscribe to, beside what we are told."""
        topics = self.topics
        return [topics.every("up", "status"), topics.every("up", "alert"), topics.all("alarms")]

    def take(self, item: Arrived, wall_ms: int) -> bool:
        """Whether it changed the picture."""
        try:
            place = self.topics.parse(item.topic)
            match place.way, place.word:
                case "up", "status":
                    return self._status(place.who, decode(item.payload, Status), wall_ms)
                case "up", "alert" if not item.retained:
                    return self._alert(place.who, decode(item.payload, Alert), wall_ms)
                case "all", "alarms" if not item.retained:
                    stated = decode(item.payload, Alarms).alarms
                    changed = stated != self.stated
                    self.stated, self.stated_at_ms = stated, wall_ms
                    return changed
        except Refused:
            pass
        return False

    def _status(self, node: str, status: Status, wall_ms: int) -> bool:
        if status.node != node or (node not in self.nodes and len(self.nodes) >= MAX_NODES):
            return False
        before = self.nodes.get(node)
        self.nodes[node] = Heard(status, wall_ms)
        return before is None or before.status != status

    def _alert(self, node: str, alert: Alert, wall_ms: int) -> bool:
        if alert.node != node or alert.id in self.alerts:
            return False
        self.alerts[alert.id] = Raised(alert, wall_ms)
        while len(self.alerts) > MAX_ALERTS:
            del self.alerts[next(iter(self.alerts))]
        return True
