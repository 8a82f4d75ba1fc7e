"""How often somebody did something: what keeps one sender from filling the register.

A Rate's windows are fixed: a minute begins with the first of its acts. A Bucket is for what may go on for years: so
many at once, then one now and then. Who is forgotten begins anew; there are few senders.
"""

from __future__ import annotations

WINDOW_MS = 60_000
MAX_SENDERS = 4_096  # more than a province has nodes; where slugs are free to invent, the oldest are forgotten


class Rate:
    """At most `most` acts of each sender in a minute."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._windows: dict[str, tuple[int, int]] = {}

    def allows(self, now_ms: int, who: str) -> bool:
        """Count one more act of `who`; False if that is too many."""
        began_ms, count = self._windows.get(who, (now_ms, 0))
        if now_ms - began_ms >= WINDOW_MS:
            began_ms, count = now_ms, 0
        if count >= self._most:
            return False
        if who not in self._windows and len(self._windows) >= MAX_SENDERS:
            del self._windows[next(iter(self._windows))]
        self._windows[who] = (began_ms, count + 1)
        return True


class Bucket:
    """At most `most` acts of each at once, and one more every `every_ms`."""

    def __init__(self, most: int, every_ms: int) -> None:
        self._every_ms = every_ms
        self._burst_ms = (most - 1) * every_ms
        self._spent_until_ms: dict[str, int] = {}

    def allows(self, now_ms: int, who: str) -> bool:
        """Count one more act of `who`; False if that is too many."""
        if self.free_ms(now_ms, who) > now_ms:
            return False
        if who not in self._spent_until_ms and len(self._spent_until_ms) >= MAX_SENDERS:
            del self._spent_until_ms[next(iter(self._spent_until_ms))]
        self._spent_until_ms[who] = max(now_ms, self._spent_until_ms.get(who, now_ms)) + self._every_ms
        return True

    def free_ms(self, now_ms: int, who: str) -> int:
        """When the next act of `who` is allowed; now or later."""
        return max(now_ms, self._spent_until_ms.get(who, now_ms) - self._burst_ms)


class Flooded(Exception):
    """Somebody said more than anybody may in a minute: dropped, counted; an honest sender says it again."""
