"""Whom an alert reaches that nobody acknowledges."""

import json

import pytest
from fakes.service import NOON_MS, Service, alert_id, arrived, codebook

from broker.core.effects import Order
from broker.core.records import Alarm, Entry

pytestmark = pytest.mark.pure


def reach(service: Service) -> list[str]:
    return service.sounding()[0]["hamlets"]


def test_the_neighbours_then_the_commune() -> None:
    service = Service()
    service.press("thon-2")
    service.wait(29_999)
    assert reach(service) == ["thon-2", "thon-3"]
    service.wait(1)
    assert reach(service) == ["thon-2", "thon-3", "thon-1"]
    service.wait(29_999)
    assert reach(service) == ["thon-2", "thon-3", "thon-1"]
    service.wait(1)
    assert reach(service) == ["all"]
    assert service.journal("sounding") == [alert_id(1)] * 2


def test_a_jump_of_the_clock_neither_hastens_nor_delays_it() -> None:
    service = Service()
    service.press("thon-2")
    service.wait(10_000)
    service.jump(-(10**10))
    service.wait(19_900)
    assert "thon-1" not in reach(service)
    service.wait(100)
    assert "thon-1" in reach(service)


def test_a_person_who_takes_it_stops_it() -> None:
    service = Service()
    service.press("thon-2")
    service.ask("acknowledge", target="all")
    service.wait(90_000)
    assert reach(service) == ["thon-2", "thon-3"]


@pytest.mark.parametrize("verb", ["clear", "close"])
def test_what_is_silenced_stays_silent(verb: str) -> None:
    service = Service()
    service.press()
    service.ask(verb, target="all", outcome="cháy")
    service.wait(90_000)
    assert service.sounding() == []
    assert service.journal("sounding") == []


@pytest.mark.parametrize("changes", [{"drill": True}, {"kind": "test"}, {"silent": True}])
def test_only_a_real_loud_alert_escalates(changes: dict[str, object]) -> None:
    service = Service()
    service.press(**changes)
    service.wait(90_000)
    assert service.journal("sounding") == []


def test_an_officers_alarm_sounds_where_it_was_sent() -> None:
    service = Service()
    service.ask("alarm", kind="fire", hamlets=["thon-1"])
    service.wait(90_000)
    assert reach(service) == ["thon-1"]


def test_a_restart_goes_on_where_it_was() -> None:
    service = Service()
    service.press("thon-2")
    service.wait(20_000)
    service.start()
    assert "thon-1" not in reach(service)
    service.wait(10_000)
    assert reach(service) == ["thon-2", "thon-3", "thon-1"]


def test_without_a_word_in_the_code_book_nobody_else_is_woken() -> None:
    service = Service(book=codebook(escalation=None))
    service.press()
    service.wait(100_000)
    assert reach(service) == ["thon-1"]


def test_a_register_that_lost_the_incident_of_an_alarm_still_lets_it_sound() -> None:
    service = Service()
    row = Alarm(
        id=alert_id(7),
        kind="fire",
        pattern="alarm",
        drill=False,
        silent=False,
        hamlets=("thon-1",),
        since_ms=NOON_MS,
        life_s=180,
    )
    service.shelf.append([Entry(what="sounding", subject=row.id, by=None, at_ms=NOON_MS, alarm=row)])
    service.press("thon-2")
    service.start()
    service.wait(60_000)
    assert [one["hamlets"] for one in service.sounding()] == [["thon-1"], ["all"]]


def test_taking_one_at_the_very_moment_keeps_the_neighbours_from_no_other() -> None:
    service = Service()
    service.press("thon-4", 1)
    service.press("thon-2", 2)
    service._pass(30_000)
    ask = arrived("ask/duty/acknowledge", {"id": "a", "target": alert_id(1)})
    (said, *_) = [one for one in service.core.step(service.now_ms, service.wall_ms, ask) if isinstance(one, Order)]
    stated = json.loads(said.payload)["alarms"]
    assert [one["hamlets"] for one in stated] == [["thon-4"], ["thon-2", "thon-3", "thon-1"]]


def test_after_a_restart_with_a_clock_that_went_back_it_waits_as_long_as_for_a_new_one() -> None:
    service = Service()
    service.press("thon-2")
    service.jump(-100_000)
    service.start()
    service.wait(29_999)
    assert reach(service) == ["thon-2", "thon-3"]
    service.wait(1)
    assert reach(service) == ["thon-2", "thon-3", "thon-1"]
