"""Whom the service hears aside, for a while: a box that says more than anybody can read.

Mosquitto has one queue for each of its clients. What one box says without pause fills the service's, and then everybody
else's words are dropped with the flood's. So the flooder gets a connection of its own (broker/aside.py), and the others
are asked for by name, until it has been calm.

Rule 1. Only a flooder is set aside: the inbox had to leave out hundreds of its words while a hundred waited.
Rule 2. Nobody is unheard: what a flooder presses when it is mended, or between its floods, is taken as ever.
Rule 3. It is shown.
"""

from __future__ import annotations

from broker.core.effects import Listen
from broker.core.refusals import Refusals
from broker.core.supervision import Supervision
from broker.core.turn import Turn

CALM_MS = 60_000  # each change is a new connection: a box that floods now and then must not make many
MAX_LISTED = 500  # nodes by name, five filters each: a commune has 200; beyond it everybody stays heard together


class Hush:
    """Says who is heard aside."""

    def __init__(self, supervision: Supervision, refusals: Refusals) -> None:
        self._supervision = supervision
        self._refusals = refusals
        self._until_ms: dict[str, int] = {}
        self._listed: frozenset[str] = frozenset()

    @property
    def deadline_ms(self) -> int | None:
        """When somebody has been calm for long enough."""
        return min(self._until_ms.values(), default=None)

    def flooding(self, turn: Turn, node: str) -> None:
        """The inbox leaves out what `node` says, by hundreds."""
        self._refusals.count(turn, node, "flood", "more than can be read; it is heard aside for a while")
        if len(self._supervision.nodes) > MAX_LISTED:
            return
        known = node in self._until_ms
        self._until_ms[node] = turn.now_ms + CALM_MS
        if not known:
            self._say(turn)

    def run(self, turn: Turn) -> None:
        """Who was calm is heard with the others again; a node that is new in the code book is heard as well."""
        calm = [node for node, at_ms in self._until_ms.items() if at_ms <= turn.now_ms]
        for node in calm:
            del self._until_ms[node]
        if calm or (self._until_ms and not self._others() <= self._listed):
            self._say(turn)

    def _others(self) -> frozenset[str]:
        return frozenset(node.id for node in self._supervision.nodes if node.id not in self._until_ms)

    def _say(self, turn: Turn) -> None:
        self._listed = self._others()
        others = tuple(sorted(self._listed)) if self._until_ms else None
        turn.effects.append(Listen(others, tuple(sorted(self._until_ms))))
