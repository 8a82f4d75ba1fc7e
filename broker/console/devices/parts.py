"""What is live about gongs: a card for each, which the map's markers follow as well."""

from __future__ import annotations

from typing import Any

from broker.console.devices.lamp import GLYPHS, lamp_of
from broker.console.devices.words import LAMPS
from broker.console.live.board import Board, NodeNow
from broker.console.live.parts import Items, Viewer, part
from broker.console.words import here


@part("gongs", "devices/gong.html")
def gongs(board: Board, viewer: Viewer) -> Items:
    """By hamlet."""
    for node in board.nodes:
        yield node.id, gong(node, board, silent=viewer.silent)


def gong(node: NodeNow, board: Board, *, silent: bool) -> dict[str, Any]:
    """One card's context."""
    lamp = lamp_of(node, board, silent=silent)
    status = None if node.heard is None else node.heard.status
    return {
        "node": node,
        "status": status,
        "troubles": [(one, board.mute_of(one)) for one in node.troubles],
        "lamp": lamp,
        "glyph": GLYPHS[lamp],
        "word": here(LAMPS[lamp]),
        "hamlet": board.hamlets.get(node.hamlet, node.hamlet),
        "post": bool(((board.codebook.get("nodes") or {}).get(node.id) or {}).get("post")),
    }
