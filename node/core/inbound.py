"""What arrives: each message to the part that it concerns, or counted as refused.

Rule 1. Nothing that arrives raises: it is obeyed, ignored, or counted by reason, and what follows is not harmed.
Rule 2. An order that cannot be judged, because our clock is unsure or does not agree, waits for the welcome that
is asked for at once, WAIT_MS at most; then it is judged once more and for good.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Literal

from msgspec import json as msgspec_json

from node.core.cause import Cause
from node.core.effects import Effect, KeepCodeBook
from node.core.parts import LAST_WALL_MS, Parts, priority_of
from node.core.records import HeardAlert
from patterns.errors import PatternsError
from wire.codec import decode_alert
from wire.envelope import Arrived
from wire.errors import Refused
from wire.messages import Alarms, Alert, Answer, Cancel, Chime, CodeBookOrder, Update, Welcome
from wire.words import reaches

WAIT_MS = 5_000  # a welcome takes milliseconds; one that takes longer does not come
MAX_WAITING = 8  # the newest set of each kind, and some chimes
FRESH_ALERT_MS = 30_000  # wire.md rule 4, for what other nodes say
MAX_FROM_ONE = (
    6  # alerts of one neighbour that sound at once: more are no news to the ear, but a write each to the disk
)
MAX_TAKEN_BACK = 64  # cancellings that may have overtaken their alert


@dataclass(frozen=True, slots=True)
class _Waiting:
    arrived: Arrived
    until_ms: int
    refused: Refused


class Inbound:
    """Takes what the link delivers."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._waiting: list[_Waiting] = []
        self._taken_back: deque[tuple[str, str]] = deque(maxlen=MAX_TAKEN_BACK)
        self._over: frozenset[str] = frozenset()
        self.wants_hello = False
        """An order could not be judged: a welcome is needed now."""
        self.welcomed = False
        """A welcome has come since this was last set to False."""

    @property
    def deadline_ms(self) -> int | None:
        """When an order that waits is given up."""
        return min((waiting.until_ms for waiting in self._waiting), default=None)

    def arrived(self, now_ms: int, arrived: Arrived) -> list[Effect]:
        """One publication."""
        try:
            return self._obey(now_ms, arrived)
        except Refused as refused:
            if refused.reason in ("clock", "stale") and not arrived.topic.startswith(f"{self._parts.topics.root}/up/"):
                self._wait(arrived, now_ms, refused)
            else:
                self._parts.refuse(refused)
        return []

    def _wait(self, arrived: Arrived, now_ms: int, refused: Refused) -> None:
        self.wants_hello = True
        self._waiting.append(_Waiting(arrived, now_ms + WAIT_MS, refused))
        while len(self._waiting) > MAX_WAITING:
            self._parts.refuse(self._waiting.pop(0).refused)

    def give_up(self, now_ms: int) -> None:
        """Refuse what has waited too long."""
        for waiting in [waiting for waiting in self._waiting if waiting.until_ms <= now_ms]:
            self._waiting.remove(waiting)
            self._parts.refuse(waiting.refused)

    def _obey(self, now_ms: int, arrived: Arrived) -> list[Effect]:
        topics, me = self._parts.topics, self._parts.setup.node
        if arrived.retained and not arrived.payload:
            return []  # somebody cleans a retained order away: that is no order
        place = topics.parse(arrived.topic)
        match (place.way, place.who, place.word):
            case ("all", _, "alarms"):
                return self._alarms(now_ms, arrived, "all")
            case ("down", who, "alarms") if who == me:
                return self._alarms(now_ms, arrived, "down")
            case ("all", _, "chime"):
                return self._chime(now_ms, arrived)
            case ("all", _, "codebook"):
                return self._codebook(now_ms, arrived)
            case ("down", who, "welcome") if who == me:
                return self._welcome(now_ms, arrived)
            case ("down", who, "answer") if who == me:
                return self._answer(now_ms, arrived)
            case ("down", who, "update") if who == me:
                return self._update(now_ms, arrived)
            case ("up", who, "alert") if who != me:
                return self._peer(now_ms, arrived, who)
        raise Refused("topic", arrived.topic)

    def _welcome(self, now_ms: int, arrived: Arrived) -> list[Effect]:
        welcome = self._parts.gate.from_commune(arrived, Welcome)
        if welcome.now.ms > LAST_WALL_MS:
            raise Refused("field", "now: no such year")
        self._parts.clock.welcome(now_ms, welcome.nonce, welcome.now)
        self._parts.gate.welcomed(welcome.counter)
        self._parts.heard_ms = now_ms
        self.welcomed = True
        # The counter stays ours: a replayed welcome has no nonce of ours, and orders of the same moment may follow it.
        waiting, self._waiting = self._waiting, []
        effects: list[Effect] = []
        for one in waiting:
            try:
                effects += self._obey(now_ms, one.arrived)
            except Refused as refused:
                self._parts.refuse(refused)
        return effects

    def _answer(self, now_ms: int, arrived: Arrived) -> list[Effect]:
        parts = self._parts
        changed = parts.alerts.answered(parts.gate.from_commune(arrived, Answer))
        parts.heard_ms = now_ms
        if changed is None:
            return []
        if changed.state != "closed":
            return [parts.remember(changed)]
        parts.stage.clear(changed.id, now_ms)
        quiet = parts.stage.plan(now_ms)
        return [*quiet, parts.remember(HeardAlert(changed.id, over=True)), parts.remember(changed)]

    def _alarms(self, now_ms: int, arrived: Arrived, source: Literal["all", "down"]) -> list[Effect]:
        parts = self._parts
        order = parts.gate.order(arrived, Alarms, now_ms, parts.clock)
        age_ms = max(0, (parts.wall_ms(now_ms) or 0) - order.issued_at.ms)
        stated: set[str] = set()
        for alarm in order.alarms:
            if not reaches(alarm.hamlets, parts.setup.hamlet):
                continue
            stated.add(alarm.id)
            until_ms = now_ms + alarm.lease_s * 1_000 - age_ms
            if until_ms > now_ms and self._may_sound(alarm.id) and not parts.stage.spent(alarm.id, until_ms):
                new = Cause(alarm.id, parts.pattern_of(alarm), priority_of(alarm.kind, alarm.drill), now_ms)
                parts.stage.vouch(new, source, until_ms)
        gone = [id_ for id_ in parts.stage.vouched_by(source) if id_ not in stated]
        over = [id_ for id_ in gone if parts.stage.withdraw(id_, source, now_ms)]
        over += [id_ for id_ in order.over if parts.stage.clear(id_, now_ms)]
        self._over = frozenset(order.over)
        parts.heard_ms = now_ms
        effects = parts.stage.plan(now_ms)
        for id_ in over:
            effects += parts.cleared(id_)
        return [*effects, *parts.obeyed(order.counter, now_ms, changed=bool(effects))]

    def _may_sound(self, id: str) -> bool:  # noqa: A002 - the contract's word
        """Not what is over for good, not what we took back, and never our own silent press, even at a post."""
        own = self._parts.alerts.get(id)
        if own is not None and (own.silent or own.cancelled):
            return False
        return id not in self._parts.memory.over

    def _chime(self, now_ms: int, arrived: Arrived) -> list[Effect]:
        parts = self._parts
        order = parts.gate.order(arrived, Chime, now_ms, parts.clock)
        parts.heard_ms = now_ms
        parts.calendar.order(order)
        return list(parts.obeyed(order.counter, now_ms, changed=False))

    def _codebook(self, now_ms: int, arrived: Arrived) -> list[Effect]:
        parts = self._parts
        order = parts.gate.order(arrived, CodeBookOrder, now_ms, parts.clock)
        parts.heard_ms = now_ms
        if parts.book is not None and parts.book.version == order.version:
            return list(parts.obeyed(order.counter, now_ms, changed=False))
        try:
            parts.use_book(msgspec_json.decode(arrived.payload))
        except (PatternsError, ValueError, RecursionError) as error:
            raise Refused("codebook", str(error)[:200]) from error
        return [KeepCodeBook(arrived.payload), *parts.obeyed(order.counter, now_ms, changed=True)]

    def _update(self, now_ms: int, arrived: Arrived) -> list[Effect]:
        parts = self._parts
        order = parts.gate.order(arrived, Update, now_ms, parts.clock)
        parts.heard_ms = now_ms
        age_ms = max(0, (parts.wall_ms(now_ms) or 0) - order.issued_at.ms)
        changed = parts.updates.take(now_ms, order, age_ms)
        return list(parts.obeyed(order.counter, now_ms, changed=changed))

    def _peer(self, now_ms: int, arrived: Arrived, who: str) -> list[Effect]:
        parts = self._parts
        parts.gate.peer(arrived, who)
        said = decode_alert(arrived.payload)
        if said.node != who:
            raise Refused("topic", f"{said.node} on {who}'s topic")
        if isinstance(said, Cancel):
            return self._peer_cancel(now_ms, said)
        return self._peer_alert(now_ms, said)

    def _peer_cancel(self, now_ms: int, said: Cancel) -> list[Effect]:
        parts = self._parts
        if (said.node, said.id) not in self._taken_back:
            self._taken_back.append((said.node, said.id))
        cause = parts.stage.get(said.id)
        if cause is None or cause.origin != said.node or not parts.stage.withdraw(said.id, "peer", now_ms):
            return []
        return [*parts.stage.plan(now_ms), parts.remember(HeardAlert(said.id, over=True))]

    def _peer_alert(self, now_ms: int, alert: Alert) -> list[Effect]:
        parts = self._parts
        self._check_home(alert)
        book, here = parts.book, parts.setup.hamlet
        # A test is for the ears of its own hamlet.
        if here not in ((alert.hamlet,) if book is None or alert.kind == "test" else book.heard_in(alert.hamlet)):
            return []
        if (alert.node, alert.id) in self._taken_back or parts.alerts.get(alert.id) is not None:
            return []
        known = parts.stage.get(alert.id)
        if known is None:
            return self._first_heard(now_ms, alert)
        if known.origin in (None, alert.node) and alert.count > known.count:
            # A copy says nothing new; an insistence makes it sound longer.
            known.count, known.origin = alert.count, alert.node
            parts.stage.vouch(known, "peer", now_ms + parts.alarm_ms())
        return []

    def _first_heard(self, now_ms: int, alert: Alert) -> list[Effect]:
        parts = self._parts
        since_ms = _last_age_ms(alert)
        left_ms = parts.alarm_ms() - since_ms
        # What was sent again after an outage is for the register: an old press sounds nowhere but at its own gong.
        if alert.id in parts.memory.heard or alert.id in self._over or since_ms > FRESH_ALERT_MS or left_ms <= 0:
            return []
        self._check_fresh(now_ms, alert)
        pattern, priority = parts.pattern_for(alert.kind, drill=alert.drill), priority_of(alert.kind, alert.drill)
        if parts.stage.from_origin(alert.node, priority) >= MAX_FROM_ONE:
            return []
        new = Cause(alert.id, pattern, priority, now_ms, count=alert.count, origin=alert.node)
        parts.stage.vouch(new, "peer", now_ms + left_ms)
        return [*parts.stage.plan(now_ms), parts.remember(HeardAlert(alert.id))]

    def _check_home(self, alert: Alert) -> None:
        """A node may speak for the hamlet alone in which the code book says that it hangs."""
        book = self._parts.book
        home = book.nodes.get(alert.node) if book is not None else None
        if home is not None and home.hamlet and home.hamlet != alert.hamlet:
            raise Refused("stranger", f"{alert.node} speaks for {alert.hamlet}")

    def _check_fresh(self, now_ms: int, alert: Alert) -> None:
        """An age can be told anew by whoever replays it; the signed time of the press cannot.

        Nor that of the last press: it is that of the first one, and two ages that bear the same signature.
        """
        wall_ms = self._parts.wall_ms(now_ms)
        if wall_ms is not None and alert.clock == "synced":
            apart_ms = abs(wall_ms - (alert.pressed_at.ms + alert.age_ms - _last_age_ms(alert)))
            if apart_ms > FRESH_ALERT_MS:
                raise Refused("stale", f"pressed {apart_ms // 1000} s from now")


def _last_age_ms(alert: Alert) -> int:
    """Time since it was pressed last, as far as its node knows."""
    insisted = alert.count > 1 and alert.last_age_ms is not None
    return min(alert.age_ms, alert.last_age_ms or 0) if insisted else alert.age_ms
