"""A release goes to one node, then to the others, a few at a time; one that breaks a node goes no further."""

from typing import Any

import pytest
from fakes.offers import HOUR_MS, NODES, RELEASE, proved
from fakes.offers import OfferTown as Town
from fakes.service import NOON_MS, codebook

from broker.core.rollout import AT_ONCE, FAILED_MS, LEASE_S, SAY_AGAIN_MS, SETTLED_MS

pytestmark = pytest.mark.pure


def test_it_is_offered_to_one_node_alone_and_said_again_while_it_stands() -> None:
    town = Town()
    assert town.offer()["ok"]
    assert town.orders() == [("thon-2", "0.2.0")]
    town.wait(2 * SAY_AGAIN_MS // 1000)
    assert town.orders() == [("thon-2", "0.2.0")] * 3
    order = next(one for one in town.service.said if one.topic == "down/thon-2/update")
    assert order.order and order.fields["lease_s"] == LEASE_S and order.fields["offer"] == "o1"
    assert SAY_AGAIN_MS * 2 < LEASE_S * 1000
    assert town.look()["state"] == "offered" and (town.look()["done"], town.look()["of"]) == (0, 5)


def test_without_a_name_the_first_is_one_that_is_well_and_not_at_the_post() -> None:
    nodes = codebook()["nodes"]
    town = Town(book=codebook(nodes={**nodes, "thon-1": {**nodes["thon-1"], "post": True}}))
    town.away = {"thon-2"}
    town.is_["thon-3"] = {"version": "0.1.0", "speaker": "gone"}
    town.wait(30)
    assert town.offer(first=None)["target"] == "thon-4"


def test_where_no_node_is_well_nothing_is_offered() -> None:
    town = Town()
    town.away = set(NODES)
    town.wait(30)
    assert not town.offer(first=None)["ok"] and town.orders() == []


@pytest.mark.parametrize("first", ["thon-9", "stranger"])
def test_a_first_that_nobody_knows_is_refused(first: str) -> None:
    town = Town()
    town.service.status("stranger")
    assert not town.offer(first=first)["ok"]


def test_what_the_first_has_already_is_refused() -> None:
    town = Town()
    town.is_["thon-2"] = {"version": "0.2.0"}
    town.beat()
    assert "0.2.0" in town.offer()["why"]


def test_a_watcher_may_not_offer() -> None:
    assert not Town().service.ask("update", "tv", release=RELEASE)["ok"]


def test_the_others_wait_until_the_first_has_sounded_a_chime() -> None:
    town = Town()
    town.offer()
    town.has("thon-2")
    town.wait(600)
    assert town.offered() == {"thon-2"} and len(town.orders()) == 1, "and is told no more what it has"
    town.chimes(id="0193a1de-0000-7000-8000-000000000001")
    town.chimes(ended="failed")
    assert town.offered() == {"thon-2"}
    town.chimes()
    assert len(town.offered()) == 1 + AT_ONCE


def test_or_until_it_has_been_well_for_a_day() -> None:
    town = Town()
    town.offer()
    town.has("thon-2")
    town.skip(SETTLED_MS - HOUR_MS)
    assert town.offered() == {"thon-2"}
    town.skip(HOUR_MS)
    assert len(town.offered()) == 1 + AT_ONCE


def test_a_gong_that_was_updated_by_hand_proves_nothing_for_the_others() -> None:
    town = Town()
    town.is_["thon-1"] = {"version": "0.2.0"}  # carried there on a stick, as to a read-only card
    town.offer()
    town.has("thon-2")
    assert town.offered() == {"thon-2"}
    town.chimes()
    assert town.offered() == {"thon-2", "thon-3", "thon-4", "thon-5"}


def test_a_chime_from_before_it_had_it_proves_nothing() -> None:
    town = Town()
    town.chimes()
    town.offer()
    town.has("thon-2")
    assert town.offered() == {"thon-2"}


@pytest.mark.parametrize("trouble", [{"speaker": "gone"}, {"faults": ["key: x"]}])
def test_one_that_is_not_well_proves_nothing(trouble: dict[str, Any]) -> None:
    town = Town()
    town.offer()
    town.has("thon-2")
    town.is_["thon-2"] |= trouble
    town.beat()
    town.wait()
    town.chimes()
    assert town.offered() == {"thon-2"}


def test_the_others_get_it_a_few_at_a_time() -> None:
    town = proved()
    assert town.offered() == {"thon-1", "thon-2", "thon-3", "thon-4"}
    town.says("thon-1", "installing")
    assert "thon-5" not in town.offered()
    town.has("thon-1")
    assert "thon-5" in town.offered()
    town.has("thon-3", "thon-4", "thon-5")
    said = len(town.orders())
    town.wait(120)
    assert len(town.orders()) == said and town.look()["done"] == 5


def test_a_node_that_is_away_holds_up_nobody() -> None:
    town = Town()
    town.away = {"thon-1"}
    town.wait(30)
    town.offer()
    town.has("thon-2")
    town.chimes()
    assert town.offered() == {"thon-2", "thon-3", "thon-4", "thon-5"}


def test_one_that_rolls_back_stops_it_everywhere_and_is_a_trouble() -> None:
    town = proved()
    town.says("thon-3", "rolled_back", "crash")
    assert town.orders()[-4:] == [(node, None) for node in ("thon-2", "thon-1", "thon-3", "thon-4")]
    assert ("update", "thon-3") in town.service.troubles()
    said = len(town.orders())
    town.wait(300)
    assert len(town.orders()) == said
    assert (town.look()["state"], town.look()["broken"]) == ("broken", "thon-3")
    assert "crash" in next(one.why for one in town.service.core.troubles if one.kind == "update")


@pytest.mark.parametrize("why", ["hash: wheels/any/x.whl", "signature", "manifest", "key"])
def test_so_does_what_any_other_would_find_as_well(why: str) -> None:
    town = Town()
    town.offer()
    town.says("thon-2", "failed", why)
    assert town.look()["state"] == "broken" and ("update", "thon-2") in town.service.troubles()


@pytest.mark.parametrize("why", ["net: timed out", "full", "doctor: x"])
def test_one_that_could_not_install_it_is_a_trouble_of_its_own(why: str) -> None:
    town = proved()
    town.says("thon-1", "failed", why)
    assert ("update", "thon-1") in town.service.troubles()
    assert town.look()["state"] == "offered" and "thon-5" in town.offered()
    town.has("thon-1")
    assert ("update", "thon-1") not in town.service.troubles()


def test_those_that_could_not_install_it_try_again_no_more_than_a_few_at_a_time_and_each_in_turn() -> None:
    town = proved()
    for node in ("thon-1", "thon-3", "thon-4", "thon-5"):  # the outlet was off
        town.says(node, "failed", "net: timed out")
    again: set[str] = set()
    for _ in range(3):
        town.skip(FAILED_MS - town.service.now_ms % FAILED_MS)
        town.service.said.clear()
        town.wait(LEASE_S)
        assert len(town.offered()) == AT_ONCE
        again |= town.offered()
    assert again == {"thon-1", "thon-3", "thon-4", "thon-5"}


def test_a_person_stops_it_and_its_troubles() -> None:
    town = proved()
    town.says("thon-3", "rolled_back", "crash")
    assert town.service.ask("update", release=None)["ok"]
    town.wait()
    assert ("update", "thon-3") not in town.service.troubles()
    assert town.look()["state"] == "stopped"
    assert not town.service.ask("update", release=None)["ok"]


def test_stopping_takes_it_back_at_once() -> None:
    town = Town()
    town.offer()
    town.service.ask("update", release=None)
    assert town.orders() == [("thon-2", "0.2.0"), ("thon-2", None)]


def test_where_nothing_was_offered_there_is_nothing_to_stop_or_to_see() -> None:
    town = Town()
    assert not town.service.ask("update", release=None)["ok"]
    assert "update" not in town.service.ask("status")["result"]


def test_another_offer_replaces_it() -> None:
    town = Town()
    town.offer()
    town.says("thon-2", "rolled_back", "crash")
    town.offer("o2", release=RELEASE | {"version": "0.3.0"})
    assert town.orders()[-1] == ("thon-2", "0.3.0")
    assert ("update", "thon-2") not in town.service.troubles()


@pytest.mark.parametrize("hours", [8.6, 9.0, 10.9])
def test_nothing_is_offered_in_the_evening(hours: float) -> None:
    town = Town(wall_ms=NOON_MS + int(hours * HOUR_MS))
    town.offer()
    assert town.orders() == [] and town.look()["against"] == "hours"


def test_the_evening_takes_back_what_was_offered() -> None:
    town = Town(wall_ms=NOON_MS + int(8.49 * HOUR_MS))
    town.offer()
    assert town.orders() == [("thon-2", "0.2.0")]
    town.wait(60)
    assert town.orders()[-1] == ("thon-2", None)


def test_a_clock_that_jumped_offers_nothing() -> None:
    town = Town()
    town.service.jump(3 * HOUR_MS)
    town.wait()
    town.offer()
    assert town.orders() == [] and town.look()["against"] == "clock"


@pytest.mark.parametrize("wall_ms", [0, NOON_MS * 10])
def test_nor_does_one_that_shows_what_no_clock_can(wall_ms: int) -> None:
    town = Town(wall_ms=wall_ms)
    town.offer()
    assert town.orders() == []


def test_a_press_takes_back_what_was_offered_until_its_case_is_closed() -> None:
    town = Town()
    town.offer()
    town.service.press("thon-4")
    assert town.orders()[-1] == ("thon-2", None) and town.look()["against"] == "alarm"
    town.wait(300)
    assert town.orders()[-1] == ("thon-2", None)
    incident = next(iter(town.service.core.incidents))
    town.service.ask("close", target=incident, outcome="báo nhầm")
    town.wait()
    assert town.orders()[-1] == ("thon-2", "0.2.0")


def test_a_drill_does_so_too() -> None:
    town = Town()
    town.offer()
    town.service.ask("alarm", kind="fire", hamlets=["all"], drill=True)
    assert town.orders()[-1] == ("thon-2", None)


def test_a_silent_press_lets_nobody_begin_and_is_seen_by_nobody() -> None:
    town = Town()
    town.offer()
    town.service.press("thon-4", silent=True)
    town.wait(60)
    assert town.orders() == [("thon-2", "0.2.0")] * 2
    assert town.look("tv")["against"] == "" == town.look()["against"]
    town.has("thon-2")
    town.chimes()
    assert town.offered() == {"thon-2"}


def test_over_a_restart_the_offer_stands_and_who_has_it_is_read_off_the_nodes() -> None:
    town = proved()
    town.has("thon-1")
    town.service.said.clear()
    town.service.start()
    town.beat()
    town.wait()
    assert town.offered() == {"thon-3", "thon-4", "thon-5"}


def test_over_a_restart_what_was_stopped_stays_stopped() -> None:
    town = Town()
    town.offer()
    town.service.ask("update", release=None)
    town.service.said.clear()
    town.service.start()
    town.beat()
    town.wait(60)
    assert town.orders() == [] and town.look()["state"] == "stopped"
    assert town.service.journal("offered", "offer_over") == ["release", "release"]


def test_without_a_link_nothing_is_said() -> None:
    town = Town()
    town.offer()
    from wire.envelope import LinkDown

    town.service.give(LinkDown("cut"))
    before = len(town.orders())
    town.service.wait(120_000)
    assert len(town.orders()) == before


def test_a_first_that_was_retired_is_not_offered_anything() -> None:
    town = Town()
    town.offer()
    book = codebook()
    nodes = {slug: fields for slug, fields in book["nodes"].items() if slug != "thon-2"}
    assert town.service.ask("codebook", codebook={**book, "version": book["version"] + 1, "nodes": nodes})["ok"]
    town.away.add("thon-2")
    town.wait()
    before = len(town.orders())
    town.wait(120)
    assert len(town.orders()) == before


def test_one_that_waits_for_a_better_hour_is_offered_it_still() -> None:
    town = Town()
    town.offer()
    town.says("thon-2", "waiting", "alarm")
    town.wait(120)
    assert len(town.orders("thon-2")) == 3 and town.look()["done"] == 0
