"""Asks: who may, once for each id, written down, told."""

import json

import pytest
from fakes.service import Service, alert_id
from msgspec.structs import replace

from broker.core.desk import ACTS_PER_MINUTE, DIGEST_BYTES, LOOKS_PER_MINUTE
from broker.core.effects import Erase
from broker.core.records import MAX_ASKS, AskRow, Entry
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


def test_in_an_open_network_anybody_sees_what_an_officer_sees() -> None:
    service = Service(setup={"open_network": True})
    service.press(silent=True)
    for user, seen in (("anyone", 1), ("duty", 1), ("tv", 0)):
        assert len(service.ask("incidents", user)["result"]["incidents"]) == seen
        assert len(service.ask("status", user)["result"]["alarms"]) == seen


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


def test_the_latest_asks_are_remembered_and_the_oldest_makes_room() -> None:
    service = Service()
    past = [
        AskRow(user="duty", id=f"old-{n}", verb="clear", ok=True, why="", target=None, at_ms=0)
        for n in range(MAX_ASKS - 1)
    ]
    service.shelf.append([Entry(what="asked", subject=row.id, by="duty", at_ms=0, ask=row) for row in past])
    service.start()
    for id_ in ("old-0", "new-1", "old-0", "new-2", "old-1", "old-0"):
        service.ask("clear", id=id_, target="all")
    done = [entry.ask.id for entry in service.shelf.journal if entry.ask is not None]
    assert done[MAX_ASKS - 1 :] == ["new-1", "new-2", "old-0"]


def test_what_is_told_of_a_used_id_is_told_to_who_used_it() -> None:
    service = Service()
    service.ask("alarm", "second", **ASKED)
    assert service.ask("clear", "second", id="a1", target="all") == {
        "id": "a1",
        "ok": False,
        "why": "Mã lệnh này đã dùng cho lệnh khác, hãy gửi lại với mã mới / this id was used for another ask",
        "target": None,
        "result": None,
    }


def test_what_a_person_reads_where_an_ask_is_not_done() -> None:
    service = Service()
    for _ in range(ACTS_PER_MINUTE):
        service.ask("clear", target="all")
    for _ in range(LOOKS_PER_MINUTE):
        service.ask("status", "tv")
    asked = {
        "duty": service.ask("clear", target="all"),
        "tv": service.ask("status", "tv"),
        "nobody": service.ask("status", "nobody"),
    }
    assert [(one["ok"], one["why"], one["target"], one["result"]) for one in asked.values()] == [
        (False, "Quá nhiều lệnh, hãy chờ một phút / duty: more than 120 acts a minute", None, None),
        (False, "Quá nhiều lệnh, hãy chờ một phút / tv: more than 600 looks a minute", None, None),
        (False, "Tài khoản này không được ra lệnh đó / role: nobody may not ask for status", None, None),
    ]
    assert service.core.refused == {"duty": {"flood": 1}, "tv": {"flood": 1}, "nobody": {"role": 1}}
    assert service.ask("status", "second")["ok"] and service.ask("clear", "second", target="all")["ok"]


def test_an_ask_is_written_down_with_all_that_it_was() -> None:
    service = Service()
    told = service.ask("alarm", **ASKED)
    refused = service.ask("acknowledge", id="a2", target="0193ffff")
    done, undone = [entry for entry in service.shelf.journal if entry.what == "asked"]
    assert (done.subject, done.by, done.at_ms) == (told["target"], "duty", service.wall_ms)
    assert done.ask is not None and undone.ask is not None
    assert done.ask.digest is not None and len(done.ask.digest) == 2 * DIGEST_BYTES
    assert replace(done.ask, digest=None) == AskRow(
        user="duty", id="a1", verb="alarm", ok=True, why="", target=told["target"], at_ms=service.wall_ms
    )
    assert (undone.subject, undone.ask.why, undone.ask.target) == ("a2", refused["why"], None)


def test_a_page_that_is_not_there_is_told_under_its_id() -> None:
    service = Service()
    told = service.ask("incidents", id="b7", before="ffffffff")
    assert told == {
        "id": "b7",
        "ok": False,
        "why": "Không có sự vụ ffffffff, hãy xem: keng incidents / no such incident; see keng incidents",
        "target": None,
        "result": None,
    }
    assert service.journal("asked") == []


def test_what_was_written_comes_back_as_a_line_that_reads_as_it_stands() -> None:
    service = Service()
    turned = "0193\u202effff"  # what follows would be read backwards
    assert "0193·ffff" in service.ask("incidents", before=turned)["why"]
    assert "0193·ffff" in service.ask("acknowledge", target=turned)["why"]
    (told,) = service.hear("ask/duty/alarm", {"id": "a", "kind": "fire\x07", "hamlets": ["all"]})
    assert told.fields["why"].isprintable()
