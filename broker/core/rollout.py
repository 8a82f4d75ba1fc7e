"""A release of the program on its way to the nodes: one node first, then the others, a few at a time.

Rule 1. The first has it until it has sounded a chime, or for SETTLED_MS, with nothing wrong with it; only then the
others.
Rule 2. One that rolls back, or finds something forged in it, stops all of it at once, and that is a trouble until a
person has seen to it: a release that broke one gong breaks forty.
Rule 3. Nothing is offered in the evening, by a clock that jumped, or while a case is open or anything sounds; what was
offered is taken back at once when that begins. The node looks for itself, too.
A silent case is seen in none of this: no node, which may be stolen, and no watcher can tell it from a quiet hour. While
there is one no further node begins, and who has begun goes on, but for those whom it concerns, who stop by themselves.
Rule 4. It is stated, not ordered: over a restart of the service nothing but the offer itself is remembered, and who has
it is read off the nodes. No box's word counts for another that was not offered it: it may be stolen.
Rule 5. Nobody holds it up in silence: who waits or failed leaves its place to others and has it again in its turn; a
first that is retired, away, or does not prove it is a trouble. Passed over it is by a person alone: it may be away
because of that very release.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from msgspec import structs

from broker.core.acts import Done
from broker.core.alarms import AlarmSet
from broker.core.book import Book
from broker.core.cases import Cases
from broker.core.counter import Counter
from broker.core.incident import ENDED
from broker.core.ledger import Ledger
from broker.core.nodefaults import NODE_KINDS, NodeView
from broker.core.offer import Offer
from broker.core.records import Entry, Incident
from broker.core.supervision import Supervision
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said
from broker.core.uptake import Held, State, breaks, has_it_by, held_trouble, state_of, trouble
from patterns.evening import is_evening
from wire.asks import AskUpdate
from wire.messages import Update
from wire.release import Release, newer
from wire.topics import Topics
from wire.words import Instant, is_sane

LOOK_MS = 5_000
SAY_AGAIN_MS = 60_000
LEASE_S = 180  # three times as long: one lost word takes nothing back
AT_ONCE = 3  # of a commune's gongs at most so many are busy with themselves, and draw on one link
SETTLED_MS = 24 * 3_600_000  # a commune without chimes waits a day and a night
FAILED_MS = 1_200_000  # a node tries what failed again after a quarter of an hour
BEFORE_MIN = 30  # as the nodes do (node/core/quiet.py)
AWAY_MS = 3_600_000  # a box that restarts, or a hamlet without power, is back by then
SLOW_MS = 2 * SETTLED_MS  # an evening's chime and a day and a night are over by then
SUBJECT = "release"
STOPPED = ""
"""`Offer.over` of one that a person stopped."""


class Rollout:
    """The offer that is in force, if one is."""

    def __init__(
        self,
        topics: Topics,
        book: Book,
        cases: Cases,
        alarms: AlarmSet,
        counter: Counter,
        ledger: Ledger,
        troubles: Troubles,
        supervision: Supervision,
        past: Offer | None,
    ) -> None:
        self._topics, self._book, self._cases, self._alarms = topics, book, cases, alarms
        self._counter, self._ledger, self._troubles, self._supervision = counter, ledger, troubles, supervision
        self._offer = past
        self._said: dict[str, int] = {}
        self._well_ms: int | None = None
        self._since_ms: int | None = None
        self._there_ms: int | None = None
        self._held: Held = ""
        self._look_ms = 0
        self._linked = False

    @property
    def deadline_ms(self) -> int | None:
        """When to look again."""
        return self._look_ms if self._offer is not None and self._linked else None

    def ask(self, turn: Turn, user: str, ask: AskUpdate) -> Done:
        """Offer, or stop."""
        if ask.release is None:
            return self._stop(turn, user)
        nodes = {view.id: view for view in self._supervision.nodes if view.booked}
        first = ask.first or next((view.id for view in self._fit(nodes.values())), None)
        if first is None:
            return Done(False, said("Không có hộp kẻng nào khỏe để thử trước", "no node is well enough to be first"))
        if first not in nodes:
            return Done(False, said(f"Không có hộp kẻng {first}", f"no node {first}; see keng status"))
        if not newer(ask.release.version, nodes[first].version):
            has = nodes[first].version
            return Done(False, said(f"Hộp {first} đã có bản {has}", f"node {first} has version {has} already"))
        self._withdraw(turn)
        release = ask.release
        self._offer = Offer(id=ask.id, release=release, first=first, by=user, at_ms=turn.wall_ms)
        self._note(turn, "offered", user)
        self._well_ms, self._look_ms = None, turn.now_ms
        self._since_ms = self._there_ms = turn.now_ms
        self._held = ""
        return Done(True, "", first)

    def _stop(self, turn: Turn, user: str) -> Done:
        if self._offer is None or self._offer.over == STOPPED:
            return Done(False, said("Không có bản cập nhật nào đang chào", "no release is offered"))
        self._end(turn, STOPPED, user)
        return Done(True, "", self._offer.release.version)

    def run(self, turn: Turn, *, linked: bool) -> None:
        """State what is due; stop where one has failed."""
        self._linked = linked
        offer = self._offer
        if offer is None or not linked:
            return
        if self._against(turn) and self._said:
            self._withdraw(turn)
        if turn.now_ms < self._look_ms:
            return
        self._look_ms = turn.now_ms + LOOK_MS
        views = {view.id: view for view in self._supervision.nodes if view.booked}
        states: dict[str, State] = {id_: state_of(view, offer) for id_, view in views.items()}
        if not offer.went_on and any(
            has_it_by(views[id_], offer) for id_ in self._said.keys() & views.keys() - {offer.first}
        ):
            self._offer = offer = structs.replace(offer, went_on=True)
            self._note(turn, "offered", None)
        proved = self._proved(turn, offer, views, states)
        self._held = "" if proved or offer.over is not None else self._holds(turn, views.get(offer.first))
        self._tell_troubles(turn, offer, views, states)
        broken = next((id_ for id_, view in views.items() if breaks(view, states[id_])), None)
        if offer.over is None and broken is not None:
            self._end(turn, broken, None)
        elif offer.over is None and not self._against(turn):
            there: dict[str, State] = {id_: state for id_, state in states.items() if self._there(views[id_])}
            alone = [id_ for id_, state in there.items() if id_ == offer.first and state != "done"]
            self._state(turn, offer, self._due(turn, there) if proved else alone, states)

    def _state(self, turn: Turn, offer: Offer, due: list[str], states: dict[str, State]) -> None:
        for id_ in [id_ for id_ in self._said if id_ not in due and states.get(id_) in ("waiting", "failed")]:
            self._say(turn, id_, None)  # its place is another's now
            del self._said[id_]
        held = any(case.silent for case in self._open_cases()) or any(alarm.silent for alarm in self._alarms.all)
        for id_ in due:
            if held and id_ not in self._said:
                continue
            said_ms = self._said.get(id_)
            if said_ms is None or turn.now_ms - said_ms >= SAY_AGAIN_MS:
                self._say(turn, id_, offer.release)
                self._said[id_] = turn.now_ms

    def _due(self, turn: Turn, states: dict[str, State]) -> list[str]:
        """Whom it is offered to now, of those that are there, once it is proved."""
        busy = [id_ for id_, state in states.items() if state == "busy" or (state == "open" and id_ in self._said)]
        fresh = [id_ for id_, state in sorted(states.items()) if state == "open" and id_ not in self._said]
        again = [id_ for id_, state in states.items() if state in ("waiting", "failed")]
        room = max(0, AT_ONCE - len(busy))
        # Who waits or failed takes what room is left, each in its turn: all at once would be on one link, and restart.
        after = (turn.now_ms // FAILED_MS * AT_ONCE) % max(1, len(again))
        return [*busy, *[*fresh, *again[after:], *again[:after]][:room]]

    def _proved(self, turn: Turn, offer: Offer, views: dict[str, NodeView], states: dict[str, State]) -> bool:
        if offer.went_on:
            return True
        first = views.get(offer.first)
        if first is None or states[first.id] != "done" or not self._well(first):
            self._well_ms = None
            return False
        if self._well_ms is None:
            self._well_ms = turn.now_ms
        chimed = first.chimed_ms is not None and first.chimed_ms >= self._well_ms
        return chimed or turn.now_ms - self._well_ms >= SETTLED_MS

    def _holds(self, turn: Turn, first: NodeView | None) -> Held:
        if self._since_ms is None or self._there_ms is None:
            self._since_ms = self._there_ms = turn.now_ms
        if first is None:
            return "retired"
        if self._there(first):
            self._there_ms = turn.now_ms
        if turn.now_ms - self._there_ms >= AWAY_MS:
            return "away"
        return "slow" if turn.now_ms - self._since_ms >= SLOW_MS else ""

    def _there(self, view: NodeView) -> bool:
        """Whether it has said in this run of the service how it is, and still speaks."""
        return view.status is not None and bool(view.online) and not self._troubles.is_open("node_silent", view.id)

    def _well(self, view: NodeView) -> bool:
        return self._there(view) and not any(self._troubles.is_open(kind, view.id) for kind in NODE_KINDS)

    def _fit(self, views: Iterable[NodeView]) -> list[NodeView]:
        """Who may try it first: well, and not at the post, which is the last that should fall silent."""
        posts = {post.slug for post in self._book.posts()}
        return [view for view in sorted(views, key=lambda view: view.id) if self._well(view) and view.id not in posts]

    def _against(self, turn: Turn) -> str:
        """In a word, what is against it now; empty if nothing is."""
        zone = "" if self._book.current is None else self._book.current.zone
        if not is_sane(turn.wall_ms) or self._troubles.is_open("clock_jump", "commune"):
            return "clock"
        if is_evening(turn.wall_ms, zone, BEFORE_MIN):
            return "hours"
        loud = any(not alarm.silent for alarm in self._alarms.all)
        return "alarm" if loud or any(not case.silent for case in self._open_cases()) else ""

    def _open_cases(self) -> list[Incident]:
        return [case for case in self._cases.all.values() if case.state not in ENDED]

    def _tell_troubles(self, turn: Turn, offer: Offer, views: dict[str, NodeView], states: dict[str, State]) -> None:
        version = offer.release.version
        lines = {offer.first: held_trouble(self._held, offer.first, version)} if self._held else {}
        if offer.over != STOPPED:
            told = {id_: trouble(view, states[id_], version) for id_, view in views.items()}
            lines |= {id_: line for id_, line in told.items() if line is not None}
        for id_, line in lines.items():
            self._troubles.hold(turn, "update", id_, line)
        for one in self._troubles.all:
            if one.kind == "update" and one.about not in lines:
                self._troubles.mend(turn, "update", one.about)

    def _end(self, turn: Turn, over: str, by: str | None) -> None:
        assert self._offer is not None  # noqa: S101 - whoever ends it has looked
        self._withdraw(turn)
        self._offer, self._held = structs.replace(self._offer, over=over), ""
        self._look_ms = turn.now_ms
        self._note(turn, "offer_over", by)

    def _withdraw(self, turn: Turn) -> None:
        for id_ in self._said:
            self._say(turn, id_, None)
        self._said = {}

    def _say(self, turn: Turn, node: str, release: Release | None) -> None:
        assert self._offer is not None  # noqa: S101 - nothing was said without one
        order = Update(
            offer=self._offer.id,
            release=release,
            lease_s=LEASE_S,
            issued_at=turn.now,
            counter=self._counter.next(turn),
        )
        turn.order(self._topics.down(node, "update"), order)

    def _note(self, turn: Turn, what: Literal["offered", "offer_over"], by: str | None) -> None:
        body: dict[str, Any] = structs.asdict(self._offer) if self._offer is not None else {}
        body["release"] = structs.asdict(body["release"])
        self._ledger.note(Entry(what=what, subject=SUBJECT, by=by, at_ms=turn.wall_ms, body=body))

    def look(self, turn: Turn) -> dict[str, Any] | None:
        """{offer, version, first, by, at, state, against, held, nodes done, in all}; none: nothing was offered."""
        offer = self._offer
        if offer is None:
            return None
        views = [view for view in self._supervision.nodes if view.booked]
        done = sum(state_of(view, offer) == "done" for view in views)
        state = "offered" if offer.over is None else "stopped" if offer.over == STOPPED else "broken"
        told = {"offer": offer.id, "at": str(Instant(offer.at_ms)), "by": offer.by, "first": offer.first}
        told["version"] = offer.release.version
        against = self._against(turn) if offer.over is None else ""
        told |= {"state": state, "broken": offer.over or "", "against": against, "held": self._held}
        return {**told, "done": done, "of": len(views)}
