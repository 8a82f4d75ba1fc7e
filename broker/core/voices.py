"""Who has raised its voice: a box that was newly hung up has proved its first sounding. Once is enough.

What must hold: a gong that its own microphone did not hear has not; a box that says so again within SAME_MS, since it
does not know yet that we know, is written down once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from broker.core.book import Book
from broker.core.chimerows import proves
from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.spoken import Spoken
from broker.core.turn import Turn
from wire.messages import Sounded

SUBJECT = "first-sounding"
"""Of the register's lines, so that an index finds them."""
SAME_MS = 3_600_000  # a box repeats it until it is sure that it was heard: seconds, or as long as its link is bad
MAX_SPOKEN = 200  # as many as a commune has boxes


def spoken_of(by: str | None, at_ms: int, body: Mapping[str, Any]) -> Spoken:
    """What a line of the register tells."""
    return Spoken(node=by or "", hamlet=str(body.get("hamlet") or by), at_ms=at_ms)


class Voices:
    """Writes first soundings down."""

    def __init__(self, book: Book, ledger: Ledger, past: Iterable[Spoken] = ()) -> None:
        self._book = book
        self._ledger = ledger
        self._spoken = {one.node: one for one in past}

    def of(self, node: str) -> Spoken | None:
        """When it was first heard, its installation of now; none: nobody remembers."""
        return self._spoken.get(node)

    def take(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof."""
        if sounded.first is not True or not sounded.strokes or not proves(sounded.ended, sounded.strokes_heard):
            return
        known = self._spoken.get(node)
        if known is not None and 0 <= turn.wall_ms - known.at_ms < SAME_MS:
            return
        home = self._book.node(node)
        hamlet = node if home is None else home.hamlet
        self._spoken[node] = Spoken(node=node, hamlet=hamlet, at_ms=turn.wall_ms)
        while len(self._spoken) > MAX_SPOKEN:
            del self._spoken[next(iter(self._spoken))]
        body = {
            "hamlet": hamlet,
            "pattern": sounded.pattern,
            "strokes": sounded.strokes,
            "heard": sounded.strokes_heard,
        }
        self._ledger.note(Entry(what="spoke", subject=SUBJECT, by=node, at_ms=turn.wall_ms, body=body))
