"""The gongs' half of a town's witness: what nodes write, say, show and sound, judged as it happens. Pure.

What must hold: what sounds was pressed or stated, and is not over; a press sounds at once at its own gong; a silent one
nowhere but at a post; nothing goes before a real alarm. A promise that it cannot judge in a moment (a link that has
just been cut, an order on its way) it leaves.
"""

from __future__ import annotations

import msgspec
from fakes.townchimes import ChimeJudge
from fakes.townjudge import Judge
from fakes.townlink import FAIR
from fakes.townnode import NodeMachine
from fakes.townseen import JUMP_SEEN_MS, ROUNDED_MS, Ghost, Seen, Sounding

from node.core.cause import Priority
from node.core.records import ChimeDone, OwnAlert, Record
from wire.codec import decode
from wire.envelope import LinkItem, Publication

STOP_MS = 3_000  # the bar is 2 s; a round trip and the coalescing of sets are on top
LATE_MS = 1_500  # how wrong a proved clock and a slow link may make a lease
FRESH_MS = 31_000  # what an honest packet may have taken, and a replayed one is told from it by nothing
ON_ITS_WAY_MS = 2 * FAIR.delay_ms[1]  # from the service to the broker to a gong, both in fair weather for long
RESTATED_MS = 10_300


class _Named(msgspec.Struct):
    id: str


class GongWitness(Seen):
    """See the module. A fakes.townnode.NodeWatch."""

    chime_judge: ChimeJudge
    judge: Judge

    # -- as it happens

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
        fell_silent_ms, run = self._fell_silent.pop((node.name, id_), (0, -1))
        if self.two_speak:
            return
        if run == node.runs and self._stated_until.get(id_, now_ms + STOP_MS) < fell_silent_ms + ROUNDED_MS:
            self.broken("a gong that fell silent does not sound again for a second", node=node.name, id=id_)
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
            if node.running and node.core._parts.stage.get(before.id) is None:  # else another goes before it
                self._fell_silent[node.name, before.id] = (self._town.now_ms, node.runs)
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

    def _priority(self, node: NodeMachine) -> None:
        stage = node.core._parts.stage
        real = [one for one in stage._causes.values() if one.priority is Priority.ALARM and not one.retry_ms]
        if real and self._rank(node.sounding) < 3:
            self.broken("nothing goes before a real alarm", node=node.name, id=real[0].id, sounds=node.sounding)

    # -- from time to time

    def _check_sounding(self, node: NodeMachine) -> None:
        """What it sounds has a life left, and is not long over."""
        sounding, now_ms = self._now.get(node.name), self._town.now_ms
        if sounding is None or "/" in sounding.id:
            return
        self._check_lease(node, sounding.id)
        over_ms = self.over.get(sounding.id)
        since_ms = now_ms if over_ms is None else now_ms - over_ms
        # A service that starts with its clock years ahead takes every alarm to be over; the gong does not.
        excused = now_ms - self.jumped_ms < JUMP_SEEN_MS or self.two_speak or self._outlives(node, sounding.id)
        if over_ms is not None and not excused and min(since_ms, self._steady_ms(node)) > STOP_MS:
            self.broken("after clear nothing sounds", node=node.name, id=sounding.id, over_ms=over_ms)

    def _check_agreement(self, node: NodeMachine) -> None:
        """A gong that has heard the set for a while sounds what is in it."""
        if self._steady_ms(node) < RESTATED_MS + 2_000 or self.two_speak:
            return
        # A clock that jumped by less than makes an order stale ends a lease earlier by as much.
        soon_ms = self._town.now_ms + (ROUNDED_MS if self._town.now_ms - self.jumped_ms > JUMP_SEEN_MS else FRESH_MS)
        real = [self.stated[id_] for id_ in self.last_set if self._rank(id_) >= 2 and self._until[id_] > soon_ms]
        # One that began or was widened this very moment is still on its way.
        real = [one for one in real if self._town.now_ms - self._reached_ms[one.id] > ON_ITS_WAY_MS]
        here = [one.id for one in real if one.hamlets == ("all",) or node.hamlet in one.hamlets]
        own = {one.id for one in node.core._parts.alerts.all() if one.cancelled}
        if set(here) - own and self._rank(node.sounding) < 2:
            self.broken("what is in the set sounds", node=node.name, ids=here)

    def _outlives(self, node: NodeMachine, id_: str) -> bool:
        """Pressed again at this gong while the commune could not hear it, which let the alarm end in its own time."""
        ghost = self.alerts.get(id_)
        ended_itself = self.over.get(id_, 0) >= self._stated_until.get(id_, 0) - ROUNDED_MS
        return ghost is not None and ghost.node == node.name and ghost.count > 1 and ended_itself
