"""A drill's figures, from what the register has of it. Pure.

What must hold: a gong counts by its own proof alone, never because it was ordered; a hamlet is heard if one of its
gongs is; a figure that nothing supports is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from broker.core.chimerows import proves
from wire.words import EVERYWHERE


@dataclass(frozen=True, slots=True)
class Gong:
    """One gong that should have sounded."""

    node: str
    """Slug."""
    hamlet: str
    """Slug."""
    after_ms: int | None
    """From the order, or the press, to its first sample; None: it proved nothing, or did not know the time."""
    proved: bool
    """Whether it proved that it sounded."""


@dataclass(frozen=True, slots=True)
class Score:
    """A drill's."""

    gongs: tuple[Gong, ...]
    """Those that should have sounded, by hamlet."""
    expected: int
    """Hamlets."""
    heard: int
    """Of them those with a gong that proved it."""
    to_first_ms: int | None
    """From the order, or the press, to the first gong."""
    to_last_ms: int | None
    """To the last hamlet's first gong."""
    to_acknowledge_ms: int | None
    """From the first gong, or the order where none knows the time, to the officer who took it."""

    @property
    def silent(self) -> tuple[str, ...]:
        """Hamlets that were not heard."""
        loud = {gong.hamlet for gong in self.gongs if gong.proved}
        return tuple(dict.fromkeys(gong.hamlet for gong in self.gongs if gong.hamlet not in loud))


def score(
    opened_ms: int,
    pressed_ms: int | None,
    acknowledged_ms: int | None,
    hamlets: tuple[str, ...],
    nodes: Mapping[str, str],
    proofs: Iterable[tuple[str, Mapping[str, Any]]],
) -> Score:
    """`hamlets`: where it was to sound; `nodes`: each gong's hamlet; `proofs`: (node, Sounded as written down)."""
    begun_ms = opened_ms if pressed_ms is None else pressed_ms
    first: dict[str, int | None] = {}
    for node, proof in proofs:
        if not proves(proof.get("ended"), proof.get("strokes_heard")):
            continue
        at_ms = proof.get("started_at_ms")
        known = first.get(node)
        first[node] = at_ms if known is None else known if at_ms is None else min(known, at_ms)
    wanted = [(node, hamlet) for node, hamlet in nodes.items() if hamlets == EVERYWHERE or hamlet in hamlets]
    gongs = tuple(
        Gong(node, hamlet, _after(first.get(node), begun_ms), node in first)
        for node, hamlet in sorted(wanted, key=lambda one: (one[1], one[0]))
    )
    times: dict[str, int] = {}
    for gong in gongs:
        if gong.after_ms is not None:
            times[gong.hamlet] = min(gong.after_ms, times.get(gong.hamlet, gong.after_ms))
    to_first = min(times.values(), default=None)
    taken = None if acknowledged_ms is None else max(0, acknowledged_ms - begun_ms - (to_first or 0))
    return Score(
        gongs=gongs,
        expected=len({gong.hamlet for gong in gongs}),
        heard=len({gong.hamlet for gong in gongs if gong.proved}),
        to_first_ms=to_first,
        to_last_ms=max(times.values(), default=None),
        to_acknowledge_ms=taken,
    )


def _after(at_ms: int | None, begun_ms: int) -> int | None:
    return None if at_ms is None else max(0, at_ms - begun_ms)
