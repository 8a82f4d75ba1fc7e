"""The gate: what an order must be before a node obeys it.

Rule 1. Never retained, never unsigned where a key is in use, never at or below the last counter, never issued over 30 s
ago by a proved clock, never with a number that no clock shows: the last of all numbers would silence a gong for good.
Rule 2. Whatever comes, the gate answers with a message or raises Refused; it changes nothing by refusing.
It does not know what an order means.
"""

from __future__ import annotations

from typing import TypeVar

from wire.clock import CommuneClock
from wire.codec import decode
from wire.envelope import Arrived
from wire.errors import Refused
from wire.messages import Alarms, Chime, CodeBookOrder, Update
from wire.signature import Verifier

FRESH_MS = 30_000  # wire.md rule 4
AHEAD_MS = 30_000  # a clock that is behind by this much is as wrong as one that is ahead
LEAP_MS = 86_400_000
"""Numbers are the commune's clock in ms, or a little above: a day and more above all that we know of them (the time,
the last one obeyed, the one in the welcome) an order is not obeyed. The welcome's lets a commune go on whose clock once
was years ahead."""

O = TypeVar("O", Alarms, Chime, CodeBookOrder, Update)  # noqa: E741 - the one letter is the usual one for a type variable
M = TypeVar("M")


class Gate:
    """Checks orders and answers of the commune, and alerts of other nodes."""

    def __init__(self, commune_key: str | None, counter: int, *, forgetful: bool = False) -> None:
        """`forgetful`: what was obeyed before is not known; then nothing is obeyed that is older than a welcome."""
        self._verifier = None if commune_key is None else Verifier(commune_key)
        self._nodes: dict[str, Verifier] = {}
        self.mistrusted = False
        """Whether the last word that came in the commune's name was not signed by the key we know."""
        self.counter = counter
        """The last counter obeyed."""
        self._welcomed = 0
        self._forgetful = forgetful

    @property
    def signed(self) -> bool:
        """Whether unsigned orders are refused."""
        return self._verifier is not None

    def know_nodes(self, keys: dict[str, str]) -> None:
        """The nodes' public keys, from the code book."""
        self._nodes = {node: Verifier(key) for node, key in keys.items()}

    def from_commune(self, arrived: Arrived, kind: type[M]) -> M:
        """A message that the commune wrote, decoded; its freshness is the caller's next question."""
        if arrived.retained:
            raise Refused("retained", arrived.topic)
        if self._verifier is not None:
            self.mistrusted = True
            _check(self._verifier, arrived)
            self.mistrusted = False
        return decode(arrived.payload, kind)

    def order(self, arrived: Arrived, kind: type[O], now_ms: int, clock: CommuneClock) -> O:
        """An order that may be obeyed now; `obeyed` says that it was."""
        order = self.from_commune(arrived, kind)
        if order.counter <= self.counter:
            raise Refused("counter", f"{order.counter}, not above {self.counter}")
        wall_ms = clock.wall_ms(now_ms)
        if self._forgetful:
            raise Refused("clock", "what was obeyed before is not known: a welcome must come first")
        if wall_ms is None:
            raise Refused("clock", "the time is not known yet")
        age_ms = wall_ms - order.issued_at.ms
        if not -AHEAD_MS <= age_ms <= FRESH_MS:
            raise Refused("stale", f"issued {age_ms / 1000:.0f} s ago")
        if order.counter - max(wall_ms, self.counter, self._welcomed) > LEAP_MS:
            raise Refused("clock", f"{order.counter} is days ahead, and no welcome has said so")
        return order

    def welcomed(self, counter: int) -> None:
        """The commune's number, in a welcome that answered a hello of ours."""
        self._welcomed = counter
        if self._forgetful:
            self._forgetful = False
            self.obeyed(counter)

    def obeyed(self, counter: int) -> None:
        """Nothing at or below this is obeyed again."""
        self.counter = max(self.counter, counter)

    def peer(self, arrived: Arrived, node: str) -> None:
        """Check that `node` itself said this; with keys in use, a node not in the code book is a stranger."""
        if arrived.retained:
            raise Refused("retained", arrived.topic)
        if not self._nodes and not self.signed:
            return
        verifier = self._nodes.get(node)
        if verifier is None:
            raise Refused("stranger", node)
        _check(verifier, arrived)


def _check(verifier: Verifier, arrived: Arrived) -> None:
    if arrived.sig is None:
        raise Refused("unsigned", arrived.topic)
    if not verifier.fits(arrived.topic, arrived.payload, arrived.sig):
        raise Refused("signature", arrived.topic)
