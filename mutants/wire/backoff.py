"""How long to wait before the next try. Pure: the randomness is passed in."""

from __future__ import annotations

import random

FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
STEADY_S = 10.0  # a connection that was up this long starts the waits afresh


class Backoff:
    """Jittered waits that grow from FIRST_WAIT_S to LONGEST_WAIT_S, so that forty nodes do not come back in step.

    The first is drawn from FIRST_WAIT_S to twice that, for all forty lose the same broker in the same moment.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._ceiling_s = 2 * FIRST_WAIT_S

    def next_s(self, held_s: float = 0.0) -> float:
        """How long to wait before the next try, after a connection that was up for `held_s`."""
        if held_s >= STEADY_S:
            self.reset()
        wait_s = self._rng.uniform(FIRST_WAIT_S, self._ceiling_s)
        self._ceiling_s = min(LONGEST_WAIT_S, self._ceiling_s * 2)
        return wait_s

    def reset(self) -> None:
        """Somebody pressed: start afresh."""
        self._ceiling_s = 2 * FIRST_WAIT_S
