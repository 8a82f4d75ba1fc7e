"""What an officer is told without having asked: silent alerts, which nobody else may hear of.

What must hold: a notice goes to officers and their console alone, on topics that nobody but them may read; at once, for
whoever pressed silently is in need, and what is told promises nothing that waits for the disk.
"""

from __future__ import annotations

from broker.core.records import Incident
from broker.core.setup import CommuneSetup
from broker.core.turn import Turn, said
from wire.asks import Told
from wire.topics import Topics


class Notices:
    """Tells officers."""

    def __init__(self, setup: CommuneSetup, topics: Topics) -> None:
        self._topics = topics
        self._officers = sorted(user for user, role in setup.users.items() if role != "watch")

    def silent(self, turn: Turn, row: Incident) -> None:
        """A silent alert has come, or was taken back."""
        if not row.silent:
            return
        what = {"id": row.id, "node": row.node, "hamlet": row.hamlet, "kind": row.kind, "drill": row.drill}
        why = said(f"BÁO NGẦM từ hộp kẻng {row.node}, thôn {row.hamlet}", f"silent alert of {row.node}, {row.hamlet}")
        for officer in self._officers:
            notice = Told(id="", ok=True, why=why, result={"silent": {**what, "cancelled": row.cancelled}})
            turn.tell(self._topics.told(officer), notice)
