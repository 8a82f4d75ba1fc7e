"""Lamps: each truth looks different, and a thread that has nothing to do does nothing."""

import pytest
from fakes.board import FakeBoard
from fakes.waiting import eventually

from node.board import Output, Wiring
from node.core.effects import Show
from node.lamp import Lamps, Look, brightness, looks

TWO = Wiring({}, False, {"alert": Output(5, dims=True), "link": Output(6, dims=True)})


def flashes(look: Look, within_ms: int = 10_000) -> int:
    levels = [brightness(look, at)[0] > 0.5 for at in range(within_ms)]
    return sum(on and not before for before, on in zip([False, *levels], levels, strict=False))


@pytest.mark.pure
def test_each_look_has_its_own_rhythm() -> None:
    assert (flashes("sending"), flashes("received"), flashes("acknowledged"), flashes("dark")) == (50, 5, 1, 0)
    assert (flashes("trouble"), flashes("unheard"), flashes("steady")) == (40, 5, 1)


@pytest.mark.pure
def test_received_swells_and_is_never_dark_unheard_is_on_or_off() -> None:
    swell = [brightness("received", at)[0] for at in range(0, 2_000, 40)]
    assert len(set(swell)) > 20 and min(swell) > 0
    assert {brightness("unheard", at)[0] for at in range(2_000)} == {0.0, 1.0}


@pytest.mark.pure
def test_the_time_of_the_next_change_is_true() -> None:
    every: tuple[Look, ...] = ("sending", "unheard", "trouble")
    for look in every:
        for at in range(0, 2_000, 7):
            level, wait_ms = brightness(look, at)
            assert wait_ms is not None
            assert brightness(look, at + wait_ms)[0] != level == brightness(look, at + wait_ms - 1)[0]


@pytest.mark.pure
def test_a_one_lamp_box_shows_the_alert_and_the_link_only_when_there_is_none() -> None:
    assert looks(Show("sending", "trouble"), ("one",)) == {"one": "sending"}
    assert looks(Show("dark", "trouble"), ("one",)) == {"one": "trouble"}
    assert looks(Show("dark", "steady"), ("alert", "link")) == {"alert": "dark", "link": "steady"}


def test_lamps_follow_and_come_back_after_pins_were_lost() -> None:
    board = FakeBoard(TWO)
    board.open()
    lamps = Lamps(board, ("alert", "link"))
    lamps.show(Show("acknowledged", "steady"))
    eventually(lambda: board.levels == {"alert": 1, "link": 1})
    board.broken = "gone"
    lamps.show(Show("dark", "steady"))
    board.broken = ""
    board.open()
    lamps.renew()
    eventually(lambda: board.levels == {"alert": 0, "link": 1})
    lamps.show(Show("received", "steady"))
    seen: set[float] = set()
    eventually(lambda: len(seen) > 5 if seen.add(board.levels["alert"]) is None else False)
    lamps.close()
