"""A chime now, a new code book."""

import pytest
from fakes.bigbook import big_book
from fakes.service import Service, codebook

from patterns.packed import carried
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
    assert not told["ok"]
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
