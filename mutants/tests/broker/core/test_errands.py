"""A chime now, a new code book."""

import base64
import json
import zlib

import pytest
from fakes.bigbook import big_book
from fakes.service import Service, codebook

from broker.core.records import Entry
from patterns.packed import PACKED, carried
from patterns.yamlfile import parse_yaml

pytestmark = pytest.mark.pure


def test_a_chime_of_the_code_book_by_its_name() -> None:
    service = Service()
    told = service.ask("chime", pattern="curfew")
    chime = next(one.fields for one in service.said if one.topic == "all/chime")
    assert chime["id"] == told["target"] == "curfew/2026-11-21T05:00:01.000"
    assert (chime["pattern"], chime["hamlets"], chime["grace_s"]) == ("curfew", ["all"], 10)
    assert chime["due_at"] == "2026-11-21T05:00:01.000Z"


def test_two_chimes_in_one_millisecond_are_two() -> None:
    service = Service()
    told = [service.ask("chime", pattern="ea-o/curfew", hamlets=["thon-1"])["target"] for _ in range(3)]
    assert len(set(told)) == 3
    assert told[0].startswith("ea-o-curfew/")
    assert len([one for one in service.said if one.topic == "all/chime"]) == 3


def test_a_repeated_ask_chimes_once() -> None:
    service = Service()
    service.ask("chime", id="c", pattern="curfew")
    service.ask("chime", id="c", pattern="curfew")
    assert len(service.journal("chime")) == 1


@pytest.mark.parametrize(
    ("pattern", "hamlets"), [("alarm", None), ("drill", None), ("nothing", None), ("curfew", ["thon-9"])]
)
def test_no_alarm_is_a_chime(pattern: str, hamlets: list[str] | None) -> None:
    service = Service()
    assert not service.ask("chime", pattern=pattern, hamlets=hamlets)["ok"]
    assert not [one for one in service.said if one.topic == "all/chime"]


def test_a_code_book_is_in_use_and_said_once_it_is_written() -> None:
    service = Service()
    service.wait(5_000)
    service.shelf.fill_disk()
    assert not [
        one
        for one in service.hear("ask/duty/codebook", {"id": "b", "codebook": codebook(version=2, alarm_s=60)})
        if one.topic == "all/codebook"
    ]
    service.shelf.free_disk()
    said = service.wait(6_000)
    assert [one.fields["version"] for one in said if one.topic == "all/codebook"] == [2]
    assert [one.fields["ok"] for one in said if one.topic == "told/duty"] == [True]


def test_a_version_only_rises() -> None:
    service = Service()
    assert service.ask("codebook", codebook=codebook())["ok"]
    told = service.ask("codebook", codebook=codebook(alarm_s=60))
    assert not told["ok"]
    assert told["why"].startswith("Hãy tăng version")
    assert service.ask("codebook", codebook=codebook(version=5))["ok"]
    assert not service.ask("codebook", codebook=codebook(version=4))["ok"]
    service.start()
    assert service.journal("codebook") == ["1", "5"]


def test_a_wrong_code_book_is_refused_with_its_first_fault() -> None:
    service = Service()
    told = service.ask("codebook", codebook=codebook(version=2, zone="Mars"))
    assert told["ok"] is False
    assert "zone" in told["why"]
    assert len(told["why"]) <= 300
    other = service.ask("codebook", codebook=codebook(version=2, commune="ea-o"))
    assert "ea-o" in other["why"]
    assert not service.ask("codebook", codebook={})["ok"]


def test_a_packed_code_book_is_the_same_and_a_wrong_one_is_told() -> None:
    service = Service()
    fields = parse_yaml(big_book(40).encode(), "x").value
    assert service.ask("codebook", codebook=carried(fields))["ok"]
    assert service.shelf.restore().codebook == fields
    told = service.ask("codebook", codebook={"packed": "AAAA"})
    assert not told["ok"]
    assert "không đọc được" in told["why"]
    assert not service.ask("codebook", codebook={"packed": "AAAA", "version": 9})["ok"]


ENDLESS = {"repeat": {"until": "silenced", "steps": ["stroke", {"rest": 2}]}}


def packed(fields: object) -> dict[str, str]:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    return {PACKED: base64.b64encode(deflate.compress(json.dumps(fields).encode()) + deflate.flush()).decode()}


def test_a_chime_by_its_name_plays_its_pattern_in_its_hamlets_or_in_those_that_were_asked_for() -> None:
    kept = {
        "name": "hop-thon",
        "at": "19:00",
        "days": "daily",
        "pattern": "ea-o/study",
        "hamlets": ["thon-2", "thon-3"],
    }
    service = Service(book=codebook(chimes=[*codebook()["chimes"], kept]))
    assert service.ask("chime", pattern="hop-thon")["ok"]
    service.wait(10)
    service.ask("chime", pattern="hop-thon", hamlets=["thon-1"])
    ordered = [one.fields for one in service.said if one.topic == "all/chime"]
    assert [(one["pattern"], one["hamlets"]) for one in ordered] == [
        ("ea-o/study", ["thon-2", "thon-3"]),
        ("ea-o/study", ["thon-1"]),
    ]
    assert all(one["id"].startswith("hop-thon/") for one in ordered)


