"""What a person or a program may see: incidents and the state of the network, in pages.

Rule: a watcher sees no silent alert, neither as an incident nor as an alarm.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import dropwhile, islice
from typing import Any

from broker.core.alarms import AlarmSet, Live
from broker.core.beacon import Watch
from broker.core.book import Book
from broker.core.cases import Cases
from broker.core.incident import ENDED
from broker.core.lookup import meant
from broker.core.mutes import Mutes
from broker.core.nodefaults import NodeView
from broker.core.pages import page_of
from broker.core.proofs import Proofs
from broker.core.records import ChimeRow, Incident, Mute, Trouble
from broker.core.rollout import Rollout
from broker.core.supervision import Supervision
from broker.core.troubles import Troubles
from broker.core.turn import Turn, cut
from wire.asks import AskPage
from wire.words import Instant

MAX_LISTED = 500  # incidents of one answer, latest first: a year of a commune; older ones with `before`
NOTE_CHARS = 300  # of a note in a list


class Looks:
    """Answers questions."""

    def __init__(
        self,
        commune: str,
        book: Book,
        cases: Cases,
        alarms: AlarmSet,
        troubles: Troubles,
        mutes: Mutes,
        supervision: Supervision,
        proofs: Proofs,
        watch: Watch,
        rollout: Rollout,
    ) -> None:
        self._commune = commune
        self._book = book
        self._cases = cases
        self._alarms = alarms
        self._troubles = troubles
        self._mutes = mutes
        self._supervision = supervision
        self._proofs = proofs
        self._watch = watch
        self._rollout = rollout

    def incidents(self, turn: Turn, ask: AskPage, *, all_of_it: bool) -> dict[str, Any]:
        """Latest first: {incidents, more, page, pages}; `more`: there are older ones. Unclear."""
        rows = iter(self._cases.latest(over=True))
        if ask.before is not None:
            first = meant(ask.before, (), [id_ for id_, row in self._cases.all.items() if all_of_it or not row.silent])
            rows = islice(dropwhile(lambda row: row.id != first, rows), 1, None)
        wanted = (row for row in rows if not (ask.open_only and row.state in ENDED) and (all_of_it or not row.silent))
        shown = list(islice(wanted, MAX_LISTED + 1))
        items = [self._incident(row) for row in shown[:MAX_LISTED]]
        return {"more": len(shown) > MAX_LISTED, **page_of({"incidents": items}, ask.page)}

    def status(self, turn: Turn, ask: AskPage, *, all_of_it: bool) -> dict[str, Any]:
        """{commune, at, broker, alarms, still_sounding, troubles, mutes, last_chime, nodes, page, pages}."""
        nodes = self._supervision.nodes
        live = [one for one in self._alarms.live if all_of_it or not one.alarm.silent]
        sections: dict[str, Sequence[Any]] = {
            "alarms": [self._alarm(one, turn.now_ms) for one in live],
            "still_sounding": [node.id for node in nodes if self._troubles.is_open("still_sounding", node.id)],
            "troubles": [_trouble(one, self._mutes.of(one)) for one in self._troubles.all],
            "mutes": [_mute(one) for one in self._mutes.all],
            "last_chime": [] if self._proofs.last is None else _chime(self._proofs.last),
            "nodes": [self._node(node, turn.now_ms) for node in nodes],
        }
        head = {"commune": self._commune, "at": str(turn.now), "broker": self._broker()}
        update = self._rollout.look(turn)
        head = head if update is None else {**head, "update": update}
        return {**head, **page_of(sections, ask.page)}

    def _broker(self) -> dict[str, Any]:
        watch = self._watch
        return {"round_trip_ms": watch.round_trip_ms, "misses": watch.misses, "restarts": watch.restarts}

    def _alarm(self, one: Live, now_ms: int) -> dict[str, Any]:
        alarm = one.alarm
        posts = tuple(dict.fromkeys(post.hamlet for post in self._book.posts()))
        return _bare(
            id=alarm.id,
            kind=alarm.kind,
            pattern=alarm.pattern,
            drill=alarm.drill,
            silent=alarm.silent,
            # Where it sounds: a silent one at the posts, and never where it was pressed.
            hamlets=posts if alarm.silent else alarm.hamlets,
            since=_at(alarm.since_ms),
            left_s=max(0, one.until_ms - now_ms) // 1000,
            by=alarm.by,
            text=alarm.text,
        )

    def _incident(self, row: Incident) -> dict[str, Any]:
        return _bare(
            id=row.id,
            kind=row.kind,
            hamlet=row.hamlet,
            node=row.node,
            silent=row.silent,
            drill=row.drill,
            state=row.state,
            sounding=self._alarms.get(row.id) is not None,
            opened_at=_at(row.opened_at_ms),
            pressed_at=_at(row.pressed_at_ms),
            clock=row.clock,
            count=row.count,
            cancelled=row.cancelled,
            by=row.by,
            text=row.text,
            hamlets=row.hamlets,
            acknowledged_by=row.acknowledged_by,
            acknowledged_at=_at(row.acknowledged_at_ms),
            closed_by=row.closed_by,
            closed_at=_at(row.closed_at_ms),
            outcome=row.outcome,
            note=None if row.note is None else cut(row.note, NOTE_CHARS),
        )

    def _node(self, node: NodeView, now_ms: int) -> dict[str, Any]:
        status = node.status
        seen = _bare(
            node=node.id,
            hamlet=node.hamlet,
            version=node.version or None,
            last_heard_s=None if node.heard_ms is None else (now_ms - node.heard_ms) // 1000,
        )
        if (spoken := self._proofs.voices.of(node.id)) is not None:
            seen["spoke_at"] = _at(spoken.at_ms)
        # None: this run of the service has not heard it yet, nor missed it.
        seen["online"] = False if self._troubles.is_open("node_silent", node.id) else node.online
        if status is None:
            return seen
        told = _bare(
            clock=status.clock,
            clock_error_ms=status.clock_error_ms,
            panel=status.panel,
            speaker=status.speaker,
            microphone=status.microphone,
            disk=status.disk,
            supply=status.supply,
            temperature_c=status.temperature_c,
            mains=status.mains,
            battery_pct=status.battery_pct,
            battery_h=status.battery_h,
            unsent=status.unsent,
            sounding=status.sounding,
            orders_signed=status.orders_signed,
            update=None if status.update is None else f"{status.update.state} {status.update.why}".strip(),
        )
        return {**seen, **told}


def _chime(row: ChimeRow) -> list[dict[str, Any]]:
    """A line for each hamlet that has a gong, so that it goes in pages."""
    silent = "missed" if row.summed else "awaited"
    states = [*((hamlet, "sounded") for hamlet in row.sounded), *((hamlet, silent) for hamlet in row.missed)]
    due_at = _at(row.due_at_ms)
    return [{"id": row.id, "due_at": due_at, "hamlet": hamlet, "state": state} for hamlet, state in states]


def _trouble(one: Trouble, mute: Mute | None) -> dict[str, Any]:
    seen = {"kind": one.kind, "about": one.about, "why": one.why, "since": _at(one.since_ms)}
    return seen if mute is None else {**seen, "muted": True}


def _mute(one: Mute) -> dict[str, Any]:
    told = {"node": one.node, "kind": one.kind, "why": one.why, "by": one.by}
    return {**told, "since": _at(one.since_ms), "until": _at(one.until_ms)}


def _at(at_ms: int | None) -> str | None:
    return None if at_ms is None else str(Instant(at_ms))


def _bare(**fields: Any) -> dict[str, Any]:
    """Without what is not there."""
    return {name: value for name, value in fields.items() if value is not None}
