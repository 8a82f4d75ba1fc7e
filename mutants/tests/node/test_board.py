"""One contract for boards: gpiozero's mock pins under the real adapter, and the fake."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import pytest
from fakes.board import FakeBoard

from node.board import Hint, Output, Switch, Wiring
from node.errors import PinFault
from node.pins import GpioBoard


class TouchBoard(Protocol):
    def open(self) -> None: ...
    def read(self) -> tuple[str, ...]: ...
    def drive(self, output: str, level: float) -> None: ...
    def close(self) -> None: ...
    def touch(self, contact: str, closed: bool) -> None: ...


Make = Callable[[Wiring, Hint], TouchBoard]
LAMPS = {"alert": Output(5, dims=True), "amplifier": Output(25, active_high=False)}
TO_GROUND = Wiring({"security": 17, "fire": 27}, False, LAMPS)
TO_3V3 = Wiring({"security": 17, "fire": 27}, True, LAMPS)


@pytest.fixture(params=["gpio", "fake"])
def make(request: pytest.FixtureRequest) -> Iterator[Make]:
    made: list[TouchBoard] = []

    def maker(wiring: Wiring, hint: Hint = lambda: None) -> TouchBoard:
        board = GpioBoard("mock", wiring, hint) if request.param == "gpio" else FakeBoard(wiring, hint)
        made.append(board)
        return board

    yield maker
    for board in made:
        board.close()


@pytest.mark.parametrize("wiring", [TO_GROUND, TO_3V3])
def test_contacts_are_levels_in_the_order_of_the_wiring(make: Make, wiring: Wiring) -> None:
    board = make(wiring, lambda: None)
    board.open()
    assert board.read() == ()
    board.touch("fire", True)
    board.touch("security", True)
    assert board.read() == board.read() == ("security", "fire")
    board.touch("security", False)
    assert board.read() == ("fire",)


def test_what_is_not_open_is_a_pin_fault(make: Make) -> None:
    board = make(TO_GROUND, lambda: None)
    for use in (board.read, lambda: board.drive("alert", 1)):
        with pytest.raises(PinFault):
            use()
    board.open()
    board.close()
    board.close()
    for use in (board.read, lambda: board.drive("alert", 1)):
        with pytest.raises(PinFault):
            use()


def test_a_touch_gives_a_hint_and_a_hint_that_fails_harms_nobody(make: Make) -> None:
    hints: list[int] = []
    board = make(TO_GROUND, lambda: hints.append(1))
    board.open()
    board.touch("fire", True)
    assert hints


def test_opening_again_starts_afresh(make: Make) -> None:
    board = make(TO_GROUND, lambda: None)
    board.open()
    board.drive("alert", 1)
    board.open()
    board.drive("alert", 0.5)
    assert board.read() == ()


def test_gpiozeros_thread_never_sees_an_exception_of_ours() -> None:
    def fail() -> None:
        raise RuntimeError

    board = GpioBoard("mock", TO_GROUND, fail)
    board.open()
    board.touch("fire", True)
    assert board.read() == ("fire",)


def state(board: GpioBoard, number: int) -> Any:
    return board._factory.pin(number).state


def test_outputs_are_off_at_first_and_at_the_end_whichever_way_they_are_wired() -> None:
    board = GpioBoard("mock", TO_GROUND)
    board.open()
    lamp, relay = board._factory.pin(5), board._factory.pin(25)
    assert (lamp.state, relay.state) == (0, 1)
    board.drive("alert", 0.25)
    Switch(board, "amplifier").on()
    assert (lamp.state, relay.state) == (0.25, 0)
    Switch(board, "amplifier").off()
    assert relay.state == 1
    Switch(board, "amplifier").on()
    states, before = relay.states, len(relay.states)
    board.close()
    assert [one.state for one in states[before:]] == [1, 0]  # off, then what the mock itself does to a freed pin


def test_no_lgpio_is_a_sentence_that_says_what_to_do() -> None:
    board = GpioBoard("lgpio", TO_GROUND)
    with pytest.raises(PinFault, match="lgpio") as caught:
        board.open()
    assert "mock" in caught.value.en and "mock" in caught.value.vi
    with pytest.raises(PinFault):
        board.read()
