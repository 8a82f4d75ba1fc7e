"""Watches every node: who is silent, who is faulty, who has not stopped, who should sound and does not.

Rule 1. A fault is seen within SWEEP_MS of its time, and is over as soon as the node says so.
Rule 2. While our own link is down nobody is silent: we are.
Rule 3. Where the book names nodes, others are shown while they speak and forgotten soon after, and nothing is ever
wrong with them: names are free to invent where there are no keys, and must not hide a gong of the commune.
Rule 4. What the broker kept tells how a node was, never that it lives.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from msgspec import structs

from broker.core.alarms import AlarmSet
from broker.core.book import Book
from broker.core.heeding import Heeding
from broker.core.ledger import Ledger
from broker.core.nodefaults import NODE_KINDS, NodeView, faults, silent_ms
from broker.core.rate import Bucket, Flooded
from broker.core.records import Entry, NodeRow
from broker.core.refusals import Refusals
from broker.core.troubles import Troubles
from broker.core.turn import Turn
from wire.messages import Sounded, Status

SWEEP_MS = 1_000
MAX_NODES = 10_000  # of a province in one test; where slugs are free to invent, no more are watched
MAX_STRANGERS = 200  # beside the book's own: as many as a commune has, and a status that a person can still read
STRANGER_MS = 300_000  # a stranger that has been silent for so long is forgotten

ROWS_AT_ONCE = 5  # of one node: it was moved, and its program changed a few times, in one afternoon
ROW_EVERY_MS = 600_000  # then; the newest is written when it may
STRANGERS = "strangers"
"""All nodes that the book does not name have one share of the register: their names are free to invent."""
_OF_A_CHIME = re.compile(r"/\d{4}-\d\d-\d\d")  # its id has the day: no alert's has, nor a new box's one stroke


class Supervision:
    """Keeps a view of each node, and its troubles."""

    def __init__(
        self,
        past: Iterable[NodeRow],
        book: Book,
        alarms: AlarmSet,
        troubles: Troubles,
        refusals: Refusals,
        ledger: Ledger,
        *,
        keys: bool,
    ) -> None:
        self._book = book
        self._alarms = alarms
        self._heeding = Heeding(book, alarms)
        self._troubles = troubles
        self._refusals = refusals
        self._ledger = ledger
        self._keys = keys
        self._rows = {row.id: row for row in past}
        self._row_rate = Bucket(ROWS_AT_ONCE, ROW_EVERY_MS)
        self._nodes: dict[str, NodeView] = {}
        self._linked_ms: int | None = None
        self._sweep_ms: int | None = None

    @property
    def nodes(self) -> tuple[NodeView, ...]:
        """Those of the code book, and those heard."""
        return tuple(self._nodes.values())

    def known(self) -> Collection[str]:
        """Slugs of those of the code book, and those heard."""
        return self._nodes.keys()

    @property
    def deadline_ms(self) -> int | None:
        """When to look at all of them again."""
        return self._sweep_ms

    def begin(self, turn: Turn) -> None:
        """A code book was taken into use, or the service starts: expect its nodes."""
        booked = {} if self._book.current is None else self._book.current.nodes
        for slug in [slug for slug, node in self._nodes.items() if node.booked and slug not in booked]:
            self._retire(turn, slug)
        for slug, node in booked.items():
            known = self._nodes.get(slug, NodeView(id=slug))
            self._nodes[slug] = structs.replace(known, hamlet=node.hamlet, booked=True)
        self._sweep_within(turn, SWEEP_MS)
        about = {trouble.about for trouble in self._troubles.all if trouble.kind in NODE_KINDS}
        for slug in about - self._nodes.keys():
            self._retire(turn, slug)

    def link(self, turn: Turn, *, up: bool) -> None:
        """Our own link has changed."""
        self._linked_ms = turn.now_ms if up else None
        self._sweep_ms = turn.now_ms + SWEEP_MS if up else None

    def heard(self, turn: Turn, node: str, hamlet: str | None = None, version: str | None = None) -> None:
        """It said something just now. Flooded where there are too many names."""
        view = self._view(node)
        view = structs.replace(
            view,
            heard_ms=turn.now_ms,
            online=True,
            hamlet=view.hamlet if view.booked or hamlet is None else hamlet,
            version=view.version if version is None else version,
        )
        self._nodes[node] = view
        self._sweep_within(turn, silent_ms(view))
        self._write(turn, view)
        self._look(turn, view)

    def status(self, turn: Turn, status: Status, *, kept: bool) -> None:
        """It said how it is, or its will did; `kept` by the broker: it was so once."""
        view = self._view(status.node)
        if not status.online:
            self._nodes[status.node] = view = structs.replace(view, online=False)
            self._look(turn, view)
            return
        if not kept:
            self._heeding.status(status.node, status, turn.now_ms)
            risen = _risen(view.status, status)
            if risen:
                self._refusals.reported(turn, status.node, risen)
        since_ms = turn.now_ms if view.unsure_since_ms is None else view.unsure_since_ms
        unsure_since_ms = since_ms if status.clock == "unsure" else None
        self._nodes[status.node] = view = structs.replace(view, status=status, unsure_since_ms=unsure_since_ms)
        self._sweep_within(turn, SWEEP_MS)
        if not kept:
            self.heard(turn, status.node, status.hamlet, None if status.version is None else str(status.version))

    def sounded(self, turn: Turn, node: str, sounded: Sounded) -> None:
        """It proves a sounding."""
        if sounded.ended != "failed":
            self._heeding.sounded(node, sounded.id)
        self.heard(turn, node)
        if _OF_A_CHIME.search(sounded.id) and sounded.ended == "finished":
            self._nodes[node] = structs.replace(self._nodes[node], chimed_ms=turn.now_ms)

    def run(self, turn: Turn) -> None:
        """Look at all of them, once in a while."""
        if self._alarms.live:
            self._sweep_within(turn, SWEEP_MS)
        if self._sweep_ms is None or turn.now_ms < self._sweep_ms:
            return
        for view in list(self._nodes.values()):
            if self._strange(view) and turn.now_ms - self._heard_ms(view) >= STRANGER_MS:
                self._retire(turn, view.id)
                continue
            self._look(turn, view)
            self._write(turn, view)
        self._sweep_ms = min((at_ms for one in self._nodes.values() for at_ms in self._next(turn, one)), default=None)

    def _next(self, turn: Turn, view: NodeView) -> Iterator[int]:
        """When time alone can change what is wrong with a node."""
        if self._strange(view):
            yield self._heard_ms(view) + STRANGER_MS
            return
        if self._troubles.is_open("node_silent", view.id):
            return
        yield max(self._heard_ms(view) + silent_ms(view), turn.now_ms + SWEEP_MS)
        if view.unsure_since_ms is not None or (view.status is not None and view.status.sounding is not None):
            yield turn.now_ms + SWEEP_MS

    def _heard_ms(self, view: NodeView) -> int:
        """Since when it could have been heard and was not."""
        return max(view.heard_ms or 0, self._linked_ms or 0)

    def _sweep_within(self, turn: Turn, ms: int) -> None:
        if self._linked_ms is not None:
            due_ms = turn.now_ms + ms
            self._sweep_ms = due_ms if self._sweep_ms is None else min(self._sweep_ms, due_ms)

    def _view(self, node: str) -> NodeView:
        known = self._nodes.get(node)
        if known is not None:
            return known
        book = self._book.current
        most = MAX_NODES if book is None or not book.nodes else len(book.nodes) + MAX_STRANGERS
        if len(self._nodes) >= most:
            raise Flooded(f"more than {most} nodes")
        return NodeView(id=node)

    def _look(self, turn: Turn, view: NodeView) -> None:
        if self._linked_ms is None:
            return
        sounding = None if view.status is None else view.status.sounding
        stopped_ms = None if sounding is None else self._alarms.ended_for_ms(sounding, turn.now_ms)
        owes = self._heeding.owed(view.id, turn.now_ms, self._linked_ms) is not None
        found = faults(view, turn.now_ms, self._linked_ms, keys=self._keys, stopped_ms=stopped_ms, owes=owes)
        if self._strange(view):
            found = {}
        if "node_silent" in found:
            self._heeding.lost(view.id)
        for kind, why in found.items():
            self._troubles.hold(turn, kind, view.id, why)
        for kind in NODE_KINDS:
            if kind not in found and self._troubles.is_open(kind, view.id) and _knows(view, kind):
                self._troubles.mend(turn, kind, view.id)

    def _write(self, turn: Turn, view: NodeView) -> None:
        row = self._rows.get(view.id)
        if not view.hamlet or (row is not None and (row.hamlet, row.version) == (view.hamlet, view.version)):
            return
        first_at_ms = turn.wall_ms if row is None else row.first_at_ms
        whose = STRANGERS if self._strange(view) else view.id
        if view.heard_ms is None or not self._row_rate.allows(turn.now_ms, whose):
            return
        row = NodeRow(
            id=view.id, hamlet=view.hamlet, version=view.version, first_at_ms=first_at_ms, last_at_ms=turn.wall_ms
        )
        self._rows[view.id] = row
        self._ledger.note(Entry(what="node", subject=view.id, by=view.id, at_ms=turn.wall_ms, node=row))

    def _strange(self, view: NodeView) -> bool:
        """Whether the book names nodes, and not this one."""
        book = self._book.current
        return not view.booked and book is not None and bool(book.nodes)

    def _retire(self, turn: Turn, slug: str) -> None:
        self._nodes.pop(slug, None)
        for kind in (*NODE_KINDS, "chime_missed"):
            self._troubles.mend(turn, kind, slug)


def _knows(view: NodeView, kind: str) -> bool:
    """A node that has not spoken to this run yet has not said that it is well, nor has one that is gone."""
    if kind == "node_silent":
        return view.heard_ms is not None
    return view.status is not None and view.online is True


def _risen(before: Status | None, after: Status) -> dict[str, int]:
    """Reasons by which a node has refused more than it last said; a new run of it begins at none."""
    old = {} if before is None or before.boot != after.boot else before.refused
    return {reason: times for reason, times in after.refused.items() if times > old.get(reason, 0)}
