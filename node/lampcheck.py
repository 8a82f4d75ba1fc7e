"""The doctor lights each lamp for a moment: no program can see a lamp, but whoever runs the doctor can.

What must always hold: every lamp is dark again afterwards, and pins that do not obey are a fault, never an error.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from node.board import Board
from node.errors import PinFault
from node.finding import Finding
from wire.blinks import BUTTONS

LIT_S = 0.5
"""Long enough to be seen from the laptop, short enough to wait for."""


def light(board: Board, lamps: Sequence[str], wait: Callable[[float], None] = time.sleep) -> list[Finding]:
    """One after the other, on an open board."""
    if not lamps:
        return []
    try:
        for lamp in lamps:
            board.drive(lamp, 1)
            wait(LIT_S)
            board.drive(lamp, 0)
    except PinFault as fault:
        return [Finding("fail", fault.vi, fault.en, BUTTONS)]
    names = ", ".join(lamps)
    return [
        Finding(
            "ok",
            f"Đèn vừa sáng thử, lần lượt: {names}. Đèn nào không sáng thì xem dây, chân và lamps.active_high.",
            f"Lamps were lit just now, one by one: {names}. One that stayed dark: check cable, pin, lamps.active_high.",
        )
    ]
