"""Commune time on a monotonic clock: a hello's nonce out, a proved welcome in.

Rule 1. Time that nobody proved is `unsure`, whatever it shows.
Rule 2. A proof ages: two crystals drift apart, so the bound on the error grows until it is no clock any more.
The one danger: an old welcome replayed. It cannot bear a nonce that was drawn just now.
"""

from __future__ import annotations

from dataclasses import dataclass

from wire.errors import Refused
from wire.words import ClockState, Instant

DRIFT_PPM = 100  # twice what a Pi's crystal is specified for
MAX_ERROR_MS = 30_000  # an order is fresh for 30 s: a clock wronger than that proves nothing. Reached after 3.5 days
SYSTEM_ERROR_MS = 100  # of a clock that says NTP keeps it in step; over a village's link it does so to some 50 ms
READING_MS = 2  # three clocks are read in whole milliseconds on the way: asked, now, welcome
WELCOME_WITHIN_MS = 10_000  # an answer slower than this tells too little about the time


@dataclass(frozen=True, slots=True)
class Proof:
    """One accepted proof of the time."""

    offset_ms: int
    """Wall time minus monotonic time."""
    at_ms: int
    """Monotonic time of the proof."""
    error_ms: int
    """How wrong the offset can be: half the time the question took, the drift in that time, the readings."""


class CommuneClock:
    """Maps monotonic to wall time, by the commune's word, or by a system clock that says it is in step with NTP."""

    def __init__(self) -> None:
        self._proof: Proof | None = None
        self._system: Proof | None = None
        self._asked: dict[str, int] = {}

    def ask(self, now_ms: int, nonce: str) -> None:
        """A hello with `nonce` goes out now. The last few stay open: a welcome may cross with a second hello."""
        for old in [n for n, at in self._asked.items() if now_ms - at > WELCOME_WITHIN_MS]:
            del self._asked[old]
        self._asked.setdefault(nonce, now_ms)  # asked twice, the earlier is the safer bound

    def welcome(self, now_ms: int, nonce: str, now: Instant) -> None:
        """Take the commune's time; Refused(nonce) if it answers no recent hello of ours."""
        asked_ms = self._asked.pop(nonce, None)
        if asked_ms is None or now_ms - asked_ms > WELCOME_WITHIN_MS:
            raise Refused("nonce", "answers no hello of the last seconds")
        half_ms = (now_ms - asked_ms + 1) // 2
        error_ms = half_ms + READING_MS + _drift(now_ms - asked_ms)
        fresh = Proof(now.ms + half_ms - now_ms, now_ms, error_ms)
        # A slow round trip must not spoil a better proof that is still good; a jump of the commune's clock must win.
        if self._proof is None or fresh.error_ms <= self._error(self._proof, now_ms) or self._jumped(fresh, now_ms):
            self._proof = fresh

    def _jumped(self, fresh: Proof, now_ms: int) -> bool:
        assert self._proof is not None  # noqa: S101 - the caller asked
        apart_ms = abs(fresh.offset_ms - self._proof.offset_ms)
        return apart_ms > fresh.error_ms + self._error(self._proof, now_ms)

    def system(self, now_ms: int, wall_ms: int, in_step: bool) -> None:
        """The machine's own clock, and whether it says that NTP keeps it."""
        self._system = Proof(wall_ms - now_ms, now_ms, SYSTEM_ERROR_MS) if in_step else None

    @staticmethod
    def _error(proof: Proof, now_ms: int) -> int:
        return proof.error_ms + _drift(max(0, now_ms - proof.at_ms))

    def _best(self, now_ms: int) -> Proof | None:
        if self._proof is not None and self._error(self._proof, now_ms) <= MAX_ERROR_MS:
            return self._proof
        return self._system

    def wall_ms(self, now_ms: int) -> int | None:
        """Wall time in ms since 1970, or none while it is unsure."""
        best = self._best(now_ms)
        return None if best is None else now_ms + best.offset_ms

    def error_ms(self, now_ms: int) -> int | None:
        """Bound on the error of `wall_ms`, or none while it is unsure."""
        best = self._best(now_ms)
        return None if best is None else self._error(best, now_ms)

    def state(self, now_ms: int) -> ClockState:
        """synced or unsure."""
        return "unsure" if self._best(now_ms) is None else "synced"

    def proved(self, now_ms: int) -> bool:
        """Whether it is the commune's own proof that holds, not the system's."""
        return self._proof is not None and self._best(now_ms) is self._proof

    def monotonic_of(self, now_ms: int, wall_ms: int) -> int | None:
        """The monotonic time at which it will be, or was, `wall_ms`; none while unsure."""
        best = self._best(now_ms)
        return None if best is None else wall_ms - best.offset_ms


def _drift(ms: int) -> int:
    """How far two clocks can have drifted apart in that time, rounded up."""
    return -(-ms * DRIFT_PPM // 1_000_000)
