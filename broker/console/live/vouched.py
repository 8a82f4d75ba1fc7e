"""Whether a stated set is the commune's own: judged as a node judges it, by key, number and date.

What must hold: where the commune has a key, nothing that it did not sign is ever a case on a page; each refusal is
counted, and told for TOLD_MS. Where it has none (the demo) anybody can state a set, gongs obey it, and so it is shown.
The key is the register's word: its service writes it down at each start.
"""

from __future__ import annotations

from dataclasses import dataclass

from wire.envelope import Arrived
from wire.messages import Alarms
from wire.signature import Verifier

FRESH_MS = 30_000  # wire.md rule 4
TOLD_MS = 600_000  # ten minutes in which an officer can see it


@dataclass(frozen=True, slots=True)
class Forged:
    """What was refused."""

    times: int
    """Since the console started."""
    at_ms: int
    """Commune time of the last."""


class Vouched:
    """Judges. Owned by the hub's thread."""

    def __init__(self) -> None:
        self._key: str | None = None
        self._verifier: Verifier | None = None
        self._counter = 0
        self._forged: Forged | None = None

    @property
    def keyed(self) -> bool:
        """Whether the commune has a key."""
        return self._verifier is not None

    def use(self, key: str | None) -> None:
        """As the register says; none: no key, or it cannot be read yet."""
        if key != self._key:
            self._key, self._verifier = key, None if key is None else Verifier(key)

    def afresh(self) -> None:
        """The link is new: a register that was restored may number its orders from where it was."""
        self._counter = 0

    def takes(self, arrived: Arrived, order: Alarms, wall_ms: int) -> bool:
        """Whether it may be believed; counted if not."""
        if self._verifier is None:
            return True
        signed = arrived.sig is not None and self._verifier.fits(arrived.topic, arrived.payload, arrived.sig)
        fresh = order.counter > self._counter and abs(wall_ms - order.issued_at.ms) <= FRESH_MS
        if signed and fresh:
            self._counter = order.counter
            return True
        self._forged = Forged(1 if self._forged is None else self._forged.times + 1, wall_ms)
        return False

    def told(self, at_ms: int) -> Forged | None:
        """What to say of it now."""
        known = self._forged
        return known if known is not None and abs(at_ms - known.at_ms) < TOLD_MS else None
