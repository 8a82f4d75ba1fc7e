"""When contacts are read, and which readings are worth telling. Pure.

Rule 1. At rest (all open, quiet) every 10 ms, and nothing is told: that is the whole of a node's idle work.
Rule 2. From the first closed reading, or a hint of an edge, until 60 ms after all are open: every 2 ms, all told. Of a
sampler that stalled meanwhile, as many open readings as the core needs: or it would take the next press for this one.
Rule 3. Contacts that stay as they are (a key switch left on, a stuck button) cost little: after 10 s they are read
as at rest and told every 100 ms, well below the 200 ms after which the core trusts no reading; any change is rule 2.
Rule 4. At the start rule 2 holds, whatever is closed: the core must see that a contact is open.
"""

from __future__ import annotations

from node.core.contacts import OPEN_WEIGHT, TRUST_MS

REST_MS = 10
"""Six readings within the shortest press that must not be lost."""
BUSY_MS = 2
"""A hold is complete within so much of its time."""
QUIET_MS = 60
"""Open for that long, the core's integrator is at zero, if it was told of it often enough."""
OPENS = 2 + TRUST_MS // (OPEN_WEIGHT * BUSY_MS)
"""Open readings that bring it there: the time before the first still counts as closed."""
STEADY_MS = 10_000
"""Twice the longest hold: whatever is still closed is no press any more."""
STEADY_TELL_MS = 100
"""Half of what the core calls a gap."""


class Sampling:
    """Decides after each reading."""

    def __init__(self) -> None:
        self._last: tuple[str, ...] | None = None
        self._changed_ms: int | None = None
        self._told_ms = 0
        self._opens = 0

    def hint(self, now_ms: int) -> None:
        """An edge was seen: read fast for a while."""
        if not self._last:
            self._changed_ms = now_ms

    def take(self, now_ms: int, closed: tuple[str, ...]) -> tuple[bool, int]:
        """One reading: whether it must be told, and in how many ms the next one is due."""
        if closed != self._last:
            self._last, self._changed_ms, self._opens = closed, now_ms, 0
        if self._changed_ms is None:
            return False, REST_MS
        same_ms = now_ms - self._changed_ms
        if not closed and same_ms > QUIET_MS and self._opens >= OPENS:
            self._changed_ms = None
            return False, REST_MS
        if same_ms <= STEADY_MS or not closed:
            self._told_ms, self._opens = now_ms, self._opens + (not closed)
            return True, BUSY_MS
        if now_ms - self._told_ms < STEADY_TELL_MS:
            return False, REST_MS
        self._told_ms = now_ms
        return True, REST_MS
