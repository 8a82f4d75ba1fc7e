"""The same lines of a commune's journal for whoever asks: batch `n` is always the same entries.

So a register is right when it holds the first so many batches, whole, in their order, and nothing else.
"""

from __future__ import annotations

import random
from functools import cache

from fakes.entries import NOON_MS, acknowledged, ask, chime, closed, counter, joined, node, opened, sounding, trouble
from fakes.register import Shelf

from broker.core.records import Entry, Snapshot

MAX_BATCHES = 3000
"""More than any workload here appends."""
LONG_TEXT = "Bà con thôn Một chú ý: cháy ở bếp nhà bà Tư, mang theo xô và thang. " * 40
"""4 KB: a line that needs pages of its own."""


@cache
def batch(number: int) -> tuple[Entry, ...]:
    """What one append writes: one to three entries of any kind."""
    dice = random.Random(number)
    at_ms = NOON_MS + number * 1000 + dice.choice((0, 0, 0, -(10**11), 10**11))  # clocks jump; order is by sequence
    earlier = dice.randrange(number + 1)
    match dice.randrange(9):
        case 0 | 1 | 2:
            return opened(number, at_ms, text=LONG_TEXT if dice.random() < 0.2 else None), sounding(number)
        case 3:
            return acknowledged(earlier, at_ms), ask(number)
        case 4:
            return closed(earlier, at_ms), sounding(earlier, active=False), ask(number)
        case 5:
            return trouble(f"n{dice.randrange(4)}", at_ms), node(f"n{dice.randrange(9)}", str(number))
        case 6:
            return (trouble(f"n{dice.randrange(4)}", at_ms, over_at_ms=at_ms + 1),)
        case 7:
            return (chime(number, at_ms), counter(number + 1))
        case _:
            return (joined(number, earlier),)


@cache
def _totals() -> list[int]:
    totals = [0]
    for number in range(MAX_BATCHES):
        totals.append(totals[-1] + len(batch(number)))
    return totals


def entries_in(batches: int) -> int:
    """Lines of the first so many batches."""
    return _totals()[batches]


def batches_in(entries: int) -> int:
    """How many whole batches so many lines are; ValueError: one of them is not whole."""
    return _totals().index(entries)


class Expected:
    """What a register restores after the first so many batches: by the fake, which passes the same contract."""

    def __init__(self) -> None:
        self._shelf = Shelf()
        self._done = 0
        self._snapshots: dict[int, Snapshot] = {}

    def snapshot(self, batches: int) -> Snapshot:
        """It."""
        while self._done < batches:
            self._shelf.append(batch(self._done))
            self._done += 1
            self._snapshots[self._done] = self._shelf.restore()
        return self._snapshots[batches] if batches else Snapshot()
