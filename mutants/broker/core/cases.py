"""The incidents the core knows: those not over, and the last MAX_CLOSED that are.

What must hold: an id leads to one incident, for ever as far as anybody remembers; nothing here looks at all of them to
find one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from broker.core.incident import ENDED
from broker.core.records import MAX_CLOSED, MAX_JOINED, Incident

MAX_PER_NODE = 64  # of a node's incidents, the last are found quickly: what it is told after a hello


class Cases:
    """Finds incidents by id, node and state."""

    def __init__(self, rows: Iterable[Incident], joined: Iterable[tuple[str, str]]) -> None:
        self._rows: dict[str, Incident] = {}
        self._going: dict[str, Incident] = {}
        self._ended: dict[str, None] = {}
        self._of_node: dict[str, dict[str, None]] = {}
        self._joined: dict[str, str] = {}
        self._joiners: dict[str, list[str]] = {}
        for row in rows:
            self.put(row)
        for alert_id, id_ in joined:
            self.join(alert_id, id_)

    @property
    def all(self) -> Mapping[str, Incident]:
        """By id, oldest first."""
        return MappingProxyType(self._rows)

    @property
    def going(self) -> Mapping[str, Incident]:
        """Those not over, by id, oldest first."""
        return MappingProxyType(self._going)

    def latest(self, *, over: bool) -> Iterator[Incident]:
        """Latest first; with those that are over, or without."""
        rows = self._rows if over else self._going
        return (rows[id_] for id_ in reversed(rows))

    def lately_over(self, most: int) -> Iterator[Incident]:
        """Those that ended last, latest first."""
        return (self._rows[id_] for id_ in islice(reversed(self._ended), most))

    def find(self, alert_id: str) -> Incident | None:
        """The incident of an alert, or the one that the alert joined."""
        return self._rows.get(self._joined.get(alert_id, alert_id))

    def put(self, row: Incident) -> None:
        """A new one, or what an old one became."""
        self._rows[row.id] = row
        if row.node is not None and row.id not in self._of_node.setdefault(row.node, {}):
            mine = self._of_node[row.node]
            mine.setdefault(row.id)
            if len(mine) > MAX_PER_NODE:
                del mine[next(iter(mine))]
        if row.state not in ENDED:
            self._going[row.id] = row
            return
        self._going.pop(row.id, None)
        self._ended.setdefault(row.id)
        if len(self._ended) > MAX_CLOSED:
            self._forget(next(iter(self._ended)))

    def join(self, alert_id: str, id: str) -> None:  # noqa: A002 - the contract's word
        """A further alert that is taken as insistence on an incident."""
        if alert_id in self._joined:
            return
        self._joined[alert_id] = id
        self._joiners.setdefault(id, []).append(alert_id)
        if len(self._joined) > MAX_JOINED:
            oldest = next(iter(self._joined))
            self._joiners[self._joined.pop(oldest)].remove(oldest)

    def alerts_of(self, id: str) -> tuple[str, ...]:  # noqa: A002 - the contract's word
        """Ids of all alerts that this incident answers."""
        return (id, *self._joiners.get(id, ()))

    def of_node(self, node: str) -> Iterator[Incident]:
        """Latest first."""
        return (self._rows[id_] for id_ in reversed(self._of_node.get(node, {})))

    def _forget(self, id: str) -> None:  # noqa: A002 - the contract's word
        row = self._rows.pop(id)
        del self._ended[id]
        if row.node is not None:
            self._of_node[row.node].pop(id, None)
        for alert_id in self._joiners.pop(id, ()):
            del self._joined[alert_id]
