"""An offer is held up by nobody in silence: others go on, or a person is told which box, why, and what to do."""

import pytest
from fakes.offers import HOUR_MS, NODES, RELEASE, OfferTown, proved
from fakes.service import codebook

from broker.core.rollout import AT_ONCE, AWAY_MS, FAILED_MS, LEASE_S, SLOW_MS

pytestmark = pytest.mark.pure


def why(town: OfferTown, node: str = "thon-2") -> str:
    """What is said of it; empty: nothing."""
    return next((one.why for one in town.service.core.troubles if (one.kind, one.about) == ("update", node)), "")


def retire(town: OfferTown, node: str) -> None:
    book = codebook()
    nodes = {slug: fields for slug, fields in book["nodes"].items() if slug != node}
    assert town.service.ask("codebook", codebook={**book, "version": book["version"] + 1, "nodes": nodes})["ok"]
    town.away.add(node)
    town.wait()


def test_a_first_that_is_retired_is_told_with_what_to_do_and_the_next_offer_ends_it() -> None:
    town = OfferTown()
    town.offer()
    retire(town, "thon-2")
    assert "thôi dùng" in why(town) and "--first" in why(town) and town.look()["held"] == "retired"
    assert town.offer("o2", first="thon-3")["ok"]
    assert why(town) == "" and town.look()["held"] == ""
    assert town.orders()[-1] == ("thon-3", "0.2.0")


def test_so_is_one_that_is_away_but_not_before_a_box_without_power_could_be_back() -> None:
    town = OfferTown()
    town.offer()
    town.says("thon-2", "trying")
    town.away.add("thon-2")
    town.rest(AWAY_MS - 100_000)
    assert why(town) == ""
    town.rest(200_000)
    assert "mất liên lạc" in why(town) and "--first" in why(town) and town.look()["held"] == "away"
    town.away.clear()
    town.has("thon-2")
    assert why(town) == "" and town.look()["held"] == ""


def test_one_that_is_away_for_a_moment_and_again_is_no_trouble() -> None:
    town = OfferTown()
    town.offer()
    for _ in range(2):
        town.away.add("thon-2")
        town.rest(AWAY_MS - 100_000)
        town.away.clear()
        town.wait(60)
    assert why(town) == ""


def test_a_first_that_never_proves_it_is_told_after_two_days() -> None:
    town = OfferTown()
    town.offer()
    town.says("thon-2", "waiting", "clock")
    town.skip(SLOW_MS - HOUR_MS)
    assert why(town) == ""
    town.skip(HOUR_MS)
    assert "chưa chạy tốt" in why(town) and town.look()["held"] == "slow"
    assert town.service.ask("update", release=None)["ok"]
    town.wait()
    assert why(town) == "" and town.look()["held"] == ""


def test_what_was_proved_is_held_by_no_first_that_is_retired_or_away_not_even_over_a_restart() -> None:
    for gone in (lambda town: retire(town, "thon-2"), lambda town: town.away.add("thon-2")):
        town = proved()
        town.has("thon-1")
        gone(town)
        town.rest(AWAY_MS + 60_000)
        town.service.said.clear()
        town.service.start()
        town.beat()
        town.wait(60)
        assert town.offered() == {"thon-3", "thon-4", "thon-5"} and why(town) == ""


def test_boxes_that_wait_for_ever_hold_up_nobody_else() -> None:
    town = proved()
    for node in ("thon-1", "thon-3", "thon-4"):
        town.says(node, "waiting", "clock")
    assert "thon-5" in town.offered()
    town.says("thon-5", "installing")
    town.has("thon-5")
    town.service.said.clear()
    for _ in range(2):  # and each of them has its turn again
        town.skip(FAILED_MS)
        town.wait(LEASE_S)
    assert town.offered() == {"thon-1", "thon-3", "thon-4"}


def test_who_gives_up_its_place_has_it_taken_back() -> None:
    town = proved()
    fresh = [node for node in NODES if node in town.offered() - {"thon-2"}]
    assert len(fresh) == AT_ONCE
    town.says(fresh[0], "failed", "full")
    assert town.orders()[-2:] == [(fresh[0], None), ("thon-5", "0.2.0")]


@pytest.mark.parametrize(
    ("state", "word", "act"),
    [
        ("rolled_back", "unlinked", "keng update offer"),
        ("rolled_back", "power", "nguồn điện"),
        ("rolled_back", "crash", "nơi phát hành"),
        ("failed", "net: timed out", "8445"),
        ("failed", "full", "thẻ nhớ"),
        ("failed", "unlinked", "tự thử lại"),
        ("failed", "power", "tự thử lại"),
        ("failed", "key", "release.pub"),
        ("failed", "hash: wheels/x", "đừng dùng"),
        ("failed", "manifest", "đừng dùng"),
        ("failed", "machine: trixie-armhf", "không có phần"),
        ("failed", "install: pip", "tự thử lại"),
    ],
)
def test_each_fault_is_told_with_what_to_do(state: str, word: str, act: str) -> None:
    town = OfferTown()
    town.offer()
    town.says("thon-2", state, word)
    said = why(town)
    assert act in said and word in said and "thon-2" in said and "node thon-2" in said


def test_the_communes_power_that_went_in_a_trial_does_not_end_the_offer() -> None:
    town = OfferTown()
    town.offer()
    town.says("thon-2", "failed", "unlinked")  # as the installer says, where the old version is not heard either
    assert town.look()["state"] == "offered"
    town.wait(LEASE_S)
    assert town.orders("thon-2")[-1] == ("thon-2", "0.2.0")
    town.has("thon-2")
    assert town.look()["done"] == 1 and why(town) == ""


def test_the_one_that_broke_an_offer_is_the_trouble_and_not_that_it_holds_it_up() -> None:
    town = OfferTown()
    town.offer()
    town.says("thon-2", "rolled_back", "crash")
    town.skip(SLOW_MS + HOUR_MS)
    assert "quay về bản cũ" in why(town) and town.look()["held"] == ""


def test_another_offer_begins_its_days_anew() -> None:
    town = OfferTown()
    town.offer()
    town.skip(SLOW_MS + HOUR_MS)
    assert town.look()["held"] == "slow"
    town.offer("o2", release=RELEASE | {"version": "0.3.0"})
    assert town.look()["held"] == "" and why(town) == ""
