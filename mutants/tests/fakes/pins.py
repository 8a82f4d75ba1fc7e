"""Pins for tests: a striker's coil and an amplifier's relay that write down when they were switched."""

from __future__ import annotations

import time


class FakePin:
    """A node.speaker.solenoid.Striker, or a node.speaker.amplifier.Relay."""

    def __init__(self) -> None:
        self.switched: list[tuple[int, bool]] = []
        """(monotonic ns, on) of each change, oldest first."""
        self.broken = False
        """While true, each call raises OSError, as a pin without permission does."""

    def on(self) -> None:
        self._switch(True)

    def off(self) -> None:
        self._switch(False)

    @property
    def is_on(self) -> bool:
        """Now."""
        return bool(self.switched) and self.switched[-1][1]

    def pulses(self) -> list[tuple[int, int]]:
        """(on, off) of each closed pulse, monotonic ns."""
        return [(a[0], b[0]) for a, b in zip(self.switched, self.switched[1:], strict=False) if a[1]]

    def _switch(self, on: bool) -> None:
        if self.broken:
            raise OSError("no permission for the pin")
        if on != self.is_on:
            self.switched.append((time.monotonic_ns(), on))
