"""A box without wires, for simulators: contacts are closed and outputs seen by name. Pure."""

from node.board import Hint, Wiring
from node.errors import PinFault


class FakeBoard:
    """A node.board.Board."""

    def __init__(self, wiring: Wiring, hint: Hint = lambda: None) -> None:
        self._wiring = wiring
        self._hint = hint
        self._open = False
        self.closed: set[str] = set()
        """Contacts that are closed; they are so whether the board is open or not."""
        self.levels: dict[str, float] = {}
        """Of the outputs."""
        self.broken = ""
        """Why pins cannot be used; empty: they can."""

    def open(self) -> None:
        """As the port says."""
        self._open = False
        self._check_wires()
        self._open = True
        self.levels = dict.fromkeys(self._wiring.outputs, 0.0)

    def read(self) -> tuple[str, ...]:
        """As the port says."""
        self._check()
        return tuple(name for name in self._wiring.contacts if name in self.closed)

    def drive(self, output: str, level: float) -> None:
        """As the port says."""
        self._check()
        self.levels[output] = min(1.0, max(0.0, level))

    def close(self) -> None:
        """As the port says."""
        self._open = False
        self.levels = dict.fromkeys(self._wiring.outputs, 0.0)

    def touch(self, contact: str, closed: bool) -> None:
        """A finger."""
        (self.closed.add if closed else self.closed.discard)(contact)
        self._hint()

    def _check(self) -> None:
        if not self._open:
            raise PinFault("Chưa mở.", "Not open.")
        self._check_wires()

    def _check_wires(self) -> None:
        if self.broken:
            raise PinFault(self.broken, self.broken)
