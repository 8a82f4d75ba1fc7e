"""A node's machine in a town: the real core, a fake speaker and disk, a link, contacts that a finger closes. Pure.

What must hold: effects are done in their order, and the power may go before any of them; what a new run of the program
knows is what the disk had synced; monotonic time begins anew at each boot. Nothing in it takes time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from fakes.box import CLIPS, CONTACTS
from fakes.contactnoise import Trace
from fakes.journal import FakeDisk, FakeJournal, PowerCut
from fakes.speaker import FakeSpeaker
from fakes.townlink import Link
from fakes.towntime import Agenda, Clocks

from node.core.effects import Effect, KeepCodeBook, Nudge, Permit, Publish, Show, Silence, Sound, Write
from node.core.items import Began, Contacts, Finished, Item, PanelHealth, SpeakerHealth, SystemClock, Tick
from node.core.node import Node
from node.core.records import Record
from node.core.setup import Setup
from node.sampling import Sampling
from node.speaker.ports import Ended, Health, Report, Started
from wire.envelope import LinkItem, Publication
from wire.signature import Signer

MEND_MS = 1_000  # node.run
SPIN = 500  # steps at one moment beyond which the core goes round in circles


class Killed(Exception):
    """The program is gone; the machine goes on."""


class NodeWatch(Protocol):
    """Who sees what happens in a node."""

    def wrote(self, node: NodeMachine, record: Record) -> None:
        """A record was asked to be written; it may not be on the disk yet."""
        ...

    def synced(self, node: NodeMachine) -> None:
        """Everything asked for so far is on the disk."""
        ...

    def looked(self, node: NodeMachine) -> None:
        """A step is done, effects and all."""
        ...

    def heard_by_node(self, node: NodeMachine, item: LinkItem) -> None:
        """The link is about to give it this."""
        ...

    def said(self, who: str, said: Publication) -> None:
        """It was handed to the link."""
        ...


class NodeMachine:
    """See the module. `link` is this machine's alone."""

    def __init__(
        self,
        agenda: Agenda,
        link: Link,
        watch: NodeWatch,
        *,
        hamlet: str,
        clocks: Clocks,
        signer: Signer | None = None,
        commune_key: str | None = None,
    ) -> None:
        self.name, self.hamlet = link.name, hamlet
        self.link = link
        self.clocks = clocks
        self.disk = FakeDisk()
        self.codebook: bytes | None = None
        self.lamps = Show("dark", "unheard")
        self.running = False
        self.runs = 0
        self.cut_after: int | None = None
        """Effects from now on until it goes dark."""
        self.cut_power = False
        """Whether that is the whole machine or the program alone."""
        self.refs: dict[str, str] = {}
        """Id of the cause of each sound of this run."""
        self.played: dict[str, str] = {}
        """Name of the clip of each sound of this run."""
        self.sounding: str | None = None
        """Id of what can be heard."""
        self.damaged = 0
        """Lines of the journal that this run could not read; it says so."""
        self.fingers = 0
        """Buttons that were ever pushed."""
        self.in_step = False
        """Whether its system says that NTP keeps its wall clock."""
        self._agenda, self._watch = agenda, watch
        self._signer, self._commune_key = signer, commune_key
        self._closed: set[str] = set()
        self._traces: dict[str, tuple[Trace, int]] = {}
        self._sampling_run = 0
        self._unplugged = False
        self._due_ms = -1

    # -- power

    def power_on(self) -> None:
        """Boot; nothing if it runs."""
        if not self.running:
            self._unplugged = True
            self.start()

    def start(self) -> None:
        """Start the program; nothing if it runs."""
        if self.running:
            return
        rebooted, self._unplugged = self._unplugged, False
        if rebooted:
            self.clocks.boot()
        self.running, self.cut_after = True, None
        self.runs += 1
        self._inbox: deque[Item] = deque()
        self._stepping = self._mending = False
        self._spun = (0, 0)
        self._due_ms = -1
        self._sampling = Sampling()
        self.refs, self.played = {}, {}
        self.speaker = FakeSpeaker(self._report, self.clocks.now_ms)
        self._journal = FakeJournal(self.disk, self._inbox.append)
        recall = self._journal.open()
        self.damaged = recall.damaged
        self.core = Node(self._setup(recall.memory, recall.damaged), self.clocks.now_ms)
        self.give(PanelHealth(ok=True))
        self.in_step = self.in_step and not rebooted
        self._tell_time()
        self.link.open(self)
        self._sample()

    def go_dark(self, *, power: bool) -> None:
        """The program is killed, or the machine loses its power: what sounds stops, what was not synced is gone."""
        if not self.running:
            self._unplugged = self._unplugged or power
            return
        self.running, self._unplugged = False, power
        self._inbox.clear()
        self.sounding = None
        self._watch.looked(self)
        self.link.close(power=power)
        self.lamps = Show("dark", "unheard")

    def set_clock(self, off_ms: int, *, in_step: bool = False) -> None:
        """Its wall clock is so wrong from now on; `in_step`: NTP keeps it, so it is not."""
        self.clocks.wall_off_ms, self.in_step = off_ms, in_step
        if self.running:
            self._tell_time()

    def _tell_time(self) -> None:
        self.give(SystemClock(self.clocks.wall_ms, in_step=self.in_step))

    def _setup(self, memory: object, damaged: int) -> Setup:
        return Setup(
            commune="cong-lac", node=self.name, hamlet=self.hamlet, contacts=CONTACTS,
            boot=f"{self.name}-boot-{self.clocks.boots}", run=f"{self.name}-run-{self.runs}",
            seed=f"{self.name} {self.runs}".encode(), memory=memory,  # type: ignore[arg-type] # a Memory
            codebook=self.codebook, commune_key=self._commune_key, damaged=damaged,
        )  # fmt: skip

    # -- the loop

    def deliver(self, item: LinkItem) -> None:
        """From the link."""
        if self.running:
            self._watch.heard_by_node(self, item)
            self.give(item)

    def give(self, item: Item) -> None:
        """One item, and what follows from it at once."""
        if not self.running:
            return
        self._inbox.append(item)
        if self._stepping:
            return
        self._stepping = True
        try:
            self._drain()
        except PowerCut:
            self.go_dark(power=True)
            return
        except Killed:
            self.go_dark(power=False)
            return
        finally:
            self._stepping = False
        self._after()

    def _drain(self) -> None:
        now_ms = self.clocks.now_ms
        self.speaker.advance(now_ms)
        while self._inbox:
            item = self._inbox.popleft()
            at_ms, steps = self._spun
            self._spun = (now_ms, steps + 1 if at_ms == now_ms else 0)
            assert steps < SPIN, f"{self.name}: a busy loop at {now_ms}, last {item}"
            for effect in self.core.step(now_ms, item):
                self._do(effect)

    def _after(self) -> None:
        ref = self.speaker.sounding
        self.sounding = None if ref is None else self.refs.get(ref)
        self._watch.looked(self)
        due_ms = self.core.deadline_ms
        if self.speaker.deadline_ms is not None:
            due_ms = min(due_ms, self.speaker.deadline_ms)
        due_ms = max(self._agenda.now_ms, self.clocks.true_ms(due_ms))
        if due_ms != self._due_ms:
            self._due_ms = due_ms
            self._agenda.at(due_ms, self._due, due_ms, self.runs)

    def _due(self, due_ms: int, run: int) -> None:
        if due_ms == self._due_ms and run == self.runs and self.running:
            self._due_ms = -1
            self.speaker.advance(self.clocks.now_ms)
            # The speaker's word is an item; where there is none, the core's own time has come.
            self.give(self._inbox.popleft() if self._inbox else Tick())

    def _mend(self, run: int) -> None:
        if run == self.runs and self.running:
            try:
                self._mending = not self._journal.mend()
                if not self._mending:
                    self._watch.synced(self)
            except PowerCut:
                self.go_dark(power=True)
                return
            if self._inbox:
                self.give(self._inbox.popleft())
            if self._mending:
                self._agenda.after(MEND_MS, self._mend, run)

    def _do(self, effect: Effect) -> None:
        if self.cut_after is not None:
            if self.cut_after == 0:
                raise PowerCut if self.cut_power else Killed
            self.cut_after -= 1
        match effect:
            case Sound():
                cause = self.core._parts.stage._refs.get(effect.ref)
                self.refs[effect.ref] = "" if cause is None else cause.id
                clip = CLIPS.get(effect.pattern) or (CLIPS["alarm"] if effect.alarm else None)
                if clip is None:
                    self._inbox.append(Finished(effect.ref, "failed", 0, 0, "unknown: not ready"))
                else:
                    self.played[effect.ref] = clip.name
                    self.speaker.play(effect.ref, clip, effect.at_ms)
            case Silence():
                self.speaker.stop(effect.ref)
            case Write():
                self._watch.wrote(self, effect.record)
                if self._journal.append(effect.record):
                    self._watch.synced(self)
                elif not self._mending:
                    self._mending = True
                    self._agenda.after(MEND_MS, self._mend, self.runs)
            case Publish():
                sig = self._signer.sign(effect.topic, effect.payload) if self._signer else None
                said = Publication(effect.topic, effect.payload, effect.retain, sig)
                if self.link.publish(said):
                    self._watch.said(self.name, said)
            case Show():
                self.lamps = effect
            case KeepCodeBook():
                self.codebook = effect.payload if self.disk.state == "ok" else self.codebook
            case Nudge():
                self.link.nudge()
            case Permit():
                pass  # nobody updates in the street

    def _report(self, report: Report) -> None:
        match report:
            case Started():
                self._inbox.append(Began(report.ref, report.at_ns // 1_000_000, report.late_ms))
            case Ended():
                self._inbox.append(Finished(report.ref, report.how, report.duration_ms, report.strokes, report.why))
            case Health():
                self._inbox.append(SpeakerHealth(report.ok, report.why))

    # -- the link's questions

    def subscriptions(self) -> Sequence[str]:
        """Of the core."""
        return self.core.subscriptions

    def will(self) -> Publication | None:
        """Of the core."""
        return self.core.will()

    # -- hands

    def close(self, *names: str) -> None:
        """Close contacts."""
        self._closed |= set(names)
        self._sample()

    def open(self, *names: str) -> None:
        """Open contacts."""
        self._closed -= set(names)
        self._sample()

    def noise(self, name: str, trace: Trace | None) -> None:
        """What a contact's wire shows from now on (fakes/contactnoise.py); none: it is quiet again."""
        self._traces.pop(name, None)
        if trace is not None:
            self._traces[name] = (trace, self._agenda.now_ms)
        self._sample()

    def _levels(self) -> tuple[str, ...]:
        at_ms = self._agenda.now_ms
        noisy = {name for name, (trace, began_ms) in self._traces.items() if trace((at_ms - began_ms) * 1_000)}
        return tuple(sorted(self._closed | noisy))

    def _sample(self) -> None:
        self._sampling_run += 1
        self._sampled(self._sampling_run, self.runs)

    def _sampled(self, sampling: int, run: int) -> None:
        if sampling != self._sampling_run or run != self.runs or not self.running:
            return
        closed = self._levels()
        now_ms = self.clocks.now_ms
        told, wait_ms = self._sampling.take(now_ms, closed)
        if told or closed or self._traces:
            self._agenda.after(wait_ms, self._sampled, sampling, run)
        if told:
            self.give(Contacts(now_ms, closed))
