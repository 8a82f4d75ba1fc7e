"""Refusals are counted, and bounded."""

import pytest
from fakes.service import Service

from broker.core.ledger import Ledger
from broker.core.refusals import MAX_SENDERS, OTHERS, Refusals
from broker.core.troubles import Troubles
from broker.core.turn import Turn

pytestmark = pytest.mark.pure


def test_by_sender_and_reason_with_the_last_detail() -> None:
    troubles = Troubles((), Ledger())
    refusals = Refusals(troubles)
    for reason in ("json", "field", "json"):
        refusals.count(Turn(0, 0), "n1", reason, f"{reason} is wrong")
    assert refusals.counts == {"n1": {"json": 2, "field": 1}}
    assert troubles.all[0].why == (
        "Máy xã từ chối tin của n1 (thiếu hoặc sai mục 1, không phải JSON 2) / "
        "the commune refused what n1 sent; last: json is wrong"
    )


def test_beyond_so_many_names_they_are_counted_together() -> None:
    refusals = Refusals(Troubles((), Ledger()))
    for number in range(MAX_SENDERS + 7):
        refusals.count(Turn(0, 0), f"n{number}", "json", "")
    assert len(refusals.counts) == MAX_SENDERS + 1
    assert refusals.counts[OTHERS] == {"json": 7}


def test_refusals_are_told_in_vietnamese_words() -> None:
    service = Service()
    service.hear("up/thon-1/alert", b"not json")
    service.status("thon-2", boot="b", refused={"counter": 3})
    whys = {one.about: one.why for one in service.core.troubles}
    assert whys["thon-1"].startswith("Máy xã từ chối tin của thon-1 (không phải JSON 1) / ")
    assert whys["thon-2"].startswith("Hộp kẻng thon-2 từ chối thêm tin (số lệnh cũ hoặc lạ 3) / ")


def test_what_a_person_reads_of_a_refusal() -> None:
    troubles = Troubles((), Ledger())
    refusals = Refusals(troubles)
    refusals.count(Turn(0, 0), "n1", "json", "not JSON")
    refusals.reported(Turn(0, 0), "n2", {"stale": 2})
    assert [(one.kind, one.about, one.why) for one in troubles.all] == [
        (
            "refused",
            "n1",
            "Máy xã từ chối tin của n1 (không phải JSON 1) / the commune refused what n1 sent; last: not JSON",
        ),
        ("refused", "n2", "Hộp kẻng n2 từ chối thêm tin (quá hạn 2) / node n2 refused more messages"),
    ]


def test_one_that_is_counted_is_counted_on_however_many_others_there_are() -> None:
    refusals = Refusals(Troubles((), Ledger()))
    for number in range(MAX_SENDERS + 1):
        refusals.count(Turn(0, 0), f"n{number}", "json", "")
    refusals.count(Turn(0, 0), "n0", "json", "")
    assert (refusals.counts["n0"], refusals.counts[OTHERS]) == ({"json": 2}, {"json": 1})
