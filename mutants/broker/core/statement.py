"""How the set of alarms is said: to everybody, and to the commune's posts with the silent alerts in it.

Rule 1. The whole set, on each change, soon after each hello, and every STATE_EVERY_MS. Where nothing sounds by it, that
counts from when anybody last stated one, and a hello waits for it: an empty set tells a newcomer nothing, and would
silence at once what a person stated by hand. Another's sets never put off one in which something sounds.
Rule 2. A silent alarm is never in what everybody hears.
Rule 3. A node that heard a set on its own topic, and is no post, is told there that nothing sounds, for as long as such
a set can last: what everybody hears does not end it.
The one danger: a set that does not fit the message. What is left out falls silent, so what is left out sounds nowhere
that another alarm does not reach, as far as there is room, and drills give way to real alarms.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from broker.core.alarms import AlarmSet
from broker.core.book import Book
from broker.core.counter import Counter
from broker.core.records import Alarm
from broker.core.turn import Turn
from wire.codec import MAX_BYTES, encode
from wire.messages import ActiveAlarm, Alarms
from wire.topics import Topics
from wire.words import EVERYWHERE, MAX_LEASE_S, Instant

STATE_EVERY_MS = 10_000  # wire.md rule 1
SOON_MS = 200  # forty nodes that come back at once are answered with five sets, not with forty
LISTENERS_PER_MS = 2  # a set goes to every node: 10,000 that come back are told each 5 s, or nothing else gets through
ROOM_BYTES = (
    MAX_BYTES - 128
)  # but for issued_at, counter, the names and the braces; less than MAX_ACTIVE of the shortest take
ID_BYTES = 39  # of each that is over, with its quotes and comma
LEASE_MS = MAX_LEASE_S * 1_000  # so long a set that is heard once can last
OFFICERS_BYTES = ROOM_BYTES * 3 // 4  # the rest is kept for buttons


class Statement:
    """States the set when it is time."""

    def __init__(self, topics: Topics, alarms: AlarmSet, book: Book, counter: Counter) -> None:
        self._topics = topics
        self._alarms = alarms
        self._book = book
        self._counter = counter
        self._said_ms: int | None = None
        self._heard_ms: int | None = None
        self._foreign_ms: int | None = None
        self._soon_ms: int | None = None
        self._strays: dict[str, int] = {}  # nodes of the book that may obey a set of their own, and until when

    @property
    def deadline_ms(self) -> int | None:
        """When the set must be stated next."""
        last_ms = self._said_ms if self._alarms.all else self._heard_ms
        if last_ms is None:
            return None
        every_ms = last_ms + STATE_EVERY_MS
        return every_ms if self._soon_ms is None else min(every_ms, self._soon_ms)

    def soon(self, turn: Turn, listeners: int = 0) -> None:
        """Somebody needs it: now, or SOON_MS after the last, or later where many `listeners` would hear it."""
        if self._foreign_ms is not None and not self._alarms.all:
            return  # `deadline_ms` holds
        apart_ms = max(SOON_MS, listeners // LISTENERS_PER_MS)
        soon_ms = turn.now_ms if self._said_ms is None else max(turn.now_ms, self._said_ms + apart_ms)
        self._soon_ms = soon_ms if self._soon_ms is None else min(soon_ms, self._soon_ms)

    def foreign(self, turn: Turn, node: str | None) -> None:
        """Somebody else stated a set that nodes obey: all, or `node` alone."""
        self._heard_ms = turn.now_ms
        if node is None:
            self._foreign_ms = turn.now_ms
            self._soon_ms = self._soon_ms if self._alarms.all else None
        if node is not None and self._book.node(node) is not None:
            self._strays[node] = turn.now_ms + LEASE_MS

    def run(self, turn: Turn) -> None:
        """State the set if it has changed, or if it is time."""
        if self._alarms.prolonged:
            self._alarms.prolonged = False
            self.soon(turn)
        due_ms = self.deadline_ms
        if self._alarms.changed or (due_ms is not None and due_ms <= turn.now_ms):
            self._state(turn)
        elif self._alarms.hidden_changed:
            self._state_to_posts(turn)

    def room_for(self, turn: Turn, alarm: Alarm) -> bool:
        """Whether an officer's alarm still fits beside the others, in the place of what it was before."""
        others = [one for one in self._alarms.live if one.alarm.id != alarm.id]
        known = [_stated(one.alarm, one.until_ms - turn.now_ms) for one in others]
        whole = [*known, _stated(alarm, alarm.life_s * 1_000)]
        return len(encode(whole)) <= OFFICERS_BYTES

    def _state(self, turn: Turn) -> None:
        self._alarms.changed = False
        self._said_ms = self._heard_ms = turn.now_ms
        self._soon_ms = self._foreign_ms = None
        loud = [_stated(live.alarm, live.until_ms - turn.now_ms) for live in self._alarms.live if not live.alarm.silent]
        self._say(turn, self._topics.all("alarms"), loud, self._alarms.silenced(turn.now_ms, silent=False))
        self._state_to_posts(turn)

    def _state_to_posts(self, turn: Turn) -> None:
        self._alarms.hidden_changed = False
        loud = [_stated(live.alarm, live.until_ms - turn.now_ms) for live in self._alarms.live if not live.alarm.silent]
        silent = [_stated(live.alarm, live.until_ms - turn.now_ms) for live in self._alarms.live if live.alarm.silent]
        posts = self._book.posts()
        self._withdraw(turn, {post.slug for post in posts})
        for post in posts:
            if silent:
                self._strays[post.slug] = turn.now_ms + LEASE_MS
            here = [structs.replace(one, hamlets=(post.hamlet,)) for one in silent]
            over = self._alarms.silenced(turn.now_ms, silent=True)
            self._say(turn, self._topics.down(post.slug, "alarms"), [*here, *loud], over)

    def _withdraw(self, turn: Turn, posts: set[str]) -> None:
        self._strays = {node: until_ms for node, until_ms in self._strays.items() if until_ms > turn.now_ms}
        for node in self._strays:
            if node not in posts:
                self._say(turn, self._topics.down(node, "alarms"), [], ())

    def _say(self, turn: Turn, topic: str, alarms: list[ActiveAlarm], over: tuple[str, ...]) -> None:
        counter = self._counter.next(turn)
        stated = fitting(alarms)
        room = (ROOM_BYTES - len(encode(stated))) // ID_BYTES
        turn.order(topic, Alarms(issued_at=turn.now, counter=counter, alarms=stated, over=over[-room:] if room else ()))


