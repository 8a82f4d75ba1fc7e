"""Who has proved that it sounded a chime, and who has not, PROOF_MS after it was due.

What must hold: a gong that stays away from the curfew is a trouble until it sounds a chime again.
A new run of the service does not ask about chimes of the last.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from broker.core.book import Book
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from patterns.chimes import Due
from wire.messages import Sounded

PROOF_MS = 300_000  # longer than the grace, the longest chime and a reconnection together
MAX_EXPECTED = 64  # chimes of five minutes


@dataclass(slots=True)
class Expected:
    """A chime whose proofs are awaited. Mutable, and owned by Proofs alone."""

    hamlets: tuple[str, ...]
    """Where it was ordered."""
    by_ms: int
    """Monotonic time at which all should have proved it."""
    proved: set[str] = field(default_factory=set)
    """Nodes."""


class Proofs:
    """Looks for gongs that stayed silent."""

    def __init__(self, book: Book, troubles: Troubles) -> None:
        self._book = book
        self._troubles = troubles
        self._expected: dict[str, Expected] = {}

    @property
    def deadline_ms(self) -> int | None:
        """When the next chime should have been proved."""
        return min((one.by_ms for one in self._expected.values()), default=None)

    def expect(self, turn: Turn, due: Due, until_ms: int) -> None:
        """A chime was ordered that is due in `until_ms`."""
        self._expected[due.id] = Expected(due.hamlets, turn.now_ms + until_ms + PROOF_MS)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def take(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that failed, or that nobody waits for, proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if one is None or sounded.ended == "failed":
            return
        one.proved.add(node)
        self._troubles.mend(turn, "chime_missed", node)

    def run(self, turn: Turn) -> None:
        """Name those who have not sounded."""
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            one = self._expected.pop(id_)
            for node in self._book.nodes_of(one.hamlets):
                if node not in one.proved:
                    why = said(
                        f"Kẻng {node} không kêu hiệu lệnh {id_}, hãy kiểm tra loa và nguồn",
                        f"gong {node} did not sound {id_}; check its speaker and power",
                    )
                    self._troubles.hold(turn, "chime_missed", node, why)
