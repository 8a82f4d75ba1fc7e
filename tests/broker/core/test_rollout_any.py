"""Whatever boxes say, whoever presses, dies or is stolen, and whenever: an offer keeps its rules, and does end."""

import os
from typing import Any

import pytest
from fakes.offers import HOUR_MS, NODES, RELEASE, REST_MS, OfferTown, proved
from fakes.service import NOON_MS
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.core.rollout import AT_ONCE, AWAY_MS, LEASE_S

pytestmark = pytest.mark.pure

FIRST = "thon-2"
DAY_MS = 24 * HOUR_MS
STATES = ("fetching", "installing", "trying", "waiting", "failed", "done", "rolled_back")
node = st.sampled_from(NODES)
said = st.tuples(st.just("says"), node, st.sampled_from(STATES), st.sampled_from(["", "net", "full", "clock", "hash"]))
act = st.one_of(
    said,
    st.tuples(st.just("chimes"), node),
    st.tuples(st.just("away"), node),
    st.tuples(st.just("back"), node),
    st.tuples(st.just("press")),
    st.tuples(st.just("close")),
    st.tuples(st.just("restart")),
    st.tuples(st.just("later"), st.sampled_from([REST_MS, LEASE_S * 1_000])),
)


class Seen:
    """A town, and what its rules are held against."""

    def __init__(self) -> None:
        self.town = OfferTown()
        self.read = 0
        self.live: dict[str, int] = {}
        """Until when each box has an offer that was not taken back."""
        self.well_done = self.proved = False
        self.broken = False
        self.case: str | None = None
        self.presses = 0
        self.town.offer()
        self.look()

    def do(self, what: str, *more: Any) -> None:
        town, service = self.town, self.town.service
        match what, *more:
            case "says", who, state, why:
                if who not in town.away:
                    offered = self.live.get(who, 0) > service.now_ms
                    version = "0.2.0" if state == "done" else "0.1.0"
                    self.broken |= state == "rolled_back" or (state, why) == ("failed", "hash")
                    if who == FIRST:
                        self.well_done = state == "done"
                    self.proved |= state == "done" and offered and who != FIRST
                    town.says(who, state, why, version=version)
            case "chimes", who:
                if who not in town.away:
                    self.proved |= who == FIRST and self.well_done
                    town.chimes(who)
            case "away", who:
                town.away.add(who)
                service.status(who, online=False)
            case "back", who:
                town.away.discard(who)
                town.beat()
            case ("press",):
                if self.case is None:
                    self.presses += 1
                    service.press("thon-4", self.presses)
                    self.case = next(reversed(list(service.core.incidents)))
            case ("close",):
                if self.case is not None:
                    service.ask("close", target=self.case, outcome="báo nhầm")
                    self.case = None
            case ("restart",):
                service.start()
                town.beat()
                town.wait(10)
            case "later", ms:
                town.rest(ms)
        self.look()

    def look(self) -> None:
        """Read what was published since, and hold it against the rules."""
        orders = [one for one in self.town.service.said[self.read :] if one.topic.endswith("/update")]
        self.read = len(self.town.service.said)
        for one in orders:
            who = one.topic.split("/")[1]
            if one.fields["release"] is None:
                self.live.pop(who, None)
                continue
            assert self.case is None, "nothing is offered while a case is open"
            assert who == FIRST or self.proved, "nor to others before it is proved"
            self.live[who] = one.at_ms + LEASE_S * 1_000
        if self.broken:
            assert not self.open(), "nor to anybody when it broke one"
        assert len(self.open()) <= AT_ONCE, "nor to more than a few"

    def open(self) -> list[str]:
        now_ms, town = self.town.service.now_ms, self.town
        has = {who for who, how in town.is_.items() if how.get("version") == "0.2.0"}
        return [who for who, until_ms in self.live.items() if until_ms > now_ms and who not in has | town.away]


