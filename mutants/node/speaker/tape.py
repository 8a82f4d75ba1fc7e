"""Where a clip is at a given frame of its timeline: head, then loop for ever, or silence after its end. Pure.

Frames are counted on the timeline: frame 0 is the clip's first sample, and repeats go on counting.
"""

from __future__ import annotations

from dataclasses import dataclass

from node.speaker.ports import RATE_HZ
from patterns.clip import Clip

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


def frames_in(span_ns: int) -> int:
    """Whole frames that sound in that many ns, rounded down; negative spans give negative frames."""
    return span_ns * RATE_HZ // NS_PER_S


def ns_of(frames: int) -> int:
    """How long that many frames sound, in ns."""
    return frames * NS_PER_S // RATE_HZ


@dataclass(frozen=True, slots=True)
class Tape:
    """A clip laid out in time."""

    clip: Clip
    """What sounds."""

    @property
    def length(self) -> int | None:
        """Frames until it is over; None: it loops."""
        return None if self._loop() else self.clip.frames

    def over(self, frame: int) -> bool:
        """Whether nothing is left from that frame on."""
        return self.length is not None and frame >= self.length

    def read(self, frame: int, most: int) -> memoryview:
        """At least 1 and at most `most` frames from `frame` on, as bytes, without copying; empty when it is over.

        Shorter than asked where the loop turns: call again with the frame that follows.
        """
        loop = self._loop()
        start, end = frame, self.clip.frames
        if loop:
            first, end = loop
            if frame >= end:
                start = first + (frame - first) % (end - first)
        stop = min(end, start + most)
        return self.clip.pcm[2 * start : 2 * stop] if start < stop else self.clip.pcm[:0]

    def strokes_between(self, first: int, last: int) -> int:
        """Blows begun in the timeline's frames first..last-1."""
        return self.clip.strokes_until(last) - self.clip.strokes_until(first) if last > first else 0

    def _loop(self) -> tuple[int, int] | None:
        start, end = self.clip.loop_start, self.clip.loop_end
        return None if start is None or end is None else (start, end)
