"""Asks: who may, once for each id, written down, told."""

import pytest
from fakes.service import Service, alert_id

from broker.core.desk import MOST_PER_MINUTE

pytestmark = pytest.mark.pure


def test_a_repeated_id_is_answered_again_and_not_done_again() -> None:
    service = Service()
    first = service.ask("alarm", id="a1", kind="fire", hamlets=["all"])
    assert first["ok"]
    assert service.ask("alarm", id="a1", kind="fire", hamlets=["all"]) == first
    service.start()
    assert service.ask("alarm", id="a1", kind="fire", hamlets=["all"]) == first
    assert len(service.core.incidents) == 1


def test_two_users_may_use_the_same_id() -> None:
    service = Service()
    service.ask("alarm", id="a1", kind="fire", hamlets=["all"])
    service.ask("alarm", "second", id="a1", kind="theft", hamlets=["all"])
    assert len(service.core.incidents) == 2


def test_what_was_done_is_told_only_once_it_is_written() -> None:
    service = Service()
    service.shelf.fill_disk()
    said = service.hear("ask/duty/alarm", {"id": "a1", "kind": "fire", "hamlets": ["all"]})
    said += service.hear("ask/duty/alarm", {"id": "a1", "kind": "fire", "hamlets": ["all"]})
    assert [one.topic for one in said] == ["all/alarms"]
    service.shelf.free_disk()
    assert [one.fields["ok"] for one in service.wait(6_000) if one.topic == "told/duty"] == [True]


@pytest.mark.parametrize("verb", ["alarm", "clear", "acknowledge", "close", "chime", "codebook"])
@pytest.mark.parametrize("user", ["tv", "nobody"])
def test_a_watcher_and_a_stranger_may_not_act(verb: str, user: str) -> None:
    service = Service()
    service.press()
    fields = {"kind": "fire", "hamlets": ["all"], "target": "all", "pattern": "curfew", "codebook": {}}
    told = service.ask(verb, user, outcome="cháy", **fields)
    assert not told["ok"]
    assert told["why"].startswith("Tài khoản này không được ra lệnh đó / ")
    assert ("refused", user) in service.troubles()
    assert service.core.incidents[alert_id(1)].state == "open"
    assert len(service.sounding()) == 1


def test_a_watcher_may_look_and_a_stranger_may_not() -> None:
    service = Service()
    assert service.ask("status", "tv")["ok"]
    assert service.ask("incidents", "tv")["ok"]
    assert not service.ask("status", "nobody")["ok"]


def test_in_an_open_network_anybody_may_act() -> None:
    service = Service(setup={"open_network": True})
    assert service.ask("alarm", "anyone", kind="fire", hamlets=["all"])["ok"]
    assert not service.ask("clear", "tv", target="all")["ok"]


def test_a_wrong_ask_is_told_if_it_has_an_id() -> None:
    service = Service()
    told = service.ask("alarm", kind="arson", hamlets=["all"])
    assert not told["ok"]
    assert told["why"].startswith("Lệnh thiếu hoặc ghi sai một mục / field: ")
    assert service.hear("ask/duty/alarm", b"{}") == []
    assert service.hear("ask/duty/alarm", {"id": "x" * 65}) == []


def test_a_program_that_asks_without_end_is_told_to_wait_and_others_are_served() -> None:
    service = Service()
    for _ in range(MOST_PER_MINUTE):
        service.ask("clear", target="all")
    assert "chờ" in service.ask("clear", target="all")["why"]
    assert service.ask("clear", "second", target="all")["ok"]
    service.wait(60_000)
    assert service.ask("clear", target="all")["ok"]


def test_every_ask_that_an_officer_may_make_is_in_the_journal_with_what_it_was_told() -> None:
    service = Service()
    service.ask("clear", target="all")
    service.ask("acknowledge", target="0193ffff")
    rows = [entry.ask for entry in service.shelf.journal if entry.ask is not None]
    assert [(row.user, row.verb, row.ok) for row in rows] == [("duty", "clear", True), ("duty", "acknowledge", False)]
