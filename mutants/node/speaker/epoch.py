"""When frame 0 of a running stream sounded, told from many coarse looks at how far the device is. Pure.

A look is never early by more than the device's own jitter, but it may be stale: a card that moves its pointer once a
period, or a thread that was put off the processor between asking and reading the clock, makes the stream seem younger
than it is. So the earliest of the last looks is the truest one.
"""

from __future__ import annotations

from collections import deque

from node.speaker.tape import frames_in, ns_of

LOOKS = 24
"""Looks remembered: at one every 7 ms they pass through all phases of a 10 ms period twice, and forget in 170 ms."""


class Epoch:
    """The stream's zero on the monotonic clock."""

    def __init__(self) -> None:
        self._looks: deque[int] = deque(maxlen=LOOKS)

    def look(self, now_ns: int, heard: int) -> None:
        """At `now_ns`, `heard` frames had sounded."""
        self._looks.append(now_ns - ns_of(heard))

    @property
    def known(self) -> bool:
        """Whether there was a look yet."""
        return bool(self._looks)

    @property
    def at_ns(self) -> int:
        """When frame 0 sounded."""
        return min(self._looks)

    def frame_at(self, now_ns: int) -> int:
        """The frame that sounds at that time."""
        return frames_in(now_ns - self.at_ns)
