"""Chimes: what is due when, by our own code book and by the commune's orders, and each once, ever.

Rule 1. An id that sounded, or was about to, is written down first and never sounds again, whatever any clock does.
Rule 2. Beyond its grace a chime is skipped and said so: a gong at 23:00 sends people out with sticks.
Rule 3. By an unsure clock nothing is due, nor by one that shows what no clock can show, whoever proved it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta

from patterns.codebook import CodeBook
from wire.messages import Chime, Witness
from wire.words import EPOCH, is_sane, reaches

ARM_MS = 1_500  # a chime is handed to the speaker this much ahead, so that it starts on the sample and not on the step
GRACE_MS = 60_000  # of our own code book's chimes; the commune says its own with each order
LOOK_AHEAD_MS = 36 * 3_600_000  # tonight and the next night
LOOK_AGAIN_MS = 6 * 3_600_000  # so the list never runs dry
JUMP_MS = 5_000  # a wall clock that moved this much against the monotonic one has jumped: the list is made anew
MAX_TOLD = 64  # late chimes that have been told: each is told once
MAX_ORDERED = 32  # orders for one minute ahead; more are a mistake or an attack
LAST_MS = 600_000  # no pattern is longer: beyond it a chime's cause is forgotten


@dataclass(frozen=True, slots=True)
class DueChime:
    """A chime with its moment."""

    id: str
    """`<name>/<local date>`."""
    pattern: str
    """By name."""
    due_wall_ms: int
    """Wall time of the first stroke."""
    grace_ms: int
    """How late it may start."""
    witness: Witness | None = None
    """The head of the commune's register, if the commune ordered it."""


class Calendar:
    """The chimes of one hamlet."""

    def __init__(self, hamlet: str, done: tuple[str, ...]) -> None:
        self._hamlet = hamlet
        self._done = set(done)
        self._book: CodeBook | None = None
        self._own: list[DueChime] = []
        self._ordered: list[DueChime] = []
        self._made: tuple[int, int] | None = None
        self._told: deque[str] = deque(maxlen=MAX_TOLD)
        self.begun_ms: int | None = None
        """Monotonic start of a run that remembers nothing: what was due before it may have sounded, and is skipped."""

    def use(self, book: CodeBook) -> None:
        """Take a code book into use."""
        self._book = book
        self._made = None

    def order(self, chime: Chime) -> None:
        """The commune orders one ahead. For another hamlet, or done already: nothing."""
        if chime.id in self._done or not reaches(chime.hamlets, self._hamlet):
            return
        witness = chime.witness if isinstance(chime.witness, Witness) else None
        new = DueChime(chime.id, chime.pattern, chime.due_at.ms, chime.grace_s * 1_000, witness)
        self._ordered = [*(old for old in self._ordered if old.id != chime.id), new][-MAX_ORDERED:]

    def done(self, id: str) -> None:  # noqa: A002 - the contract's word
        """It is written down: never again."""
        self._done.add(id)

    def next_wall_ms(self) -> int | None:
        """Wall time of the next chime that is listed and not done."""
        return min((chime.due_wall_ms for chime in [*self._own, *self._ordered]), default=None)

    def due(self, now_ms: int, wall_ms: int | None) -> tuple[list[DueChime], list[DueChime]]:
        """What must be armed or sounded now, which the caller writes down, and what is too late; each is given once.

        What is too late has not sounded: a clock that goes back before its moment makes it due again.
        """
        if wall_ms is None or not is_sane(wall_ms):
            self._made = None
            return [], []
        self._refresh(now_ms, wall_ms)
        ready: list[DueChime] = []
        late: list[DueChime] = []
        # The commune's order goes before our own book where both name a chime.
        for chime in {chime.id: chime for chime in [*self._own, *self._ordered]}.values():
            if wall_ms < chime.due_wall_ms - ARM_MS:
                continue
            self._drop(chime.id)
            begun_wall_ms = 0 if self.begun_ms is None else wall_ms - (now_ms - self.begun_ms)
            if begun_wall_ms <= chime.due_wall_ms and wall_ms <= chime.due_wall_ms + chime.grace_ms:
                ready.append(chime)
            elif chime.id not in self._told:
                self._told.append(chime.id)
                late.append(chime)
        return ready, late

    def _drop(self, id: str) -> None:  # noqa: A002 - the contract's word
        self._own = [chime for chime in self._own if chime.id != id]
        self._ordered = [chime for chime in self._ordered if chime.id != id]

    def _refresh(self, now_ms: int, wall_ms: int) -> None:
        """Make the list anew where it must be."""
        if self._made is not None:
            then_ms, then_wall_ms = self._made
            drift_ms = (wall_ms - then_wall_ms) - (now_ms - then_ms)
            if abs(drift_ms) < JUMP_MS and now_ms - then_ms < LOOK_AGAIN_MS:
                return
        if self._book is None:
            return
        self._made = (now_ms, wall_ms)
        begin = EPOCH + timedelta(milliseconds=wall_ms - GRACE_MS)
        until = EPOCH + timedelta(milliseconds=wall_ms + LOOK_AHEAD_MS)
        passed = {chime.id: chime for chime in self._own if chime.due_wall_ms <= wall_ms}
        self._own = list(passed.values()) + [
            DueChime(due.id, due.pattern, (due.due_at_utc - EPOCH) // timedelta(milliseconds=1), GRACE_MS)
            for due in self._book.due_between(begin, until)
            if reaches(due.hamlets, self._hamlet) and due.id not in self._done and due.id not in passed
        ]

    def deadline_ms(self, now_ms: int, wall_ms: int | None) -> int | None:
        """Monotonic time at which `due` must be asked again."""
        if wall_ms is None or not is_sane(wall_ms):
            return None
        times = [now_ms + chime.due_wall_ms - ARM_MS - wall_ms for chime in [*self._own, *self._ordered]]
        if self._made is not None:
            times.append(self._made[0] + LOOK_AGAIN_MS)
        return min(times, default=None)
