"""What was done at the console itself stands in the same journal, and a flood of it hinders nothing else."""

from typing import Any

import pytest
from fakes.service import Service

from broker.core.desk import AUDITS_IN_ALL, AUDITS_PER_MINUTE

pytestmark = pytest.mark.pure

USERS = {"duty": "officer", "tv": "watch", "console": "console"}


def audit(service: Service, user: str = "console", **fields: Any) -> dict[str, Any]:
    return service.ask("audit", user, **{"what": "login", "about": "hoa", **fields})


def commune() -> Service:
    return Service(setup={"users": USERS})


def test_a_deed_is_written_down_with_who_what_and_when() -> None:
    service = commune()
    told = audit(service, what="account_changed", about="lan", behalf="hoa", detail={"role": "trực ban", "was": "xem"})
    assert told["ok"]
    entry = next(one for one in service.shelf.journal if one.what == "audited")
    assert (entry.subject, entry.by, entry.at_ms) == ("lan", "hoa", service.wall_ms)
    assert entry.body == {"what": "account_changed", "detail": {"role": "trực ban", "was": "xem"}}


def test_a_repeated_one_is_answered_again_and_written_once() -> None:
    service = commune()
    assert audit(service, id="a") == audit(service, id="a")
    assert service.journal("audited") == ["hoa"]
    assert not audit(service, id="a", about="lan")["ok"]


@pytest.mark.parametrize("user", ["duty", "tv", "nobody"])
def test_nobody_but_a_console_writes_one_down(user: str) -> None:
    service = commune()
    assert audit(service, user)["why"].startswith("Tài khoản này không được ra lệnh đó")
    assert service.journal("audited") == []


def test_in_an_open_network_the_user_console_alone_does() -> None:
    service = Service(setup={"users": {}, "open_network": True})
    assert audit(service)["ok"]
    assert not audit(service, "anyone")["ok"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"what": "Login"}, "việc gì (what)"),
        ({"what": ""}, "việc gì (what)"),
        ({"what": "x" * 41}, "việc gì (what)"),
        ({"about": ""}, "về ai, về gì (about)"),
        ({"about": "x" * 81}, "về ai, về gì (about)"),
        ({"detail": {str(n): "x" for n in range(3)}}, "mục"),
        ({"detail": {f"d{n}": "x" for n in range(17)}}, "chi tiết (detail)"),
        ({"detail": {"d": "x" * 301}}, "chi tiết (detail)"),
        ({"detail": {"d": 3}}, "chi tiết (detail)"),
        ({"detail": {"d": "\x1b[2J"}}, "chi tiết (detail)"),
    ],
)
def test_a_deed_is_bounded_in_all_that_it_says(fields: dict[str, Any], named: str) -> None:
    service = commune()
    assert named in audit(service, **fields)["why"]
    assert service.journal("audited") == []


def test_a_flood_of_failed_logins_hinders_neither_acts_nor_other_deeds() -> None:
    service = commune()
    for number in range(AUDITS_PER_MINUTE):
        assert audit(service, what="login_refused", about=f"guess-{number}")["ok"]
    assert "chờ" in audit(service, what="login_refused")["why"]
    assert audit(service, what="account_changed")["ok"]
    assert service.ask("alarm", "console", kind="fire", hamlets=["all"], behalf="hoa")["ok"]
    service.wait(60_000)
    assert audit(service, what="login_refused")["ok"]


def test_deeds_of_ever_other_names_are_bounded_too_and_hinder_no_act() -> None:
    service = Service(setup={"users": {**USERS, "second": "console"}})
    for number in range(AUDITS_IN_ALL):
        assert audit(service, what=f"deed_{number}")["ok"]
    why = f"console: more than {AUDITS_PER_MINUTE} deeds of a kind, or {AUDITS_IN_ALL}, a minute"
    assert audit(service, what="one_more")["why"] == f"Quá nhiều lệnh, hãy chờ một phút / {why}"
    assert audit(service, "second", what="one_more")["ok"]
    assert service.ask("alarm", "console", kind="fire", hamlets=["all"], behalf="hoa")["ok"]


def test_acts_hinder_no_deed() -> None:
    service = commune()
    while service.ask("clear", "console", target="all")["ok"]:
        pass
    assert audit(service)["ok"]
