"""Everything that arrives, from its topic to whom it concerns; what is refused is counted here.

Rule: nothing that arrives makes this raise.
"""

from __future__ import annotations

from collections import deque

from msgspec import UNSET

from broker.core.beacon import Watch
from broker.core.counter import Counter
from broker.core.desk import Desk
from broker.core.door import Door, fresh
from broker.core.intake import Intake
from broker.core.ledger import Ledger
from broker.core.proofs import Proofs
from broker.core.rate import Flooded, Rate
from broker.core.records import Entry
from broker.core.refusals import NOBODY, Refusals
from broker.core.statement import Statement
from broker.core.supervision import Supervision
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from broker.core.welcome import Greeting
from wire.codec import decode
from wire.envelope import Arrived
from wire.errors import Refused
from wire.messages import Alarms, Alert, Beacon, Chime, CodeBookOrder, Sounded, Update
from wire.topics import Place, Topics

PROOFS_PER_MINUTE = 60  # soundings of one node that are written down
MAX_KNOWN = 1_024  # proofs that are one if they are said again: all that a commune's nodes keep of the last 15 s
FRESH_MS = 30_000  # wire.md rule 4: what nodes refuse as stale, or as ahead
SERVICE = "commune"
_ORDERS: dict[str, type[Alarms | Chime | CodeBookOrder | Update]] = {
    "alarms": Alarms,
    "chime": Chime,
    "codebook": CodeBookOrder,
    "update": Update,
}


class Inbound:
    """Takes arrivals apart."""

    def __init__(
        self,
        topics: Topics,
        door: Door,
        intake: Intake,
        desk: Desk,
        greeting: Greeting,
        supervision: Supervision,
        statement: Statement,
        proofs: Proofs,
        watch: Watch,
        counter: Counter,
        refusals: Refusals,
        troubles: Troubles,
        ledger: Ledger,
    ) -> None:
        self._topics = topics
        self._door = door
        self._intake = intake
        self._desk = desk
        self._greeting = greeting
        self._supervision = supervision
        self._statement = statement
        self._proofs = proofs
        self._watch = watch
        self._counter = counter
        self._refusals = refusals
        self._troubles = troubles
        self._ledger = ledger
        self._soundings = Rate(PROOFS_PER_MINUTE)
        self._known: deque[tuple[str, Sounded]] = deque(maxlen=MAX_KNOWN)

    def take(self, turn: Turn, arrived: Arrived) -> None:
        """Whatever it is: believed, or refused and counted. Never raises."""
        who = NOBODY
        if self._misplaced(turn, arrived):
            return
        try:
            place = self._topics.parse(arrived.topic)
            who = place.who or SERVICE
            match place.way:
                case "up":
                    self._up(turn, place, arrived)
                case "ask":
                    self._desk.ask(turn, place.who, place.word, arrived.payload)
                case "all" | "down":
                    self._foreign(turn, place, arrived)
                case "self":
                    fresh(arrived)
                    self._watch.take(turn, decode(arrived.payload, Beacon))
        except Refused as refused:
            self._refusals.count(turn, who, refused.reason, refused.detail)
        except Flooded as flooded:
            self._refusals.count(turn, who, "flood", str(flooded))

    def _misplaced(self, turn: Turn, arrived: Arrived) -> bool:
        """An ask that a broker kept, or of no verb: whoever asks is told, and nothing of it stays in the broker."""
        user = self._topics.asker(arrived.topic)
        if user is None:
            return False
        refused = self._wrong(arrived)
        if refused is None:
            return False
        if arrived.retained:
            if not arrived.payload:
                return True  # it was just erased, by us or another
            turn.erase(arrived.topic)
        self._desk.refuse(turn, user, arrived.payload, refused)
        self._refusals.count(turn, user, refused.reason, refused.detail)
        return True

    def _wrong(self, arrived: Arrived) -> Refused | None:
        try:
            self._topics.parse(arrived.topic)
            fresh(arrived)
        except Refused as refused:
            return refused
        return None

    def _up(self, turn: Turn, place: Place, arrived: Arrived) -> None:
        node = place.who
        match place.word:
            case "alert" | "silent":
                pressed = self._door.alert(arrived, node)
                silent = place.word == "silent"
                if isinstance(pressed, Alert):
                    self._intake.alert(turn, pressed, silent=silent)
                else:
                    self._intake.cancel(turn, pressed, silent=silent)
                self._supervision.heard(turn, node, pressed.hamlet)
            case "hello":
                self._greeting.hello(turn, self._door.hello(arrived, node))
            case "status":
                self._supervision.status(turn, self._door.status(arrived, node), kept=arrived.retained)
            case _:  # sounded: `parse` knows no other word
                sounded = self._door.sounded(arrived, node)
                self._supervision.sounded(turn, node, sounded)
                self._proofs.take(turn, node, sounded)
                self._keep_proof(turn, node, sounded)

    def _keep_proof(self, turn: Turn, node: str, sounded: Sounded) -> None:
        if (node, sounded) in self._known:
            return
        if not self._soundings.allows(turn.now_ms, node):
            raise Flooded(f"{node}: more than {PROOFS_PER_MINUTE} soundings a minute")
        self._known.append((node, sounded))
        told = {name: getattr(sounded, name) for name in sounded.__struct_fields__ if name not in {"id", "started_at"}}
        body = {name: value for name, value in told.items() if value is not UNSET}
        body["started_at_ms"] = None if sounded.started_at is None else sounded.started_at.ms
        self._ledger.note(Entry(what="sounded", subject=sounded.id, by=node, at_ms=turn.wall_ms, body=body))

    def _foreign(self, turn: Turn, place: Place, arrived: Arrived) -> None:
        """Somebody else speaks as the commune; our own words do not come back to us."""
        if arrived.retained and not arrived.payload:
            return  # a kept message was just erased, by us or another
        why = said(f"Có máy khác ra lệnh thay xã ({place.word})", f"another service orders on {arrived.topic}")
        self._troubles.hold(turn, "foreign_service", place.word, why)
        if arrived.retained:
            turn.erase(arrived.topic)
            raise Refused("retained", arrived.topic)
        if place.word not in _ORDERS:
            raise Refused("foreign", arrived.topic)
        order = decode(arrived.payload, _ORDERS[place.word])
        # What no node obeys (a set of ours said again, an old number or date) must not put us off saying our own.
        if self._door.obeyed(arrived) and order.counter > self._counter.last:
            if not self._counter.foreign(order.counter, turn.wall_ms):
                raise Refused("counter", f"{order.counter} is days ahead of the commune's clock")
            if place.word == "alarms" and abs(turn.wall_ms - order.issued_at.ms) <= FRESH_MS:
                self._statement.foreign(turn, place.who or None)
