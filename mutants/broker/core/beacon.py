"""The broker's own health: a beacon to ourselves goes through it every EVERY_MS, and must come back.

Rule 1. MISSES in a row while the link claims to be up are a trouble, and the broker is started anew; a broker that is
there and does not let us in counts the same. One that is not there at all is its keeper's, not ours.
Rule 2. A beacon is missed only when nothing waits to be taken: what we have not got round to, the broker has delivered.
Rule 3. A restart cuts every honest node, so one that did not help is followed by a rest that doubles each time.
It does not know how a broker is started.
"""

from __future__ import annotations

from broker.core.effects import RestartBroker
from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from wire.messages import Beacon
from wire.topics import Topics

EVERY_MS = 2_000
MISSES = 3  # six to eight seconds: no later than a link that hears nothing, and well after a busy disk's second
BUSY_MS = 200  # until we look again whether nothing waits any more
FIRST_REST_MS = 60_000  # nodes need some seconds to come back, and a person some to look
LONGEST_REST_MS = 3_600_000
STEADY_MS = 600_000  # without a miss: the next restart is the first again
MAX_OUT = 16  # on their way; older ones are of no use
ABOUT = "commune"


class Watch:
    """Says beacons, and judges by what comes back."""

    def __init__(self, topics: Topics, word: str, troubles: Troubles, ledger: Ledger, *, on: bool, mends: bool) -> None:
        """`word`: this run's own, random. `mends`: whether somebody does RestartBroker."""
        self._topics = topics
        self._word = word
        self._troubles = troubles
        self._ledger = ledger
        self._on = on
        self._mends = mends
        self._out: dict[int, int] = {}
        self._number = 0
        self._well_since_ms: int | None = None
        self._rest_ms = FIRST_REST_MS
        self._not_before_ms: int | None = None
        self._other = ("", 0)
        self.deadline_ms: int | None = None
        """When the next one is due; none while there is no link."""
        self.round_trip_ms: int | None = None
        """Of the last that came back; none before the first, and while the broker does not deliver."""
        self.misses = 0
        """In a row."""
        self.restarts = 0
        """Asked for in this run."""

    def begin(self, turn: Turn) -> None:
        """A new run: if the last one left the broker in trouble it may have restarted it a moment ago."""
        if self._troubles.is_open("broker", ABOUT):
            self._rest(turn)

    def link(self, turn: Turn, *, up: bool, mute: bool = False) -> None:
        """Our own link has changed; `mute`: the broker was there, and said nothing."""
        self._out.clear()
        self._well_since_ms = None
        self.deadline_ms = turn.now_ms if up and self._on else None
        self.misses = self.misses + 1 if mute else 0
        if self._on and self.misses >= MISSES:
            self._hangs(turn)

    def take(self, turn: Turn, beacon: Beacon) -> None:
        """One has come back, or is another service's."""
        if beacon.by != self._word:
            self._foreign(turn, beacon)
            return
        said_ms = self._out.get(beacon.number)
        if said_ms is None:
            return
        self._out = {number: at_ms for number, at_ms in self._out.items() if number > beacon.number}
        self.round_trip_ms, self.misses = turn.now_ms - said_ms, 0
        self._troubles.mend(turn, "broker", ABOUT)
        if self._well_since_ms is None:
            self._well_since_ms = turn.now_ms
        if turn.now_ms - self._well_since_ms >= STEADY_MS:
            self._rest_ms, self._not_before_ms = FIRST_REST_MS, None

    def run(self, turn: Turn, *, idle: bool) -> None:
        """Say the next if it is time, and count what has not come back."""
        if self.deadline_ms is None or turn.now_ms < self.deadline_ms:
            return
        if self._out and not idle:
            self.deadline_ms = turn.now_ms + BUSY_MS
            return
        if self._out:
            self.misses += 1
            self._well_since_ms = None
            if self.misses >= MISSES:
                self._hangs(turn)
        self._number += 1
        self._out[self._number] = turn.now_ms
        if len(self._out) > MAX_OUT:
            del self._out[next(iter(self._out))]
        self.deadline_ms = turn.now_ms + EVERY_MS
        turn.tell(self._topics.beacon, Beacon(by=self._word, number=self._number))

    def _hangs(self, turn: Turn) -> None:
        self.round_trip_ms = None
        why = said(
            "MQTT (Mosquitto) đứng, không chuyển tin; hãy xem máy xã", "MQTT (Mosquitto) hangs and delivers nothing"
        )
        self._troubles.hold(turn, "broker", ABOUT, why)
        rested = self._not_before_ms is None or turn.now_ms >= self._not_before_ms
        if not self._mends or not rested:
            return
        body = {"misses": self.misses, "next_ms": self._rest_ms}
        self._ledger.note(Entry(what="restarted", subject=ABOUT, by=None, at_ms=turn.wall_ms, body=body))
        self.restarts += 1
        self._rest(turn)
        turn.effects.append(RestartBroker(why))

    def _rest(self, turn: Turn) -> None:
        self._not_before_ms = turn.now_ms + self._rest_ms
        self._rest_ms = min(self._rest_ms * 2, LONGEST_REST_MS)

    def _foreign(self, turn: Turn, beacon: Beacon) -> None:
        """The last word of our own last run may come late; a second one is of a service that lives."""
        by, number = self._other
        if beacon.by == by and beacon.number > number:
            why = said("Có hai dịch vụ của xã cùng chạy, hãy tắt một", "two services of this commune run; stop one")
            self._troubles.hold(turn, "foreign_service", "beacon", why)
        self._other = (beacon.by, beacon.number)