def test_a_chime_is_in_the_journal_with_the_officer_who_asked_for_it() -> None:
    service = Service()
    told = service.ask("chime", pattern="wake", hamlets=["thon-4"])
    assert (told["ok"], told["why"], told["target"]) == (True, "", "wake/2026-11-21T05:00:01.000")
    (chime,) = [one.fields for one in service.said if one.topic == "all/chime"]
    body = {"pattern": "wake", "hamlets": ["thon-4"], "due_at_ms": service.wall_ms + 1_000}
    body["witness"] = chime["witness"]
    assert [entry for entry in service.shelf.journal if entry.what == "chime"] == [
        Entry(what="chime", subject=told["target"], by="duty", at_ms=service.wall_ms, body=body)
    ]


def test_without_a_code_book_a_built_in_chime_sounds_everywhere() -> None:
    service = Service(book=None)
    assert service.ask("chime", pattern="ea-o/curfew")["ok"]
    assert [one.fields["hamlets"] for one in service.said if one.topic == "all/chime"] == [["all"]]


def test_chimes_of_one_moment_follow_each_other_by_a_millisecond_and_a_long_name_is_cut() -> None:
    service = Service(book=codebook(patterns={"a" * 32 + "/b": "curfew"}))
    told = [service.ask("chime", pattern="a" * 32 + "/b")["target"] for _ in range(3)]
    assert told == [f"{'a' * 32}/2026-11-21T05:00:01.00{number}" for number in range(3)]
    due = [one.fields["due_at"] for one in service.said if one.topic == "all/chime"]
    assert due == [f"2026-11-21T05:00:01.00{number}Z" for number in range(3)]


@pytest.mark.parametrize(
    ("pattern", "hamlets", "why"),
    [
        ("curfew", ["thon-9"], "Không có thôn này trong bộ quy ước / no such hamlet in the code book"),
        ("nothing", None, "Không có bản kẻng nothing / no pattern nothing; see keng patterns list"),
        ("alarm", None, "alarm là báo động, hãy dùng keng alarm / alarm is an alarm; use keng alarm"),
        ("drill", None, "drill là báo động, hãy dùng keng alarm / drill is an alarm; use keng alarm"),
        ("short/alarm", None, "short/alarm là báo động, hãy dùng keng alarm / short/alarm is an alarm; use keng alarm"),
        ("short/drill", None, "short/drill là báo động, hãy dùng keng alarm / short/drill is an alarm; use keng alarm"),
        ("call", None, "call là báo động, hãy dùng keng alarm / call is an alarm; use keng alarm"),
    ],
)
def test_what_is_no_chime_is_told_with_what_to_do(pattern: str, hamlets: list[str] | None, why: str) -> None:
    threes = {"repeat": {"times": 3, "steps": [{"beats": {"strokes": 3, "every_s": 0.26}}, {"rest": 0.62}]}}
    patterns = {
        "short/alarm": {"use": "alarm", "steps": [threes]},
        "short/drill": {"use": "drill", "steps": ["stroke", {"rest": 2}, "stroke"]},
        "call": {"use": "chime", "steps": [ENDLESS]},
    }
    service = Service(book=codebook(patterns={**codebook()["patterns"], **patterns}))
    told = service.ask("chime", pattern=pattern, hamlets=hamlets)
    assert (told["ok"], told["why"]) == (False, why)
    assert service.journal("chime") == []


def test_a_packed_code_book_that_is_nested_without_end_or_bears_a_number_beyond_all_is_told() -> None:
    service = Service()
    deep: object = 1
    for _ in range(40):
        deep = [deep]
    for fields, why in (({"version": 10**18}, "a number beyond"), ({"version": deep}, "nested deeper than")):
        told = service.ask("codebook", codebook=packed(fields))
        assert told["ok"] is False
        assert told["why"].startswith(f"Bộ quy ước nén ghi sai / {why}")
    told = service.ask("codebook", codebook=packed([]))
    assert (told["ok"], told["why"]) == (
        False,
        "bộ quy ước nén không đọc được. / the packed code book cannot be read.",
    )


def test_what_an_officer_is_told_of_a_code_book_and_who_brought_it() -> None:
    service = Service()
    told = service.ask("codebook", codebook=codebook())
    assert (told["ok"], told["why"]) == (True, "Bộ quy ước này đang dùng rồi / this code book is in use already")
    told = service.ask("codebook", codebook=codebook(alarm_s=60))
    assert (told["ok"], told["why"]) == (False, "Hãy tăng version, đang dùng bản 1 / raise the version above 1")
    told = service.ask("codebook", codebook=codebook(version=2))
    assert (told["ok"], told["why"]) == (True, "")
    assert [entry for entry in service.shelf.journal if entry.what == "codebook"][1:] == [
        Entry(what="codebook", subject="2", by="duty", at_ms=service.wall_ms, body=codebook(version=2))
    ]
