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
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from patterns.chimes import Due
from wire.messages import Sounded

PROOF_MS = 300_000  # longer than the grace, the longest chime and a reconnection together
AHEAD_MS = 60_000  # wire.md: a chime is ordered so long before it is due at the most
OLD_MS = 86_400_000  # a service that was away for longer asks about it no more: the next curfew tells more
MAX_EXPECTED = 64  # chimes of five minutes
MAX_SUMMED = 64  # whose late proofs still count; of the curfew two months


from mutantswitch import wrap_in_trampoline as _mutmut_mutated, MutantDict


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
mutants_xǁProofsǁ__init____mutmut: MutantDict = {}  # type: ignore
mutants_xǁProofsǁbegin__mutmut: MutantDict = {}  # type: ignore
mutants_xǁProofsǁexpect__mutmut: MutantDict = {}  # type: ignore
mutants_xǁProofsǁtake__mutmut: MutantDict = {}  # type: ignore
mutants_xǁProofsǁrun__mutmut: MutantDict = {}  # type: ignore
mutants_xǁProofsǁ_sum_up__mutmut: MutantDict = {}  # type: ignore
mutants_xǁProofsǁ_so_far__mutmut: MutantDict = {}  # type: ignore
mutants_xǁProofsǁ_why__mutmut: MutantDict = {}  # type: ignore


