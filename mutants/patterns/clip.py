"""A pattern as a node plays it: samples ready for the device, and where its loop and its strokes are. Pure.

What must always hold: `strokes_until` never falls as frames are played; NumPy is not needed.
Does not know: files (cache.py), devices.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

RATE = 48_000
"""Frames a second."""
FRAMES_PER_MS = RATE // 1000
"""Whole, so that a stroke's millisecond is a frame."""
BYTES_PER_FRAME = 2
"""Signed 16 bit, one channel."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Sound to be played: from frame 0; at `loop_end` back to `loop_start` if there is a loop, else it is over."""

    name: str
    """The pattern's."""
    rate: int
    """Frames a second: 48,000."""
    pcm: memoryview
    """Signed 16 bit little-endian, mono; two bytes a frame."""
    frames: int
    """In `pcm`."""
    loop_start: int | None
    """First frame of the loop; None: no loop."""
    loop_end: int | None
    """After its last frame, which is the clip's last."""
    strokes: tuple[int, ...]
    """First frame of each stroke, rising, up to `loop_end`."""

    def played(self, frames: int) -> bytes:
        """The first so many frames as they come out of the loudspeaker, loop and all; silence after the end."""
        if self.loop_start is None or self.loop_end is None:
            return bytes(self.pcm[: frames * BYTES_PER_FRAME]).ljust(frames * BYTES_PER_FRAME, b"\0")
        head = self.pcm[: min(frames, self.loop_start) * BYTES_PER_FRAME]
        loop = bytes(self.pcm[self.loop_start * BYTES_PER_FRAME : self.loop_end * BYTES_PER_FRAME])
        rest = frames * BYTES_PER_FRAME - len(head)
        return bytes(head) + (loop * (rest // len(loop) + 1))[:rest]

    def strokes_until(self, frames_played: int) -> int:
        """How many strokes have begun in so many frames, however often the loop went round."""
        if self.loop_start is None or self.loop_end is None or frames_played <= self.loop_end:
            return bisect_left(self.strokes, frames_played)
        turns, rest = divmod(frames_played - self.loop_start, self.loop_end - self.loop_start)
        before = bisect_left(self.strokes, self.loop_start)
        within = bisect_left(self.strokes, self.loop_start + rest)
        return before + turns * (len(self.strokes) - before) + (within - before)
