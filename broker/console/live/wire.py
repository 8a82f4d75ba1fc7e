"""What is heard on MQTT, kept as a picture of now: each node's last status, the set that is stated, alerts on their
way. Pure.

What must hold: a stranger's bytes raise nothing here; what the register already has is not kept twice; it is bounded.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from broker.console.live.tail import RegisterView
from broker.console.live.vouched import Vouched
from wire.asks import Told
from wire.codec import decode, decode_alert
from wire.envelope import Arrived
from wire.errors import Refused
from wire.messages import ActiveAlarm, Alarms, Alert, Cancel, Status
from wire.topics import Topics

MAX_NODES = 500  # of the largest commune, and as many that are invented
MAX_ALERTS = 64  # that the register does not have yet
FOREIGN_MS = 60_000  # a set made by hand may bear an older moment than that of its saying
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


@dataclass(frozen=True, slots=True)
class Silent:
    """A silent alert, as officers are told of it before it is written down."""

    id: str
    """The alert's."""
    node: str
    """Slug."""
    hamlet: str
    """Slug."""
    kind: str
    """As on the wire."""
    drill: bool
    """An exercise."""
    at_ms: int
    """Commune time of the notice."""


@dataclass(slots=True)
class WireView:
    """Mutable, and owned by the hub alone."""

    topics: Topics
    """Of the commune."""
    vouched: Vouched = field(default_factory=Vouched)
    """Whose sets are believed."""
    linked: bool = False
    """Whether the broker is there."""
    stated_at_ms: int | None = None
    """When the commune last stated its set."""
    stated: tuple[ActiveAlarm, ...] = ()
    """What should sound."""
    once: dict[str, ActiveAlarm] = field(default_factory=dict)
    """By id: what was stated and the register did not have when it was last asked; its sound may be over."""
    nodes: dict[str, Heard] = field(default_factory=dict)
    """By id."""
    alerts: dict[str, Raised] = field(default_factory=dict)
    """By id: loud ones of late."""
    silent: dict[str, Silent] = field(default_factory=dict)
    """By id: silent ones of late."""

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
                    return self._alert(place.who, decode_alert(item.payload), wall_ms)
                case "all", "alarms" if not item.retained:
                    order = decode(item.payload, Alarms)
                    return not self.vouched.takes(item, order, wall_ms) or self._stated(order.alarms, wall_ms)
        except Refused:
            pass
        return False

    def heed(self, register: RegisterView) -> None:
        """What the register has is the truth from now on; what the commune disowns and never wrote down was none of its
        own, once it has taken it out of the set again."""
        self.vouched.use(register.key)
        for row in (*register.incidents, *register.ended):
            for kept in (self.once, self.alerts, self.silent):
                kept.pop(row.id, None)
        since_ms = self.foreign_since(register)
        if since_ms is not None:
            mine = {alarm.id for alarm in self.stated}
            theirs = [one for one in self.once.values() if one.since.ms >= since_ms - FOREIGN_MS and one.id not in mine]
            for alarm in theirs:
                del self.once[alarm.id]

    def foreign_since(self, register: RegisterView) -> int | None:
        """Since when the commune says that another service orders in its place; none where a key tells them apart."""
        said = (one for one in register.troubles if (one.kind, one.about) == ("foreign_service", "alarms"))
        trouble = None if self.vouched.keyed or register.fault else next(said, None)
        return None if trouble is None else trouble.since_ms

    def _stated(self, stated: tuple[ActiveAlarm, ...], wall_ms: int) -> bool:
        changed = stated != self.stated
        self.stated, self.stated_at_ms = stated, wall_ms
        for alarm in stated:
            self.once[alarm.id] = alarm
        while len(self.once) > MAX_ALERTS:
            del self.once[next(iter(self.once))]
        return changed

    def _status(self, node: str, status: Status, wall_ms: int) -> bool:
        if status.node != node or (node not in self.nodes and len(self.nodes) >= MAX_NODES):
            return False
        before = self.nodes.get(node)
        self.nodes[node] = Heard(status, wall_ms)
        return before is None or before.status != status

    def _alert(self, node: str, alert: Alert | Cancel, wall_ms: int) -> bool:
        if isinstance(alert, Cancel):
            known = self.alerts.get(alert.id)
            return known is not None and known.alert.node == node and self.alerts.pop(alert.id) is known
        if alert.node != node or alert.id in self.alerts:
            return False
        self.alerts[alert.id] = Raised(alert, wall_ms)
        while len(self.alerts) > MAX_ALERTS:
            del self.alerts[next(iter(self.alerts))]
        return True

    def notice(self, told: Told, wall_ms: int) -> bool:
        """What nobody asked for: a silent alert has come, or was taken back. Whether it changed the picture."""
        what = told.result.get("silent") if isinstance(told.result, dict) else None
        if not isinstance(what, dict) or not isinstance(id_ := what.get("id"), str):
            return False
        if what.get("cancelled"):
            return self.silent.pop(id_, None) is not None
        if id_ in self.silent:
            return False
        node, hamlet, kind = (str(what.get(name) or "") for name in ("node", "hamlet", "kind"))
        self.silent[id_] = Silent(id_, node, hamlet, kind, bool(what.get("drill")), wall_ms)
        while len(self.silent) > MAX_ALERTS:
            del self.silent[next(iter(self.silent))]
        return True
