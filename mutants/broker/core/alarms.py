"""The set of alarms: what sounds now, where, and until when.

Rule 1. An alarm ends by itself when its life is over, by the monotonic clock; a further press makes it longer.
Rule 2. Its reach grows and never shrinks; once out of the set it comes back by an officer's word alone.
Rule 3. Each alarm stands by itself: none starts, delays or ends another, drills least of all.
It does not know why an alarm starts or ends, or how the set is said (statement.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import structs

from broker.core.incident import together
from broker.core.ledger import Ledger
from broker.core.records import Alarm, Entry, Incident
from broker.core.turn import Turn
from wire.words import MAX_LEASE_S

MAX_SILENCED = 16  # 700 bytes of each set; an officer who ends more at once has the set itself
MAX_ENDED = 500  # ended alarms that a node may still be sounding; it stops within a lease, ten minutes


@dataclass(slots=True)
class Live:
    """An alarm in the set. Mutable, and owned by the set alone."""

    alarm: Alarm
    """The row as it is."""
    base_s: int
    """Seconds that a further press gives it."""
    started_ms: int
    """Monotonic."""
    until_ms: int
    """Monotonic."""
    reached_ms: int
    """Monotonic time at which it was first stated for all the hamlets that it reaches."""


class AlarmSet:
    """What should sound now."""

    def __init__(self, past: Iterable[Alarm], ledger: Ledger) -> None:
        self._past = tuple(past)
        self._ledger = ledger
        self._live: dict[str, Live] = {}
        self._ended: dict[str, int] = {}
        self._silenced: dict[str, tuple[int, bool]] = {}
        self.changed = False
        """Must be stated at once."""
        self.prolonged = False
        """Should be stated soon: somebody insists."""
        self.taken_out = False
        """Somebody ended an alarm before its time: that goes on the disk before it is said, or a service that died
        between the two would let it sound again."""
        self.hidden_changed = False
        """Must be stated to the posts at once, and to nobody else: a set off its beat would tell of a silent press."""

    @property
    def all(self) -> tuple[Alarm, ...]:
        """Oldest first."""
        return tuple(live.alarm for live in self._live.values())

    @property
    def live(self) -> tuple[Live, ...]:
        """Oldest first, with their times."""
        return tuple(self._live.values())

    @property
    def deadline_ms(self) -> int | None:
        """When the next life is over."""
        return min((live.until_ms for live in self._live.values()), default=None)

    def get(self, id: str) -> Alarm | None:  # noqa: A002 - the contract's word
        """An alarm that sounds."""
        live = self._live.get(id)
        return None if live is None else live.alarm

    def ended_for_ms(self, id: str, now_ms: int) -> int | None:  # noqa: A002 - the contract's word
        """How long it has been out of the set; none if it was never in it, as far as anybody remembers."""
        ended_ms = self._ended.get(id)
        return None if ended_ms is None else now_ms - ended_ms

    def silenced(self, now_ms: int, *, silent: bool) -> tuple[str, ...]:
        """Ids of what was ended before its time, within the longest lease, the latest last; silent ones too or not.

        A gong that was cut off since the press never heard it stated, so absence alone tells it nothing.
        """
        young = [
            id_
            for id_, (ended_ms, hidden) in self._silenced.items()
            if now_ms - ended_ms <= MAX_LEASE_S * 1000 and (silent or not hidden)
        ]
        return tuple(young[-MAX_SILENCED:])

    def begin(self, turn: Turn, base_s: int) -> None:
        """A new run of the service: what sounded goes on for what is left of its life, by the wall clock.

        A clock that went back makes that too long, so it is held to one lease; one that went forward ends it, which
        cannot be told from a service that was away for long. The incident stays open either way.
        """
        for alarm in self._past:
            elapsed_ms = max(0, turn.wall_ms - alarm.since_ms)
            left_ms = min(alarm.life_s * 1000 - elapsed_ms, MAX_LEASE_S * 1000)
            self._live[alarm.id] = Live(alarm, base_s, turn.now_ms - elapsed_ms, turn.now_ms + left_ms, turn.now_ms)
        self._past = ()
        self.changed = True

    def recall(self, turn: Turn, incidents: Iterable[Incident], base_s: int) -> None:
        """A new run: what is not in the set though its time is not over was ended by somebody."""
        for row in incidents:
            began_ms = row.opened_at_ms if row.pressed_at_ms is None else row.pressed_at_ms
            if row.id not in self._live and turn.wall_ms < began_ms + base_s * 1000:
                self._ended[row.id] = turn.now_ms
                self._silenced[row.id] = (turn.now_ms, row.silent)

    def start(self, turn: Turn, alarm: Alarm, age_ms: int = 0) -> None:
        """Put it in; its life counts from `age_ms` ago, and must not be over. What was out of the set, or silent in it,
        is so no more."""
        self._ended.pop(alarm.id, None)
        self._silenced.pop(alarm.id, None)
        before = self._live.get(alarm.id)
        until_ms = turn.now_ms - age_ms + alarm.life_s * 1000
        self._live[alarm.id] = Live(alarm, alarm.life_s, turn.now_ms - age_ms, until_ms, turn.now_ms)
        self._mark(alarm)
        if before is not None:
            self._mark(before.alarm)

    def insist(self, turn: Turn, id: str) -> Alarm | None:  # noqa: A002 - the contract's word
        """Pressed again: a whole life more from now. The row, or none if it does not sound."""
        live = self._live.get(id)
        if live is None:
            return None
        until_ms = turn.now_ms + live.base_s * 1000
        if until_ms > live.until_ms:
            live.until_ms = until_ms
            life_s = -(-(until_ms - live.started_ms) // 1000)
            live.alarm = structs.replace(live.alarm, life_s=life_s)
            if live.alarm.silent:
                self.hidden_changed = True
            else:
                self.prolonged = True
        return live.alarm

    def widen(self, turn: Turn, id: str, hamlets: tuple[str, ...]) -> None:  # noqa: A002 - the contract's word
        """Let it sound in more hamlets, because nobody has taken it."""
        if self.reach(turn, id, hamlets):
            self._ledger.note(Entry(what="sounding", subject=id, by=None, at_ms=turn.wall_ms, alarm=self.get(id)))

    def reach(self, turn: Turn, id: str, hamlets: tuple[str, ...]) -> bool:  # noqa: A002 - the contract's word
        """Let it sound in these hamlets too; whether it did not before. Whoever asks for it writes it down."""
        live = self._live.get(id)
        if live is None:
            return False
        reach = together(live.alarm.hamlets, hamlets)
        if reach == live.alarm.hamlets:
            return False
        live.alarm = structs.replace(live.alarm, hamlets=reach)
        live.reached_ms = turn.now_ms
        self.changed = True
        return True

    def end(self, turn: Turn, id: str) -> Alarm | None:  # noqa: A002 - the contract's word
        """Take it out, for ever. The row as it became, to be written down; none if it did not sound."""
        live = self._live.pop(id, None)
        if live is None:
            return None
        self.taken_out = self.taken_out or turn.now_ms < live.until_ms
        self._ended[id] = turn.now_ms
        if len(self._ended) > MAX_ENDED:
            del self._ended[next(iter(self._ended))]
        if turn.now_ms < live.until_ms:
            self._silenced[id] = (turn.now_ms, live.alarm.silent)
            if len(self._silenced) > MAX_ENDED:
                del self._silenced[next(iter(self._silenced))]
        self._mark(live.alarm)
        return structs.replace(live.alarm, active=False)

    def _mark(self, alarm: Alarm) -> None:
        if alarm.silent:
            self.hidden_changed = True
        else:
            self.changed = True

    def run(self, turn: Turn) -> None:
        """Silence what has sounded for its life."""
        for id_ in [id_ for id_, live in self._live.items() if live.until_ms <= turn.now_ms]:
            row = self.end(turn, id_)
            self._ledger.note(Entry(what="silenced", subject=id_, by=None, at_ms=turn.wall_ms, alarm=row))
