"""Steps of a script that take no time: fingers that go on while other things happen, and the worse faults. Pure.

What must hold: each can be done at any moment and does nothing where it makes no sense; what it judges itself (a press,
noise, a byte that rotted) it judges when its time has come, by the witness.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Literal

from fakes.contactnoise import NOISE
from fakes.townlink import CLIENT_SEES_MS, Link

from node.journalline import read_lines
from wire.envelope import Arrived, LinkItem, Publication

if TYPE_CHECKING:
    from fakes.town import Town
    from fakes.townnode import NodeMachine

HOLD_MS = 800  # of the contacts of fakes/box.py
TRUST_MS = 60  # readings until a contact is believed, and a reading's time
OWN_GONG_MS = 150  # fault 1
STUCK_MS = 31_000  # fault 21: beyond 30 s it is a trouble
RANKS = {"red": 3, "fire": 3, "try": 1, "quiet": 0}
WORDS = ("alarms", "chime", "codebook", "welcome", "answer", "hello", "alert", "silent", "sounded", "status")
GARBAGE: dict[str, bytes] = {
    "empty": b"",
    "no json": b"\xc4\x90\xe1\xbb\x95",
    "bad utf-8": b'{"id":"\xff\xfe","counter":9}',
    "nan": b'{"issued_at":NaN,"counter":NaN,"alarms":[]}',
    "infinite": b'{"counter":1e999,"age_ms":-1e999}',
    "nested": b'{"alarms":' + b"[" * 3_000 + b"]" * 3_000 + b"}",
    "huge integer": b'{"counter":' + b"9" * 400 + b',"issued_at":"2026-11-21T15:00:00.000Z","alarms":[]}',
    "wrong types": b'{"id":7,"node":[],"hamlet":{},"kind":null,"alarms":"all","counter":"many","now":0}',
    "version 99": b'{"v":99}',
    "surrogate": b'{"id":"\\ud800","alarms":[],"counter":1}',
    "half": b'{"issued_at":"2026-11-21T15:00:00.000Z","counter":1,"alarms":[{"id"',
    "a list": b"[]",
}


class Thief:
    """Somebody with a node's password, who listens and says nothing. A fakes.townlink.Client."""

    def __init__(self, filters: tuple[str, ...]) -> None:
        self._filters = filters

    def subscriptions(self) -> tuple[str, ...]:
        """What it may hear."""
        return self._filters

    def will(self) -> Publication | None:
        """None."""
        return None

    def deliver(self, item: LinkItem) -> None:
        """It writes down what it hears."""


