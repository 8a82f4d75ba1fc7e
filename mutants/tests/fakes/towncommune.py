"""The commune's half of a town's witness: what the service commits, states, tells and troubles about. Pure.

What must hold: received only once it is committed; what is out of the set stays out; the set is stated in time;
a silent press is in nothing that everybody hears; a silent node is a trouble, one that is back is none.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from fakes.townjudge import Judge
from fakes.townnode import NodeMachine
from fakes.townseen import JUMP_SEEN_MS, Seen

from broker.core.effects import Order, Tell
from broker.core.records import Entry
from wire.asks import Told
from wire.codec import decode
from wire.envelope import Arrived, LinkItem, Publication
from wire.errors import Refused
from wire.messages import Alarms, Answer, Hello

RESTATED_MS = 10_300
AFTER_HELLO_MS = 300
SILENT_MS = 14_000  # 11 s for a silent node, 6 s for a will, and two sweeps
HELLOS_PER_MINUTE = 18


class _Numbered(msgspec.Struct):
    counter: int = 0


class CommuneWitness(Seen):
    """See the module. A fakes.townservice.ServiceWatch."""

    judge: Judge

    # -- as it happens

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
        self.last_set, self._set_ms = ids, now_ms
        self._hellos.clear()

    # -- from time to time

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


def _is_hello(arrived: Arrived) -> bool:
    """Not just anything on a topic that ends so."""
    try:
        return decode(arrived.payload, Hello).node == arrived.topic.split("/")[-2] and "/up/" in arrived.topic
    except Refused:
        return False