@settings(max_examples=300 if os.environ.get("KENG_SOAK") else 10)
@given(st.lists(act, max_size=18))
def test_whatever_happens_the_rules_hold_and_nothing_ends_in_silence(acts: list[tuple[Any, ...]]) -> None:
    seen = Seen()
    for one in acts:
        seen.do(*one)
    # Then all is quiet, and whoever is there does what it is offered, or cannot for a reason of its own.
    seen.do("close")
    town = seen.town
    for _ in range(16):
        seen.do("later", 3 * REST_MS)
        for who in seen.open():
            if town.is_[who].get("update", {}).get("state") not in ("waiting", "failed"):
                seen.do("says", who, "done", "")
        seen.do("chimes", FIRST)
    look, troubles = town.look(), town.service.troubles()
    if look["state"] == "broken":
        assert ("update", look["broken"]) in troubles or look["broken"] in town.away
        return
    for who in set(NODES) - town.away:
        state = town.is_[who].get("update", {}).get("state", "open")
        told = ("update", FIRST) in troubles or ("update", who) in troubles or ("node_silent", FIRST) in troubles
        assert state in ("done", "waiting") or told or town.is_[FIRST].get("update", {}).get("state") == "waiting", who


def test_a_stolen_box_proves_nothing_that_it_was_not_offered() -> None:
    town = OfferTown()
    town.offer()
    town.says("thon-5", "done", version="0.2.0")  # it knows the offer's name, from wherever
    town.has("thon-2")
    town.wait(300)
    assert town.offered() == {"thon-2"}
    town.service.start()
    town.beat()
    town.wait(60)
    assert town.offered() == {"thon-2"}


def test_what_another_says_of_another_offer_breaks_nothing() -> None:
    town = OfferTown()
    town.offer()
    town.says("thon-5", "rolled_back", "crash", offer="o0")
    assert town.look()["state"] == "offered" and ("update", "thon-5") not in town.service.troubles()


@pytest.mark.parametrize(
    ("clock", "offered"),
    [("20:29:49", True), ("20:30:01", False), ("20:59:59", False), ("22:00:00", False), ("22:59:49", False),
     ("23:00:01", True)],
)  # fmt: skip
def test_an_offer_in_the_very_second(clock: str, offered: bool) -> None:
    hours, minutes, seconds = map(int, clock.split(":"))
    town = OfferTown(wall_ms=NOON_MS + (hours - 12) * HOUR_MS + minutes * 60_000 + seconds * 1_000)
    town.service.ask("update", release=RELEASE, first=FIRST)
    town.service.wait(5_000)
    assert (town.orders() == [(FIRST, "0.2.0")]) is offered


def test_what_waited_for_the_night_begins_at_its_end_and_not_before() -> None:
    town = OfferTown(wall_ms=NOON_MS + 11 * HOUR_MS - 15_000)
    town.service.ask("update", release=RELEASE, first=FIRST)
    for _ in range(2):
        town.service.wait(7_000)
        town.beat()
    assert town.orders() == []
    town.service.wait(7_000)
    assert town.orders() == [(FIRST, "0.2.0")]


def test_in_the_first_second_of_the_evening_it_is_taken_back_from_all() -> None:
    town = proved()
    town.skip(NOON_MS + 17 * HOUR_MS // 2 - town.service.wall_ms - 60_000)
    held = {who for who, version in town.orders()[-AT_ONCE:] if version is not None}
    town.service.said.clear()
    left_ms = NOON_MS + 17 * HOUR_MS // 2 - town.service.wall_ms
    town.service.wait(left_ms + 5_000)
    taken = {who for who, version in town.orders() if version is None}
    assert taken >= held and held and town.look()["against"] == "hours"


def test_a_second_offer_while_the_first_is_in_the_middle_takes_that_back() -> None:
    town = proved()
    town.says("thon-1", "trying")
    town.offer("o2", release=RELEASE | {"version": "0.3.0"}, first="thon-3")
    assert {who for who, version in town.orders() if version == "0.3.0"} == {"thon-3"}
    last = dict(town.orders())
    assert last == {"thon-1": None, "thon-2": None, "thon-3": "0.3.0", "thon-4": None}
    town.has("thon-1")  # it ends what it began, by the first offer's name
    town.says("thon-1", "rolled_back", "crash", offer="o1")
    assert town.look()["state"] == "offered" and town.look()["version"] == "0.3.0"


def test_a_first_that_is_away_a_whole_day_is_one_trouble_and_no_flood_of_them() -> None:
    town = OfferTown()
    town.offer()
    town.away.add(FIRST)
    town.rest(AWAY_MS + 300_000)
    entries = [entry for entry in town.service.shelf.journal if entry.what == "trouble" and entry.trouble]
    assert [entry.trouble.kind for entry in entries if entry.trouble and entry.trouble.about == FIRST].count(
        "update"
    ) == 1