class Steps:
    """See the module. The town is fakes.townscript.Script's."""

    town: Town

    # -- people

    def _finger(self, node: str, button: str, ms: int = 900, drill: bool = False) -> None:
        """A button is held from now on for so long; meanwhile time passes as it will."""
        box, agenda = self.town.nodes[node], self.town.agenda
        witness = self.town.witness
        assert witness is not None
        if drill:
            box.close("drill")
            agenda.after(ms + 150, box.open, "drill")
        whole = box.running and box.cut_after is None and box.disk._kept is None and not box._closed - {"drill"}
        before, ran = witness.presses.get(node, 0), box.runs
        box.fingers += 1
        box.close(button)
        agenda.after(ms, box.open, button)
        if not whole or button == "cancel" or box._traces:
            return
        if ms >= HOLD_MS + TRUST_MS:
            rank = min(RANKS[button], 2) if drill else RANKS[button]
            unheard = box.link.up and witness._steady_ms(box) < CLIENT_SEES_MS[1]
            agenda.after(HOLD_MS + TRUST_MS + OWN_GONG_MS, self._own_gong, box, ran, rank, unheard)
        agenda.after(ms + TRUST_MS + 10, self._pressed, box, ran, before, int(ms >= HOLD_MS + TRUST_MS), box.fingers)

    def _own_gong(self, box: NodeMachine, ran: int, rank: int, unheard: bool) -> None:
        witness = self.town.witness
        assert witness is not None
        if rank < 2 or box.runs != ran or not box.running or witness._rank(box.sounding) >= rank:
            return
        # It may have been taken back or silenced just now; or before, unheard, if a cable was out and nobody knew.
        since_ms = self.town.now_ms - HOLD_MS - OWN_GONG_MS - (CLIENT_SEES_MS[1] if unheard else 0)
        taken_back = [one.cancelled_ms or 0 for one in witness.alerts.values() if one.node == box.name]
        ended = [one.at_ms for one in witness.asks if one.verb in ("clear", "close")]
        if max([*taken_back, *witness.over.values(), *ended], default=0) < since_ms:
            witness.broken("the own gong sounds within 150 ms", node=box.name, sounds=box.sounding)

    def _pressed(self, box: NodeMachine, ran: int, before: int, want: int, fingers: int) -> None:
        witness = self.town.witness
        assert witness is not None
        taken = witness.presses.get(box.name, 0) - before
        if box.runs == ran and box.running and box.fingers == fingers and taken != want:
            witness.broken("no press is lost, none invented", node=box.name, taken=taken, want=want)

    def _stuck(self, node: str, button: str, ms: int) -> None:
        """A button that does not come up again: one press, and a trouble."""
        box = self.town.nodes[node]
        self._finger(node, button, ms)
        if ms > STUCK_MS and box.running:
            self.town.agenda.after(STUCK_MS, self._stuck_told, box, box.runs, button)

    def _stuck_told(self, box: NodeMachine, ran: int, button: str) -> None:
        assert self.town.witness is not None
        if box.runs == ran and box.running and button in box._closed and button not in box.core._parts.box.stuck:
            self.town.witness.broken("a button stuck for 30 s is a trouble", node=box.name, button=button)

    def _noise(self, node: str, button: str, noise: int, seed: int, ms: int) -> None:
        """A wet cable, lightning, a loose contact: no press."""
        box, witness = self.town.nodes[node], self.town.witness
        if not box.running or box._traces or box._closed:
            return
        assert witness is not None
        box.noise(button, NOISE[noise % len(NOISE)](random.Random(seed), ms * 1_000))
        self.town.agenda.after(ms, box.noise, button, None)
        self.town.agenda.after(ms + TRUST_MS, self._quiet, box, box.runs, witness.presses.get(node, 0))

    def _quiet(self, box: NodeMachine, ran: int, before: int) -> None:
        witness = self.town.witness
        assert witness is not None
        if box.runs == ran and box.running and not box._closed and witness.presses.get(box.name, 0) != before:
            witness.broken("noise is no press", node=box.name)

    # -- power and clocks

    def _village_dark(self, but: str | None = None) -> None:
        """The whole village loses its power, the commune with it; `but` one, which has a battery."""
        town = self.town
        for name, node in town.nodes.items():
            if name != but:
                node.go_dark(power=True)
        town.service.kill(power=True)
        if town.rival is not None:
            town.rival.kill(power=True)
        town.broker.crash()

    def _village_light(self, within_ms: int) -> None:
        """It comes back; each machine takes its own time."""
        town, rng = self.town, self.town.rng
        town.broker.start()
        town.agenda.after(rng.randint(0, within_ms), town.service.start)
        for node in town.nodes.values():
            town.agenda.after(rng.randint(0, within_ms), node.power_on)

    def _day(self, until_ms: int, within_ms: int, but: str | None = None) -> None:
        """The village has no power until then, and nobody looks; `but` one, which has a battery."""
        self._village_dark(but)
        self.town.pass_ms(max(0, until_ms - self.town.now_ms))
        self._village_light(within_ms)

    def _reboot(self, node: str, off_ms: int, power: bool = True) -> None:
        """Gone now, back in `off_ms`."""
        box = self.town.nodes[node]
        box.go_dark(power=power)
        self.town.agenda.after(off_ms, box.start)

    def _node_clock(self, node: str, off_ms: int, in_step: bool = False) -> None:
        """Its wall clock shows something else; in step with NTP it is right."""
        self.town.nodes[node].set_clock(0 if in_step else off_ms, in_step=in_step)

    def _rot(self, node: str, at: int, bit: int) -> None:
        """A bit of the journal flips while the program is away: one line is lost at the most."""
        box, witness = self.town.nodes[node], self.town.witness
        assert witness is not None
        if box.running or not box.disk.platter:
            return
        before = read_lines(box.disk.platter)
        at %= len(box.disk.platter)
        raw = bytearray(box.disk.platter)
        raw[at] ^= 1 << bit % 8
        box.disk.platter = bytes(raw)
        after = read_lines(box.disk.platter)
        gone = [one for one in before.records if one not in after.records]
        if len(before.records) - len(after.records) > 1:
            witness.broken("a night is not lost to one bad byte", node=node, gone=gone)
        for one in gone:
            ghost = witness.alerts.get(getattr(one, "id", ""))
            if ghost is not None:
                ghost.claimed = ghost.taken_back = False
            witness.chime_judge.forgive(node, getattr(one, "id", ""))
            witness._quieted.discard((node, getattr(one, "id", "")))

    # -- broker and services

    def _puback_then_crash(self, word: str) -> None:
        self.town.broker.puback_then_crash(word)

    def _restart_broker(self, off_ms: int) -> None:
        self.town.broker.crash()
        self.town.agenda.after(off_ms, self.town.broker.start)

    def _restart_service(self, off_ms: int) -> None:
        self.town.service.kill()
        self.town.agenda.after(off_ms, self.town.service.start)

    def _start_rival(self, copied: bool = False) -> None:
        self.town.start_rival(copied=copied)

    def _kill_rival(self) -> None:
        if self.town.rival is not None:
            self.town.rival.kill()

    # -- strangers

    def _take_over(self, node: str, ms: int) -> None:
        """A thief comes in with a node's name and password, again and again, for so long."""
        town = self.town
        thief = Link(town.broker, node)
        thief.open(Thief((town.topics.all("alarms"), town.topics.every("up", "alert"))))
        town.agenda.after(ms, lambda: thief.close(power=False))

    def _garbage(self, what: str, node: str, word: str, who: Literal["all", "up", "down", "ask"]) -> None:
        """Something that is no message, on a topic that is one."""
        topics = self.town.topics
        topic = {
            "all": f"{topics.root}/all/{word}", "up": f"{topics.root}/up/{node}/{word}",
            "down": f"{topics.root}/down/{node}/{word}", "ask": f"{topics.root}/ask/duty/{word}",
        }[who]  # fmt: skip
        self._heard_of_a_stranger()
        self.town.forge(Publication(topic, GARBAGE[what]))

    def _mutate(self, back: int, seed: int, node: str | None = None) -> None:
        """Something captured, with a byte or two changed, is said again; in a network with keys alone."""
        town = self.town
        if not town.captured or not town.keys:
            return
        said, rng = town.captured[-1 - back % len(town.captured)].said, random.Random(seed)
        raw = bytearray(said.payload)
        for _ in range(rng.randint(1, 3)):
            if raw:
                raw[rng.randrange(len(raw))] = rng.randrange(256)
        cut = len(raw) if rng.random() < 0.8 else rng.randrange(len(raw) + 1)
        payload = bytes(raw[:cut])
        self._heard_of_a_stranger()
        if node is None:
            town.forge(Publication(said.topic, payload, False, said.sig))
        elif town.nodes[node].running:
            town.nodes[node].deliver(Arrived(said.topic, payload, False, said.sig))

    def _heard_of_a_stranger(self) -> None:
        assert self.town.witness is not None
        self.town.witness.replayed_ms = self.town.now_ms
