"""The alarm of a node whose cache holds none: plain Python, some milliseconds, so that it is never silent. Pure.

It is the rapid three-beat (strokes 0.3 s apart, a pause of 0.9 s) on three partials of a struck bar, harsher than the
rendered one and looped. What is rendered replaces it as soon as it is there.
"""

from __future__ import annotations

import math
from array import array

from patterns.clip import BYTES_PER_FRAME, RATE, Clip

BEAT_MS = 300
"""At most 350: clearly faster than ISO 8201's evacuation signal."""
ROUND_MS = 1_500
"""Three strokes and a pause of 900 ms: at most 1 s."""
STROKES = 3
_PARTIALS = ((520.0, 0.5, 3.0), (1433.0, 0.3, 6.0), (2810.0, 0.2, 12.0))  # Hz, level, decay a second


def last_resort(name: str) -> Clip:
    """The clip, under the pattern's name that it stands in for."""
    stroke = _stroke()
    pcm = array("h", bytes(ROUND_MS * RATE // 1000 * BYTES_PER_FRAME))
    starts = tuple(beat * BEAT_MS * RATE // 1000 for beat in range(STROKES))
    for start in starts:
        pcm[start : start + len(stroke)] = stroke
    return Clip(name, RATE, memoryview(pcm).cast("B"), len(pcm), 0, len(pcm), starts)


def _stroke() -> array[int]:
    """One blow, cut where the next begins; each partial by its recurrence, which needs no sine a sample."""
    frames = BEAT_MS * RATE // 1000
    sound = [0.0] * frames
    for hz, level, decay in _PARTIALS:
        shrink = math.exp(-decay / RATE)
        turn = 2 * math.cos(2 * math.pi * hz / RATE) * shrink
        fall = shrink * shrink
        before, now = 0.0, level * math.sin(2 * math.pi * hz / RATE)
        for frame in range(frames):
            sound[frame] += now
            before, now = now, turn * now - fall * before
    peak = max(map(abs, sound))
    fade = frames // 20  # so that the next blow does not cut into a loud sample with a click
    return array(
        "h", [int(30_000 / peak * value * min(1.0, (frames - frame) / fade)) for frame, value in enumerate(sound)]
    )
