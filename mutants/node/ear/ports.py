"""What a microphone is, and what an ear tells."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


class Microphone(Protocol):
    """A device that hears, 8 kHz mono. All methods are called by one thread, and none of them waits for sound.

    Each may raise SinkTrouble (of node.speaker.errors: busy, gone, unknown, refused, io); Underrun: it was not read in
    time, some of what it heard is lost.
    """

    def open(self) -> None:
        """Begin to hear, from now on. Only called while closed."""
        ...

    def waiting(self) -> int:
        """Frames that were heard and not read yet."""
        ...

    def read(self, frames: int) -> array[int]:
        """The oldest of those, as signed 16 bit; as many as were asked for, or fewer."""
        ...

    def close(self) -> None:
        """Let go of the device. Never raises; closing a closed one is nothing."""
        ...

    def probe(self) -> None:
        """See whether it could be opened now. Only called while closed."""
        ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was heard of one sounding."""

    ref: str
    """As the speaker calls it."""
    strokes: int | None
    """Strokes that were recognised; none: the microphone could not listen."""
    level_db: float | None
    """Mean loudness while it sounded, of full scale; none: the microphone could not listen."""


@dataclass(frozen=True, slots=True)
class EarHealth:
    """The state of the ear: the first one found, then every change."""

    ok: bool
    """The microphone is there, and the last sounding, if there was one, was heard."""
    why: str
    """"ok", "deaf" (it gives silence and nothing else), "unheard" (it hears, but not our gong), or a device's trouble:
    a code (busy, gone, unknown, refused, io, bug), a colon, and its own words."""


EarReport = Verdict | EarHealth
"""What an ear tells."""
EarReporter = Callable[[EarReport], None]
"""Where it tells it: called on the ear's own thread; must only put the report into a queue."""
