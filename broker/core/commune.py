"""The commune's core, put together: `step` takes one item at one moment and gives effects, in order.

Rule 1. What sounds goes out first, then what must be kept is appended; what promises that it is kept comes after
Committed. The shell does effects in order and steps the core with what becomes of each Append.
Rule 2. Nothing that arrives makes a step raise: it is refused, counted and shown.
Rule 3. Between steps the core waits: it must be stepped with Tick when `deadline_ms` has come.
It knows no socket, file, thread or clock; the wall time it is given may jump as it likes.
"""

from __future__ import annotations

from collections.abc import Mapping

from broker.core.acts import Acts
from broker.core.alarms import AlarmSet
from broker.core.answers import Answers
from broker.core.beacon import Watch
from broker.core.book import Book, fault_of
from broker.core.cases import Cases
from broker.core.counter import Counter
from broker.core.desk import Desk
from broker.core.door import Door
from broker.core.effects import Effect
from broker.core.errands import Errands
from broker.core.escalation import Policy
from broker.core.hush import Hush
from broker.core.inbound import SERVICE, Inbound
from broker.core.intake import Intake
from broker.core.items import BackupLooked, CodeBookGiven, Committed, Flooding, Item, NotCommitted, Recalled, Tick
from broker.core.ledger import Ledger
from broker.core.looks import Looks
from broker.core.mutes import Mutes
from broker.core.nodefaults import NodeView
from broker.core.notices import Notices
from broker.core.proofs import Proofs
from broker.core.records import Alarm, Entry, Incident, Snapshot, Trouble
from broker.core.refusals import Refusals
from broker.core.retiring import Retiring
from broker.core.rollout import Rollout
from broker.core.schedule import Schedule
from broker.core.setup import CommuneSetup
from broker.core.statement import Statement
from broker.core.supervision import Supervision
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from broker.core.wallclock import WallClock
from broker.core.welcome import Greeting
from broker.core.witnesses import Witnesses
from patterns.errors import CodeBookError
from wire.envelope import Arrived, Denied, LinkDown, LinkUp
from wire.topics import Topics
from wire.uuid7 import Entropy
from wire.words import is_sane

IDLE_MS = 10_000  # a step at least so often, so that a jump of the clock is seen


