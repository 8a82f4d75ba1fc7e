"""What a node that says hello is given."""

import pytest
from fakes.service import Service, alert_id, codebook

from broker.core.answers import ALWAYS_REPEATED
from broker.core.items import CodeBookGiven
from broker.core.welcome import FULL_PER_MINUTE
from wire.envelope import LinkDown, LinkUp

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


def books(service: Service, wait_ms: int) -> list[int]:
    """How long from now until each code book that is said."""
    now_ms = service.now_ms
    return [said.at_ms - now_ms for said in service.wait(wait_ms) if said.topic == "all/codebook"]


def test_the_welcome_says_the_time_and_an_order_number_and_nothing_else() -> None:
    service = Service()
    service.wait(5_000)
    before = max(said.fields["counter"] for said in service.said if said.order)
    welcome = service.hello(nonce="abc")[0]
    assert welcome.fields == {
        "nonce": "abc",
        "now": "2026-11-21T05:00:05.000Z",
        "issued_at": "2026-11-21T05:00:05.000Z",
        "counter": before + 1,
    }
    assert welcome.order


def test_a_hello_is_a_word_from_its_node_with_its_version_if_it_says_one() -> None:
    service = Service()
    service.wait(5_000)
    service.hello("thon-2", version="1.4")
    service.hello("thon-3")
    heard = {node.id: (node.hamlet, node.version, node.online, node.heard_ms) for node in service.core.nodes}
    assert heard["thon-2"] == ("thon-2", "1.4", True, service.now_ms)
    assert heard["thon-3"] == ("thon-3", "", True, service.now_ms)
    service.hello("thon-2")
    assert next(node.version for node in service.core.nodes if node.id == "thon-2") == "1.4"


def test_a_flood_of_hellos_from_one_node_costs_no_other_its_answers() -> None:
    service = Service()
    service.press("thon-2")
    for _ in range(FULL_PER_MINUTE + 1):
        service.hello()
    assert "down/thon-2/answer" in [said.topic for said in service.hello("thon-2")]
    service.wait(60_000)
    service.press("thon-1", 2)
    assert "down/thon-1/answer" in [said.topic for said in service.hello("thon-1")]


@pytest.mark.parametrize(("has", "lacks"), [(None, True), (0, True), (1, False), (2, True)])
def test_the_code_book_is_said_to_whoever_has_another(has: int | None, lacks: bool) -> None:
    service = Service()
    service.wait(5_000)
    said = [one for one in service.hello(codebook=has) if one.topic == "all/codebook"]
    assert bool(said) is lacks
    if said:
        fields = said[0].fields
        assert (fields["version"], fields["issued_at"]) == (1, "2026-11-21T05:00:05.000Z")
        assert fields["counter"] == max(one.fields["counter"] for one in service.said if one.order)
        assert set(fields["hamlets"]) == set(codebook()["hamlets"])


def test_without_a_code_book_none_is_said_whatever_a_node_has() -> None:
    service = Service(book=None)
    service.hello(codebook=7)
    assert books(service, 5_000) == []


def test_the_code_book_is_said_two_seconds_apart_and_waits_for_the_link() -> None:
    service = Service()
    service.wait(5_000)
    service.hello(codebook=0)
    service.wait(500)
    service.hello(codebook=0)
    service.wait(500)
    service.hello("thon-2", codebook=0)
    assert books(service, 10_000) == [1_000]
    service.give(LinkDown())
    service.give(CodeBookGiven(codebook(version=9)))
    assert books(service, 10_000) == []
    assert [one.fields["version"] for one in service.give(LinkUp()) if one.topic == "all/codebook"] == [9]
    assert books(service, 10_000) == []
