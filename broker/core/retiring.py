"""Nodes that an officer at the duty desk dismisses for good: root's hands do it, here it is written down and watched.

Rule 1. It is written down, with who and why, before anything is done; what the disk does not take is not done.
Rule 2. From then on it is a trouble until the code book names the node no more, over restarts too; who has to do it is
told again each AGAIN_MS. So nobody believes that a stolen box is out while it is not.
It does not know how a password is taken away (broker/enrolment).
"""

from __future__ import annotations

from broker.core.acts import Done
from broker.core.book import Book
from broker.core.effects import Retire
from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from wire.asks import AskRetire

AGAIN_MS = 60_000  # it takes a second or two; what failed was told on the machine, and may be mended by now


class Retiring:
    """Those that are on their way out."""

    def __init__(self, book: Book, troubles: Troubles, ledger: Ledger, *, able: bool) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = ledger
        self._able = able
        left = any(one.kind == "retiring" for one in troubles.all)
        self._again_ms: int | None = 0 if left else None
        """When root is told again; 0: a new run of the service tells at once."""

    @property
    def deadline_ms(self) -> int | None:
        """When to tell again; none: nobody is on the way out."""
        return self._again_ms

    def ask(self, turn: Turn, user: str, ask: AskRetire) -> Done:
        """Write it down; `written` has it done."""
        node = ask.node
        if self._book.node(node) is None:
            return Done(False, said(f"Không có hộp kẻng {node} trong quy ước", f"no node {node} in the code book"))
        if not self._able:
            vi = f"Máy này không tự thu hồi được. Hãy chạy trên máy của xã: sudo keng retire {node}"
            return Done(False, said(vi, f"run on the commune's machine: sudo keng retire {node}"))
        self._ledger.note(Entry(what="retiring", subject=node, by=user, at_ms=turn.wall_ms, body={"why": ask.why}))
        return Done(True, "", node)

    def written(self, turn: Turn, node: str) -> None:
        """It is on the disk."""
        vi = f"Đang thu hồi hộp kẻng {node}; quá một phút chưa xong thì chạy trên máy của xã: sudo keng retire {node}"
        self._troubles.hold(turn, "retiring", node, said(vi, f"node {node} is being retired; else: keng retire {node}"))
        self._again_ms = turn.now_ms

    def run(self, turn: Turn) -> None:
        """Who is out is out; of the others root is told, when it is time."""
        if self._again_ms is None:
            return
        going = [one.about for one in self._troubles.all if one.kind == "retiring"]
        out = [node for node in going if self._book.node(node) is None]
        for node in out:
            self._troubles.mend(turn, "retiring", node)
        left = [node for node in going if node not in out]
        if not left:
            self._again_ms = None
        elif turn.now_ms >= self._again_ms:
            turn.effects.extend(Retire(node) for node in left)
            self._again_ms = turn.now_ms + AGAIN_MS
