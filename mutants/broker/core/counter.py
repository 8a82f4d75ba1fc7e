"""The number on every order: it only rises, over restarts and over any jump of the clock.

Rule: before an order with number n goes out, an entry says that numbers up to some m >= n may have gone out; a restart
begins above m. So a row is written for each RESERVE orders, not for each.
Where the disk cannot be written, orders go on all the same: the wall clock and the nodes' hellos then have to do.
"""

from __future__ import annotations

from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.turn import Turn
from wire.words import MAX_COUNTER

RESERVE = 10_000  # hours of orders; a restart skips at most so many, which is ten seconds of the wall clock
RENEW_BELOW = RESERVE // 2  # the next row is noted while as many are left: no order has to wait for it
AHEAD_MS = 86_460_000
"""A hello, or somebody else's order, may put us a day ahead of our clock, which is what nodes obey, and a minute for
what their clocks differ: a node that lies, or a slip of the hand, cannot use the numbers up."""


class Counter:
    """Numbers orders."""

    def __init__(self, reserved: int, ledger: Ledger) -> None:
        self._last = reserved
        self._reserved = reserved
        self._ledger = ledger

    @property
    def last(self) -> int:
        """The number of the last order."""
        return self._last

    def leap(self, wall_ms: int) -> None:
        """Begin at the wall clock: above whatever a service without our register may have said."""
        self._rise(wall_ms - 1)

    def foreign(self, counter: int, wall_ms: int) -> bool:
        """Somebody else's order, which nodes may have obeyed: ours go above it. False if none obeys such a number."""
        if counter > max(self._last, wall_ms) + AHEAD_MS:
            return False
        self._rise(counter)
        return True

    def hello(self, counter: int, wall_ms: int) -> None:
        """What a node obeyed last."""
        if counter < wall_ms + AHEAD_MS:
            self._rise(counter)

    def _rise(self, counter: int) -> None:
        self._last = max(self._last, min(counter, MAX_COUNTER - 1))

    def next(self, turn: Turn) -> int:
        """The number of the order that goes out now."""
        self._last = min(self._last + 1, MAX_COUNTER)
        if self._last > self._reserved:
            self._reserve(turn)
            self._ledger.flush(turn)  # before the order, in the same step
        elif self._reserved - self._last < RENEW_BELOW:
            self._reserve(turn)
        return self._last

    def _reserve(self, turn: Turn) -> None:
        if self._reserved == MAX_COUNTER:
            return
        self._reserved = min(self._last + RESERVE, MAX_COUNTER)
        body = {"counter": self._reserved}
        self._ledger.note(Entry(what="counter", subject="counter", by=None, at_ms=turn.wall_ms, body=body))
