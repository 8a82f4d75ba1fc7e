"""The register's witnesses: each chime takes the journal's head out to the nodes, and each hello brings one back.

Rule 1. Only a head that is committed goes out, so no power cut makes an honest register look altered.
Rule 2. What a node brings is held against what the file says now, not against what this program remembers of it.
Rule 3. A difference is a trouble, and names the lowest line that is known not to be right: that one, or one before it,
was altered, or lines are gone. It does not mend when nodes are given a newer head, for that proves nothing of the old.
A node may lie, or a backup may have been put back: a person finds out (`keng audit verify`).
It does not know how a hash is reckoned.
"""

from __future__ import annotations

from broker.core.effects import Recall
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from wire.messages import Witness

MAX_ASKED = 100  # lines that are being looked up; each is answered before the next hello, unless the disk fails
SHOWN = 8  # digits of a hash that a person compares
ABOUT = "commune"


class Witnesses:
    """Gives heads out and looks at what comes back."""

    def __init__(self, head: Witness | None, troubles: Troubles) -> None:
        self.head = head
        """The last committed line of the journal; none: an empty one."""
        self._troubles = troubles
        self._asked: dict[int, dict[str, str]] = {}
        self._lowest: int | None = None
        self._why = ""

    def hello(self, turn: Turn, node: str, witness: Witness) -> None:
        """A node brings what it was given with its last chime."""
        self._asked.setdefault(witness.seq, {})[node] = witness.hash
        if len(self._asked) > MAX_ASKED:
            del self._asked[next(iter(self._asked))]
        turn.effects.append(Recall(witness.seq))

    def recalled(self, turn: Turn, seq: int, ours: str | None) -> None:
        """What the register has there now; none: no such line."""
        for node, theirs in self._asked.pop(seq, {}).items():
            if theirs != ours:
                self._differs(turn, node, seq, theirs, ours)

    def _differs(self, turn: Turn, node: str, seq: int, theirs: str, ours: str | None) -> None:
        if self._lowest is not None and seq > self._lowest:
            # Known to be wrong from an earlier line on; that this one differs too keeps the trouble open.
            self._troubles.hold(turn, "altered", ABOUT, self._why)
            return
        self._lowest = seq
        has_vi, has_en = ("không có dòng này", "no such line") if ours is None else (ours[:SHOWN], ours[:SHOWN])
        self._why = said(
            f"Sổ trực bị sửa: hộp {node} làm chứng dòng {seq} là {theirs[:SHOWN]}, sổ ghi {has_vi}; "
            "sai từ dòng ấy hoặc trước đó, hãy chạy: keng audit verify",
            f"the register was altered at line {seq} or before: node {node} saw {theirs[:SHOWN]}, it has {has_en}",
        )
        self._troubles.hold(turn, "altered", ABOUT, self._why)
