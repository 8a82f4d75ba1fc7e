"""What a node that says hello is given."""

import pytest
from fakes.service import Service, alert_id

from broker.core.answers import ALWAYS_REPEATED
from broker.core.welcome import FULL_PER_MINUTE

pytestmark = pytest.mark.pure


def test_the_time_first_then_answers_then_the_set() -> None:
    service = Service()
    service.press()
    service.press(number=2)
    service.ask("close", target=alert_id(2), outcome="cháy")
    service.wait(5_000)
    said = service.hello(nonce="abc")
    assert [one.topic for one in said] == [
        "down/thon-1/welcome",
        "down/thon-1/answer",
        "down/thon-1/answer",
        "all/alarms",
    ]
    assert said[0].fields["nonce"] == "abc"
    assert said[0].fields["now"] == said[0].fields["issued_at"] == "2026-11-21T05:00:05.000Z"
    assert [one.fields["state"] for one in said[1:3]] == ["received", "closed"]


def test_the_code_book_goes_to_who_lacks_it_once_for_many() -> None:
    service = Service()
    service.wait(5_000)
    said = service.hello(codebook=0)
    said += service.hello("thon-2", codebook=7)
    said += service.hello("thon-3", codebook=None)
    said += service.wait(5_000)
    assert [one.at_ms - said[0].at_ms for one in said if one.topic == "all/codebook"] == [0, 2_000]
    service.wait(5_000)
    assert not [one for one in service.hello() + service.wait(5_000) if one.topic == "all/codebook"]


def test_a_nodes_higher_counter_is_passed() -> None:
    service = Service()
    high = service.wall_ms + 3_600_000
    assert service.hello(counter=high)[0].fields["counter"] > high


def test_other_nodes_answers_are_theirs() -> None:
    service = Service()
    service.press("thon-2")
    assert not [one for one in service.hello("thon-1") if one.topic.endswith("answer")]


def test_what_ended_long_ago_is_not_told_again_but_for_the_last_few() -> None:
    service = Service()
    for number in range(1, ALWAYS_REPEATED + 3):
        service.press(number=number)
        service.ask("close", target="all", outcome="cháy")
        service.wait(60_000)
    service.wall_ms += 8 * 86_400_000
    told = [one.fields["id"] for one in service.hello() if one.topic.endswith("answer")]
    assert told == [alert_id(number) for number in range(ALWAYS_REPEATED + 2, 2, -1)]


def test_a_flood_of_hellos_gets_the_time_and_no_more() -> None:
    service = Service()
    service.press()
    said = [service.hello() for _ in range(FULL_PER_MINUTE + 50)]
    assert all(one[0].topic.endswith("welcome") for one in said)
    assert len(service.answers()) <= FULL_PER_MINUTE + 1


def test_what_is_not_on_the_disk_is_not_told_after_a_hello() -> None:
    service = Service()
    service.shelf.fill_disk()
    service.press()
    service.hello()
    assert service.answers() == []
