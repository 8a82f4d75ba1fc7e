"""What a gong looks like to an officer: one state, by the loudest thing about it. Pure.

What must hold: an untaken alarm is never hidden behind a trouble, nor a silent press shown to whom it must not
be; each state has a word and a shape of its own, so that colour never stands alone.
"""

from __future__ import annotations

from typing import Literal

from broker.console.live.board import Board, NodeNow

Lamp = Literal["pressed", "sounding", "taken", "away", "trouble", "well", "unknown"]
"""Loudest first."""

GLYPHS: dict[Lamp, str] = {
    "pressed": "!",
    "sounding": "♪",
    "taken": "✓",
    "away": "×",
    "trouble": "?",
    "well": "●",
    "unknown": "○",
}
"""What stands in the marker."""


def lamp_of(node: NodeNow, board: Board, *, silent: bool) -> Lamp:
    """The state. `silent`: whether the viewer may know of silent alerts."""
    rows = [case.incident for case in board.cases if case.incident.node == node.id]
    seen = [row for row in rows if silent or not row.silent]
    if any(row.state == "open" and not row.drill for row in seen):
        return "pressed"
    if _sounds(node, board, silent=silent):
        return "sounding"
    if seen:
        return "taken"
    if node.heard is None:
        return "away" if any(one.kind == "node_silent" for one in node.troubles) else "unknown"
    if not node.online:
        return "away"
    return "trouble" if node.troubles else "well"


def _sounds(node: NodeNow, board: Board, *, silent: bool) -> bool:
    """A post's gong that sounds for a silent alert is no secret to whoever hears it; on a screen it is."""
    if node.heard is None or node.heard.status.sounding is None:
        return False
    hidden = {case.incident.id for case in board.cases if case.incident.silent and not silent}
    return node.heard.status.sounding not in hidden
