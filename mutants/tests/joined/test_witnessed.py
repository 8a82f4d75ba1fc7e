"""Gongs and commune together: each night's chime makes every gong a witness of the register."""

import pytest
from fakes.town import Town

pytestmark = pytest.mark.pure


CHIMES = ("20:42", "20:44", "20:46", "20:48")


def evening(**how: bool) -> Town:
    """20:42:30: all gongs have sounded the first chime."""
    town = Town(chimes=CHIMES, **how)
    town.pass_ms(150_000)
    assert {len(node.core._parts.memory.witnesses) for node in town.nodes.values()} == {1}
    return town


def altered(town: Town) -> bool:
    return any(one.kind == "altered" for one in town.service.core.troubles)


@pytest.mark.parametrize("keys", [False, True])
def test_a_register_that_was_rewritten_while_the_service_was_away_is_known_at_the_first_hello(keys: bool) -> None:
    town = evening(keys=keys)
    town.service.kill()
    town.service.shelf.alter(2)
    town.service.start()
    town.pass_ms(30_000)
    for node in town.nodes:
        town.links[node].cut()
    town.pass_ms(15_000)
    town.heal()
    town.pass_ms(60_000)
    assert altered(town)


def test_an_honest_register_is_never_accused_however_often_power_fails() -> None:
    town = evening()
    for _ in range(3):
        town.hold("gong-1", "red")
        town.ask("close", target="all", outcome="báo nhầm")
        town.service.kill(power=True)
        town.pass_ms(3_000)
        town.service.start()
        town.nodes["gong-2"].go_dark(power=True)
        town.pass_ms(20_000)
        town.heal()
        town.pass_ms(90_000)
        assert not altered(town)
    assert town.service.core._witnesses.head is not None
