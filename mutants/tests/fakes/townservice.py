"""The commune's machine in a town: the real core over a register in memory, with a link. Pure.

What must hold: effects are done in their order; the program may die before any of them, before an append or after it,
and the next run knows what was committed and nothing else. Nothing in it takes time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

from fakes.register import Shelf
from fakes.townlink import Link
from fakes.towntime import Agenda, Clocks

from broker.core.commune import Commune
from broker.core.effects import Append, Effect, Erase, Order, Recall, Tell
from broker.core.items import Committed, Item, NotCommitted, Recalled, Tick
from broker.core.records import Entry
from broker.core.setup import CommuneSetup
from broker.errors import RegisterError
from wire.envelope import LinkItem, Publication
from wire.signature import Signer
from wire.topics import Topics

SPIN = 500
LOOK_MS = 1_000  # broker.loop.LONGEST_WAIT_S: a jump of the clock is seen within it
COMMUNE = "cong-lac"
USERS: dict[str, Any] = {"duty": "officer", "second": "officer", "tv": "watch"}


class Killed(Exception):
    """The program is gone."""


class ServiceWatch(Protocol):
    """Who sees what the service does."""

    def committed(self, entries: Sequence[Entry]) -> None:
        """On the disk."""
        ...

    def not_committed(self) -> None:
        """The disk was full."""
        ...

    def ordered(self, effect: Order | Tell, said: Publication) -> None:
        """It was handed to the link."""
        ...

    def heard_by_service(self, item: LinkItem) -> None:
        """It is about to be given to the core."""
        ...


class ServiceMachine:
    """See the module. `link` is this machine's alone."""

    def __init__(
        self,
        agenda: Agenda,
        link: Link,
        watch: ServiceWatch,
        *,
        codebook: dict[str, Any],
        clocks: Clocks,
        signer: Signer | None = None,
        name: str = "service",
    ) -> None:
        self.name = name
        self.link = link
        self.clocks = clocks
        self.shelf = Shelf()
        self.codebook = codebook
        self.running = False
        self.runs = 0
        self.cut_after: int | None = None
        """Effects from now on until the program dies."""
        self._agenda, self._watch, self._signer = agenda, watch, signer
        self._topics = Topics(COMMUNE)
        self._due_ms = -1
        self._unplugged = False
        self.started_ms = 0

    def start(self) -> None:
        """A new run; nothing if it runs."""
        if self.running:
            return
        if self._unplugged:
            self._unplugged = False
            self.clocks.boot()
        self.running, self.cut_after = True, None
        self.runs += 1
        self.started_ms = self._agenda.now_ms
        self._inbox: deque[Item] = deque()
        self._stepping = False
        self._spun = (0, 0)
        self._due_ms = -1
        setup = CommuneSetup(
            commune=COMMUNE, run=f"{self.name}-{self.runs}", seed=f"{self.name} {self.runs}".encode(),
            codebook=self.codebook, users=USERS, commune_key=self._signer.public if self._signer else None,
        )  # fmt: skip
        self.core = Commune(setup, self.shelf.restore())
        self.give(Tick())
        self.link.open(self)

    def kill(self, *, power: bool = False) -> None:
        """kill -9, or the machine loses its power; its clock goes on by its battery."""
        if self.running:
            self.running, self._unplugged = False, power
            self._inbox.clear()
            self.shelf.power_cut()
            self.link.close(power=power)

    def jump(self, ms: int) -> None:
        """The wall clock jumps; the loop looks within a second."""
        self.clocks.wall_off_ms += ms
        self._agenda.after(LOOK_MS, self._look, self.runs)

    def _look(self, run: int) -> None:
        if run == self.runs:
            self.give(Tick())

    def deliver(self, item: LinkItem) -> None:
        """From the link."""
        if self.running:
            self._watch.heard_by_service(item)
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
        except Killed:
            self.kill()
            return
        finally:
            self._stepping = False
        due_ms = max(self._agenda.now_ms, self.clocks.true_ms(self.core.deadline_ms))
        if due_ms != self._due_ms:
            self._due_ms = due_ms
            self._agenda.at(due_ms, self._due, due_ms, self.runs)

    def _due(self, due_ms: int, run: int) -> None:
        if due_ms == self._due_ms and run == self.runs:
            self._due_ms = -1
            self.give(Tick())

    def _drain(self) -> None:
        now_ms, wall_ms = self.clocks.now_ms, self.clocks.wall_ms
        while self._inbox:
            item = self._inbox.popleft()
            at_ms, steps = self._spun
            self._spun = (now_ms, steps + 1 if at_ms == now_ms else 0)
            assert steps < SPIN, f"service: a busy loop at {now_ms}, last {item}"
            for effect in self.core.step(now_ms, wall_ms, item):
                self._cut()
                self._do(effect)

    def _cut(self) -> None:
        if self.cut_after is not None:
            if self.cut_after == 0:
                raise Killed
            self.cut_after -= 1

    def _do(self, effect: Effect) -> None:
        match effect:
            case Append():
                self._inbox.appendleft(self._append(effect))
                self._cut()  # between the commit and its news
            case Recall():
                self._inbox.appendleft(Recalled(effect.seq, self.shelf.hash_at(effect.seq)))
            case Order() | Tell():
                sig = self._signer.sign(effect.topic, effect.payload) if self._signer else None
                said = Publication(effect.topic, effect.payload, False, sig)
                if self.link.publish(said):
                    self._watch.ordered(effect, said)
            case Erase():
                self.link.publish(Publication(effect.topic, b"", retain=True))

    def _append(self, effect: Append) -> Committed | NotCommitted:
        try:
            self.shelf.append(effect.entries)
        except RegisterError as error:
            self._watch.not_committed()
            return NotCommitted(effect.token, error.en)
        self._watch.committed(effect.entries)
        return Committed(effect.token, self.shelf.head)

    # -- the link's questions

    def subscriptions(self) -> Sequence[str]:
        """As broker/run.py subscribes."""
        topics = self._topics
        ups = [topics.every("up", word) for word in ("hello", "alert", "silent", "sounded", "status")]
        return [*ups, topics.every("ask"), f"{topics.root}/all/+", f"{topics.root}/down/+/+"]

    def will(self) -> Publication | None:
        """It has none."""
        return None
