"""The loop: one thread that waits for the next item or the core's deadline, steps the core, and does what it asks.

Rule 1. Effects are done in the core's order: what sounds goes out before it is written down.
Rule 2. After an Append the core hears at once whether it is on the disk; until then nothing promises that it is.
Rule 3. It never waits longer than LONGEST_WAIT_S, so that a jump of the wall clock is seen, and only it reads a clock.
Rule 4. What arrives ends it never; Stop does, and a fault of our own that is no arrival's.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from broker.core.effects import Append, Effect, Erase, Listen, Recall, RestartBroker, Retire
from broker.core.items import Committed, Item, NotCommitted, Recalled, Stop, Tick
from broker.core.records import Entry
from broker.errors import RegisterError
from broker.inbox import Inbox
from broker.trace import Trace
from wire.envelope import Arrived, Publication
from wire.messages import Witness

_log = logging.getLogger(__name__)

LONGEST_WAIT_S = 1.0
Point = Literal["taken", "written", "committed", "said"]
"""Where a test may cut: an item was taken, an append is next, it is on the disk, something went to the network."""


class Core(Protocol):
    """broker.core.commune.Commune, as it is used here."""

    @property
    def deadline_ms(self) -> int:
        """When it must be stepped at the latest, monotonic."""
        ...

    def step(self, now_ms: int, wall_ms: int, item: Item) -> list[Effect]:
        """One item."""
        ...


class Journal(Protocol):
    """The part of a register that is used here."""

    def append(self, entries: Sequence[Entry]) -> int:
        """One committed, synced transaction. RegisterError."""
        ...

    @property
    def head(self) -> Witness | None:
        """The last line and its hash."""
        ...

    def hash_at(self, seq: int) -> str | None:
        """What the chain has for a line. RegisterError."""
        ...


class Speaker(Protocol):
    """The part of the link that is used here."""

    def publish(self, publication: Publication) -> bool:
        """Hand it to the network; False if there is none."""
        ...


class Signing(Protocol):
    """wire.signature.Signer."""

    def sign(self, topic: str, payload: bytes) -> str:
        """The signature, base64."""
        ...


@dataclass(frozen=True, slots=True)
class Clock:
    """The two times."""

    offset_ms: int = 0
    """Added to the machine's wall time: the demo drives its commune over 22:00 with it."""

    def now_ms(self) -> int:
        """Monotonic."""
        return time.monotonic_ns() // 1_000_000

    def wall_ms(self) -> int:
        """Commune time, ms since 1970."""
        return time.time_ns() // 1_000_000 + self.offset_ms


class Loop:
    """A core, its inbox, and the hands that do its effects."""

    def __init__(
        self,
        core: Core,
        inbox: Inbox,
        register: Journal,
        link: Speaker,
        *,
        signer: Signing | None = None,
        trace: Trace | None = None,
        clock: Clock = Clock(),
        beat: Callable[[int], None] = lambda _: None,
        restart_broker: Callable[[], None] = lambda: None,
        listen: Callable[[Listen], None] = lambda _: None,
        retire: Callable[[str], None] = lambda _: None,
        cut: Callable[[Point], None] = lambda _: None,
    ) -> None:
        """`beat` is called with monotonic ms after each round; `restart_broker`, `listen` and `retire` must return at
        once; `cut` is called by tests that end the process at a point."""
        self._core = core
        self._inbox = inbox
        self._register = register
        self._link = link
        self._signer = signer
        self._trace = trace
        self._clock = clock
        self._beat = beat
        self._restart_broker = restart_broker
        self._listen = listen
        self._retire = retire
        self._cut = cut

    def run(self) -> None:
        """Until Stop was taken, and what it asked for is done."""
        self.take(Tick())
        while True:
            item = self._inbox.get(self._wait_s())
            # A full inbox must not keep the core from its deadline.
            if item is None or (not isinstance(item, Stop) and self._clock.now_ms() >= self._core.deadline_ms):
                self.take(Tick(idle=item is None))
            if item is not None:
                self.take(item)
            self._beat(self._clock.now_ms())
            if isinstance(item, Stop):
                return

    def take(self, item: Item) -> None:
        """Step the core with it, and with what becomes of its appends, until nothing is left to do."""
        self._cut("taken")
        waiting: deque[Item] = deque([item])
        while waiting:
            for effect in self._step(waiting.popleft()):
                outcome = self._do(effect)
                if outcome is not None:
                    waiting.append(outcome)

    def _wait_s(self) -> float:
        due_s = (self._core.deadline_ms - self._clock.now_ms()) / 1000
        return min(max(due_s, 0.0), LONGEST_WAIT_S)

    def _step(self, item: Item) -> Sequence[Effect]:
        now_ms, wall_ms = self._clock.now_ms(), self._clock.wall_ms()
        try:
            effects = self._core.step(now_ms, wall_ms, item)
        except Exception:
            # A word of a stranger that finds a mistake of ours must not silence a commune; anything else must be seen.
            if not isinstance(item, Arrived):
                raise
            _log.exception("Bỏ qua một bản tin gây lỗi. / Left out a message that found a fault: %r", item)
            effects = []
        if self._trace is not None:
            self._trace.step(now_ms, wall_ms, item, effects)
        return effects

    def _do(self, effect: Effect) -> Item | None:
        if isinstance(effect, Append):
            return self._append(effect)
        if isinstance(effect, RestartBroker):
            _log.error("%s", effect.why)
            self._restart_broker()
            return None
        if isinstance(effect, Recall):
            return self._recall(effect)
        if isinstance(effect, Listen):
            self._listen(effect)
            return None
        if isinstance(effect, Retire):
            self._retire(effect.node)
            return None
        if isinstance(effect, Erase):
            self._link.publish(Publication(effect.topic, b"", retain=True))
        else:
            sig = None if self._signer is None else self._signer.sign(effect.topic, effect.payload)
            self._link.publish(Publication(effect.topic, effect.payload, sig=sig))
        self._cut("said")
        return None

    def _append(self, effect: Append) -> Item:
        self._cut("written")
        try:
            self._register.append(effect.entries)
        except RegisterError as error:
            _log.error("%s", error)
            return NotCommitted(effect.token, error.en)
        self._cut("committed")
        return Committed(effect.token, self._register.head)

    def _recall(self, effect: Recall) -> Item | None:
        try:
            return Recalled(effect.seq, self._register.hash_at(effect.seq))
        except RegisterError as error:
            _log.error("%s", error)
            return None
