"""What the journal tells of a chime: where it was ordered, which nodes proved it, how it was summed up. Pure.

Rule: a chime's row follows from the entries whose subject it is, in their order, and from nothing else.
Entries of an older program lack the hour; of such a chime nothing is said.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from broker.core.records import ChimeRow, Entry

CHIME_WHATS = ("chime", "sounded", "proved")
"""The entries that are about a chime."""


def proves(ended: object, strokes_heard: object) -> bool:
    """Whether a node's proof says that it was heard in the hamlet; where no microphone listened, that it was played."""
    return ended != "failed" and strokes_heard != 0


def row_of(entries: Iterable[Entry]) -> ChimeRow | None:
    """One chime's row, from the entries about it; none if it was never ordered, or nobody knows for when."""
    ordered: Entry | None = None
    nodes: dict[str, None] = {}
    summed: dict[str, Any] | None = None
    for entry in entries:
        if entry.what == "chime" and "due_at_ms" in entry.body:
            ordered = entry
        elif entry.what == "sounded" and entry.by is not None:
            if proves(entry.body.get("ended"), entry.body.get("strokes_heard")):
                nodes.setdefault(entry.by)
        elif entry.what == "proved":
            summed = entry.body
    if ordered is None:
        return None
    return ChimeRow(
        id=ordered.subject,
        hamlets=tuple(ordered.body["hamlets"]),
        due_at_ms=ordered.body["due_at_ms"],
        nodes=tuple(nodes),
        sounded=tuple((summed or {}).get("sounded", ())),
        missed=tuple((summed or {}).get("missed", ())),
        summed=summed is not None,
    )
