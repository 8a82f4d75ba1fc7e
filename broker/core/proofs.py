"""The dead man's switch: PROOF_MS after a chime was due the register knows which hamlets sounded it, and which did not.

Rule 1. Each chime is summed up once, in one entry that lists both; over restarts too, by what the journal tells of it.
Rule 2. A gong that stays away from a chime is a trouble until it sounds one again, or its proof comes late.
Rule 3. A chime that we could not order, because there was no link, is asked about all the same: nodes have their own
code books. Where we could not hear for a while, the reason says so, and who did not prove it is named nevertheless.
Rule 4. A gong that played and was not heard by its own microphone has not sounded, whatever its sound card says.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from broker.core.book import Book
from broker.core.chimerows import proves
from broker.core.ledger import Ledger
from broker.core.records import ChimeRow, Entry
from broker.core.spoken import Spoken
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from broker.core.voices import Voices
from patterns.chimes import Due
from wire.messages import Sounded

PROOF_MS = 300_000  # longer than the grace, the longest chime and a reconnection together
AHEAD_MS = 60_000  # wire.md: a chime is ordered so long before it is due at the most
OLD_MS = 86_400_000  # a service that was away for longer asks about it no more: the next curfew tells more
MAX_EXPECTED = 64  # chimes of five minutes
MAX_SUMMED = 64  # whose late proofs still count; of the curfew two months


@dataclass(slots=True)
class Expected:
    """A chime whose proofs are awaited. Mutable, and owned by Proofs alone."""

    row: ChimeRow
    """As it was ordered."""
    by_ms: int
    """Monotonic time at which all should have proved it."""
    proved: dict[str, None] = field(default_factory=dict)
    """Nodes."""
    unheard: set[str] = field(default_factory=set)
    """Nodes that played it, and whose own microphone did not hear it."""
    deaf: bool = False
    """Whether we could not hear for a part of the time."""

    @property
    def due_ms(self) -> int:
        """Monotonic."""
        return self.by_ms - PROOF_MS


class Proofs:
    """Looks for gongs that stayed silent."""

    def __init__(
        self,
        book: Book,
        troubles: Troubles,
        ledger: Ledger,
        past: Iterable[ChimeRow] = (),
        spoken: Iterable[Spoken] = (),
    ) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = ledger
        self.voices = Voices(book, ledger, spoken)
        """Boxes that were newly hung up, and have sounded."""
        self._past = tuple(past)
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = {}

    @property
    def deadline_ms(self) -> int | None:
        """When the next chime should have been proved."""
        return min((one.by_ms for one in self._expected.values()), default=None)

    @property
    def last(self) -> ChimeRow | None:
        """The latest chime, summed up or with what was proved so far; none if nobody remembers one."""
        if self._expected:
            return self._so_far(next(reversed(self._expected.values())))
        return next(reversed(self._summed.values()), None)

    def begin(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def expect(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def take(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        self.voices.take(turn, node, sounded)
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def run(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def _sum_up(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def _so_far(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def _why(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, en)
