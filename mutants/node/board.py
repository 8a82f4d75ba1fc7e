"""The pins of one box as one thing: contacts that are read as levels, outputs that are driven. The port, and what hangs
on it.

What must always hold, whoever stands behind the port (tests/node/test_board.py):

- Before `open`, after `close` and while the pins are gone, `read` and `drive` raise PinFault and do nothing else.
- `open` on an open board starts afresh: contacts as they are now, every output off.
- A hint only says that something may have changed; no hint proves nothing.

It knows nothing of debouncing, presses or blinking.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from node.settings import Settings


@dataclass(frozen=True, slots=True)
class Output:
    """One thing that a pin drives."""

    pin: int
    """GPIO (BCM) number."""
    active_high: bool = True
    """On while the pin is high."""
    dims: bool = False
    """A lamp: driven by PWM, takes any level between 0 and 1."""


@dataclass(frozen=True, slots=True)
class Wiring:
    """What hangs where."""

    contacts: Mapping[str, int]
    """Pin of each contact."""
    active_high: bool
    """False: contacts close to ground."""
    outputs: Mapping[str, Output]
    """alert, link or one (lamps); amplifier; solenoid."""


class Board(Protocol):
    """A box's pins. `read` is called by the sampler's thread alone, `drive` by any."""

    def open(self) -> None:
        """Claim the pins, outputs off. Raises PinFault, with nothing left claimed."""
        ...

    def read(self) -> tuple[str, ...]:
        """Names of the contacts that are closed now, in the order of the wiring. Raises PinFault."""
        ...

    def drive(self, output: str, level: float) -> None:
        """Set an output, 0 (off) to 1. Raises PinFault."""
        ...

    def close(self) -> None:
        """Outputs off, pins let go. Never raises."""
        ...


Hint = Callable[[], None]
"""Called on anybody's thread when an edge was seen; must not block or raise."""


def wiring(settings: Settings) -> Wiring:
    """What the settings hang on the pins."""
    lamps = settings.panel.lamps
    pins = (("alert", lamps.alert), ("link", lamps.link), ("one", lamps.one))
    outputs = {name: Output(pin, lamps.active_high, dims=True) for name, pin in pins if pin is not None}
    if settings.amplifier is not None:
        outputs["amplifier"] = Output(settings.amplifier.pin, settings.amplifier.active_high)
    if settings.solenoid is not None:
        outputs["solenoid"] = Output(settings.solenoid.pin, settings.solenoid.active_high)
    contacts = {one.contact.name: one.pin for one in settings.panel.contacts}
    return Wiring(contacts, settings.panel.active_high, outputs)


class Switch:
    """One output as the relay of an amplifier or the coil of a striker: what node/speaker drives."""

    def __init__(self, board: Board, output: str) -> None:
        self._board = board
        self._output = output

    def on(self) -> None:
        """Power it. Raises PinFault."""
        self._board.drive(self._output, 1)

    def off(self) -> None:
        """Let it go. Raises PinFault."""
        self._board.drive(self._output, 0)
