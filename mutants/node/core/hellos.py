"""When a node asks for the time: at each link, until it is welcomed, now and then, and shortly before a chime.

Rule 1. Nobody answers: ask again, less and less often. Somebody answers: in some minutes, spread out.
Rule 2. A first proof that a busy machine or line made poor is asked for again soon, MAX_RETRIES times and no more.
"""

from __future__ import annotations

from wire.uuid7 import Entropy

AGAIN_MS = (1_000, 2_000, 4_000)  # until welcomed; then every LAST_MS
LAST_MS = 10_000
EVERY_MS = 240_000  # two crystals at 50 ppm are 12 ms apart by then: the chime's 20 ms hold
SPREAD_MS = 60_000  # so that forty nodes do not ask in step
APART_MS = 1_000  # an order that looks stale may ask for the time this often
GOOD_ERROR_MS = 5  # half a round trip: two hamlets are at most twice this apart
MAX_RETRIES = 4  # for a better proof: a long line stays long
RETRY_MS = 1_000
BEFORE_CHIME_MS = 45_000  # one more proof of the time before a chime


class Hellos:
    """Says when the next hello is due."""

    def __init__(self, entropy: Entropy) -> None:
        self._entropy = entropy
        self._last_ms: int | None = None
        self.unanswered = 0
        """How many were said since the last welcome."""
        self._retries = 0
        self.due_ms: int | None = None
        """Monotonic time of the next one; none before the first link."""

    def linked(self, now_ms: int) -> None:
        """A new link: now."""
        self.unanswered = self._retries = 0
        self.due_ms = now_ms

    def said(self, now_ms: int) -> None:
        """One went out."""
        wait_ms = AGAIN_MS[self.unanswered] if self.unanswered < len(AGAIN_MS) else LAST_MS
        self.unanswered += 1
        self._last_ms = now_ms
        self.due_ms = now_ms + wait_ms

    def welcomed(self, now_ms: int, error_ms: int) -> None:
        """One was answered; the time is known to `error_ms`."""
        self.unanswered = 0
        drawn = int.from_bytes(self._entropy.draw(2))
        if error_ms > GOOD_ERROR_MS and self._retries < MAX_RETRIES:
            self._retries += 1
            self.due_ms = now_ms + RETRY_MS + drawn % RETRY_MS
        else:
            self.due_ms = now_ms + EVERY_MS + drawn % SPREAD_MS

    def needed(self, now_ms: int) -> None:
        """An order could not be judged: as soon as is decent."""
        soonest_ms = now_ms if self._last_ms is None else self._last_ms + APART_MS
        self.due_ms = max(now_ms, soonest_ms if self.due_ms is None else min(soonest_ms, self.due_ms))

    def before(self, now_ms: int, chime_ms: int) -> None:
        """A chime comes at monotonic `chime_ms`: a proof of the time shortly before it keeps the hamlets together."""
        wanted_ms = chime_ms - BEFORE_CHIME_MS
        if self.due_ms is None or self._last_ms is None:
            return
        if wanted_ms < self.due_ms and self._last_ms < wanted_ms:
            self.due_ms = max(now_ms, wanted_ms)