class Proofs:
    """Looks for gongs that stayed silent."""

    @_mutmut_mutated(mutants_xǁProofsǁ__init____mutmut)
    def __init__(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = ledger
        self._past = tuple(past)
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = {}

    def xǁProofsǁ__init____mutmut_orig(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = ledger
        self._past = tuple(past)
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = {}

    def xǁProofsǁ__init____mutmut_1(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = None
        self._troubles = troubles
        self._ledger = ledger
        self._past = tuple(past)
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = {}

    def xǁProofsǁ__init____mutmut_2(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = book
        self._troubles = None
        self._ledger = ledger
        self._past = tuple(past)
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = {}

    def xǁProofsǁ__init____mutmut_3(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = None
        self._past = tuple(past)
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = {}

    def xǁProofsǁ__init____mutmut_4(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = ledger
        self._past = None
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = {}

    def xǁProofsǁ__init____mutmut_5(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = ledger
        self._past = tuple(None)
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = {}

    def xǁProofsǁ__init____mutmut_6(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = ledger
        self._past = tuple(past)
        self._expected: dict[str, Expected] = None
        self._summed: dict[str, ChimeRow] = {}

    def xǁProofsǁ__init____mutmut_7(self, book: Book, troubles: Troubles, ledger: Ledger, past: Iterable[ChimeRow] = ()) -> None:
        self._book = book
        self._troubles = troubles
        self._ledger = ledger
        self._past = tuple(past)
        self._expected: dict[str, Expected] = {}
        self._summed: dict[str, ChimeRow] = None

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

    @_mutmut_mutated(mutants_xǁProofsǁbegin__mutmut)
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

    def xǁProofsǁbegin__mutmut_orig(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_1(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = None
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_2(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms + turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_3(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = None
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_4(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms >= -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_5(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > +OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_6(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = None
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_7(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) - PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_8(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms - min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_9(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(None, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_10(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, None) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_11(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_12(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, ) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_13(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = None
        self._past = ()

    def xǁProofsǁbegin__mutmut_14(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(None, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_15(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, None, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_16(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, None, deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_17(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=None)
        self._past = ()

    def xǁProofsǁbegin__mutmut_18(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_19(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_20(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_21(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), )
        self._past = ()

    def xǁProofsǁbegin__mutmut_22(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(None), deaf=until_ms < 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_23(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms <= 0)
        self._past = ()

    def xǁProofsǁbegin__mutmut_24(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 1)
        self._past = ()

    def xǁProofsǁbegin__mutmut_25(self, turn: Turn) -> None:
        """A new run of the service goes on asking where the last one stopped."""
        for row in self._past:
            until_ms = row.due_at_ms - turn.wall_ms
            if row.summed:
                self._summed[row.id] = row
            elif until_ms > -OLD_MS:
                by_ms = turn.now_ms + min(until_ms, AHEAD_MS) + PROOF_MS
                self._expected[row.id] = Expected(row, by_ms, dict.fromkeys(row.nodes), deaf=until_ms < 0)
        self._past = None

    @_mutmut_mutated(mutants_xǁProofsǁexpect__mutmut)
    def expect(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_orig(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_1(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected and due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_2(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id not in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_3(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id not in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_4(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = None
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_5(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=None, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_6(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=None, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_7(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=None)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_8(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_9(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_10(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, )
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_11(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = None
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_12(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms - PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_13(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms + turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_14(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms - due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_15(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = None
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_16(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(None, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_17(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, None, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_18(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=None)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_19(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_20(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_21(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, )
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_22(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms <= turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_23(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) >= MAX_EXPECTED:
            del self._expected[next(iter(self._expected))]

    def xǁProofsǁexpect__mutmut_24(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(None)]

    def xǁProofsǁexpect__mutmut_25(self, turn: Turn, due: Due, due_at_ms: int) -> None:
        """A chime is due by the commune's clock; once is enough."""
        if due.id in self._expected or due.id in self._summed:
            return
        row = ChimeRow(id=due.id, hamlets=due.hamlets, due_at_ms=due_at_ms)
        by_ms = turn.now_ms + due_at_ms - turn.wall_ms + PROOF_MS
        self._expected[due.id] = Expected(row, by_ms, deaf=due_at_ms < turn.wall_ms)
        if len(self._expected) > MAX_EXPECTED:
            del self._expected[next(iter(None))]

    @_mutmut_mutated(mutants_xǁProofsǁtake__mutmut)
    def take(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
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

    def xǁProofsǁtake__mutmut_orig(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
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

    def xǁProofsǁtake__mutmut_1(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = None
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_2(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(None)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_3(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_4(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(None, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_5(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, None):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_6(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_7(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, ):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_8(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None or sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_9(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_10(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard != 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_11(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 1:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_12(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(None)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_13(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_14(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(None)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_15(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", node)

    def xǁProofsǁtake__mutmut_16(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(None, "chime_missed", node)

    def xǁProofsǁtake__mutmut_17(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, None, node)

    def xǁProofsǁtake__mutmut_18(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", None)

    def xǁProofsǁtake__mutmut_19(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend("chime_missed", node)

    def xǁProofsǁtake__mutmut_20(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, node)

    def xǁProofsǁtake__mutmut_21(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "chime_missed", )

    def xǁProofsǁtake__mutmut_22(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "XXchime_missedXX", node)

    def xǁProofsǁtake__mutmut_23(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """A node's proof; one that nobody waits for proves nothing. An alarm may cut it short."""
        one = self._expected.get(sounded.id)
        if not proves(sounded.ended, sounded.strokes_heard):
            if one is not None and sounded.strokes_heard == 0:
                one.unheard.add(node)
            return
        if one is not None:
            one.proved.setdefault(node)
        elif sounded.id not in self._summed:
            return
        self._troubles.mend(turn, "CHIME_MISSED", node)

    @_mutmut_mutated(mutants_xǁProofsǁrun__mutmut)
    def run(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_orig(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_1(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked or one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_2(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_3(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms < turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_4(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = None
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_5(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = False
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_6(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms < turn.now_ms]:
            self._sum_up(turn, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_7(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(None, self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_8(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, None)

    def xǁProofsǁrun__mutmut_9(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(self._expected.pop(id_))

    def xǁProofsǁrun__mutmut_10(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, )

    def xǁProofsǁrun__mutmut_11(self, turn: Turn, *, linked: bool) -> None:
        """Sum up what is due."""
        for one in [one for one in self._expected.values() if not linked and one.due_ms <= turn.now_ms]:
            one.deaf = True
        for id_ in [id_ for id_, one in self._expected.items() if one.by_ms <= turn.now_ms]:
            self._sum_up(turn, self._expected.pop(None))

    @_mutmut_mutated(mutants_xǁProofsǁ_sum_up__mutmut)
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

    def xǁProofsǁ_sum_up__mutmut_orig(self, turn: Turn, one: Expected) -> None:
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

    def xǁProofsǁ_sum_up__mutmut_1(self, turn: Turn, one: Expected) -> None:
        silent = None
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

    def xǁProofsǁ_sum_up__mutmut_2(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(None) if node not in one.proved]
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

    def xǁProofsǁ_sum_up__mutmut_3(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node in one.proved]
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

    def xǁProofsǁ_sum_up__mutmut_4(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = None
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

    def xǁProofsǁ_sum_up__mutmut_5(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(None, summed=True)
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

    def xǁProofsǁ_sum_up__mutmut_6(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=None)
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

    def xǁProofsǁ_sum_up__mutmut_7(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(summed=True)
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

    def xǁProofsǁ_sum_up__mutmut_8(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, )
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

    def xǁProofsǁ_sum_up__mutmut_9(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=False)
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

    def xǁProofsǁ_sum_up__mutmut_10(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) >= MAX_SUMMED:
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

    def xǁProofsǁ_sum_up__mutmut_11(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(None)]
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

    def xǁProofsǁ_sum_up__mutmut_12(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(None))]
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

    def xǁProofsǁ_sum_up__mutmut_13(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(None, "chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_14(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, None, node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_15(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", None, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_16(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, None)
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_17(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold("chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_18(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_19(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_20(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, )
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_21(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "XXchime_missedXX", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_22(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "CHIME_MISSED", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_23(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(None, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_24(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, None))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_25(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_26(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, ))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_27(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = None
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_28(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "XXdue_at_msXX": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_29(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "DUE_AT_MS": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_30(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "XXsoundedXX": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_31(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "SOUNDED": list(row.sounded),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_32(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(None),
            "missed": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_33(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "XXmissedXX": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_34(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "MISSED": list(row.missed),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_35(self, turn: Turn, one: Expected) -> None:
        silent = [node for node in self._book.nodes_of(one.row.hamlets) if node not in one.proved]
        row = self._summed[one.row.id] = self._so_far(one, summed=True)
        if len(self._summed) > MAX_SUMMED:
            del self._summed[next(iter(self._summed))]
        for node in silent:
            self._troubles.hold(turn, "chime_missed", node, self._why(node, one))
        body = {
            "due_at_ms": row.due_at_ms,
            "sounded": list(row.sounded),
            "missed": list(None),
            "silent_gongs": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_36(self, turn: Turn, one: Expected) -> None:
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
            "XXsilent_gongsXX": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_37(self, turn: Turn, one: Expected) -> None:
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
            "SILENT_GONGS": silent,
            "deaf": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_38(self, turn: Turn, one: Expected) -> None:
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
            "XXdeafXX": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_39(self, turn: Turn, one: Expected) -> None:
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
            "DEAF": one.deaf,
        }
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_40(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(None)

    def xǁProofsǁ_sum_up__mutmut_41(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what=None, subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_42(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="proved", subject=None, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_43(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=None, body=body))

    def xǁProofsǁ_sum_up__mutmut_44(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, body=None))

    def xǁProofsǁ_sum_up__mutmut_45(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_46(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="proved", by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_47(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="proved", subject=row.id, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_48(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, body=body))

    def xǁProofsǁ_sum_up__mutmut_49(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="proved", subject=row.id, by=None, at_ms=turn.wall_ms, ))

    def xǁProofsǁ_sum_up__mutmut_50(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="XXprovedXX", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    def xǁProofsǁ_sum_up__mutmut_51(self, turn: Turn, one: Expected) -> None:
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
        self._ledger.note(Entry(what="PROVED", subject=row.id, by=None, at_ms=turn.wall_ms, body=body))

    @_mutmut_mutated(mutants_xǁProofsǁ_so_far__mutmut)
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

    def xǁProofsǁ_so_far__mutmut_orig(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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

    def xǁProofsǁ_so_far__mutmut_1(self, one: Expected, *, summed: bool = True) -> ChimeRow:
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

    def xǁProofsǁ_so_far__mutmut_2(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = None
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

    def xǁProofsǁ_so_far__mutmut_3(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(None):
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

    def xǁProofsǁ_so_far__mutmut_4(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = None
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

    def xǁProofsǁ_so_far__mutmut_5(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(None)
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

    def xǁProofsǁ_so_far__mutmut_6(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is None  # noqa: S101 - nodes_of names nodes of the book
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

    def xǁProofsǁ_so_far__mutmut_7(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = None
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_8(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) and slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_9(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(None, False) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_10(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, None) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_11(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(False) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_12(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, ) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_13(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, True) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_14(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) or slug not in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_15(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) or slug in one.proved
        return ChimeRow(
            id=None,
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_16(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=None,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_17(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            due_at_ms=None,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_18(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            nodes=None,
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_19(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            sounded=None,
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_20(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            missed=None,
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_21(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            summed=None,
        )

    def xǁProofsǁ_so_far__mutmut_22(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) or slug in one.proved
        return ChimeRow(
            hamlets=one.row.hamlets,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_23(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            due_at_ms=one.row.due_at_ms,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_24(self, one: Expected, *, summed: bool = False) -> ChimeRow:
        """By hamlet: one gong that sounded is enough. A hamlet without a gong is in neither list."""
        proved: dict[str, bool] = {}
        for slug in self._book.nodes_of(one.row.hamlets):
            node = self._book.node(slug)
            assert node is not None  # noqa: S101 - nodes_of names nodes of the book
            proved[node.hamlet] = proved.get(node.hamlet, False) or slug in one.proved
        return ChimeRow(
            id=one.row.id,
            hamlets=one.row.hamlets,
            nodes=tuple(one.proved),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_25(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_26(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_27(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_28(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            )

    def xǁProofsǁ_so_far__mutmut_29(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            nodes=tuple(None),
            sounded=tuple(hamlet for hamlet, yes in proved.items() if yes),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_30(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            sounded=tuple(None),
            missed=tuple(hamlet for hamlet, yes in proved.items() if not yes),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_31(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            missed=tuple(None),
            summed=summed,
        )

    def xǁProofsǁ_so_far__mutmut_32(self, one: Expected, *, summed: bool = False) -> ChimeRow:
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
            missed=tuple(hamlet for hamlet, yes in proved.items() if yes),
            summed=summed,
        )

    @_mutmut_mutated(mutants_xǁProofsǁ_why__mutmut)
    def _why(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, en)

    def xǁProofsǁ_why__mutmut_orig(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, en)

    def xǁProofsǁ_why__mutmut_1(self, node: str, one: Expected) -> str:
        vi = None
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, en)

    def xǁProofsǁ_why__mutmut_2(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = None
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, en)

    def xǁProofsǁ_why__mutmut_3(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node not in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, en)

    def xǁProofsǁ_why__mutmut_4(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = None
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, en)

    def xǁProofsǁ_why__mutmut_5(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = None
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, en)

    def xǁProofsǁ_why__mutmut_6(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = None
        return said(vi, en)

    def xǁProofsǁ_why__mutmut_7(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(None, en)

    def xǁProofsǁ_why__mutmut_8(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, None)

    def xǁProofsǁ_why__mutmut_9(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(en)

    def xǁProofsǁ_why__mutmut_10(self, node: str, one: Expected) -> str:
        vi = f"Kẻng {node} không kêu hiệu lệnh {one.row.id}, hãy kiểm tra loa và nguồn"
        en = f"gong {node} did not sound {one.row.id}; check its speaker and power"
        if node in one.unheard:
            vi = f"Kẻng {node} có đánh hiệu lệnh {one.row.id} mà micrô không nghe thấy, hãy kiểm tra tăng âm và loa"
            en = f"gong {node} played {one.row.id} unheard; check its amplifier and loudspeaker"
        if one.deaf:
            vi, en = f"{vi} (lúc đó máy xã có lúc không nghe được)", f"{en} (the commune could not hear for a while)"
        return said(vi, )

mutants_xǁProofsǁ__init____mutmut['_mutmut_orig'] = Proofs.xǁProofsǁ__init____mutmut_orig # type: ignore # mutmut generated
mutants_xǁProofsǁ__init____mutmut['xǁProofsǁ__init____mutmut_1'] = Proofs.xǁProofsǁ__init____mutmut_1 # type: ignore # mutmut generated
mutants_xǁProofsǁ__init____mutmut['xǁProofsǁ__init____mutmut_2'] = Proofs.xǁProofsǁ__init____mutmut_2 # type: ignore # mutmut generated
mutants_xǁProofsǁ__init____mutmut['xǁProofsǁ__init____mutmut_3'] = Proofs.xǁProofsǁ__init____mutmut_3 # type: ignore # mutmut generated
mutants_xǁProofsǁ__init____mutmut['xǁProofsǁ__init____mutmut_4'] = Proofs.xǁProofsǁ__init____mutmut_4 # type: ignore # mutmut generated
mutants_xǁProofsǁ__init____mutmut['xǁProofsǁ__init____mutmut_5'] = Proofs.xǁProofsǁ__init____mutmut_5 # type: ignore # mutmut generated
mutants_xǁProofsǁ__init____mutmut['xǁProofsǁ__init____mutmut_6'] = Proofs.xǁProofsǁ__init____mutmut_6 # type: ignore # mutmut generated
mutants_xǁProofsǁ__init____mutmut['xǁProofsǁ__init____mutmut_7'] = Proofs.xǁProofsǁ__init____mutmut_7 # type: ignore # mutmut generated

mutants_xǁProofsǁbegin__mutmut['_mutmut_orig'] = Proofs.xǁProofsǁbegin__mutmut_orig # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_1'] = Proofs.xǁProofsǁbegin__mutmut_1 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_2'] = Proofs.xǁProofsǁbegin__mutmut_2 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_3'] = Proofs.xǁProofsǁbegin__mutmut_3 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_4'] = Proofs.xǁProofsǁbegin__mutmut_4 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_5'] = Proofs.xǁProofsǁbegin__mutmut_5 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_6'] = Proofs.xǁProofsǁbegin__mutmut_6 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_7'] = Proofs.xǁProofsǁbegin__mutmut_7 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_8'] = Proofs.xǁProofsǁbegin__mutmut_8 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_9'] = Proofs.xǁProofsǁbegin__mutmut_9 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_10'] = Proofs.xǁProofsǁbegin__mutmut_10 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_11'] = Proofs.xǁProofsǁbegin__mutmut_11 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_12'] = Proofs.xǁProofsǁbegin__mutmut_12 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_13'] = Proofs.xǁProofsǁbegin__mutmut_13 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_14'] = Proofs.xǁProofsǁbegin__mutmut_14 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_15'] = Proofs.xǁProofsǁbegin__mutmut_15 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_16'] = Proofs.xǁProofsǁbegin__mutmut_16 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_17'] = Proofs.xǁProofsǁbegin__mutmut_17 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_18'] = Proofs.xǁProofsǁbegin__mutmut_18 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_19'] = Proofs.xǁProofsǁbegin__mutmut_19 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_20'] = Proofs.xǁProofsǁbegin__mutmut_20 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_21'] = Proofs.xǁProofsǁbegin__mutmut_21 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_22'] = Proofs.xǁProofsǁbegin__mutmut_22 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_23'] = Proofs.xǁProofsǁbegin__mutmut_23 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_24'] = Proofs.xǁProofsǁbegin__mutmut_24 # type: ignore # mutmut generated
mutants_xǁProofsǁbegin__mutmut['xǁProofsǁbegin__mutmut_25'] = Proofs.xǁProofsǁbegin__mutmut_25 # type: ignore # mutmut generated

mutants_xǁProofsǁexpect__mutmut['_mutmut_orig'] = Proofs.xǁProofsǁexpect__mutmut_orig # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_1'] = Proofs.xǁProofsǁexpect__mutmut_1 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_2'] = Proofs.xǁProofsǁexpect__mutmut_2 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_3'] = Proofs.xǁProofsǁexpect__mutmut_3 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_4'] = Proofs.xǁProofsǁexpect__mutmut_4 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_5'] = Proofs.xǁProofsǁexpect__mutmut_5 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_6'] = Proofs.xǁProofsǁexpect__mutmut_6 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_7'] = Proofs.xǁProofsǁexpect__mutmut_7 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_8'] = Proofs.xǁProofsǁexpect__mutmut_8 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_9'] = Proofs.xǁProofsǁexpect__mutmut_9 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_10'] = Proofs.xǁProofsǁexpect__mutmut_10 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_11'] = Proofs.xǁProofsǁexpect__mutmut_11 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_12'] = Proofs.xǁProofsǁexpect__mutmut_12 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_13'] = Proofs.xǁProofsǁexpect__mutmut_13 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_14'] = Proofs.xǁProofsǁexpect__mutmut_14 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_15'] = Proofs.xǁProofsǁexpect__mutmut_15 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_16'] = Proofs.xǁProofsǁexpect__mutmut_16 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_17'] = Proofs.xǁProofsǁexpect__mutmut_17 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_18'] = Proofs.xǁProofsǁexpect__mutmut_18 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_19'] = Proofs.xǁProofsǁexpect__mutmut_19 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_20'] = Proofs.xǁProofsǁexpect__mutmut_20 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_21'] = Proofs.xǁProofsǁexpect__mutmut_21 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_22'] = Proofs.xǁProofsǁexpect__mutmut_22 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_23'] = Proofs.xǁProofsǁexpect__mutmut_23 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_24'] = Proofs.xǁProofsǁexpect__mutmut_24 # type: ignore # mutmut generated
mutants_xǁProofsǁexpect__mutmut['xǁProofsǁexpect__mutmut_25'] = Proofs.xǁProofsǁexpect__mutmut_25 # type: ignore # mutmut generated

mutants_xǁProofsǁtake__mutmut['_mutmut_orig'] = Proofs.xǁProofsǁtake__mutmut_orig # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_1'] = Proofs.xǁProofsǁtake__mutmut_1 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_2'] = Proofs.xǁProofsǁtake__mutmut_2 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_3'] = Proofs.xǁProofsǁtake__mutmut_3 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_4'] = Proofs.xǁProofsǁtake__mutmut_4 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_5'] = Proofs.xǁProofsǁtake__mutmut_5 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_6'] = Proofs.xǁProofsǁtake__mutmut_6 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_7'] = Proofs.xǁProofsǁtake__mutmut_7 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_8'] = Proofs.xǁProofsǁtake__mutmut_8 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_9'] = Proofs.xǁProofsǁtake__mutmut_9 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_10'] = Proofs.xǁProofsǁtake__mutmut_10 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_11'] = Proofs.xǁProofsǁtake__mutmut_11 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_12'] = Proofs.xǁProofsǁtake__mutmut_12 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_13'] = Proofs.xǁProofsǁtake__mutmut_13 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_14'] = Proofs.xǁProofsǁtake__mutmut_14 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_15'] = Proofs.xǁProofsǁtake__mutmut_15 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_16'] = Proofs.xǁProofsǁtake__mutmut_16 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_17'] = Proofs.xǁProofsǁtake__mutmut_17 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_18'] = Proofs.xǁProofsǁtake__mutmut_18 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_19'] = Proofs.xǁProofsǁtake__mutmut_19 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_20'] = Proofs.xǁProofsǁtake__mutmut_20 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_21'] = Proofs.xǁProofsǁtake__mutmut_21 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_22'] = Proofs.xǁProofsǁtake__mutmut_22 # type: ignore # mutmut generated
mutants_xǁProofsǁtake__mutmut['xǁProofsǁtake__mutmut_23'] = Proofs.xǁProofsǁtake__mutmut_23 # type: ignore # mutmut generated

mutants_xǁProofsǁrun__mutmut['_mutmut_orig'] = Proofs.xǁProofsǁrun__mutmut_orig # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_1'] = Proofs.xǁProofsǁrun__mutmut_1 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_2'] = Proofs.xǁProofsǁrun__mutmut_2 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_3'] = Proofs.xǁProofsǁrun__mutmut_3 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_4'] = Proofs.xǁProofsǁrun__mutmut_4 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_5'] = Proofs.xǁProofsǁrun__mutmut_5 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_6'] = Proofs.xǁProofsǁrun__mutmut_6 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_7'] = Proofs.xǁProofsǁrun__mutmut_7 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_8'] = Proofs.xǁProofsǁrun__mutmut_8 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_9'] = Proofs.xǁProofsǁrun__mutmut_9 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_10'] = Proofs.xǁProofsǁrun__mutmut_10 # type: ignore # mutmut generated
mutants_xǁProofsǁrun__mutmut['xǁProofsǁrun__mutmut_11'] = Proofs.xǁProofsǁrun__mutmut_11 # type: ignore # mutmut generated

mutants_xǁProofsǁ_sum_up__mutmut['_mutmut_orig'] = Proofs.xǁProofsǁ_sum_up__mutmut_orig # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_1'] = Proofs.xǁProofsǁ_sum_up__mutmut_1 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_2'] = Proofs.xǁProofsǁ_sum_up__mutmut_2 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_3'] = Proofs.xǁProofsǁ_sum_up__mutmut_3 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_4'] = Proofs.xǁProofsǁ_sum_up__mutmut_4 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_5'] = Proofs.xǁProofsǁ_sum_up__mutmut_5 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_6'] = Proofs.xǁProofsǁ_sum_up__mutmut_6 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_7'] = Proofs.xǁProofsǁ_sum_up__mutmut_7 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_8'] = Proofs.xǁProofsǁ_sum_up__mutmut_8 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_9'] = Proofs.xǁProofsǁ_sum_up__mutmut_9 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_10'] = Proofs.xǁProofsǁ_sum_up__mutmut_10 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_11'] = Proofs.xǁProofsǁ_sum_up__mutmut_11 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_12'] = Proofs.xǁProofsǁ_sum_up__mutmut_12 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_13'] = Proofs.xǁProofsǁ_sum_up__mutmut_13 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_14'] = Proofs.xǁProofsǁ_sum_up__mutmut_14 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_15'] = Proofs.xǁProofsǁ_sum_up__mutmut_15 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_16'] = Proofs.xǁProofsǁ_sum_up__mutmut_16 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_17'] = Proofs.xǁProofsǁ_sum_up__mutmut_17 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_18'] = Proofs.xǁProofsǁ_sum_up__mutmut_18 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_19'] = Proofs.xǁProofsǁ_sum_up__mutmut_19 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_20'] = Proofs.xǁProofsǁ_sum_up__mutmut_20 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_21'] = Proofs.xǁProofsǁ_sum_up__mutmut_21 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_22'] = Proofs.xǁProofsǁ_sum_up__mutmut_22 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_23'] = Proofs.xǁProofsǁ_sum_up__mutmut_23 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_24'] = Proofs.xǁProofsǁ_sum_up__mutmut_24 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_25'] = Proofs.xǁProofsǁ_sum_up__mutmut_25 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_26'] = Proofs.xǁProofsǁ_sum_up__mutmut_26 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_27'] = Proofs.xǁProofsǁ_sum_up__mutmut_27 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_28'] = Proofs.xǁProofsǁ_sum_up__mutmut_28 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_29'] = Proofs.xǁProofsǁ_sum_up__mutmut_29 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_30'] = Proofs.xǁProofsǁ_sum_up__mutmut_30 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_31'] = Proofs.xǁProofsǁ_sum_up__mutmut_31 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_32'] = Proofs.xǁProofsǁ_sum_up__mutmut_32 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_33'] = Proofs.xǁProofsǁ_sum_up__mutmut_33 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_34'] = Proofs.xǁProofsǁ_sum_up__mutmut_34 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_35'] = Proofs.xǁProofsǁ_sum_up__mutmut_35 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_36'] = Proofs.xǁProofsǁ_sum_up__mutmut_36 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_37'] = Proofs.xǁProofsǁ_sum_up__mutmut_37 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_38'] = Proofs.xǁProofsǁ_sum_up__mutmut_38 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_39'] = Proofs.xǁProofsǁ_sum_up__mutmut_39 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_40'] = Proofs.xǁProofsǁ_sum_up__mutmut_40 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_41'] = Proofs.xǁProofsǁ_sum_up__mutmut_41 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_42'] = Proofs.xǁProofsǁ_sum_up__mutmut_42 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_43'] = Proofs.xǁProofsǁ_sum_up__mutmut_43 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_44'] = Proofs.xǁProofsǁ_sum_up__mutmut_44 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_45'] = Proofs.xǁProofsǁ_sum_up__mutmut_45 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_46'] = Proofs.xǁProofsǁ_sum_up__mutmut_46 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_47'] = Proofs.xǁProofsǁ_sum_up__mutmut_47 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_48'] = Proofs.xǁProofsǁ_sum_up__mutmut_48 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_49'] = Proofs.xǁProofsǁ_sum_up__mutmut_49 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_50'] = Proofs.xǁProofsǁ_sum_up__mutmut_50 # type: ignore # mutmut generated
mutants_xǁProofsǁ_sum_up__mutmut['xǁProofsǁ_sum_up__mutmut_51'] = Proofs.xǁProofsǁ_sum_up__mutmut_51 # type: ignore # mutmut generated

mutants_xǁProofsǁ_so_far__mutmut['_mutmut_orig'] = Proofs.xǁProofsǁ_so_far__mutmut_orig # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_1'] = Proofs.xǁProofsǁ_so_far__mutmut_1 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_2'] = Proofs.xǁProofsǁ_so_far__mutmut_2 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_3'] = Proofs.xǁProofsǁ_so_far__mutmut_3 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_4'] = Proofs.xǁProofsǁ_so_far__mutmut_4 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_5'] = Proofs.xǁProofsǁ_so_far__mutmut_5 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_6'] = Proofs.xǁProofsǁ_so_far__mutmut_6 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_7'] = Proofs.xǁProofsǁ_so_far__mutmut_7 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_8'] = Proofs.xǁProofsǁ_so_far__mutmut_8 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_9'] = Proofs.xǁProofsǁ_so_far__mutmut_9 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_10'] = Proofs.xǁProofsǁ_so_far__mutmut_10 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_11'] = Proofs.xǁProofsǁ_so_far__mutmut_11 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_12'] = Proofs.xǁProofsǁ_so_far__mutmut_12 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_13'] = Proofs.xǁProofsǁ_so_far__mutmut_13 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_14'] = Proofs.xǁProofsǁ_so_far__mutmut_14 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_15'] = Proofs.xǁProofsǁ_so_far__mutmut_15 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_16'] = Proofs.xǁProofsǁ_so_far__mutmut_16 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_17'] = Proofs.xǁProofsǁ_so_far__mutmut_17 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_18'] = Proofs.xǁProofsǁ_so_far__mutmut_18 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_19'] = Proofs.xǁProofsǁ_so_far__mutmut_19 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_20'] = Proofs.xǁProofsǁ_so_far__mutmut_20 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_21'] = Proofs.xǁProofsǁ_so_far__mutmut_21 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_22'] = Proofs.xǁProofsǁ_so_far__mutmut_22 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_23'] = Proofs.xǁProofsǁ_so_far__mutmut_23 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_24'] = Proofs.xǁProofsǁ_so_far__mutmut_24 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_25'] = Proofs.xǁProofsǁ_so_far__mutmut_25 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_26'] = Proofs.xǁProofsǁ_so_far__mutmut_26 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_27'] = Proofs.xǁProofsǁ_so_far__mutmut_27 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_28'] = Proofs.xǁProofsǁ_so_far__mutmut_28 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_29'] = Proofs.xǁProofsǁ_so_far__mutmut_29 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_30'] = Proofs.xǁProofsǁ_so_far__mutmut_30 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_31'] = Proofs.xǁProofsǁ_so_far__mutmut_31 # type: ignore # mutmut generated
mutants_xǁProofsǁ_so_far__mutmut['xǁProofsǁ_so_far__mutmut_32'] = Proofs.xǁProofsǁ_so_far__mutmut_32 # type: ignore # mutmut generated

mutants_xǁProofsǁ_why__mutmut['_mutmut_orig'] = Proofs.xǁProofsǁ_why__mutmut_orig # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_1'] = Proofs.xǁProofsǁ_why__mutmut_1 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_2'] = Proofs.xǁProofsǁ_why__mutmut_2 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_3'] = Proofs.xǁProofsǁ_why__mutmut_3 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_4'] = Proofs.xǁProofsǁ_why__mutmut_4 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_5'] = Proofs.xǁProofsǁ_why__mutmut_5 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_6'] = Proofs.xǁProofsǁ_why__mutmut_6 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_7'] = Proofs.xǁProofsǁ_why__mutmut_7 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_8'] = Proofs.xǁProofsǁ_why__mutmut_8 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_9'] = Proofs.xǁProofsǁ_why__mutmut_9 # type: ignore # mutmut generated
mutants_xǁProofsǁ_why__mutmut['xǁProofsǁ_why__mutmut_10'] = Proofs.xǁProofsǁ_why__mutmut_10 # type: ignore # mutmut generated
