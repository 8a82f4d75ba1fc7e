"""Whom an alert reaches that nobody acknowledges."""

import pytest
from fakes.service import Service, alert_id, codebook

pytestmark = pytest.mark.pure


def reach(service: Service) -> list[str]:
    return service.sounding()[0]["hamlets"]


def test_the_neighbours_then_the_commune() -> None:
    service = Service()
    service.press("thon-2")
    service.wait(29_900)
    assert reach(service) == ["thon-2", "thon-3"]
    service.wait(100)
    assert reach(service) == ["thon-2", "thon-3", "thon-1"]
    service.wait(29_900)
    assert reach(service) == ["thon-2", "thon-3", "thon-1"]
    service.wait(100)
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
