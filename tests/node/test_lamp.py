"""Lamps: each truth looks different, and a thread that has nothing to do does nothing."""

import pytest
from fakes.board import FakeBoard
from fakes.waiting import eventually

from node.board import Output, Wiring
from node.core.effects import Show
from node.lamp import LOOK_MS, Lamps, Look, brightness, looks
from wire.blinks import LONG

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


def counted(code: int, look: Look) -> tuple[list[int], int]:
    """What somebody on a ladder sees of one round: how long each flash of the number is, and the round's ms."""
    round_ms = next(
        at
        for at in range(1_000, 60_000)
        if all(brightness(look, at + more, (code,)) == brightness(look, more, (code,)) for more in range(0, 8_000, 50))
    )
    levels = [brightness(look, at, (code,))[0] for at in range(LOOK_MS, round_ms)]
    flashes_ms = [len(flash) for flash in "".join("1" if level else "0" for level in levels).split("0") if flash]
    return flashes_ms, round_ms


@pytest.mark.pure
@pytest.mark.parametrize("code", range(2, 11))
def test_a_number_is_counted_out_in_long_and_short_flashes_between_the_looks(code: int) -> None:
    flashes_ms, _ = counted(code, "unheard")
    assert sum(LONG if ms > 600 else 1 for ms in flashes_ms) == code
    assert len(flashes_ms) <= 5
    before = [brightness("unheard", at, (code,))[0] for at in range(LOOK_MS)]
    assert before == [brightness("unheard", at)[0] for at in range(LOOK_MS)]  # what the look says stays to be seen


@pytest.mark.pure
def test_several_numbers_come_in_turn_and_each_change_is_foretold() -> None:
    codes = (4, 2)
    for look in ("trouble", "unheard", "steady"):
        at_ms, edges = 0, 0
        while at_ms < 60_000:
            level, wait_ms = brightness(look, at_ms, codes)
            assert wait_ms is not None and wait_ms > 0
            assert all(brightness(look, at_ms + more, codes)[0] == level for more in range(0, wait_ms, 13))
            at_ms += wait_ms
            edges += 1
        assert edges > 40


@pytest.mark.pure
def test_a_dark_gap_around_a_number_is_longer_than_any_look_is_dark() -> None:
    def darks(look: Look, codes: tuple[int, ...]) -> set[int]:
        levels = "".join("0" if brightness(look, at, codes)[0] == 0 else "1" for at in range(30_000))
        return {len(dark) for dark in levels.split("1")[1:-1] if dark}

    for look in ("trouble", "unheard", "steady"):
        assert max(darks(look, ()), default=0) <= 1_000 < 2_000 <= max(darks(look, (2,)))


def test_the_link_lamp_of_a_box_counts_and_the_alert_lamp_never_does() -> None:
    board = FakeBoard(TWO)
    board.open()
    lamps = Lamps(board, ("alert", "link"))
    lamps.show(Show("acknowledged", "steady", (2,)))
    eventually(lambda: board.levels == {"alert": 1, "link": 0}, LOOK_MS / 1_000 + 3)
    lamps.show(Show("acknowledged", "steady"))
    eventually(lambda: board.levels == {"alert": 1, "link": 1})
    lamps.close()
