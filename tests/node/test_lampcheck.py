"""The doctor lights each lamp once, leaves it dark, and calls pins that do not obey by their name."""

import pytest
from fakes.board import FakeBoard

from node.board import Output, Wiring
from node.lampcheck import LIT_S, light
from wire.blinks import BUTTONS

pytestmark = pytest.mark.pure
TWO = Wiring({}, False, {"alert": Output(5, dims=True), "link": Output(6, dims=True)})


def test_each_lamp_shines_alone_for_a_moment_and_is_dark_again() -> None:
    board = FakeBoard(TWO)
    board.open()
    seen: list[tuple[float, dict[str, float]]] = []
    (found,) = light(board, ("alert", "link"), lambda wait_s: seen.append((wait_s, dict(board.levels))))
    assert seen == [(LIT_S, {"alert": 1, "link": 0}), (LIT_S, {"alert": 0, "link": 1})]
    assert board.levels == {"alert": 0, "link": 0}
    assert found.state == "ok" and "alert, link" in found.vi


def test_pins_that_do_not_obey_are_a_fault_and_a_box_without_lamps_is_none() -> None:
    board = FakeBoard(TWO)
    board.open()
    board.broken = "đứt dây"
    (found,) = light(board, ("alert",), lambda _: None)
    assert (found.state, found.code) == ("fail", BUTTONS)
    assert light(board, ()) == []
