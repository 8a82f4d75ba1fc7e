"""Clips for tests of sound: each blow is a sharp burst, every frame tells where in the clip it came from. Pure."""

from __future__ import annotations

from array import array
from functools import cache

from patterns.clip import RATE as RATE_HZ
from patterns.clip import Clip

BURST_FRAMES = RATE_HZ * 12 // 1000


@cache
def bursts(ms: int, every_ms: int = 100, loop_ms: tuple[int, int] | None = None, level: int = 12_000) -> Clip:
    """A clip of `ms` with a blow every `every_ms`, the first at its first frame; `loop_ms` repeats until silenced."""
    frames = ms * RATE_HZ // 1000
    strokes = tuple(range(0, frames, every_ms * RATE_HZ // 1000))
    sound = array("h", bytes(2 * frames))
    for blow in strokes:
        for i in range(blow, min(frames, blow + BURST_FRAMES)):
            sound[i] = level if (i - blow) % 2 == 0 else -level + (i % 997)
    start, end = (loop_ms[0] * RATE_HZ // 1000, loop_ms[1] * RATE_HZ // 1000) if loop_ms else (None, None)
    return Clip("bursts", RATE_HZ, memoryview(sound.tobytes()), frames, start, end, strokes)


@cache
def steady(ms: int, loop_ms: tuple[int, int] | None = None) -> Clip:
    """A clip that is loud from its first frame to its last: any hole in it is seen. One blow, at its start."""
    frames = ms * RATE_HZ // 1000
    sound = array("h", (9_000 + i % 7_001 for i in range(frames)))
    start, end = (loop_ms[0] * RATE_HZ // 1000, loop_ms[1] * RATE_HZ // 1000) if loop_ms else (None, None)
    return Clip("steady", RATE_HZ, memoryview(sound.tobytes()), frames, start, end, (0,))
