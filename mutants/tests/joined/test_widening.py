"""Gongs and commune together: an incident's alarm that an officer lets more hamlets sound."""

import pytest
from fakes.town import Town

pytestmark = pytest.mark.pure


def pressed(*, silent: bool = False) -> tuple[Town, str]:
    """A town in which gong-1 was pressed, and the alert's id."""
    town = Town()
    town.pass_ms(20_000)
    town.hold("gong-1", "quiet" if silent else "red")
    town.pass_ms(1_000)
    (row,) = town.service.core.incidents.values()
    assert row.silent is silent
    return town, row.id


def sounding(town: Town) -> set[str]:
    return {name for name, node in town.nodes.items() if node.sounding is not None}


def test_a_further_hamlet_joins_in() -> None:
    town, id_ = pressed()
    assert sounding(town) == {"gong-1", "gong-2"}
    town.ask("widen", target=id_, hamlets=["h3"])
    town.pass_ms(1_000)
    assert sounding(town) == {"gong-1", "gong-2", "post-1"}


def test_what_was_silenced_sounds_again_also_where_it_was_pressed_and_heard() -> None:
    town, id_ = pressed()
    town.ask("clear", target=id_)
    town.pass_ms(5_000)
    assert sounding(town) == set()
    town.ask("widen", target=id_, hamlets=["all"])
    town.pass_ms(1_000)
    assert sounding(town) == {"gong-1", "gong-2", "post-1"}
    town.ask("clear", target=id_)
    town.pass_ms(2_000)
    assert sounding(town) == set()
    assert not town.service.core.troubles


def test_the_box_that_was_pressed_silently_stays_silent_even_so() -> None:
    town, id_ = pressed(silent=True)
    assert sounding(town) == {"post-1"}
    town.ask("widen", target=id_, hamlets=["h2", "h1"], loud=True)
    town.pass_ms(1_000)
    assert sounding(town) == {"gong-2"}
