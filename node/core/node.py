"""A node: items in, effects out.

`step(now_ms, item)` gives what must be done, in order; `deadline_ms` says when it wants to be stepped again at the
latest. The same core runs on a Pi, in a test, and in a simulated street; it reads no clock, no file and no dice.

    contacts ─► box ──────► presses ─► alerts ─┐
    link ─────► gate ─────► inbound ─► stage ──┼─► Sound, Silence, Write, Publish, Show …
    code book ► calendar ──────────────┘       │
    commune's time ─► clock                    └─► status, hello, proofs
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from msgspec import UNSET

from node.core import presses, report
from node.core.beginning import Beginning
from node.core.cause import Cause, Priority
from node.core.chimes import LAST_MS
from node.core.condition import Condition
from node.core.contacts import Pressed
from node.core.effects import Effect, Publish, Show, Silence
from node.core.hellos import Hellos
from node.core.inbound import Inbound
from node.core.items import (
    Began,
    Contacts,
    Disk,
    Fault,
    Finished,
    Heard,
    Item,
    Machine,
    MicrophoneHealth,
    PanelHealth,
    PatternsReady,
    SpeakerHealth,
    Stop,
    SystemClock,
    UpdateTold,
)
from node.core.parts import LAST_WALL_MS, Parts
from node.core.quiet import against
from node.core.records import ChimeDone, HeardAlert
from node.core.setup import Setup
from wire.codec import encode
from wire.envelope import Arrived, Denied, LinkDown, LinkUp, Publication
from wire.errors import Refused
from wire.messages import Hello, Sounded, Status

STATUS_APART_MS = 200  # changes closer than this are told in one
MAX_PROOFS = 64  # soundings that are told once there is a link again
PROOF_SURE_MS = 15_000  # a link that is half open is found dead within 13 s: what was said before that has arrived
FOREVER_MS = 20_000  # a core with nothing to do is looked at this often all the same


class Node:
    """The core of one node."""

    def __init__(self, setup: Setup, now_ms: int) -> None:
        self._parts = Parts(setup)
        self._inbound = Inbound(self._parts)
        self._condition = Condition(now_ms)
        self._beginning = Beginning(self._parts, self._condition, now_ms)
        if setup.damaged:
            self._condition.take(Fault("journal", str(setup.damaged)))
        self._started_ms = now_ms
        self._parts.calendar.begun_ms = now_ms if setup.forgetful else None
        self._shown: report.Shown | None = None
        self._told: Status | None = None
        self._told_ms: int | None = None
        self._hellos = Hellos(self._parts.entropy)
        self._proofs: deque[Sounded] = deque(maxlen=MAX_PROOFS)
        self._said: deque[tuple[int, Sounded]] = deque(maxlen=MAX_PROOFS)
        self._now_ms = now_ms
        self._deadline_ms = now_ms
        self._status_ms = now_ms
        self._stopped = False
        self._pressed: list[Pressed] = []
        presses.resume(self._parts, now_ms)

    def step(self, now_ms: int, item: Item) -> list[Effect]:
        """What must be done because of `item` at monotonic `now_ms`, and because of the time that has passed."""
        self._now_ms = now_ms = max(now_ms, self._now_ms)
        if isinstance(item, Contacts) and self._quiet(now_ms, item):
            return []
        effects = [] if self._stopped else self._take(now_ms, item)
        if self._stopped:
            self._deadline_ms = now_ms + FOREVER_MS
            return effects
        self._inbound.give_up(now_ms)
        effects += self._chimes(now_ms)
        effects += self._beginning.step(now_ms)
        effects += self._parts.stage.plan(now_ms)
        effects += [self._parts.remember(HeardAlert(test, over=True)) for test in self._parts.stage.played_once()]
        effects += self._prove(now_ms)
        effects += self._parts.updates.run(now_ms, lambda: against(self._parts, now_ms))
        effects += self._speak(now_ms)
        effects += self._show(now_ms)
        self._deadline_ms = self._next_ms(now_ms)
        return effects

    @property
    def deadline_ms(self) -> int:
        """The latest monotonic time for the next step."""
        return self._deadline_ms

    def _quiet(self, now_ms: int, item: Contacts) -> bool:
        """Take a reading; whether nothing follows. Five hundred of them a second must cost next to nothing."""
        box = self._parts.box
        before = (box.stuck, box.left_on, box.spent)
        self._pressed = box.feed(item.at_ms, item.closed)
        return not self._pressed and (box.stuck, box.left_on, box.spent) == before and now_ms < self._deadline_ms

    def _next_ms(self, now_ms: int) -> int:
        parts = self._parts
        calendar_ms = parts.calendar.deadline_ms(now_ms, parts.wall_ms(now_ms))
        times = [now_ms + FOREVER_MS, parts.stage.deadline_ms, self._inbound.deadline_ms, calendar_ms]
        times.append(self._beginning.deadline_ms(now_ms))
        if parts.linked:
            times += [parts.alerts.deadline_ms, self._hellos.due_ms, self._status_ms]
        return max(now_ms, min(time for time in times if time is not None))

    def will(self) -> Publication:
        """What the broker shall say of us when we are gone."""
        return Publication(self._status_topic, encode(report.offline(self._parts)), retain=True)

    @property
    def subscriptions(self) -> list[str]:
        """What the link must listen to."""
        return self.subscriptions_but(())

    def subscriptions_but(self, flooders: Collection[str]) -> list[str]:
        """The same, without the alerts of these boxes: then the others are asked for by name."""
        return self._parts.subscriptions(flooders)

    @property
    def sounding(self) -> str | None:
        """Id of what sounds now."""
        return self._parts.stage.sounding(self._now_ms)

    @property
    def _status_topic(self) -> str:
        return self._parts.topics.up(self._parts.setup.node, "status")

    def _take(self, now_ms: int, item: Item) -> list[Effect]:
        parts = self._parts
        match item:
            case Contacts():
                effects = [effect for press in self._pressed for effect in presses.pressed(parts, now_ms, press)]
                return effects if parts.box.spent == parts.memory.spent else [*effects, parts.remember_spent()]
            case Arrived():
                return self._arrived(now_ms, item)
            case Began():
                parts.stage.began(item)
            case Finished():
                parts.stage.finished(now_ms, item)
            case Heard():
                parts.stage.heard(item)
            case SpeakerHealth() | MicrophoneHealth() | PanelHealth() | Disk() | Fault() | Machine():
                self._condition.take(item, now_ms)
            case UpdateTold():
                parts.updates.told(now_ms, item)
            case SystemClock():
                parts.clock.system(now_ms, item.wall_ms, item.in_step and 0 <= item.wall_ms <= LAST_WALL_MS)
                self._condition.take_rtc(parts.wall_ms(now_ms), item.rtc_ms)
            case LinkUp():
                self._link_up(now_ms)
            case LinkDown():
                self._doubt_proofs(now_ms)
                parts.linked, parts.down = False, item
                parts.heard_ms = None
            case Denied():
                parts.refuse(Refused("denied", item.topic))
            case Stop():
                return self._stop()
            case PatternsReady():
                parts.ready = frozenset(item.names)
            case _:
                pass  # Tick: time has passed
        return []

    def _arrived(self, now_ms: int, item: Arrived) -> list[Effect]:
        effects = self._inbound.arrived(now_ms, item)
        if self._inbound.welcomed:
            self._inbound.welcomed = False
            if self._hellos.unanswered > 1:
                self._parts.alerts.linked(now_ms)  # the service was away: what it has not received goes out now
            self._hellos.welcomed(now_ms, self._parts.clock.error_ms(now_ms) or 0)
        if self._inbound.wants_hello:
            self._inbound.wants_hello = False
            self._hellos.needed(now_ms)
        return effects

    def _doubt_proofs(self, now_ms: int) -> None:
        """What was said of late may have gone into a dead link: it is said again. The commune takes it as one."""
        unsure = [proof for said_ms, proof in self._said if now_ms - said_ms < PROOF_SURE_MS]
        self._said.clear()
        self._proofs = deque([*unsure, *self._proofs], MAX_PROOFS)

    def _link_up(self, now_ms: int) -> None:
        self._doubt_proofs(now_ms)
        self._parts.linked, self._parts.down = True, None
        self._parts.alerts.linked(now_ms)
        self._hellos.linked(now_ms)
        self._told_ms = None

    def _chimes(self, now_ms: int) -> list[Effect]:
        parts = self._parts
        wall_ms = parts.wall_ms(now_ms)
        ready, late = parts.calendar.due(now_ms, wall_ms)
        effects: list[Effect] = []
        for chime in ready:
            assert wall_ms is not None  # noqa: S101 - the calendar gives nothing by an unsure clock
            due_ms = now_ms + chime.due_wall_ms - wall_ms
            parts.calendar.done(chime.id)
            effects.append(parts.remember(ChimeDone(chime.id, chime.witness)))
            cause = Cause(chime.id, chime.pattern, Priority.CHIME, now_ms, due_ms=due_ms)
            parts.stage.vouch(cause, "calendar", due_ms + LAST_MS)
        for chime in late:
            self._proofs.append(report.late(chime.id, chime.pattern, (wall_ms or 0) - chime.due_wall_ms))
        return effects

    def _prove(self, now_ms: int) -> list[Effect]:
        parts = self._parts
        for proof in parts.stage.proofs():
            self._proofs.append(report.sounded(parts, proof, now_ms, first=self._beginning.proved(proof)))
        if not parts.linked:
            return []
        sure = any(proof.first is True and now_ms - said_ms >= PROOF_SURE_MS for said_ms, proof in self._said)
        effects: list[Effect] = self._beginning.told() if sure else []
        topic = parts.topics.up(parts.setup.node, "sounded")
        effects += [Publish(topic, encode(proof)) for proof in self._proofs]
        self._said.extend((now_ms, proof) for proof in self._proofs)
        self._proofs.clear()
        return effects

    def _speak(self, now_ms: int) -> list[Effect]:
        """What is said because its time has come: hello, alerts again, status."""
        parts = self._parts
        if not parts.linked:
            return []
        effects: list[Effect] = []
        wall_ms, chime_ms = parts.wall_ms(now_ms), parts.calendar.next_wall_ms()
        if wall_ms is not None and chime_ms is not None:
            self._hellos.before(now_ms, now_ms + chime_ms - wall_ms)
        if self._hellos.due_ms is not None and self._hellos.due_ms <= now_ms:
            effects.append(self._hello(now_ms))
        effects += parts.say_due(now_ms)
        effects += self._tell(now_ms)
        return effects

    def _tell(self, now_ms: int) -> list[Effect]:
        """The status, when it is due; and when it is due next."""
        status = report.status(self._parts, self._condition, now_ms, self._started_ms)
        told_ms = self._told_ms
        if told_ms is not None and self._told is not None:
            self._status_ms = told_ms + (
                STATUS_APART_MS if report.differs(self._told, status) else report.EVERY_S * 1_000
            )
            if now_ms < self._status_ms:
                return []
        self._told, self._told_ms = status, now_ms
        self._status_ms = now_ms + report.EVERY_S * 1_000
        return [Publish(self._status_topic, encode(status), retain=True)]

    def _hello(self, now_ms: int) -> Publish:
        parts = self._parts
        self._hellos.said(now_ms)
        nonce = parts.entropy.draw(16).hex()
        parts.clock.ask(now_ms, nonce)
        hello = Hello(
            node=parts.setup.node,
            nonce=nonce,
            boot=parts.setup.run,
            version=parts.setup.version,
            codebook=parts.book.version if parts.book is not None else 0,
            counter=parts.gate.counter,
            witness=parts.memory.witnesses[-1] if parts.memory.witnesses else UNSET,
        )
        return Publish(parts.topics.up(parts.setup.node, "hello"), encode(hello))

    def _show(self, now_ms: int) -> list[Effect]:
        shown = report.lamps(self._parts, self._condition, now_ms)
        if shown == self._shown:
            return []
        self._shown = shown
        return [Show(shown.alert, shown.link, shown.codes)]

    def _stop(self) -> list[Effect]:
        self._stopped = True
        playing = self._parts.stage.playing
        effects: list[Effect] = [] if playing is None else [Silence(playing)]
        if self._parts.linked:
            will = self.will()
            effects.append(Publish(will.topic, will.payload, retain=True))
        return effects
