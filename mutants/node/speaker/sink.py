"""One way to be heard: a device that is fed frames and sounds them at 48 kHz, whoever stands behind it.

All methods are called by one thread. None of them blocks for longer than opening the device takes. Each may raise
SinkTrouble (errors.py), and after any SinkTrouble but Underrun the deck closes the sink before it opens it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Gauge:
    """How far a sink is."""

    room: int
    """Frames it takes now without blocking."""
    heard: int
    """Frames that have sounded since it was opened; never falls, never exceeds what was written."""
    running: bool
    """Whether it has begun to sound; until then `heard` is 0 and tells nothing about time."""


class Sink(Protocol):
    """A device to be fed."""

    def open(self) -> None:
        """Make ready to sound. If it is open already, whatever is queued is dropped: silence, at once."""
        ...

    def gauge(self) -> Gauge:
        """How far it is. Raises Underrun where it ran dry."""
        ...

    def write(self, pcm: memoryview) -> int:
        """Queue these bytes (s16le mono); how many frames were taken. The first write after `open` starts the sound."""
        ...

    def close(self) -> None:
        """Silence at once, let go of the device. Never raises; closing a closed sink is nothing."""
        ...

    def probe(self) -> None:
        """See whether it could be opened now, without sounding or keeping it. Only called while closed."""
        ...
