"""The code book in use, as the core asks about it; what holds where there is none is said here.

What must hold: the book in use has passed every check, is this commune's, and its version never falls.
It does not know how a book travels, or who may push one.
"""

from __future__ import annotations

from typing import Any

from broker.core.turn import said
from patterns.bookcheck import read_book
from patterns.builtin import ALARM, DRILL, TEST, builtins
from patterns.codebook import DEFAULT_ALARM_S, CodeBook, Escalation, Node
from patterns.errors import CodeBookError
from patterns.fields import Faults, plain
from patterns.score import Score
from wire.words import EVERYWHERE, reaches

NEVER = Escalation(None, None)


class Book:
    """Holds the code book that is in use, or none."""

    def __init__(self, commune: str) -> None:
        self._commune = commune
        self.current: CodeBook | None = None
        """Checked."""
        self.fields: dict[str, Any] | None = None
        """The same as its file has it."""

    @property
    def version(self) -> int:
        """0 without one."""
        return 0 if self.current is None else self.current.version

    def check(self, fields: dict[str, Any]) -> CodeBook:
        """Read a file's fields. CodeBookError if they contradict themselves, or are another commune's."""
        book = read_book(Faults(plain(fields)))
        if book.commune != self._commune:
            raise CodeBookError(
                f"bộ quy ước này là của xã {book.commune}, không phải {self._commune}",
                f"this code book is {book.commune}'s, not {self._commune}'s",
            )
        return book

    def is_older(self, fields: dict[str, Any]) -> bool:
        """Whether this is an earlier version of the one in use."""
        version = fields.get("version")
        return isinstance(version, int) and version < self.version

    def adopt(self, fields: dict[str, Any]) -> None:
        """Take it into use. CodeBookError as `check`."""
        self.current, self.fields = self.check(fields), fields

    @property
    def alarm_s(self) -> int:
        """Seconds an alarm sounds."""
        return DEFAULT_ALARM_S if self.current is None else self.current.alarm_s

    @property
    def escalation(self) -> Escalation:
        """Whom an alert reaches that nobody acknowledges."""
        return NEVER if self.current is None else self.current.escalation

    def pattern_for(self, kind: str, *, drill: bool) -> str:
        """What an alarm of this kind plays."""
        if self.current is not None:
            return self.current.pattern_for(kind, drill=drill)
        return DRILL if drill else TEST if kind == "test" else ALARM

    def score(self, name: str) -> Score | None:
        """A pattern by name."""
        return builtins().get(name) if self.current is None else self.current.resolve(name)

    def heard_in(self, hamlet: str) -> tuple[str, ...]:
        """Who sounds an alert of this hamlet at once."""
        return (hamlet,) if self.current is None else self.current.heard_in(hamlet)

    def neighbours(self, hamlet: str) -> tuple[str, ...]:
        """Who sounds it if nobody acknowledges it."""
        known = None if self.current is None else self.current.hamlets.get(hamlet)
        return () if known is None else known.neighbours

    def node(self, slug: str) -> Node | None:
        """A node that the book names."""
        return None if self.current is None else self.current.nodes.get(slug)

    def posts(self) -> tuple[Node, ...]:
        """Nodes that sound silent alerts."""
        return () if self.current is None else tuple(self.current.nodes[slug] for slug in self.current.posts())

    def nodes_of(self, hamlets: tuple[str, ...]) -> tuple[str, ...]:
        """Nodes that should sound what is ordered for these hamlets."""
        if self.current is None:
            return ()
        return tuple(slug for slug, node in self.current.nodes.items() if reaches(hamlets, node.hamlet))

    def strange(self, hamlets: tuple[str, ...]) -> tuple[str, ...]:
        """Those of these hamlets that the book does not know."""
        if self.current is None or hamlets == EVERYWHERE:
            return ()
        return tuple(hamlet for hamlet in hamlets if hamlet not in self.current.hamlets)


def fault_of(error: CodeBookError) -> str:
    """The first fault, in a line."""
    if not error.faults:
        return said(error.vi, error.en)
    first = error.faults[0]
    return said(first.sentence_vi(), first.sentence_en())
