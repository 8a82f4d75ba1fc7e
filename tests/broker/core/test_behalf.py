"""A console asks for the officer whom it names, and nobody else may."""

import json
from hashlib import blake2s

import pytest
from fakes.service import Service, alert_id

from broker.core.desk import ACTS_PER_MINUTE, CONSOLE_ACTS_PER_MINUTE, DIGEST_BYTES
from broker.core.records import AskRow

pytestmark = pytest.mark.pure

USERS = {"duty": "officer", "tv": "watch", "console": "console"}


def commune() -> Service:
    return Service(setup={"users": USERS})


def test_the_rows_name_the_officer_and_the_ask_its_console() -> None:
    service = commune()
    service.press()
    alarm = service.ask("alarm", "console", kind="fire", hamlets=["all"], behalf="hoa")["target"]
    service.ask("acknowledge", "console", target=alert_id(1), behalf="lan")
    service.ask("clear", "console", target=alarm, behalf="minh")
    service.ask("close", "console", target=alert_id(1), outcome="cháy", behalf="hoa")
    service.ask("chime", "console", pattern="curfew", behalf="hoa")
    rows = service.core.incidents
    assert (rows[alarm].by, rows[alert_id(1)].acknowledged_by, rows[alert_id(1)].closed_by) == ("hoa", "lan", "hoa")
    by = {entry.what: entry.by for entry in service.shelf.journal if entry.by not in (None, "thon-1")}
    assert by == {
        "opened": "hoa",
        "acknowledged": "lan",
        "cleared": "minh",
        "closed": "hoa",
        "chime": "hoa",
        "asked": "hoa",
    }
    assert {entry.ask.user for entry in service.shelf.journal if entry.ask is not None} == {"console"}


def test_the_gongs_are_told_the_officer() -> None:
    service = commune()
    service.press()
    service.ask("alarm", "console", kind="fire", hamlets=["all"], behalf="hoa")
    assert service.sounding()[-1]["by"] == "hoa"
    service.ask("acknowledge", "console", target=alert_id(1), behalf="lan")
    answer = [one.fields for one in service.said if one.topic == "down/thon-1/answer"][-1]
    assert (answer["state"], answer["by"]) == ("acknowledged", "lan")


def test_a_console_that_names_nobody_acts_as_itself() -> None:
    service = commune()
    target = service.ask("alarm", "console", kind="fire", hamlets=["all"])["target"]
    assert service.core.incidents[target].by == "console"


@pytest.mark.parametrize("open_network", [False, True])
def test_nobody_else_may_ask_for_another(open_network: bool) -> None:
    service = Service(setup={"users": USERS, "open_network": open_network})
    told = service.ask("alarm", "duty", kind="fire", hamlets=["all"], behalf="hoa")
    assert not told["ok"]
    assert told["why"].startswith("Chỉ màn hình trực của xã mới được ra lệnh thay người khác")
    assert told["why"].endswith("duty is no console and may not ask for hoa")
    assert service.core.incidents == {}
    assert service.core.refused == {"duty": {"behalf": 1}}


def test_in_an_open_network_the_user_console_is_one() -> None:
    service = Service(setup={"users": {}, "open_network": True})
    target = service.ask("alarm", "console", kind="fire", hamlets=["all"], behalf="hoa")["target"]
    assert service.core.incidents[target].by == "hoa"
    assert not service.ask("alarm", "anyone", kind="fire", hamlets=["all"], behalf="hoa")["ok"]


def test_elsewhere_the_name_console_alone_is_nothing() -> None:
    service = Service()
    assert not service.ask("alarm", "console", kind="fire", hamlets=["all"], behalf="hoa")["ok"]


@pytest.mark.parametrize("name", ["all", "", "Hoa", "a" * 33])
def test_an_officer_is_named_as_a_user_is(name: str) -> None:
    told = commune().ask("alarm", "console", kind="fire", hamlets=["all"], behalf=name)
    assert not told["ok"]
    assert "ra lệnh thay ai (behalf)" in told["why"]


def test_the_same_id_for_another_officer_is_another_ask() -> None:
    service = commune()
    first = service.ask("alarm", "console", id="a1", kind="fire", hamlets=["all"], behalf="hoa")
    assert service.ask("alarm", "console", id="a1", kind="fire", hamlets=["all"], behalf="hoa") == first
    assert not service.ask("alarm", "console", id="a1", kind="fire", hamlets=["all"], behalf="lan")["ok"]


def test_an_ask_for_nobody_else_is_known_as_it_was_before_there_was_such_a_thing() -> None:
    service = commune()
    service.ask("clear", id="c1", target="all")
    row: AskRow = next(entry.ask for entry in service.shelf.journal if entry.ask is not None)
    then = json.dumps({"id": "c1", "target": "all", "outcome": None, "note": None}, separators=(",", ":"))
    assert row.digest == blake2s(then.encode(), digest_size=DIGEST_BYTES).hexdigest()


def test_an_officers_haste_does_not_hinder_another_at_the_same_console() -> None:
    service = commune()
    for _ in range(ACTS_PER_MINUTE):
        assert service.ask("clear", "console", target="all", behalf="hoa")["ok"]
    assert "chờ" in service.ask("clear", "console", target="all", behalf="hoa")["why"]
    assert service.ask("clear", "console", target="all", behalf="lan")["ok"]


def test_a_console_that_invents_names_is_bounded_all_the_same() -> None:
    service = commune()
    for number in range(CONSOLE_ACTS_PER_MINUTE):
        assert service.ask("clear", "console", target="all", behalf=f"o{number}")["ok"]
    told = service.ask("clear", "console", target="all", behalf="hoa")
    assert told["why"] == "Quá nhiều lệnh, hãy chờ một phút / console: more than 600 acts a minute"
    assert service.ask("clear", "duty", target="all")["ok"]


def test_a_console_sees_and_is_told_of_what_an_officer_is() -> None:
    service = commune()
    service.press(silent=True)
    assert "told/console" in {one.topic for one in service.said}
    shown = service.ask("incidents", "console")["result"]["incidents"]
    assert [row["id"] for row in shown] == [alert_id(1)]
