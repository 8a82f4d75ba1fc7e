"""The sampler lives, whatever happens to its pins."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from fakes.board import FakeBoard
from fakes.waiting import eventually

from node.board import Board, Wiring
from node.core.items import Contacts, PanelHealth
from node.errors import PinFault
from node.panel import Bell, PanelReport, Sampler
from node.pins import GpioBoard
from node.sampling import BUSY_MS

WIRING = Wiring({"a": 17, "b": 27}, False, {})
Told = list[Contacts | PanelHealth]


def healths(told: Told) -> list[PanelHealth]:
    return [one for one in told if isinstance(one, PanelHealth)]


def pressed(told: Told) -> list[Contacts]:
    """Readings from the first closed one on: at the start some are told whatever they are."""
    readings = [one for one in told if isinstance(one, Contacts)]
    return readings[next((number for number, one in enumerate(readings) if one.closed), len(readings)) :]


@pytest.fixture
def start() -> Iterator[Callable[..., Sampler]]:
    started: list[Sampler] = []

    def starter(board: Board, report: PanelReport, bell: Bell | None = None) -> Sampler:
        sampler = Sampler(board, report, bell)
        started.append(sampler)
        sampler.open()
        return sampler

    yield starter
    for one in started:
        one.close()


@pytest.mark.parametrize("kind", ["gpio", "fake"])
def test_a_press_is_told_as_levels_with_their_times(start: Callable[..., Sampler], kind: str) -> None:
    told: Told = []
    bell = Bell()
    board = GpioBoard("mock", WIRING, bell.ring) if kind == "gpio" else FakeBoard(WIRING, bell.ring)
    start(board, told.append, bell)
    eventually(lambda: told)
    assert told[0] == PanelHealth(True)
    board.touch("a", True)
    eventually(lambda: len(pressed(told)) > 20)
    board.touch("a", False)
    readings = pressed(told)
    assert readings[0].closed == ("a",)
    assert all(later.at_ms >= earlier.at_ms for earlier, later in pairwise(readings))
    eventually(lambda: isinstance(told[-1], Contacts) and told[-1].closed == ())


def test_lost_pins_are_told_tried_again_and_told_when_they_are_back(start: Callable[..., Sampler]) -> None:
    told: Told = []
    board = FakeBoard(WIRING)
    sampler = start(board, told.append)
    eventually(lambda: told)
    board.broken = "đứt dây"
    eventually(lambda: len(healths(told)) > 1)
    assert not healths(told)[1].ok and "đứt dây" in healths(told)[1].why
    with pytest.raises(PinFault, match="open"):  # let go, so that whatever broke can be mended
        board.drive("lamp", 1)
    turns = sampler.turns()
    eventually(lambda: sampler.turns() > turns, why="a broken cable must not look like a stuck thread")
    board.broken = ""
    eventually(lambda: len(healths(told)) > 2)
    assert healths(told)[2] == PanelHealth(True)


class Noisy(FakeBoard):
    """Its cable has an edge after each reading."""

    def read(self) -> tuple[str, ...]:
        self._hint()
        return ("a",)


def test_a_noisy_cable_makes_nobody_read_faster_than_a_press_needs(start: Callable[..., Sampler]) -> None:
    told: Told = []
    bell = Bell()
    start(Noisy(WIRING, bell.ring), told.append, bell)
    eventually(lambda: len(pressed(told)) > 100)
    times = [one.at_ms for one in pressed(told)[:100]]
    assert times[-1] - times[0] >= 99 * BUSY_MS - 1


class Moody(FakeBoard):
    """Raises what no board may raise."""

    angry = True

    def read(self) -> tuple[str, ...]:
        if self.angry:
            raise ZeroDivisionError("ours")
        return super().read()


def test_a_mistake_of_ours_is_survived(start: Callable[..., Sampler]) -> None:
    told: Told = []
    board = Moody(WIRING)
    start(board, told.append)
    eventually(lambda: len(told) > 1)
    assert isinstance(told[1], PanelHealth) and "ZeroDivisionError" in told[1].why
    board.angry = False
    eventually(lambda: healths(told)[-1] == PanelHealth(True))


def test_a_reporter_that_raises_does_not_end_it(start: Callable[..., Sampler]) -> None:
    calls: list[object] = []

    def refuse(item: object) -> None:
        calls.append(item)
        raise PinFault("x", "y")

    board = FakeBoard(WIRING)
    sampler = start(board, refuse)
    eventually(lambda: calls)
    board.touch("a", True)
    eventually(lambda: len(calls) > 2)
    turns = sampler.turns()
    eventually(lambda: sampler.turns() > turns)


def test_closing_lets_go_of_the_pins() -> None:
    board = FakeBoard(WIRING)
    sampler = Sampler(board, lambda _: None)
    sampler.open()
    eventually(lambda: sampler.turns() > 2)
    sampler.close()
    with pytest.raises(PinFault):
        board.read()
