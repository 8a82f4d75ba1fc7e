"""Clips for tests of sound: each blow is a sharp burst, every frame tells where in the clip it came from. Pure."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache

RATE_HZ = 48_000
BURST_FRAMES = RATE_HZ * 12 // 1000


@dataclass(frozen=True, slots=True)
class BurstClip:
    """A node.speaker.ports.Clip."""

    pcm: memoryview
    frames: int
    loop_start: int | None
    loop_end: int | None
    strokes: tuple[int, ...]
    name: str = "bursts"
    rate: int = RATE_HZ

    def strokes_until(self, frames_played: int) -> int:
        if self.loop_start is None or self.loop_end is None or frames_played <= self.loop_end:
            return bisect_left(self.strokes, frames_played)
        in_loop = bisect_left(self.strokes, self.loop_end) - bisect_left(self.strokes, self.loop_start)
        turns, rest = divmod(frames_played - self.loop_start, self.loop_end - self.loop_start)
        rest_strokes = bisect_left(self.strokes, self.loop_start + rest) - bisect_left(self.strokes, self.loop_start)
        return bisect_left(self.strokes, self.loop_start) + turns * in_loop + rest_strokes


@cache
def bursts(ms: int, every_ms: int = 100, loop_ms: tuple[int, int] | None = None, level: int = 12_000) -> BurstClip:
    """A clip of `ms` with a blow every `every_ms`, the first at its first frame; `loop_ms` repeats until silenced."""
    frames = ms * RATE_HZ // 1000
    strokes = tuple(range(0, frames, every_ms * RATE_HZ // 1000))
    sound = array("h", bytes(2 * frames))
    for blow in strokes:
        for i in range(blow, min(frames, blow + BURST_FRAMES)):
            sound[i] = level if (i - blow) % 2 == 0 else -level + (i % 997)
    start, end = (loop_ms[0] * RATE_HZ // 1000, loop_ms[1] * RATE_HZ // 1000) if loop_ms else (None, None)
    return BurstClip(memoryview(sound.tobytes()), frames, start, end, strokes)


@cache
def steady(ms: int, loop_ms: tuple[int, int] | None = None) -> BurstClip:
    """A clip that is loud from its first frame to its last: any hole in it is seen. One blow, at its start."""
    frames = ms * RATE_HZ // 1000
    sound = array("h", (9_000 + i % 7_001 for i in range(frames)))
    start, end = (loop_ms[0] * RATE_HZ // 1000, loop_ms[1] * RATE_HZ // 1000) if loop_ms else (None, None)
    return BurstClip(memoryview(sound.tobytes()), frames, start, end, (0,))
