"""Asks: who may, once for each id, written down, told."""

import json

import pytest
from fakes.service import Service, alert_id
from msgspec.structs import replace

from broker.core.desk import ACTS_PER_MINUTE, LOOKS_PER_MINUTE
from broker.core.effects import Erase
from broker.core.records import Entry
from wire.asks import Told
from wire.codec import decode

pytestmark = pytest.mark.pure


def test_a_repeated_id_is_answered_again_and_not_done_again() -> None:
    service = Service()
    first = service.ask("alarm", id="a1", kind="fire", hamlets=["all"])
    assert first["ok"]
    assert service.ask("alarm", id="a1", kind="fire", hamlets=["all"]) == first
    service.start()
    assert service.ask("alarm", id="a1", kind="fire", hamlets=["all"]) == first
    assert len(service.core.incidents) == 1


ASKED = {"id": "a1", "kind": "fire", "hamlets": ["all"]}


@pytest.mark.parametrize(
    ("verb", "fields"),
    [
        ("clear", {"target": "all"}),
        ("alarm", {"kind": "theft", "hamlets": ["all"]}),
        ("alarm", ASKED | {"drill": True}),
    ],
)
@pytest.mark.parametrize("restarted", [False, True])
def test_another_ask_under_a_used_id_is_refused_and_never_called_done(verb: str, fields: dict, restarted: bool) -> None:
    service = Service()
    first = service.ask("alarm", **ASKED)
    if restarted:
        service.start()
    told = service.ask(verb, **{**fields, "id": "a1"})
    assert not told["ok"]
    assert told["why"].startswith("Mã lệnh này đã dùng cho lệnh khác")
    assert len(service.sounding()) == 1
    assert service.ask("alarm", **ASKED) == first


def test_an_ask_of_which_an_older_program_kept_no_content_is_known_by_its_verb() -> None:
    service = Service()
    first = service.ask("alarm", **ASKED)
    (row,) = (entry.ask for entry in service.shelf.journal if entry.ask is not None)
    service.shelf.append([Entry(what="asked", subject="a1", by="duty", at_ms=0, ask=replace(row, digest=None))])
    service.start()
    assert service.ask("alarm", **ASKED) == first
    assert not service.ask("clear", id="a1", target="all")["ok"]


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
    assert told["why"].startswith("Lệnh thiếu hoặc ghi sai mục loại việc (kind) / field: ")


@pytest.mark.parametrize(
    ("verb", "payload", "why"),
    [
        ("alarm", b"{}", "mã lệnh (id)"),
        ("alarm", b"[]", "ghi sai một mục"),
        ("alarm", b"not json", "không phải JSON"),
        ("alarm", b'{"id":"\xff"}', "không viết bằng UTF-8"),
        ("alarm", b'{"id":3}', "mã lệnh (id)"),
        ("alarm", b'{"id":"%s"}' % (b"x" * 65), "mã lệnh (id)"),
        ("alarm", b'{"id":"a\\u001b[2J"}', "mã lệnh (id)"),
        ("alarm", b'{"id":"a","text":"%s"}' % (b"x" * 9_000), "dài quá 8 KiB"),
        ("alarm", b'{"id":"","kind":"fire","hamlets":["all"]}', "mã lệnh (id)"),
        ("frob", b"{}", "Không có lệnh này"),
    ],
)
def test_a_wrong_ask_is_told_under_an_empty_id_if_it_has_none(verb: str, payload: bytes, why: str) -> None:
    service = Service()
    (told,) = service.hear(f"ask/duty/{verb}", payload)
    assert (told.topic, told.fields["id"], told.fields["ok"]) == ("told/duty", "", False)
    assert why in told.fields["why"].partition(" / ")[0]
    decode(json.dumps(told.fields).encode(), Told)


def test_no_such_verb_is_told_under_the_id() -> None:
    (told,) = Service().hear("ask/duty/frob", {"id": "b28"})
    assert (told.fields["id"], told.fields["ok"]) == ("b28", False)


@pytest.mark.parametrize("verb", ["alarm", "frob"])
def test_an_ask_that_a_broker_kept_is_told_and_erased_and_not_done(verb: str) -> None:
    service = Service()
    (told,) = service.hear(f"ask/duty/{verb}", {"id": "a1", "kind": "fire", "hamlets": ["all"]}, retained=True)
    assert (told.fields["id"], told.fields["ok"]) == ("a1", False)
    assert [effect.topic for effect in service.done if isinstance(effect, Erase)] == [
        f"keng/1/cong-lac/ask/duty/{verb}"
    ]
    assert service.sounding() == []
    assert service.hear(f"ask/duty/{verb}", b"", retained=True) == []


def test_who_cannot_be_told_is_only_counted() -> None:
    service = Service()
    assert service.hear("ask/Ai Do/alarm", {"id": "a1"}) == []
    assert service.core.refused == {"unknown": {"topic": 1}}


def test_a_program_that_asks_without_end_is_told_to_wait_and_others_are_served() -> None:
    service = Service()
    for _ in range(ACTS_PER_MINUTE):
        service.ask("clear", target="all")
    assert "chờ" in service.ask("clear", target="all")["why"]
    assert service.ask("clear", "second", target="all")["ok"]
    service.wait(60_000)
    assert service.ask("clear", target="all")["ok"]


def test_however_much_an_officer_looks_it_can_act() -> None:
    service = Service()
    service.press()
    for number in range(LOOKS_PER_MINUTE):
        assert service.ask(("status", "incidents")[number % 2])["ok"]
    assert "chờ" in service.ask("status")["why"]
    assert service.ask("acknowledge", target=alert_id(1))["ok"]
    assert service.ask("clear", target="all")["ok"]


def test_an_officer_who_may_act_no_more_can_still_look() -> None:
    service = Service()
    for _ in range(ACTS_PER_MINUTE + 1):
        service.ask("clear", target="all")
    assert service.ask("status")["ok"]


def test_every_ask_that_an_officer_may_make_is_in_the_journal_with_what_it_was_told() -> None:
    service = Service()
    service.ask("clear", target="all")
    service.ask("acknowledge", target="0193ffff")
    rows = [entry.ask for entry in service.shelf.journal if entry.ask is not None]
    assert [(row.user, row.verb, row.ok) for row in rows] == [("duty", "clear", True), ("duty", "acknowledge", False)]
