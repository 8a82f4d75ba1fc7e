"""When a striker's coil is on: a clip's blows on the clock, within what a coil survives. Pure.

What must always hold: the coil is never on longer than PULSE_NS, and off at least REST_NS between blows, whatever the
score says. Blows that come sooner, or that a busy processor made late, are left out, never made up for.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass

from node.speaker.tape import NS_PER_MS, Tape, frames_in, ns_of
from patterns.clip import Clip

PULSE_NS = 30 * NS_PER_MS
"""A blow: enough for the hammer's way; it must fall back from the gong, or the gong does not ring."""
REST_NS = 20 * NS_PER_MS
"""The hammer's way back. With the pulse 50 ms: 10 less than between the blows of the fastest roll, so that a thread
that wakes late does not lose every other blow. The coil's duty is 60 % at the most, and only while such a roll goes."""
LATE_NS = 50 * NS_PER_MS
"""A blow later than this would be heard as another rhythm."""


def next_blow(clip: Clip, frame: int) -> int | None:
    """Timeline frame of the first blow at `frame` or after it, repeats included; None: there is none."""
    if clip.loop_start is None or clip.loop_end is None:
        index = bisect_left(clip.strokes, frame)
        return clip.strokes[index] if index < len(clip.strokes) else None
    first, after = bisect_left(clip.strokes, clip.loop_start), bisect_left(clip.strokes, clip.loop_end)
    index = bisect_left(clip.strokes, frame)
    if index < after:
        return clip.strokes[index]
    if first == after:
        return None
    span = clip.loop_end - clip.loop_start
    turn = (frame - clip.loop_start) // span
    index = bisect_left(clip.strokes, frame - turn * span, first, after)
    if index == after:
        index, turn = first, turn + 1
    return clip.strokes[index] + turn * span


@dataclass(slots=True)
class Hammer:
    """One sounding on the coil."""

    clip: Clip
    zero_ns: int
    """When its frame 0 is due."""
    frame: int = 0
    """Nothing before this frame is struck any more."""
    struck: int = 0
    """Blows that were struck."""

    def due_ns(self) -> int:
        """When the next blow, or the end, is due; far in the future for a loop without blows."""
        blow = next_blow(self.clip, self.frame)
        length = Tape(self.clip).length
        if blow is not None:
            return self.zero_ns + ns_of(blow)
        return self.zero_ns + ns_of(length if length is not None else 1 << 40)

    def strike(self, now_ns: int, rested_ns: int) -> bool:
        """Take the blow that is due: whether the coil may be driven for it."""
        blow = next_blow(self.clip, self.frame)
        if blow is None:
            return False
        self.frame = blow + 1
        due_ns = self.zero_ns + ns_of(blow)
        if now_ns - due_ns > LATE_NS:
            # Whatever else was due meanwhile is late as well.
            self.frame = max(self.frame, frames_in(now_ns - LATE_NS - self.zero_ns))
            return False
        return now_ns >= rested_ns

    def over(self, now_ns: int) -> bool:
        """Whether no blow is left, and the clip's time has passed."""
        return next_blow(self.clip, self.frame) is None and now_ns >= self.due_ns()