def _stated(alarm: Alarm, left_ms: int) -> ActiveAlarm:
    left_s = -(-left_ms // 1000)
    return ActiveAlarm(
        id=alarm.id,
        kind=alarm.kind,
        pattern=alarm.pattern,
        drill=alarm.drill,
        hamlets=alarm.hamlets,
        since=Instant(alarm.since_ms),
        lease_s=max(1, min(left_s, MAX_LEASE_S)),
        by=alarm.by,
        text=alarm.text,
    )


def fitting(alarms: Sequence[ActiveAlarm]) -> tuple[ActiveAlarm, ...]:
    """As much of the set as one message holds, in its order."""
    if len(encode(alarms)) <= ROOM_BYTES:
        return tuple(alarms)
    bare = [structs.replace(alarm, text=None, by=None) for alarm in alarms]
    kept: set[str] = set()
    room = ROOM_BYTES - len("]")  # the other bracket stands where the last comma was counted
    for alarm in _by_need(bare):
        size = len(encode(alarm)) + 1  # and a comma
        if size <= room:
            kept.add(alarm.id)
            room -= size
    return tuple(alarm for alarm in bare if alarm.id in kept)


def _by_need(alarms: Sequence[ActiveAlarm]) -> list[ActiveAlarm]:
    """Real ones that reach a hamlet no earlier one reaches, other real ones, drills."""
    reached: set[str] = set()
    needed: list[ActiveAlarm] = []
    spare: list[ActiveAlarm] = []
    for alarm in (alarm for alarm in alarms if not alarm.drill):
        nothing_new = EVERYWHERE[0] in reached or reached.issuperset(alarm.hamlets)
        (spare if nothing_new else needed).append(alarm)
        reached.update(alarm.hamlets)
    return [*needed, *spare, *(alarm for alarm in alarms if alarm.drill)]