class Commune:
    """A commune's service without its shell. With the same setup, snapshot and items: the same effects."""

    def __init__(self, setup: CommuneSetup, snapshot: Snapshot) -> None:
        topics = Topics(setup.commune)
        self._setup = setup
        self._snapshot = snapshot
        self._started = False
        self._linked = False
        self._last_ms = 0
        self._ledger = ledger = Ledger()
        self._book = book = Book(setup.commune)
        self._counter = counter = Counter(snapshot.counter, ledger)
        self._cases = cases = Cases(snapshot.incidents, snapshot.joined)
        self._alarms = alarms = AlarmSet(snapshot.alarms, ledger)
        self._troubles = troubles = Troubles(snapshot.troubles, ledger)
        self._refusals = refusals = Refusals(troubles)
        self._clock = WallClock(snapshot.last_at_ms, ledger, troubles)
        door = Door(book, setup.commune_key)
        self._supervision = Supervision(snapshot.nodes, book, alarms, troubles, refusals, ledger, keys=door.keys)
        self._hush = Hush(self._supervision, refusals)
        self._statement = Statement(topics, alarms, book, counter)
        self._policy = Policy(book, cases, alarms)
        self._answers = Answers(topics, cases, ledger)
        self._proofs = Proofs(book, troubles, ledger, snapshot.called, snapshot.spoken)
        word = Entropy(setup.seed + b"beacon").draw(8).hex()
        self._watch = Watch(topics, word, troubles, ledger, on=setup.beacon, mends=setup.restarts_broker)
        self._witnesses = wit = Witnesses(snapshot.head, troubles)
        self._schedule = Schedule(topics, book, counter, ledger, self._proofs, wit, snapshot.chimes)
        self._greeting = Greeting(topics, book, counter, self._answers, self._statement, self._supervision, wit)
        self._errands = Errands(book, self._schedule, ledger)
        acts = Acts(book, cases, alarms, self._statement, ledger, Entropy(setup.seed))
        self._mutes = mutes = Mutes(snapshot.mutes, self._supervision.known, ledger)
        self._retiring = out = Retiring(book, troubles, ledger, able=setup.retires)
        sup, past = self._supervision, snapshot.offer
        self._rollout = roll = Rollout(topics, book, cases, alarms, counter, ledger, troubles, sup, past)
        looks = Looks(setup.commune, book, cases, alarms, troubles, mutes, sup, self._proofs, self._watch, roll)
        desk = Desk(setup, topics, acts, self._errands, mutes, out, roll, looks, self._answers, ledger, snapshot.asks)
        intake = Intake(book, cases, alarms, self._policy, ledger, self._answers, Notices(setup, topics))
        self._inbound = Inbound(
            topics,
            door,
            intake,
            desk,
            self._greeting,
            self._supervision,
            self._statement,
            self._proofs,
            self._watch,
            counter,
            refusals,
            troubles,
            ledger,
        )

    @property
    def deadline_ms(self) -> int:
        """Monotonic time at which the core must be stepped, with Tick if nothing else has come."""
        known = (
            self._ledger.deadline_ms,
            self._alarms.deadline_ms,
            self._statement.deadline_ms,
            self._policy.deadline_ms,
            self._schedule.deadline_ms,
            self._proofs.deadline_ms,
            self._supervision.deadline_ms,
            self._troubles.deadline_ms,
            self._mutes.deadline_ms,
            self._greeting.deadline_ms,
            self._watch.deadline_ms,
            self._hush.deadline_ms,
            self._rollout.deadline_ms,
            self._retiring.deadline_ms,
        )
        return min((at_ms for at_ms in known if at_ms is not None), default=self._last_ms + IDLE_MS)

    @property
    def incidents(self) -> Mapping[str, Incident]:
        """By id, oldest first: those not over, and the last that are."""
        return self._cases.all

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What sounds, silent ones too."""
        return self._alarms.all

    @property
    def troubles(self) -> tuple[Trouble, ...]:
        """Those that last."""
        return self._troubles.all

    @property
    def nodes(self) -> tuple[NodeView, ...]:
        """Those of the code book, and those heard."""
        return self._supervision.nodes

    @property
    def refused(self) -> Mapping[str, Mapping[str, int]]:
        """What was refused at the door: sender, reason, how often."""
        return self._refusals.counts

    @property
    def linked(self) -> bool:
        """Whether the broker has us."""
        return self._linked

    @property
    def unwritten(self) -> int:
        """Entries that are not on the disk yet."""
        return len(self._ledger)

    def step(self, now_ms: int, wall_ms: int, item: Item) -> list[Effect]:
        """One item, at a monotonic time that never goes back and a wall time that may."""
        turn = Turn(now_ms, wall_ms)
        self._last_ms = now_ms
        if not self._started:
            self._start(turn)
        if self._clock.see(turn):
            self._schedule.forget()
        match item:
            case Arrived():
                self._inbound.take(turn, item)
            case Committed():
                self._committed(turn, item)
            case NotCommitted():
                self._not_committed(turn, item)
            case LinkUp():
                self._link_up(turn)
            case LinkDown():
                self._linked = False
                self._supervision.link(turn, up=False)
                self._watch.link(turn, up=False, mute=item.mute)
            case Denied():
                self._refusals.count(turn, SERVICE, "denied", f"{item.topic}: {item.why}")
            case CodeBookGiven():
                self._given(turn, item)
            case Recalled():
                self._witnesses.recalled(turn, item.seq, item.hash)
            case Flooding():
                self._hush.flooding(turn, item.node)
            case BackupLooked():
                self._troubles.settle(turn, "backup", SERVICE, item.why)
        # A Tick or a Stop brings nothing of its own.
        self._run(turn, idle=isinstance(item, Tick) and item.idle)
        return turn.effects

    def _run(self, turn: Turn, *, idle: bool) -> None:
        """What is due. What sounds is said before anything else is, and before anything is written; what somebody
        ended is on the disk first."""
        self._alarms.run(turn)
        self._policy.run(turn)
        if self._alarms.taken_out:
            self._alarms.taken_out = False
            self._ledger.flush(turn, urgent=True)
        self._statement.run(turn)
        self._greeting.run(turn, linked=self._linked)
        self._schedule.run(turn, linked=self._linked)
        self._proofs.run(turn, linked=self._linked)
        self._supervision.run(turn)
        self._watch.run(turn, idle=idle)
        self._hush.run(turn)
        self._rollout.run(turn, linked=self._linked)
        self._retiring.run(turn)
        self._troubles.run(turn)
        self._mutes.run(turn)
        self._ledger.flush(turn)

    def _start(self, turn: Turn) -> None:
        self._started = True
        body = {"run": self._setup.run, "version": self._setup.version, "key": self._setup.commune_key}
        self._ledger.note(Entry(what="started", subject=SERVICE, by=None, at_ms=turn.wall_ms, body=body))
        self._troubles.begin(turn)
        self._first_book(turn)
        self._supervision.begin(turn)
        self._alarms.begin(turn, self._book.alarm_s)
        self._alarms.recall(turn, self._snapshot.incidents, self._book.alarm_s)
        self._policy.begin(turn)
        self._proofs.begin(turn)
        self._watch.begin(turn)
        self._snapshot = Snapshot()

    def _first_book(self, turn: Turn) -> None:
        """The register's code book, or the settings' where that is newer."""
        if self._snapshot.codebook is not None:
            self._adopt(turn, self._snapshot.codebook)
        if self._setup.codebook is not None:
            self._given(turn, CodeBookGiven(self._setup.codebook))

    def _given(self, turn: Turn, item: CodeBookGiven) -> None:
        """The settings' code book is in use at once: the first alert must not wait for the disk to sound its relays.

        An older one than the register's was replaced by a push, and is no fault.
        """
        if item.fields == self._book.fields:
            return
        done = self._errands.take(turn, item.fields, by=None)
        if done.ok:
            self._adopt(turn, item.fields)
            self._greeting.say_book_soon(turn)
        elif not self._book.is_older(item.fields):
            self._refusals.count(turn, SERVICE, "codebook", done.why)

    def _adopt(self, turn: Turn, fields: dict[str, object]) -> None:
        try:
            self._book.adopt(fields)
        except CodeBookError as error:
            self._refusals.count(turn, SERVICE, "codebook", fault_of(error))
            return
        self._supervision.begin(turn)

    def _link_up(self, turn: Turn) -> None:
        self._linked = True
        if is_sane(turn.wall_ms):
            self._counter.leap(turn.wall_ms)
        self._supervision.link(turn, up=True)
        self._watch.link(turn, up=True)
        self._alarms.changed = True
        self._alarms.run(turn)
        self._statement.run(turn)
        self._answers.begin(turn)

    def _committed(self, turn: Turn, item: Committed) -> None:
        safe = self._ledger.committed(item.token)
        if not safe:
            return
        self._witnesses.head = item.head
        self._troubles.mend(turn, "register", SERVICE)
        self._answers.say(turn, safe)
        for entry in safe:
            if entry.what == "retiring":
                self._retiring.written(turn, entry.subject)
            if entry.what == "codebook" and int(entry.subject) > self._book.version:
                self._adopt(turn, entry.body)
                self._greeting.say_book_soon(turn)

    def _not_committed(self, turn: Turn, item: NotCommitted) -> None:
        if self._ledger.failed(turn, item.token):
            why = said("Sổ của xã không ghi được, hãy kiểm tra ổ đĩa", f"the register cannot write: {item.why}")
            self._troubles.hold(turn, "register", SERVICE, why)
