"""What is said once the register has it: answers to nodes, what an asker is told, a code book taken into use.

Rule: `say` is called with entries that are committed and synced, and nowhere else is a node told `received`, or a
person that something was done; `repeat` says again what is on the disk already, or waits until it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from broker.core.cases import Cases
from broker.core.incident import ENDED, answer
from broker.core.ledger import Ledger
from broker.core.records import RECENT_DAYS, AskRow, Entry, Incident
from broker.core.turn import Turn
from wire.asks import Told
from wire.topics import Topics

MAX_REPEATED = 20  # a node keeps 64 alerts; more than a few that are not closed are a flood
ALWAYS_REPEATED = 6  # of its latest, whatever their dates: a clock that jumped makes yesterday three years old
MAX_BEGUN = 200  # open alerts told of when the link is back; older ones are told when their node says hello
DAY_MS = 86_400_000
JOINED = "joined"
"""In the body of an entry "insisted": the alert that was taken as insistence on an older one's incident."""


class Answers:
    """Speaks to nodes about their alerts, and to users about their asks."""

    def __init__(self, topics: Topics, cases: Cases, ledger: Ledger) -> None:
        self._topics = topics
        self._cases = cases
        self._ledger = ledger

    def say(self, turn: Turn, safe: Sequence[Entry]) -> None:
        """These entries are on the disk."""
        rows: dict[str, Incident] = {}
        whom: dict[str, str] = {}
        for entry in safe:
            if entry.incident is not None:
                rows[entry.incident.id] = entry.incident
                whom.update(dict.fromkeys(self._alerts_meant(entry), entry.incident.id))
        for alert_id, id_ in whom.items():
            row = rows[id_]
            if row.node is not None:
                turn.tell(self._topics.down(row.node, "answer"), answer(row, alert_id))
        for entry in safe:
            if entry.ask is not None:
                self._tell_user(turn, entry.ask)

    def repeat(self, turn: Turn, row: Incident, alert_id: str) -> None:
        """A node asks by sending its alert again."""
        if row.node is not None and not self._ledger.awaits_incident(row.id):
            turn.tell(self._topics.down(row.node, "answer"), answer(row, alert_id))

    def told_again(self, turn: Turn, row: AskRow) -> None:
        """A user asks again what was asked before."""
        if not self._ledger.awaits_ask(row.user, row.id):
            self._tell_user(turn, row)

    def node_is_back(self, turn: Turn, node: str) -> None:
        """After a hello: how its alerts are that are not over, or have ended of late."""
        since_ms = turn.wall_ms - RECENT_DAYS * DAY_MS
        mine = [
            row
            for number, row in enumerate(self._cases.of_node(node))
            if number < ALWAYS_REPEATED or row.state not in ENDED or (row.closed_at_ms or 0) > since_ms
        ]
        mine.sort(key=lambda row: row.state in ENDED)
        for row in mine[:MAX_REPEATED]:
            for alert_id in self._cases.alerts_of(row.id)[-MAX_REPEATED:]:
                self.repeat(turn, row, alert_id)

    def begin(self, turn: Turn) -> None:
        """The service, or its link, is back: what every open alert's node should know, and how the last ones ended.

        The nodes' own links may have held, so they need not say hello; what we said last may have been lost with ours.
        """
        for row in (*islice(self._cases.latest(over=False), MAX_BEGUN), *self._cases.lately_over(MAX_REPEATED)):
            for alert_id in self._cases.alerts_of(row.id)[-MAX_REPEATED:]:
                self.repeat(turn, row, alert_id)

    def _alerts_meant(self, entry: Entry) -> tuple[str, ...]:
        """A further press is answered by itself; what a person or a cancel did is news for every alert that joined."""
        if entry.what == "insisted":
            return (str(entry.body.get(JOINED, entry.subject)),)
        return self._cases.alerts_of(entry.subject)

    def _tell_user(self, turn: Turn, row: AskRow) -> None:
        turn.tell(self._topics.told(row.user), Told(id=row.id, ok=row.ok, why=row.why, target=row.target))
