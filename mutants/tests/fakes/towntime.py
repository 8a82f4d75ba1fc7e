"""Virtual time for a town: one agenda of what happens when, and for each machine its own two clocks. Pure.

What must hold: things due at the same millisecond happen in the order in which they were put down, so one seed is one
run; a machine's monotonic clock begins anew at each boot and never goes back; true time is nobody's clock.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

EVENING_MS = 1_795_268_400_000
"""True wall time at a town's beginning, if nobody says another: 2026-11-21 20:40 in Hà Nội."""
PPM = 1_000_000


class Agenda:
    """What happens when, in true milliseconds since the town began."""

    def __init__(self, begins_ms: int = EVENING_MS, log: list[tuple[int, str]] | None = None) -> None:
        """`log`: gets when what was done; for those who compare two runs."""
        self.now_ms = 0
        self.begins_ms = begins_ms
        """True wall time at the beginning."""
        self.log = log
        self.done = 0
        """Things done so far: what a run costs."""
        self._heap: list[tuple[int, int, Callable[..., None], tuple[Any, ...]]] = []
        self._put = 0

    @property
    def wall_ms(self) -> int:
        """True wall time."""
        return self.begins_ms + self.now_ms

    def at(self, at_ms: int, do: Callable[..., None], *args: Any) -> None:
        """Do it then; what is late happens now."""
        self._put += 1
        heapq.heappush(self._heap, (max(at_ms, self.now_ms), self._put, do, args))

    def after(self, ms: int, do: Callable[..., None], *args: Any) -> None:
        """Do it in so many milliseconds."""
        self.at(self.now_ms + ms, do, *args)

    def until(self, at_ms: int) -> None:
        """Let time pass; everything due on the way happens at its very millisecond."""
        heap = self._heap
        while heap and heap[0][0] <= at_ms:
            due_ms, _, do, args = heapq.heappop(heap)
            self.now_ms = due_ms
            self.done += 1
            if self.log is not None:
                self.log.append((due_ms, do.__qualname__))
            do(*args)
        self.now_ms = max(self.now_ms, at_ms)


class Clocks:
    """A machine's monotonic and wall clock."""

    def __init__(self, agenda: Agenda, ppm: int = 0, wall_off_ms: int = 0) -> None:
        self._agenda = agenda
        self._ppm = ppm
        """How much faster its crystal is than the true one."""
        self.wall_off_ms = wall_off_ms
        """Wall time less true time, but for the crystal."""
        self.boots = 0
        self.boot()

    def boot(self) -> None:
        """Monotonic time begins anew; each boot at another number, so that none is mistaken for another's."""
        self.boots += 1
        self._boot_ms = self._agenda.now_ms
        self._first_ms = 4_000 + 137 * self.boots

    def local_ms(self, true_ms: int) -> int:
        """Monotonic time at a true one of this boot."""
        passed_ms = true_ms - self._boot_ms
        return self._first_ms + passed_ms + passed_ms * self._ppm // PPM

    def true_ms(self, local_ms: int) -> int:
        """The first true millisecond at which monotonic time is that much."""
        passed_ms = local_ms - self._first_ms
        true_ms = self._boot_ms + passed_ms * PPM // (PPM + self._ppm)
        while self.local_ms(true_ms) < local_ms:
            true_ms += 1
        return true_ms

    @property
    def now_ms(self) -> int:
        """Monotonic time now."""
        return self.local_ms(self._agenda.now_ms)

    @property
    def wall_ms(self) -> int:
        """Wall time now, as the machine has it."""
        return self._agenda.wall_ms + self.wall_off_ms
