"""What is asked of the whole commune: a chime now, a new code book, that something be written down.

Rule 1. A chime on demand is a harmless pattern that ends by itself, never an alarm's or a drill's.
Rule 2. A code book is taken whole or not at all, its version only rises, and it is in use once it is on the disk.
"""

from __future__ import annotations

from typing import Any

from broker.core.acts import Done
from broker.core.book import Book, fault_of
from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.schedule import Schedule, moment
from broker.core.turn import Turn, said
from patterns.chimes import Due
from patterns.errors import CodeBookError
from patterns.packed import unpacked
from wire.asks import AskAudit, AskChime, AskCodeBook
from wire.words import EVERYWHERE, Instant, check_tree

CHIME_IN_MS = 1_000  # all gongs have the order by then, and strike together
CHIME_GRACE_MS = 10_000  # it was meant for now
NAME_CHARS = 32  # of a chime's id


class Errands:
    """Chimes on demand and code books."""

    def __init__(self, book: Book, schedule: Schedule, ledger: Ledger) -> None:
        self._book = book
        self._schedule = schedule
        self._ledger = ledger

    def chime(self, turn: Turn, user: str, ask: AskChime) -> Done:
        """Sound a chime now."""
        chimes = () if self._book.current is None else self._book.current.chimes
        kept = next((chime for chime in chimes if chime.name == ask.pattern), None)
        name, default = (ask.pattern, EVERYWHERE) if kept is None else (kept.pattern, kept.hamlets)
        hamlets = ask.hamlets or default
        if self._book.strange(hamlets):
            return Done(False, said("Không có thôn này trong bộ quy ước", "no such hamlet in the code book"))
        score = self._book.score(name)
        if score is None:
            return Done(False, said(f"Không có bản kẻng {name}", f"no pattern {name}; see keng patterns list"))
        if score.use in {"alarm", "drill"} or score.endless:
            return Done(False, said(f"{name} là báo động, hãy dùng keng alarm", f"{name} is an alarm; use keng alarm"))
        due = self._due(turn, ask.pattern, name, hamlets)
        self._schedule.order(turn, due, CHIME_GRACE_MS, by=user)
        return Done(True, "", due.id)

    def codebook(self, turn: Turn, user: str, ask: AskCodeBook) -> Done:
        """Take a code book into use once it is written down."""
        try:
            fields = unpacked(ask.codebook)
            check_tree(fields)
        except CodeBookError as error:
            return Done(False, fault_of(error))
        except ValueError as error:
            return Done(False, said("Bộ quy ước nén ghi sai", str(error)))
        return self.take(turn, fields, by=user)

    def take(self, turn: Turn, fields: dict[str, Any], by: str | None) -> Done:
        """Check it and write it down; `AfterCommit` takes it into use."""
        if fields == self._book.fields:
            return Done(True, said("Bộ quy ước này đang dùng rồi", "this code book is in use already"))
        try:
            book = self._book.check(fields)
        except CodeBookError as error:
            return Done(False, fault_of(error))
        if book.version <= self._book.version:
            used = self._book.version
            return Done(False, said(f"Hãy tăng version, đang dùng bản {used}", f"raise the version above {used}"))
        entry = Entry(what="codebook", subject=str(book.version), by=by, at_ms=turn.wall_ms, body=fields)
        self._ledger.note(entry)
        return Done(True)

    def audit(self, turn: Turn, user: str, ask: AskAudit) -> Done:
        """Write down what was done at the console; who may say so is the desk's to know."""
        body = {"what": ask.what, "detail": ask.detail}
        self._ledger.note(Entry(what="audited", subject=ask.about, by=user, at_ms=turn.wall_ms, body=body))
        return Done(True)

    def _due(self, turn: Turn, word: str, pattern: str, hamlets: tuple[str, ...]) -> Due:
        at_ms = turn.wall_ms + CHIME_IN_MS
        name = word.replace("/", "-")[:NAME_CHARS]
        while self._schedule.was_ordered(id_ := f"{name}/{str(Instant(at_ms)).removesuffix('Z')}"):
            at_ms += 1
        return Due(id_, name, pattern, hamlets, moment(at_ms))
