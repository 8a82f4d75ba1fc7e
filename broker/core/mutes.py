"""Troubles of a node that raise nobody for a while, because an officer said so: with a reason and an end.

Rule 1. A mute hides nothing. Its trouble is written down and shown, as muted; and an alert is no trouble, so a press of
a muted node sounds, is shown and escalates like any other. What is wrong with the commune itself cannot be muted.
Rule 2. It ends by itself, by the commune's clock; one that went back makes it no longer than it may be at the most.
Rule 3. It is there over restarts, until it ends or somebody ends it.
It does not know who is raised by a trouble, or how.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import get_args

from msgspec import structs

from broker.core.acts import Done
from broker.core.ledger import Ledger
from broker.core.nodefaults import NODE_KINDS
from broker.core.records import Entry, Mute, Trouble, TroubleKind
from broker.core.turn import Turn, said
from wire.asks import AskMute, AskUnmute

ALL_KINDS = "all"
MUTABLE: tuple[TroubleKind, ...] = (*NODE_KINDS, "chime_missed", "refused", "update")
"""Kinds that are about one node."""
DAY_MS = 86_400_000
MAX_MUTE_MS = 30 * DAY_MS  # a box that waits a month for its spare part is asked about again
SLACK_MS = 60_000  # whoever says until when has a clock of his own
MAX_MUTES = 1_000  # all nodes of the largest commune, some kinds of each

Key = tuple[str, str]


class Mutes:
    """Those that last."""

    def __init__(self, past: Iterable[Mute], nodes: Callable[[], Collection[str]], ledger: Ledger) -> None:
        """`nodes`: slugs of those that the commune knows."""
        self._rows: dict[Key, Mute] = {(row.node, row.kind): row for row in past}
        self._nodes = nodes
        self._ledger = ledger
        self.deadline_ms: int | None = None
        """When the next one ends, as far as the clock goes on."""

    @property
    def all(self) -> tuple[Mute, ...]:
        """Oldest first."""
        return tuple(self._rows.values())

    def of(self, trouble: Trouble) -> Mute | None:
        """What mutes this trouble, if anything does."""
        if trouble.kind not in MUTABLE:
            return None
        return self._rows.get((trouble.about, trouble.kind)) or self._rows.get((trouble.about, ALL_KINDS))

    def mute(self, turn: Turn, user: str, ask: AskMute) -> Done:
        """Raise nobody by it; an earlier word about the same is replaced."""
        if fault := self._fault(turn, ask):
            return Done(False, fault)
        row = Mute(
            node=ask.node,
            kind=ask.kind or ALL_KINDS,
            why=ask.why,
            by=user,
            since_ms=turn.wall_ms,
            until_ms=ask.until.ms,
        )
        self._rows.pop((row.node, row.kind), None)
        self._rows[row.node, row.kind] = row
        self._ledger.note(Entry(what="muted", subject=row.node, by=user, at_ms=turn.wall_ms, mute=row))
        return Done(True, "", row.node)

    def unmute(self, turn: Turn, user: str, ask: AskUnmute) -> Done:
        """Raise people by it again: this kind, or every kind that is muted."""
        kinds = [kind for node, kind in self._rows if node == ask.node and ask.kind in (None, kind)]
        if not kinds:
            return Done(False, said(f"Không có gì của {ask.node} đang tắt nhắc", f"nothing of {ask.node} is muted"))
        for kind in kinds:
            self._end(turn, (ask.node, kind), user)
        return Done(True, "", ask.node)

    def run(self, turn: Turn) -> None:
        """End what has lasted for its time, or could not have been asked for by this clock."""
        latest_ms = turn.wall_ms + MAX_MUTE_MS + DAY_MS
        for key in [key for key, row in self._rows.items() if not turn.wall_ms < row.until_ms <= latest_ms]:
            self._end(turn, key, None)
        ends_ms = min((row.until_ms for row in self._rows.values()), default=None)
        self.deadline_ms = None if ends_ms is None else turn.now_ms + ends_ms - turn.wall_ms

    def _end(self, turn: Turn, key: Key, by: str | None) -> None:
        row = structs.replace(self._rows.pop(key), over_at_ms=turn.wall_ms, over_by=by)
        self._ledger.note(Entry(what="unmuted", subject=row.node, by=by, at_ms=turn.wall_ms, mute=row))

    def _fault(self, turn: Turn, ask: AskMute) -> str:
        """Why it cannot be; empty if it can."""
        if ask.node not in self._nodes():
            return said(f"Không có hộp kẻng {ask.node}, hãy xem: keng status", f"no node {ask.node}; see keng status")
        if ask.kind is not None and ask.kind not in MUTABLE:
            vi = "Lỗi của máy xã không tắt nhắc được" if ask.kind in get_args(TroubleKind) else "Không có loại lỗi này"
            return said(f"{vi}; hãy chọn: {', '.join(MUTABLE)}", "choose one of these kinds")
        if not turn.wall_ms < ask.until.ms <= turn.wall_ms + MAX_MUTE_MS + SLACK_MS:
            days = MAX_MUTE_MS // DAY_MS
            return said(f"Chỉ tắt nhắc từ bây giờ đến nhiều nhất {days} ngày", f"until a moment within {days} days")
        known = (ask.node, ask.kind or ALL_KINDS) in self._rows
        if not known and len(self._rows) >= MAX_MUTES:
            return said(f"Đang tắt nhắc quá nhiều ({MAX_MUTES}), hãy bỏ bớt", "too many mutes; end some")
        return ""
