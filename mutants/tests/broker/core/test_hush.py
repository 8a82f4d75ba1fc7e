"""A box that floods is heard aside for a while: it is shown, it comes back, and nobody is unheard."""

import pytest
from fakes.service import Service, codebook

from broker.core.effects import Listen
from broker.core.hush import CALM_MS, MAX_LISTED
from broker.core.items import CodeBookGiven, Flooding

pytestmark = pytest.mark.pure

FIVE = ("thon-1", "thon-2", "thon-3", "thon-4", "thon-5")
TOGETHER = Listen(None, ())


def listens(service: Service) -> list[Listen]:
    return [effect for effect in service.done if isinstance(effect, Listen)]


def aside(*nodes: str) -> Listen:
    return Listen(tuple(node for node in FIVE if node not in nodes), nodes)


def test_without_a_flood_everybody_is_heard_together_and_nothing_is_changed() -> None:
    service = Service()
    service.wait(3_600_000)
    assert listens(service) == []


def test_a_flooder_is_heard_aside_is_shown_and_is_heard_with_the_others_when_it_is_calm() -> None:
    service = Service()
    service.give(Flooding("thon-3"))
    assert listens(service) == [aside("thon-3")]
    assert ("refused", "thon-3") in service.troubles()
    service.wait(CALM_MS - 1)
    assert listens(service) == [aside("thon-3")]
    service.wait(1)
    assert listens(service) == [aside("thon-3"), TOGETHER]


def test_for_as_long_as_it_floods_nothing_is_changed_again() -> None:
    service = Service()
    for _ in range(100):
        service.give(Flooding("thon-3"))
        service.wait(CALM_MS - 1)
    assert listens(service) == [aside("thon-3")]
    service.wait(1)
    assert listens(service)[-1] == TOGETHER


def test_two_flooders_are_both_heard_aside_and_come_back_each_in_its_time() -> None:
    service = Service()
    service.give(Flooding("thon-3"))
    service.wait(10_000)
    service.give(Flooding("thon-1"))
    service.wait(CALM_MS)
    assert listens(service) == [aside("thon-3"), aside("thon-1", "thon-3"), aside("thon-1"), TOGETHER]


def test_what_it_presses_meanwhile_is_taken_as_ever() -> None:
    service = Service()
    service.give(Flooding("thon-3"))
    service.press("thon-3")
    assert [row.node for row in service.core.incidents.values()] == ["thon-3"]


def test_a_node_that_is_new_in_the_code_book_is_heard_meanwhile() -> None:
    service = Service()
    service.give(Flooding("thon-3"))
    book = codebook(version=99)
    book["nodes"]["moi"] = {"hamlet": "thon-1"}
    service.give(CodeBookGiven(book))
    assert listens(service)[-1] == Listen(tuple(sorted({"moi", *FIVE} - {"thon-3"})), ("thon-3",))


def test_among_too_many_to_be_named_everybody_stays_heard_together_and_the_flood_is_shown() -> None:
    service = Service(book=None)
    for number in range(MAX_LISTED + 1):
        service.hello(f"n{number}")
    service.give(Flooding("n1"))
    assert listens(service) == []
    assert ("refused", "n1") in service.troubles()


def test_as_many_as_can_be_named_are() -> None:
    service = Service(book=None)
    for number in range(MAX_LISTED):
        service.hello(f"n{number}")
    service.give(Flooding("n1"))
    assert [len(listen.others or ()) for listen in listens(service)] == [MAX_LISTED - 1]


def test_a_flood_is_counted_and_its_trouble_says_what_is_done_about_it() -> None:
    service = Service()
    service.give(Flooding("thon-3"))
    assert service.core.refused == {"thon-3": {"flood": 1}}
    (why,) = [one.why for one in service.core.troubles if one.kind == "refused"]
    assert why.endswith("; last: more than can be read; it is heard aside for a while")
