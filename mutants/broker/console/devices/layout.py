"""Where gongs stand on a map that has no ground: a ring of hamlets in the order that their neighbours give. Pure.

What must hold: every gong has a place of its own, inside the frame; the same commune always looks the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

SIZE = 1000.0
"""The frame is SIZE by SIZE; its origin is bottom left, as in Leaflet's CRS.Simple."""
RING = 0.38
NEAR = 0.05
"""Between two gongs of one hamlet, as parts of SIZE."""


def order_of(hamlets: Sequence[str], neighbours: Mapping[str, Iterable[str]]) -> list[str]:
    """A walk that goes from neighbour to neighbour where it can."""
    left = list(hamlets)
    walk: list[str] = []
    while left:
        near = [one for one in neighbours.get(walk[-1], ()) if one in left] if walk else []
        step = near[0] if near else left[0]
        walk.append(step)
        left.remove(step)
    return walk


def schematic(
    nodes: Sequence[tuple[str, str]], neighbours: Mapping[str, Iterable[str]] | None = None
) -> dict[str, tuple[float, float]]:
    """(x, y) of each (node, hamlet)."""
    hamlets = order_of(sorted({hamlet for _, hamlet in nodes}), neighbours or {})
    places: dict[str, tuple[float, float]] = {}
    for position, hamlet in enumerate(hamlets):
        angle = math.pi / 2 - 2 * math.pi * position / len(hamlets)
        x, y = SIZE / 2 + RING * SIZE * math.cos(angle), SIZE / 2 + RING * SIZE * math.sin(angle)
        mine = [node for node, where in nodes if where == hamlet]
        for number, node in enumerate(mine):
            turn = 2 * math.pi * number / len(mine)
            spread = 0.0 if len(mine) == 1 else NEAR * SIZE
            places[node] = (round(x + spread * math.cos(turn), 1), round(y + spread * math.sin(turn), 1))
    return places
