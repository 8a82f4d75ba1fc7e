"""Makes sound of a score: strokes laid over each other on a timeline, as 48 kHz mono signed 16 bit.

A score that repeats until silenced becomes a head, played once, and a loop, played again and again. The head holds as
many passes of the loop as a stroke rings: after those, each pass sounds exactly like the one before it, and the file's
end joins its loop's start as if it had been rendered on and on. No cross-fade, no gap, no click; and the head's last
stroke rings out into it.

What must always hold: no sample is clipped; the loudest one stands at PEAK × the score's hardest gain; the first stroke
starts at frame 0; frames `loop_start` and `loop_end` are the same moment of two passes.

Does not know: files (cache.py), what the pattern means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from patterns.clip import FRAMES_PER_MS, RATE, Clip
from patterns.recording import recorded_stroke
from patterns.score import Score
from patterns.strike import Samples, strike
from patterns.timeline import Hit, Timeline
from patterns.voice import Recording, Voice

PEAK = 10 ** (-1 / 20)
"""-1 dB of full scale: room for what a DAC's filter makes of it between samples."""
FULL_SCALE = 32_767
"""Of 16 bit."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A score as sound."""

    pcm: bytes
    """Signed 16 bit little-endian, mono, 48 kHz."""
    frames: int
    """Two bytes each."""
    loop_start: int | None
    """First frame of the loop; None: it ends by itself."""
    loop_end: int | None
    """After the loop's last frame, which is the clip's last."""
    strokes: tuple[int, ...]
    """First frame of each stroke, rising; up to `loop_end`."""

    def clip(self, name: str) -> Clip:
        """As a node plays it, in memory."""
        return Clip(
            name=name,
            rate=RATE,
            pcm=memoryview(self.pcm),
            frames=self.frames,
            loop_start=self.loop_start,
            loop_end=self.loop_end,
            strokes=self.strokes,
        )


def stroke_of(voice: Voice) -> Samples:
    """One stroke of a voice. Raises RecordingError."""
    return recorded_stroke(voice) if isinstance(voice, Recording) else strike(voice)


def render(score: Score, stroke: Samples) -> Rendered:
    """Sound of a score struck with `stroke` (48 kHz, peak 1)."""
    timeline = score.timeline()
    if timeline.loop_ms is None:
        frames = timeline.head[-1].at_ms * FRAMES_PER_MS + len(stroke)
        hits, loop_start = timeline.head, None
    else:
        settling = -(-len(stroke) // (timeline.loop_ms * FRAMES_PER_MS))
        hits = passes(timeline, settling + 1)
        loop_start = (timeline.head_ms + settling * timeline.loop_ms) * FRAMES_PER_MS
        frames = loop_start + timeline.loop_ms * FRAMES_PER_MS
    mixed = mix(hits, stroke, frames)
    pcm = np.round(levelled(mixed, max(hit.gain for hit in hits)) * FULL_SCALE).astype("<i2").tobytes()
    onsets = tuple(hit.at_ms * FRAMES_PER_MS for hit in hits)
    return Rendered(pcm, frames, loop_start, None if loop_start is None else frames, onsets)


def passes(timeline: Timeline, count: int) -> tuple[Hit, ...]:
    """The strokes of the head and of `count` passes of the loop, on one timeline."""
    looped = tuple(
        Hit(timeline.head_ms + turn * (timeline.loop_ms or 0) + hit.at_ms, hit.gain)
        for turn in range(count)
        for hit in timeline.loop
    )
    return timeline.head + looped


def levelled(mixed: Samples, hardest: float) -> Samples:
    """Strokes over each other, scaled so that the loudest sample stands at PEAK × the hardest stroke's gain."""
    loudest = float(np.max(np.abs(mixed), initial=0.0))
    return mixed * (PEAK * hardest / loudest) if loudest > 0 else mixed


def mix(hits: Sequence[Hit], stroke: Samples, frames: int) -> Samples:
    """Strokes over each other, so many frames of it, not yet scaled."""
    mixed = np.zeros(frames)
    for hit in hits:
        start = hit.at_ms * FRAMES_PER_MS
        end = min(frames, start + len(stroke))
        mixed[start:end] += hit.gain * stroke[: end - start]
    return mixed
