"""Gongs by the names that an officer knows: who sounds, who does not, who has not stopped. Pure.

What must hold: a gong is named by its hamlet, and by its own id as well where a hamlet has several; of one that is not
heard it is said that nobody knows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from broker.console.live.board import Board, NodeNow


@dataclass(frozen=True, slots=True)
class Gong:
    """One, as a card names it."""

    name: str
    """For people."""
    lost: bool
    """Not heard now: what it does is not known."""


def named(board: Board, ids: Iterable[str]) -> tuple[Gong, ...]:
    """In the order of `ids`; one that the board does not know is named by its id."""
    nodes = {node.id: node for node in board.nodes}
    shared = Counter(node.hamlet for node in board.nodes)
    return tuple(_named(board, nodes.get(id_), id_, shared) for id_ in ids)


def _named(board: Board, node: NodeNow | None, id_: str, shared: Counter[str]) -> Gong:
    if node is None:
        return Gong(id_, True)
    name = board.hamlets.get(node.hamlet, node.hamlet)
    return Gong(name if shared[node.hamlet] == 1 else f"{name} ({id_})", not node.online)


def reach(board: Board, hamlets: Iterable[str]) -> int:
    """How many gongs hang there; `all` is everywhere."""
    wanted = set(hamlets)
    return sum(1 for node in board.nodes if node.ours and ("all" in wanted or node.hamlet in wanted))
