"""What a person is told of an offer, what the register keeps of it, and what a node is sent: in the very words."""

import pytest
from fakes.offers import HOUR_MS, RELEASE, OfferTown, proved
from fakes.service import NOON_MS

from broker.core.rollout import SLOW_MS

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("first", "why"),
    [
        (None, "Không có hộp kẻng nào khỏe để thử trước (no node is well enough to be first)"),
        ("thon-9", "Không có hộp kẻng thon-9 (no node thon-9; see keng status)"),
        ("thon-2", "Hộp thon-2 đã có bản 0.3.0 (node thon-2 has version 0.3.0 already)"),
    ],
)
def test_each_refusal_says_why(first: str | None, why: str) -> None:
    town = OfferTown()
    town.is_ = {node: {"version": "0.3.0", "speaker": "gone"} for node in town.is_}
    town.beat()
    told = town.offer(first=first)
    assert (told["ok"], _in_both(told["why"])) == (False, _in_both(why)) and told["ok"] is False


def test_stopping_says_what_was_stopped_or_that_nothing_is_offered() -> None:
    town = OfferTown()
    told = town.service.ask("update", release=None)
    assert told["ok"] is False
    assert _in_both(told["why"]) == _in_both("Không có bản cập nhật nào đang chào (no release is offered)")
    assert (town.offer()["why"], town.look()["first"]) == ("", "thon-2")
    told = town.service.ask("update", release=None)
    assert (told["ok"], told["why"], told["target"]) == (True, "", "0.2.0")


def test_a_look_tells_all_of_it() -> None:
    town = OfferTown()
    town.service.ask("update", id="o1", release=RELEASE, first="thon-2")
    at = town.look()["at"]
    assert at == "2026-11-21T05:00:00.000Z"
    expected = {"offer": "o1", "at": at, "by": "duty", "first": "thon-2", "version": "0.2.0", "state": "offered",
                "broken": "", "against": "", "held": "", "done": 0, "of": 5}  # fmt: skip
    assert town.look() == expected
    town.service.wall_ms = NOON_MS + 9 * HOUR_MS
    town.service.ask("update", release=None)
    assert town.look() == expected | {"state": "stopped"}, "and what is against one that is over is nothing"


def test_the_register_keeps_who_offered_it_what_became_of_it_and_who_stopped_it() -> None:
    town = proved()
    town.has("thon-1")
    town.service.ask("update", "second", release=None)
    kept = [entry for entry in town.service.shelf.journal if entry.subject == "release"]
    assert [(entry.what, entry.by) for entry in kept] == [
        ("offered", "duty"),
        ("offered", None),
        ("offer_over", "second"),
    ]
    body = {"id": "o1", "release": RELEASE, "first": "thon-2", "by": "duty", "at_ms": NOON_MS, "over": None}
    assert [entry.body for entry in kept] == [
        body | {"went_on": False}, body | {"went_on": True}, body | {"went_on": True, "over": ""},
    ]  # fmt: skip


def test_an_order_bears_its_time_and_a_counter_that_rises() -> None:
    town = OfferTown()
    town.offer()
    town.service.ask("update", release=None)
    given, taken = [one.fields for one in town.service.said if one.topic == "down/thon-2/update"]
    assert given["issued_at"] == "2026-11-21T05:00:00.000Z" and given["counter"] < taken["counter"]
    assert (given["offer"], taken["offer"], taken["release"]) == ("o1", "o1", None)


def test_a_trouble_names_the_box_and_the_version() -> None:
    town = OfferTown()
    town.offer()
    town.says("thon-2", "failed", "full")
    [line] = [one.why for one in town.service.core.troubles if one.kind == "update"]
    assert line.startswith("Bản 0.2.0 ở hộp kẻng thon-2 chưa cài được: full. Việc cần làm: ")
    town.says("thon-2", "fetching")
    town.skip(SLOW_MS)
    [line] = [one.why for one in town.service.core.troubles if one.kind == "update"]
    assert line.startswith("Bản 0.2.0 chưa tới các hộp khác: hộp thử trước thon-2 chưa chạy tốt")
    assert "version 0.2.0 waits for its first node: thon-2" in line
    town.service.ask("update", release=None)
    assert town.look()["held"] == ""


def test_a_silent_case_lets_nobody_begin_when_its_sounds_are_long_over() -> None:
    town = proved()
    town.service.press("thon-4", silent=True)
    town.service.said.clear()
    town.wait(400)
    for node in ("thon-1", "thon-3", "thon-4"):
        town.has(node)
    assert "thon-5" not in town.offered()


def test_one_that_waits_and_is_passed_over_has_it_taken_back() -> None:
    town = proved()
    town.says("thon-1", "waiting", "clock")
    assert town.orders("thon-1")[-1] == ("thon-1", None) and "thon-5" in town.offered()


def test_a_commune_that_has_been_on_for_weeks_waits_no_less() -> None:
    town = OfferTown(now_ms=3_000_000_000)
    town.offer()
    town.has("thon-2")
    town.wait(60)
    assert town.offered() == {"thon-2"}


def _in_both(text: str) -> str:
    """Without how the tongues are set apart."""
    return "".join(letter for letter in text if letter.isalnum() or letter in ".-")
