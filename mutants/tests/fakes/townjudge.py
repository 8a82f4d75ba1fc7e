"""More of a town's witness: what is said of times, what the register makes of incidents, who may hear of a silent
press, what a drill sounds like, and a second service. Pure.

What must hold: it judges by what really happened, like the witness. It knows of no reason to excuse anybody but those
named here: a clock is right if the commune's ever was so wrong, for a jump may not have been heard of yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fakes.townchimes import SLACK_MS
from fakes.townnode import NodeMachine
from fakes.townservice import ServiceMachine

from broker.core.effects import Order, Tell
from broker.core.records import Entry, Incident
from node.core.alerts import STALE_AGE_MS
from wire.codec import decode, decode_alert
from wire.envelope import Arrived, LinkItem, Publication
from wire.messages import Alarms

if TYPE_CHECKING:
    from fakes.townwitness import Witness

AGE_MS = 2_000  # two crystals, and whole milliseconds
FOREIGN_MS = 21_000  # two statements of the other's set
NEXT = {
    "open": {"open", "acknowledged", "closed", "false_alarm"},
    "acknowledged": {"acknowledged", "closed", "false_alarm"},
    "closed": {"closed"},
    "false_alarm": {"false_alarm"},
}
"""What an incident may become: its end is one, and for good."""
SOUNDS = {2: "drill", 3: "alarm"}
"""Clip by rank: a drill never sounds like an alarm, nor an alarm, whatever its pattern, like anything else."""


class Judge:
    """See the module."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._town = witness._town
        self._proved: dict[str, int] = {}
        self._rows: dict[tuple[str, str], Incident] = {}

    # -- times

    def heard_by_node(self, node: NodeMachine, item: LinkItem) -> None:
        """A welcome is what makes a clock sure."""
        if isinstance(item, Arrived) and item.topic.endswith("/welcome"):
            self._proved[node.name] = node.clocks.boots

    def said(self, who: str, said: Publication) -> None:
        """An alert claims only what its node can know of the time."""
        if not said.topic.endswith(("/alert", "/silent")) or who not in self._town.nodes:
            return
        alert, node = decode_alert(said.payload), self._town.nodes[who]
        ghost = self._witness.alerts.get(alert.id)
        if ghost is None:
            return
        passed_ms = self._town.now_ms - ghost.pressed_ms
        if ghost.boot == node.clocks.boots:
            if abs(alert.age_ms - passed_ms) > AGE_MS:
                self._witness.broken("an alert bears its age", alert=alert, passed_ms=passed_ms)
            sure = self._proved.get(who) == ghost.boot or node.in_step
            if alert.clock == "synced" and not sure:
                self._witness.broken("an unsure clock says so", alert=alert)
        elif alert.age_ms < min(STALE_AGE_MS, passed_ms):
            self._witness.broken("an alert of before a reboot is never young", alert=alert, passed_ms=passed_ms)
        if alert.clock == "synced":
            true_ms = self._town.agenda.begins_ms + ghost.pressed_ms
            wrongs_ms = [alert.pressed_at.ms - true_ms - off_ms for off_ms in (*self._witness.offsets_ms, 0)]
            if min(map(abs, wrongs_ms)) > SLACK_MS:
                self._witness.broken("a synced alert bears the commune's time", alert=alert, wrong_ms=wrongs_ms)

    # -- the register

    def committed(self, entries: Sequence[Entry], service: ServiceMachine | None = None) -> None:
        """Each entry is a legal step of its incident's one life."""
        service = service or self._town.service
        for entry in entries:
            row = entry.incident
            if row is None:
                continue
            before = self._rows.get((service.name, row.id))
            self._rows[service.name, row.id] = row
            if before is None:
                wall_ms = service.clocks.wall_ms
                if entry.what == "alert" and not self._witness._doubt and row.opened_at_ms != wall_ms:
                    self._witness.broken("the commune stamps the time", row=row, wall_ms=wall_ms)
                continue
            if row.state not in NEXT[before.state]:
                self._witness.broken("an incident has one end", before=before, row=row)
            if entry.what in ("cleared", "silenced") and row.state != before.state:
                self._witness.broken("silencing is not closing", before=before, row=row)
            for who in ("acknowledged_by", "closed_by"):
                if getattr(before, who) not in (None, getattr(row, who)):
                    self._witness.broken("of two officers the first wins", before=before, row=row)

    # -- who hears what

    def published(self, who: str, said: Publication) -> None:
        """A silent press is on its own way up, on a post's and its node's ways down, and in no other word."""
        silent = self._witness._silent
        if not silent or who == "stranger" or not any(id_ in said.payload for id_ in silent):
            return
        parts = said.topic.split("/")[3:]
        post = len(parts) > 1 and parts[1].startswith("post")
        way = (parts[0], parts[-1])
        if parts[0] == "told" or parts[0] == "ask" or way in (("up", "silent"), ("down", "answer")) or post:
            return
        self._witness.broken("a silent press leaks nowhere", topic=said.topic, payload=said.payload)

    def began(self, node: NodeMachine, id_: str) -> None:
        """Drill and alarm are told apart by ear."""
        rank = self._witness._rank(id_)
        clip = node.played.get(node.speaker.sounding or "")
        if rank in SOUNDS and clip != SOUNDS[rank]:
            self._witness.broken(
                "a drill sounds like a drill, an alarm like an alarm", node=node.name, id=id_, clip=clip
            )

    # -- two services

    def check(self) -> None:
        """Two services that both speak is a mistake, and shown."""
        town = self._town
        rival = town.rival
        if rival is None or not rival.running or not town.service.running:
            return
        for one in (rival, town.service):
            if min(one.link.steady_ms(), town.now_ms - one.started_ms) < FOREIGN_MS:
                return
        shown = [trouble.kind for one in (rival, town.service) for trouble in one.core.troubles]
        if "foreign_service" not in shown:
            self._witness.broken("a second service is shown as trouble", shown=shown)


class RivalWatch:
    """What a second service does, as far as it matters to the town. A fakes.townservice.ServiceWatch."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._town = witness._town

    def committed(self, entries: Sequence[Entry]) -> None:
        """Its register is held to the same rules."""
        self._witness.judge.committed(entries, self._town.rival)

    def not_committed(self) -> None:
        """Its disk is never full."""

    def ordered(self, effect: Order | Tell, said: Publication) -> None:
        """What it states may sound."""
        self._witness.rival_ms = self._town.now_ms
        if isinstance(effect, Order) and said.topic.endswith("/alarms"):
            for alarm in decode(said.payload, Alarms).alarms:
                self._witness.stated.setdefault(alarm.id, alarm)
                self._witness._allow(alarm.id, self._town.now_ms + alarm.lease_s * 1_000)

    def heard_by_service(self, item: LinkItem) -> None:
        """Nothing of it is owed to anybody."""
