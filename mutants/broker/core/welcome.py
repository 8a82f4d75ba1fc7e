"""What a node that says hello is given: the time first, then its answers, the code book if it lacks it, the set.

Rule 1. The welcome is the first effect: a node's clock error is half the time of this question.
Rule 2. What goes to everybody (code book, set) is said once for many hellos.
"""

from __future__ import annotations

from broker.core.answers import Answers
from broker.core.book import Book
from broker.core.counter import Counter
from broker.core.rate import Rate
from broker.core.statement import Statement
from broker.core.supervision import Supervision
from broker.core.turn import Turn
from broker.core.witnesses import Witnesses
from wire.messages import Hello, Welcome, Witness
from wire.topics import Topics

FULL_PER_MINUTE = 20  # hellos of one node that are answered with more than the time: a bad link comes back so often
CODEBOOK_EVERY_MS = 2_000  # the largest message, to everybody


class Greeting:
    """Answers hellos."""

    def __init__(
        self,
        topics: Topics,
        book: Book,
        counter: Counter,
        answers: Answers,
        statement: Statement,
        supervision: Supervision,
        witnesses: Witnesses,
    ) -> None:
        self._topics = topics
        self._book = book
        self._counter = counter
        self._answers = answers
        self._statement = statement
        self._supervision = supervision
        self._witnesses = witnesses
        self._full = Rate(FULL_PER_MINUTE)
        self._book_said_ms: int | None = None
        self._book_due_ms: int | None = None
        self.deadline_ms: int | None = None
        """When the code book is to be said; none while there is no link."""

    def hello(self, turn: Turn, hello: Hello) -> None:
        """A node has connected, or wants its clock proved again."""
        self._counter.hello(hello.counter, turn.wall_ms)
        welcome = Welcome(nonce=hello.nonce, now=turn.now, issued_at=turn.now, counter=self._counter.next(turn))
        turn.order(self._topics.down(hello.node, "welcome"), welcome)
        self._supervision.heard(turn, hello.node, None, None if hello.version is None else str(hello.version))
        if not self._full.allows(turn.now_ms, hello.node):
            return
        self._answers.node_is_back(turn, hello.node)
        if isinstance(hello.witness, Witness):
            self._witnesses.hello(turn, hello.node, hello.witness)
        if self._book.current is not None and (hello.codebook or 0) != self._book.version:
            self.say_book_soon(turn)
        self._statement.soon(turn, len(self._supervision.nodes))

    def say_book_soon(self, turn: Turn) -> None:
        """Somebody lacks the code book."""
        if self._book_due_ms is None:
            last_ms = self._book_said_ms
            self._book_due_ms = turn.now_ms if last_ms is None else max(turn.now_ms, last_ms + CODEBOOK_EVERY_MS)

    def run(self, turn: Turn, *, linked: bool) -> None:
        """Say the code book if it is time."""
        self.deadline_ms = self._book_due_ms if linked else None
        book = self._book.current
        if book is None or self.deadline_ms is None or turn.now_ms < self.deadline_ms:
            return
        self.deadline_ms = self._book_due_ms = None
        self._book_said_ms = turn.now_ms
        stamp = {"issued_at": turn.now, "counter": self._counter.next(turn)}
        turn.order(self._topics.all("codebook"), {**book.to_message_fields(), **stamp})
