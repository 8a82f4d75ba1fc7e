"""What was refused at the door, counted by sender and reason, and shown as one trouble for each sender.

What must hold: a stranger cannot fill memory or register with refusals, however many and whatever names it takes.
"""

from __future__ import annotations

from broker.core.reasons import counted
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said

MAX_SENDERS = 500  # beyond it, senders are counted together
OTHERS = "others"
NOBODY = "unknown"
"""Whoever spoke where no topic of ours is."""


class Refusals:
    """Counts."""

    def __init__(self, troubles: Troubles) -> None:
        self._troubles = troubles
        self._counts: dict[str, dict[str, int]] = {}

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """By sender, then by reason, since the start of the service."""
        return {who: dict(reasons) for who, reasons in self._counts.items()}

    def count(self, turn: Turn, who: str, reason: str, detail: str) -> None:
        """One more, refused by the commune itself."""
        about = who if who in self._counts or len(self._counts) < MAX_SENDERS else OTHERS
        reasons = self._counts.setdefault(about, {})
        reasons[reason] = reasons.get(reason, 0) + 1
        told = counted(reasons)
        why = said(f"Máy xã từ chối tin của {about} ({told})", f"the commune refused what {about} sent; last: {detail}")
        self._troubles.hold(turn, "refused", about, why)

    def reported(self, turn: Turn, node: str, reasons: dict[str, int]) -> None:
        """A node says that it refused more than before."""
        told = counted(reasons)
        why = said(f"Hộp kẻng {node} từ chối thêm tin ({told})", f"node {node} refused more messages")
        self._troubles.hold(turn, "refused", node, why)
