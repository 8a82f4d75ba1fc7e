"""Which pieces of a page are live. A room registers its parts; the stream sends each viewer what changed in theirs.

    @part("cases", "duty/case.html")
    def cases(board, viewer): return [(case.incident.id, {"case": case}) for case in board.cases]

A part is a list of items in order, each with a key of its own and the context of its template. In the page stands
`<ol data-part="cases">…</ol>`; the script keeps its children as the stream says (static/console/live.js).
What must hold: what a viewer may not see never reaches `render`; the same item is rendered once for all who see it
alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation

from broker.console.live.board import Board
from broker.console.people.rights import may

Items = Iterable[tuple[str, Mapping[str, Any]]]
MAX_KEPT = 2_000  # rendered items; each of some kilobytes


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, as far as it matters to what they see."""

    role: str
    """people.rights."""
    lang: str
    """vi or en."""

    @property
    def silent(self) -> bool:
        """Whether they may see silent alerts."""
        return may(self.role, "silent")

    @property
    def acts(self) -> bool:
        """Whether they may take, silence, sound and close."""
        return may(self.role, "act")


@dataclass(frozen=True, slots=True)
class Part:
    """One live list."""

    name: str
    """In the page and the stream."""
    template: str
    """Of one item."""
    items: Callable[[Board, Viewer], Items]
    """What is in it now."""


PARTS: dict[str, Part] = {}


def part(name: str, template: str) -> Callable[[Callable[[Board, Viewer], Items]], Callable[[Board, Viewer], Items]]:
    """Register a part."""

    def register(items: Callable[[Board, Viewer], Items]) -> Callable[[Board, Viewer], Items]:
        PARTS[name] = Part(name, template, items)
        return items

    return register


def rendered(name: str, board: Board, viewer: Viewer) -> dict[str, str]:
    """The part's items as HTML, by key and in order. KeyError if there is no such part."""
    wanted = PARTS[name]
    with translation.override(viewer.lang):
        return {
            key: _render(wanted.template, viewer, key, _Frozen(context)) for key, context in wanted.items(board, viewer)
        }


class _Frozen:
    """A context that can be looked up in a cache: equal if what it shows is equal."""

    __slots__ = ("context", "shape")

    def __init__(self, context: Mapping[str, Any]) -> None:
        self.context = dict(context)
        self.shape = repr(sorted(self.context.items()))

    def __hash__(self) -> int:
        return hash(self.shape)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self.shape == other.shape


@lru_cache(MAX_KEPT)
def _render(template: str, viewer: Viewer, key: str, frozen: _Frozen) -> str:
    return render_to_string(template, {**frozen.context, "key": key, "viewer": viewer}).strip()
