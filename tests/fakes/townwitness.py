"""A witness of a town: sees every step of both cores and every word, and says at once which promise was broken. Pure.

What must hold: it judges by what really happened (presses, writes that were synced, commits, what was said when), never
by what a core believes, but for the priorities of a stage. `broken` is an AssertionError that says when, where, what.
It does not know why anything was done; a promise it cannot judge in a moment (a link that has just been cut) it leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
from fakes.townchimes import ChimeJudge
from fakes.townjudge import Judge, RivalWatch
from fakes.townnode import NodeMachine

from broker.core.effects import Order, Tell
from broker.core.records import Entry
from node.core.cause import Priority
from node.core.records import ChimeDone, OwnAlert, Record
from wire.asks import Told
from wire.codec import decode
from wire.envelope import Arrived, LinkItem, Publication
from wire.errors import Refused
from wire.messages import ActiveAlarm, Alarms, Answer, Hello

if TYPE_CHECKING:
    from fakes.town import Asked, Town

STOP_MS = 3_000  # the bar is 2 s; a round trip and the coalescing of sets are on top
LATE_MS = 1_500  # how wrong a proved clock and a slow link may make a lease
FRESH_MS = 31_000  # what an honest packet may have taken, and a replayed one is told from it by nothing
ON_ITS_WAY_MS = 2_000  # the slowest weather, and a half
RESTATED_MS = 10_300
AFTER_HELLO_MS = 300
SILENT_MS = 30_000  # 11 s for a silent node, 7.5 s for a will, and a sweep
HELLOS_PER_MINUTE = 18
HEARD_MS = 1_000  # the bar of press to every gong; a link's delay is within it
RIVAL_FADES_MS = 130_000  # an alarm of ours may sound so long, and a set of it may be so old
ROUNDED_MS = 1_100  # leases are stated in whole seconds, rounded up
JUMP_SEEN_MS = 301_000  # a node asks for the time at least so often


@dataclass(slots=True)
class Ghost:
    """An alert as it really was."""

    id: str
    node: str
    kind: str
    silent: bool
    drill: bool
    pressed_ms: int
    """True time of the first press."""
    last_ms: int
    """Of the last."""
    boot: int = 0
    """Of the node, at the first."""
    count: int = 1
    cancelled_ms: int | None = None
    claimed: bool = False
    """The journal has it, synced."""
    taken_back: bool = False
    """The journal has that too."""


@dataclass(slots=True)
class Sounding:
    """What a gong sounds now."""

    id: str
    began_ms: int


class _Numbered(msgspec.Struct):
    counter: int = 0


class _Named(msgspec.Struct):
    id: str


@dataclass
class Witness:
    """See the module."""

    strict: bool = True
    """False: only watches, for those who measure."""
    alerts: dict[str, Ghost] = field(default_factory=dict)
    stated: dict[str, ActiveAlarm] = field(default_factory=dict)
    """Each alarm as the commune last stated it."""
    over: dict[str, int] = field(default_factory=dict)
    """True time at which an alarm left the set."""
    last_set: tuple[str, ...] = ()
    asks: list[Any] = field(default_factory=list)
    chimes: dict[tuple[str, str], int] = field(default_factory=dict)
    """How often a gong sounded a chime."""
    presses: dict[str, int] = field(default_factory=dict)
    """Presses that each node took."""
    jumped_ms: int = -(10**9)
    """True time of the last jump of the commune's clock."""
    jumps: list[tuple[int, int]] = field(default_factory=list)
    """Each: true time, how far."""
    offsets_ms: list[int] = field(default_factory=list)
    """How wrong the commune's clock has been, each time anew."""
    rival_ms: int = -(10**9)
    """True time at which a second service spoke last."""
    replayed_ms: int = -(10**9)
    """True time of the last replay."""
    heard: list[tuple[str, str, int, int]] = field(default_factory=list)
    """Node, id, began, ended: every sound."""

    def see(self, town: Town) -> None:
        """Begin."""
        self._town = town
        self.offsets_ms = [town.commune_wall_off_ms]
        self.chime_judge = ChimeJudge(self)
        self.judge = Judge(self)
        self._now: dict[str, Sounding] = {}
        self._until: dict[str, int] = {}
        self._reached_ms: dict[str, int] = {}
        self._unclaimed: dict[str, list[tuple[Ghost, bool]]] = {}
        self._quieted: set[tuple[str, str]] = set()
        self._counter = 0
        self._doubt = False
        self._set_ms = 0
        self._stated_until: dict[str, int] = {}
        self._reaches: dict[str, tuple[str, ...]] = {}
        self._news_ms = 0
        self._hellos: list[tuple[int, int]] = []
        self._hello_times: dict[str, list[int]] = {}
        self._taken: dict[str, tuple[str, ...]] = {}
        self._silent: set[bytes] = set()
        self._loud: set[str] = set()
        self._unsaved: set[str] = set()

    def jumped(self, ms: int) -> None:
        """The commune's clock has just jumped."""
        self.jumped_ms = self._town.now_ms
        self.jumps.append((self._town.now_ms, ms))
        self.offsets_ms.append(self._town.service.clocks.wall_off_ms)

    def of_rival(self) -> RivalWatch:
        """Who watches a second service."""
        return RivalWatch(self)

    @property
    def two_speak(self) -> bool:
        """Whether what a gong sounds may be another service's word: which of the two is right nobody can say."""
        return self._town.now_ms - self.rival_ms < RIVAL_FADES_MS

    def broken(self, promise: str, **facts: Any) -> None:
        """A promise is broken."""
        if self.strict:
            told = ", ".join(f"{name}={value}" for name, value in facts.items())
            raise AssertionError(f"{promise} at {self._town.now_ms} ms: {told}")

    # -- nodes

    def wrote(self, node: NodeMachine, record: Record) -> None:
        """Of fakes.townnode.NodeWatch."""
        now_ms = self._town.now_ms
        if isinstance(record, ChimeDone):
            self.chime_judge.written(node, record.id)
        if not isinstance(record, OwnAlert):
            return
        ghost = self.alerts.get(record.id)
        pressed = ghost is None or record.last_ms == node.clocks.now_ms
        if ghost is None:
            ghost = Ghost(
                record.id, node.name, record.kind, record.silent, record.drill, now_ms, now_ms, node.clocks.boots
            )
            self.alerts[record.id] = ghost
            if record.silent:
                self._silent.add(record.id.encode())
        if record.cancelled and ghost.cancelled_ms is None:
            ghost.cancelled_ms = now_ms
        if pressed:
            ghost.count, ghost.last_ms = record.count, now_ms
            self.presses[node.name] = self.presses.get(node.name, 0) + 1
            self._allow(record.id, now_ms + 1_000 * self._alarm_s)
            self._own_gong(node, record)
        self._unclaimed.setdefault(node.name, []).append((ghost, record.cancelled))

    def synced(self, node: NodeMachine) -> None:
        """Of NodeWatch."""
        for ghost, taken_back in self._unclaimed.pop(node.name, ()):
            ghost.claimed, ghost.taken_back = True, taken_back

    def looked(self, node: NodeMachine) -> None:
        """Of NodeWatch."""
        if not node.running:
            self._unclaimed.pop(node.name, None)
        before = self._now.get(node.name)
        if (None if before is None else before.id) != node.sounding:
            if before is not None:
                self._ended(node, before)
            if node.sounding is not None:
                self._began(node, node.sounding)
        self.chime_judge.looked(node)
        if node.running:
            self._lamp(node)
            self._priority(node)

    def heard_by_node(self, node: NodeMachine, item: LinkItem) -> None:
        """Of NodeWatch."""
        self.judge.heard_by_node(node, item)

    def said(self, who: str, said: Publication) -> None:
        """Of NodeWatch."""
        if self._silent and said.topic.endswith("/alert") and any(id_ in said.payload for id_ in self._silent):
            self.broken("a silent press is in no loud alert", node=who)
        if said.topic.endswith(("/alert", "/silent")) and decode(said.payload, _Named).id not in self.alerts:
            self.broken("save, then send", node=who)
        self.judge.said(who, said)

    def _began(self, node: NodeMachine, id_: str) -> None:
        now_ms = self._town.now_ms
        self._now[node.name] = Sounding(id_, now_ms)
        if "/" in id_:
            self.chime_judge.began(node, id_)
            return
        ghost = self.alerts.get(id_)
        if ghost is None and id_ not in self.stated:
            self.broken("nothing forged, retained or old sounds", node=node.name, id=id_)
        home = ghost is not None and node.name == ghost.node and ghost.claimed
        quiet = id_ not in self._loud and not node.name.startswith("post")
        if ghost is not None and ghost.silent and (home or quiet):
            self.broken("a silent press sounds nowhere but at a post", node=node.name, id=id_)
        if ghost is not None and ghost.node == node.name and ghost.taken_back:
            self.broken("what was taken back does not sound at its own gong", node=node.name, id=id_)
        self._check_lease(node, id_)
        self.judge.began(node, id_)
        if self.two_speak:
            return
        if (node.name, id_) in self._quieted:
            self.broken("what a gong knows to be over it does not sound again", node=node.name, id=id_)
        over_ms = self.over.get(id_)
        if over_ms is not None and now_ms - over_ms > STOP_MS and self._steady_ms(node) > now_ms - over_ms:
            self.broken("what is over does not sound again", node=node.name, id=id_, over_ms=over_ms)

    def _ended(self, node: NodeMachine, before: Sounding) -> None:
        del self._now[node.name]
        self.heard.append((node.name, before.id, before.began_ms, self._town.now_ms))
        if "/" not in before.id:
            self._check_lease(node, before.id)
            row = self._town.service.shelf._alarms.get(before.id)
            early = self._town.now_ms < self._until[before.id] - ROUNDED_MS
            known = early and before.id in self.over and row is not None and not row.active
            if known and node.running and node.disk.state == "ok":
                self._quieted.add((node.name, before.id))

    def _check_lease(self, node: NodeMachine, id_: str) -> None:
        ghost = self.alerts.get(id_)
        spare_ms = LATE_MS if ghost is None or ghost.node == node.name else FRESH_MS
        if self._town.now_ms > self._until.get(id_, 0) + spare_ms:
            self.broken("no gong sounds past its lease", node=node.name, id=id_, until=self._until.get(id_))

    def _lamp(self, node: NodeMachine) -> None:
        if node.lamps.alert in ("dark", "sending"):
            return
        shelf = self._town.service.shelf
        for alert in node.core._parts.alerts.all():
            if alert.silent:
                continue
            row = shelf._incidents.get(shelf._joined.get(alert.id, alert.id))
            rival = self._town.rival
            if rival is not None and alert.id in rival.shelf._incidents:
                continue  # that register's word, as good as this one's
            if row is None:
                self.broken("received only while the row is committed", node=node.name, id=alert.id)
            elif node.lamps.alert == "acknowledged" and row.acknowledged_by is None and row.closed_by is None:
                self.broken("acknowledged only after a person did it", node=node.name, id=alert.id)

    def _own_gong(self, node: NodeMachine, record: OwnAlert) -> None:
        """Sound first, then write: whatever the disk and the network do."""
        if record.silent:
            return
        if record.kind == "test" and "/" in node.refs.get(node.core._parts.stage.playing or "", ""):
            return  # a chime is about to strike: it goes before a test
        sounding = node.refs.get(node.speaker.sounding or "")
        if self._rank(sounding) < (1 if record.kind == "test" else 2 if record.drill else 3):
            self.broken("the own gong sounds at once", node=node.name, id=record.id, sounds=sounding)

    def _rank(self, id_: str | None) -> int:
        """0 nothing, 1 a test or chime, 2 a drill, 3 a real alarm."""
        if id_ is None:
            return 0
        known: Ghost | ActiveAlarm | None = self.alerts.get(id_) or self.stated.get(id_)
        if "/" in id_ or known is None:
            return 1
        return 2 if known.drill else 1 if known.kind == "test" else 3

    def _priority(self, node: NodeMachine) -> None:
        stage = node.core._parts.stage
        real = [one for one in stage._causes.values() if one.priority is Priority.ALARM and not one.retry_ms]
        if real and self._rank(node.sounding) < 3:
            self.broken("nothing goes before a real alarm", node=node.name, id=real[0].id, sounds=node.sounding)

    # -- the service

    def committed(self, entries: Sequence[Entry]) -> None:
        """Of fakes.townservice.ServiceWatch."""
        for entry in entries:
            if entry.what == "acknowledged" and entry.subject in self.stated:
                self._taken.setdefault(entry.subject, self.stated[entry.subject].hamlets)
            row = entry.incident
            if row is not None and row.node is not None:
                ghost = self.alerts.get(row.id)
                if ghost is None or (ghost.node, ghost.silent, ghost.drill) != (row.node, row.silent, row.drill):
                    self.broken("the register has what was pressed, as it was pressed", row=row)
        self.judge.committed(entries)

    def not_committed(self) -> None:
        """Of ServiceWatch."""
        self._doubt = True

    def heard_by_service(self, item: LinkItem) -> None:
        """Something is about to be given to the service."""
        if isinstance(item, Arrived) and item.topic.endswith("/hello") and _is_hello(item):
            now_ms, run = self._town.now_ms, self._town.service.runs
            times = [at for at in self._hello_times.get(item.topic, []) if at > now_ms - 60_000]
            self._hello_times[item.topic] = [*times, now_ms]
            if len(times) < HELLOS_PER_MINUTE:
                self._hellos.append((now_ms, run))

    def ordered(self, effect: Order | Tell, said: Publication) -> None:
        """Of ServiceWatch."""
        if isinstance(effect, Tell):
            self._check_told(said)
            return
        counter = decode(said.payload, _Numbered).counter
        if counter <= self._counter and not self._doubt:
            self.broken("counters never go back", counter=counter, before=self._counter)
        self._counter = max(counter, self._counter)
        if said.topic.endswith("/alarms"):
            self._check_set(said)

    def _check_told(self, said: Publication) -> None:
        shelf = self._town.service.shelf
        if said.topic.endswith("/answer"):
            answer = decode(said.payload, Answer)
            row = shelf._incidents.get(shelf._joined.get(answer.id, answer.id))
            states = {"open": "received"}
            if row is None:
                self.broken("received only while the row is committed", answer=answer)
            elif answer.state != states.get(row.state, row.state) and answer.state != "received":
                self.broken("an answer says what the register says", answer=answer, row=row.state)
        elif "/told/" in said.topic:
            told = decode(said.payload, Told)
            if told.ok and told.result is None and not any(key[1] == told.id for key in shelf._asks):
                self.broken("a person is told what is committed", told=told)

    def _check_set(self, said: Publication) -> None:
        now_ms = self._town.now_ms
        alarms = decode(said.payload, Alarms).alarms
        everybody = said.topic.endswith("all/alarms")
        if everybody and any(id_ in said.payload for id_ in self._silent):
            self.broken("a silent press is in nothing that everybody hears", said=said)
        for alarm in alarms:
            before = self.stated.get(alarm.id)
            if before is None or before.hamlets != alarm.hamlets:
                self._reached_ms[alarm.id] = self._town.now_ms
            self.stated[alarm.id] = alarm
            self._allow(alarm.id, now_ms + alarm.lease_s * 1_000)
            self._stated_until[alarm.id] = now_ms + alarm.lease_s * 1_000
            if alarm.id in self.over and everybody and not self.two_speak:
                row = self._town.service.shelf._alarms.get(alarm.id)
                excused = alarm.id in self._unsaved or now_ms - self.jumped_ms < JUMP_SEEN_MS
                if not excused or (row is not None and not row.active):
                    self.broken("once out of the set, out for ever", id=alarm.id)
                del self.over[alarm.id]
            if self._taken.get(alarm.id, alarm.hamlets) != alarm.hamlets:
                self.broken("nothing is escalated that a person has taken", id=alarm.id, hamlets=alarm.hamlets)
        if not everybody:
            return
        ids = tuple(alarm.id for alarm in alarms)
        # What a service took in and never wrote down is news again to the next one.
        for gone in set(self.last_set) - set(ids):
            if gone in self._town.service.shelf.incidents:
                self.over[gone] = now_ms
                # A full disk must not keep an all-clear from being said; then the next service knows nothing of it.
                (self._unsaved.add if self._town.service.shelf.is_full else self._unsaved.discard)(gone)
        reaches = {alarm.id: alarm.hamlets for alarm in alarms}
        if reaches != self._reaches:
            self._reaches, self._news_ms = reaches, now_ms
        self.last_set, self._set_ms = ids, now_ms
        self._hellos.clear()

    # -- the broker and people

    def published(self, who: str, said: Publication) -> None:
        """A tap of the broker."""
        self.judge.published(who, said)

    def asked(self, asked: Asked) -> None:
        """A person asks."""
        self.asks.append(asked)
        if asked.verb == "widen":
            self._widened(msgspec.json.decode(asked.payload))

    def _widened(self, ask: dict[str, Any]) -> None:
        """An officer's word alone brings back what was over, and makes a silent press loud; never at its own gong."""
        id_ = ask["target"]
        self.over.pop(id_, None)
        self._taken.pop(id_, None)
        self._quieted = {(node, other) for node, other in self._quieted if other != id_}
        if ask.get("loud"):
            self._loud.add(id_)
            self._silent.discard(id_.encode())

    def told(self, asked: Asked) -> None:
        """A person is told."""

    # -- from time to time

    def check(self) -> None:
        """What can be judged at any moment."""
        town = self._town
        now_ms = town.now_ms
        for node in town.nodes.values():
            sounding = self._now.get(node.name)
            if sounding is not None and "/" not in sounding.id:
                self._check_lease(node, sounding.id)
                over_ms = self.over.get(sounding.id)
                since_ms = now_ms if over_ms is None else now_ms - over_ms
                # A service that starts with its clock years ahead takes every alarm to be over; the gong does not.
                excused = now_ms - self.jumped_ms < JUMP_SEEN_MS or self.two_speak or self._outlives(node, sounding.id)
                if over_ms is not None and not excused and min(since_ms, self._steady_ms(node)) > STOP_MS:
                    self.broken("after clear nothing sounds", node=node.name, id=sounding.id, over_ms=over_ms)
            self._check_agreement(node)
            self._check_silent_node(node)
        self._check_service()
        self.chime_judge.check()
        self.judge.check()

    def _check_agreement(self, node: NodeMachine) -> None:
        """A gong that has heard the set for a while sounds what is in it."""
        if (
            self._steady_ms(node) < RESTATED_MS + 2_000
            or self.two_speak
            or self._town.now_ms - self._news_ms < HEARD_MS
        ):
            return
        # A clock that jumped by less than makes an order stale ends a lease earlier by as much.
        soon_ms = self._town.now_ms + (ROUNDED_MS if self._town.now_ms - self.jumped_ms > JUMP_SEEN_MS else FRESH_MS)
        real = [self.stated[id_] for id_ in self.last_set if self._rank(id_) >= 2 and self._until[id_] > soon_ms]
        # One that was widened this very moment is still on its way.
        real = [one for one in real if self._town.now_ms - self._reached_ms[one.id] > ON_ITS_WAY_MS]
        here = [one.id for one in real if one.hamlets == ("all",) or node.hamlet in one.hamlets]
        own = {one.id for one in node.core._parts.alerts.all() if one.cancelled}
        if set(here) - own and self._rank(node.sounding) < 2:
            self.broken("what is in the set sounds", node=node.name, ids=here)

    def _check_silent_node(self, node: NodeMachine) -> None:
        town = self._town
        service_ms = min(town.links["service"].steady_ms(), town.now_ms - town.service.started_ms)
        if not town.service.running or service_ms < SILENT_MS:
            return
        open_ = {(one.kind, one.about) for one in town.service.core.troubles}
        # Who can speak in a node's name can pass for it: hellos and statuses are not signed.
        honest = town.now_ms - self.replayed_ms > SILENT_MS
        if honest and node.link.gone_ms() > SILENT_MS and ("node_silent", node.name) not in open_:
            self.broken("a silent node is a trouble", node=node.name)
        if self._steady_ms(node) > SILENT_MS and ("node_silent", node.name) in open_:
            self.broken("a node that is back is no trouble", node=node.name)

    def _check_service(self) -> None:
        town = self._town
        steady_ms = town.links["service"].steady_ms()
        if not town.service.running or steady_ms < RESTATED_MS or self.two_speak:
            self._hellos.clear()
            return
        if town.now_ms - self._set_ms > RESTATED_MS:
            self.broken("the set is stated every 10 s", last_ms=self._set_ms)
        run = town.service.runs
        if any(town.now_ms - at_ms > AFTER_HELLO_MS and run == then for at_ms, then in self._hellos):
            self.broken("the set is stated after each hello", hellos=self._hellos)

    def _steady_ms(self, node: NodeMachine) -> int:
        town = self._town
        if not (node.running and town.service.running):
            return 0
        return min(node.link.steady_ms(), town.links["service"].steady_ms(), town.now_ms - town.service.started_ms)

    def _outlives(self, node: NodeMachine, id_: str) -> bool:
        """Pressed again at this gong while the commune could not hear it, which let the alarm end in its own time."""
        ghost = self.alerts.get(id_)
        ended_itself = self.over.get(id_, 0) >= self._stated_until.get(id_, 0) - ROUNDED_MS
        return ghost is not None and ghost.node == node.name and ghost.count > 1 and ended_itself

    def _allow(self, id_: str, until_ms: int) -> None:
        self._until[id_] = max(self._until.get(id_, 0), until_ms)

    @property
    def _alarm_s(self) -> int:
        alarm_s: int = self._town.service.codebook["alarm_s"]
        return alarm_s


def _is_hello(arrived: Arrived) -> bool:
    """Not just anything on a topic that ends so."""
    try:
        return decode(arrived.payload, Hello).node == arrived.topic.split("/")[-2] and "/up/" in arrived.topic
    except Refused:
        return False
