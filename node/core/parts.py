"""The parts of one node's core, and the few questions that need several of them. Mutable; owned by `Node` alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from msgspec import json as msgspec_json
from msgspec import structs

from node.core.alerts import OwnAlerts
from node.core.cause import Cause, Priority
from node.core.chimes import Calendar
from node.core.contacts import Box
from node.core.effects import Publish, Write
from node.core.orders import Gate
from node.core.records import MAX_ALERTS, CounterObeyed, HeardAlert, OwnAlert, Record, SpentContacts
from node.core.setup import Setup
from node.core.stage import Stage
from node.core.updating import Updates
from patterns.builtin import DRILL, builtins
from patterns.codebook import CodeBook, codebook_from_message
from patterns.errors import PatternsError
from wire.clock import CommuneClock
from wire.codec import encode
from wire.envelope import LinkDown
from wire.errors import Reason, Refused
from wire.messages import ActiveAlarm
from wire.topics import Topics
from wire.uuid7 import Entropy, uuid7
from wire.words import EPOCH, Kind, is_sane

DEFAULT_ALARM_S = 180  # without a code book: domain.md's three minutes
DEFAULT_CANCEL_S = 30
LAST_WALL_MS = 220_000_000_000_000  # some year 8900: nothing that is reckoned from it leaves the calendar
COUNTER_EVERY_MS = (
    3_600_000  # an order that changes nothing is written this often: a card wears out; a replay is stale too
)


class Parts:
    """Everything that a step may touch."""

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.topics = Topics(setup.commune)
        self.entropy = Entropy(setup.seed)
        self.clock = CommuneClock()
        self.box = Box(setup.contacts, setup.memory.spent)
        self.gate = Gate(setup.commune_key, setup.memory.counter, forgetful=setup.forgetful)
        self.stage = Stage(setup.run, listens=setup.listens)
        self.alerts = OwnAlerts(setup.memory.alerts, setup.boot)
        self.calendar = Calendar(setup.hamlet, setup.memory.chimes)
        self.book: CodeBook | None = None
        self.updates = Updates(setup.version)
        self.memory = setup.memory
        self.refused: Counter[Reason] = Counter()
        self.linked = False
        """Whether there is a link to the broker."""
        self.down: LinkDown | None = None
        """Why there is no link, if we know."""
        self.ready: frozenset[str] = frozenset()
        """Patterns that can be played at once."""
        self.asked_ms: int | None = None
        """Monotonic time of a press on the test button that nobody has looked after yet."""
        self.heard_ms: int | None = None
        """Monotonic time of the commune's last valid word."""
        self._counter_written_ms: int | None = None
        if setup.codebook is not None:
            self._take_stored(setup.codebook)

    def _take_stored(self, payload: bytes) -> None:
        """Our own file: one that cannot be read is as good as none, and the commune sends it again after the hello."""
        try:
            self.use_book(msgspec_json.decode(payload))
        except (PatternsError, ValueError, RecursionError):
            self.refused["codebook"] = 1

    def use_book(self, fields: Any) -> CodeBook:
        """Take a code book into use; CodeBookError if it contradicts itself."""
        book = codebook_from_message(fields)
        self.gate.know_nodes({node.slug: node.key for node in book.nodes.values() if node.key is not None})
        self.calendar.use(book)
        self.book = book
        return book

    def wall_ms(self, now_ms: int) -> int | None:
        """Wall time, if it is known."""
        return self.clock.wall_ms(now_ms)

    def subscriptions(self, flooders: Collection[str] = ()) -> list[str]:
        """What the link must listen to; where some flood, the others' alerts are asked for by name."""
        topics, node = self.topics, self.setup.node
        others = [one for one in sorted(self.book.nodes if self.book else ()) if one not in {node, *flooders}]
        peers = [topics.up(one, "alert") for one in others] if flooders else [topics.every("up", "alert")]
        own = [topics.down(node, word) for word in ("welcome", "answer", "alarms", "update")]
        return [*(topics.all(word) for word in ("alarms", "chime", "codebook")), *own, *peers]

    def hour(self, now_ms: int) -> int | None:
        """Of the commune's day, 0 to 23, if code book and time are known, and it is one that a clock can show."""
        wall_ms = self.wall_ms(now_ms)
        if wall_ms is None or not is_sane(wall_ms) or self.book is None:
            return None
        return (EPOCH + timedelta(milliseconds=wall_ms)).astimezone(ZoneInfo(self.book.zone)).hour

    @property
    def other_key(self) -> bool:
        """Whether the code book names another key of ours than we have: nobody would believe our alerts."""
        node = self.book.nodes.get(self.setup.node) if self.book is not None else None
        own = self.setup.own_key
        return node is not None and node.key is not None and own is not None and node.key != own

    def new_id(self, now_ms: int) -> str:
        """A UUIDv7; by an unsure clock its time is that of 1970, its randomness is not."""
        return uuid7(self.wall_ms(now_ms) or 0, self.entropy.draw(10))

    def alarm_ms(self) -> int:
        """How long a press sounds."""
        return 1_000 * (self.book.alarm_s if self.book else DEFAULT_ALARM_S)

    def cancel_ms(self) -> int:
        """How long a press can be taken back."""
        return 1_000 * (self.book.cancel_s if self.book else DEFAULT_CANCEL_S)

    def pattern_for(self, kind: Kind, *, drill: bool) -> str:
        """What an alert sounds."""
        if self.book is not None:
            return self.book.pattern_for(kind, drill=drill)
        return "drill" if drill else "test" if kind == "test" else "alarm"

    def pattern_of(self, alarm: ActiveAlarm) -> str:
        """What an entry of the set sounds; a drill with a real alarm's name, or one nobody knows, is still a drill."""
        known = builtins().get(alarm.pattern) if self.book is None else self.book.resolve(alarm.pattern)
        return DRILL if alarm.drill and (known is None or known.use == "alarm") else alarm.pattern

    def cause_of(self, alert: OwnAlert, now_ms: int) -> Cause:
        """The cause that a press of ours is."""
        return Cause(
            alert.id, self.pattern_for(alert.kind, drill=alert.drill), priority_of(alert.kind, alert.drill), now_ms
        )

    def remember(self, record: Record) -> Write:
        """Write it down, and know it from now on."""
        self.memory = self.memory.after(record)
        return Write(record)

    def remember_spent(self) -> Write:
        """Which contacts must be seen open before they press again, over a restart, too."""
        return self.remember(SpentContacts(self.box.spent))

    def cleared(self, id: str) -> list[Write]:  # noqa: A002 - the contract's word
        """The newest set states it no more: no copy of the alert, no restart sounds it again; a newer set may."""
        writes = [] if id in self.memory.heard else [self.remember(HeardAlert(id))]
        own = self.alerts.get(id)
        if own is not None and not own.quiet:
            writes.append(self.keep(structs.replace(own, quiet=True), 0, send=False))
        return writes

    def keep(self, alert: OwnAlert, now_ms: int, *, send: bool) -> Write:
        """Change an alert of ours and write it down."""
        self.alerts.put(alert, now_ms, send=send)
        write = self.remember(alert)
        if len(self.memory.alerts) == MAX_ALERTS:
            self.alerts.keep_only(self.memory)
        return write

    def obeyed(self, counter: int, now_ms: int, *, changed: bool) -> list[Write]:
        """An order was obeyed; its counter is written where it mattered, else now and then: a replay is also old."""
        self.gate.obeyed(counter)
        written = self._counter_written_ms
        if not changed and written is not None and now_ms - written < COUNTER_EVERY_MS:
            return []
        self._counter_written_ms = now_ms
        return [self.remember(CounterObeyed(self.gate.counter))]

    def refuse(self, refused: Refused) -> None:
        """Count it."""
        self.refused[refused.reason] += 1

    def say_due(self, now_ms: int) -> list[Publish]:
        """Alerts of ours that are due to be said; none without a link, so that no copy is said in vain."""
        return [self.say(alert, now_ms) for alert in self.alerts.to_send(now_ms)] if self.linked else []

    def say(self, alert: OwnAlert, now_ms: int) -> Publish:
        """An alert of ours, as it must be said now."""
        node, hamlet = self.setup.node, self.setup.hamlet
        message = self.alerts.message(alert, node, hamlet, now_ms, self.wall_ms(now_ms))
        return Publish(self.topics.up(node, "silent" if alert.silent else "alert"), encode(message))


def priority_of(kind: str, drill: bool) -> Priority:
    """Who takes over from whom."""
    return Priority.DRILL if drill else Priority.TEST if kind == "test" else Priority.ALARM
