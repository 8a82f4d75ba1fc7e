"""Wrong guesses cost time: a growing wait for each key (an account, an address, a PIN). Pure; time is passed in.

What must hold:
Rule 1. A try is counted before it is known to be wrong, so that a hundred at once are not all the first.
Rule 2. A wait is never longer than the rule's `most_s`, and nothing is locked for good: a wrong guess by a stranger
must not cost an officer the alarm button. Who is told to wait is told how long.
Rule 3. It is bounded: strangers cannot fill the memory; what they can push out is worth one more try.
It is kept in memory, by a clock that only goes forward: a commune's wall clock may jump by years, a restart forgives.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

MAX_KEYS = 10_000
"""Of some hundred bytes each. At the rates allowed an address needs days to push another's tally out."""
MAX_DOUBLINGS = 30


@dataclass(frozen=True, slots=True)
class Rule:
    """How fast it gets slow."""

    free: int
    """So many wrong tries cost nothing: fingers are cold at night."""
    first_s: float
    """The wait after the next one; doubled with each further one."""
    most_s: float
    """And never longer."""
    forget_s: float
    """After so long without a try all is forgiven."""


@dataclass(frozen=True, slots=True)
class _Tally:
    tries: int
    last_s: float


class Slowing:
    """The tallies of one kind of key. Thread-safe."""

    def __init__(self, rule: Rule, most_keys: int = MAX_KEYS) -> None:
        """Empty."""
        self._rule = rule
        self._most = most_keys
        self._tallies: dict[str, _Tally] = {}
        self._lock = threading.Lock()

    def wait_s(self, key: str, now_s: float) -> float:
        """How long until the next try is looked at; 0: now."""
        with self._lock:
            return self._wait(key, now_s)

    def take(self, key: str, now_s: float) -> float:
        """Begin a try: 0 and it is counted; or how long to wait, and it is not."""
        with self._lock:
            wait_s = self._wait(key, now_s)
            if wait_s <= 0:
                before = self._tallies.pop(key, None)
                if before is not None and now_s - before.last_s >= self._rule.forget_s:
                    before = None
                self._tallies[key] = _Tally((before.tries if before else 0) + 1, now_s)
                while len(self._tallies) > self._most:
                    del self._tallies[next(iter(self._tallies))]
            return wait_s

    def passed(self, key: str) -> None:
        """It was right: forgiven."""
        with self._lock:
            self._tallies.pop(key, None)

    def _wait(self, key: str, now_s: float) -> float:
        tally = self._tallies.get(key)
        if tally is None or tally.tries < self._rule.free:
            return 0.0
        doubled = self._rule.first_s * 2.0 ** min(tally.tries - self._rule.free, MAX_DOUBLINGS)
        return max(0.0, tally.last_s + min(doubled, self._rule.most_s) - now_s)
