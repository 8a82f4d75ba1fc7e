"""Unfolds a score's steps to the moments at which the gong is struck. Pure.

What must always hold: the first stroke falls at 0 ms, for who presses a button must hear it at once; strokes never fall
closer than MIN_GAP_MS; a timeline is at most MAX_LENGTH_MS and MAX_STROKES long, however its repeats nest; the same
steps always give the same.

Does not know: how scores are written (score.py), nor how a stroke sounds (render.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from patterns.errors import ScoreError
from patterns.steps import (
    MAX_LENGTH_MS,
    MAX_STROKES,
    MIN_GAIN,
    STROKE_INTERVAL_MS,
    Beats,
    Gain,
    Repeat,
    Rest,
    Roll,
    Step,
    Stroke,
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One stroke on the timeline."""

    at_ms: int
    """From the start of head or loop."""
    gain: float
    """Over 0, up to 1."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """A score unfolded: a head, played once, then perhaps a loop, played until silenced."""

    head: tuple[Hit, ...]
    """Strokes of the head; empty when all of the score repeats."""
    head_ms: int
    """From the first stroke to where the loop starts, or without one the next stroke would fall. No ringing counted."""
    loop: tuple[Hit, ...]
    """Strokes of one pass of the loop; empty without one."""
    loop_ms: int | None
    """Length of one pass; None: the score ends by itself."""

    @property
    def strokes(self) -> int:
        """In the head and one pass of the loop."""
        return len(self.head) + len(self.loop)

    @property
    def length_ms(self) -> int:
        """Head and one pass of the loop: what must be heard for the code to be known."""
        return self.head_ms + (self.loop_ms or 0)

    def onsets_ms(self, passes: int = 1) -> list[int]:
        """Every stroke's time over the head and so many passes of the loop, rising."""
        onsets = [hit.at_ms for hit in self.head]
        for turn in range(passes if self.loop_ms is not None else 0):
            start_ms = self.head_ms + turn * (self.loop_ms or 0)
            onsets += [start_ms + hit.at_ms for hit in self.loop]
        return onsets


def unfold(steps: Sequence[Step]) -> Timeline:
    """The timeline of some steps. Raises ScoreError if they break a limit."""
    last = steps[-1] if steps else None
    if not isinstance(last, Repeat) or last.times is not None:
        head = _Pen(MAX_LENGTH_MS, MAX_STROKES)
        head.play(steps, 1.0)
        return _starting_at_once(Timeline(tuple(head.hits), head.next_ms, (), None))
    head = _Pen(MAX_LENGTH_MS, MAX_STROKES)
    gain = head.play(steps[:-1], 1.0)
    loop = _Pen(MAX_LENGTH_MS - head.next_ms, MAX_STROKES - len(head.hits))
    loop.play(last.steps, gain)
    if not loop.hits:
        raise ScoreError("đoạn lặp không có tiếng nào, hãy thêm stroke.", "the repeat has no stroke; add one.")
    return _starting_at_once(Timeline(tuple(head.hits), head.next_ms, tuple(loop.hits), loop.next_ms))


def roll_for(duration_ms: int, from_ms: int, to_ms: int) -> Roll:
    """The roll that comes nearest to a duration, first stroke to last. At least 3 strokes, at most MAX_STROKES."""
    rolls = (Roll(strokes, from_ms, to_ms) for strokes in range(3, MAX_STROKES + 1))
    return min(rolls, key=lambda roll: abs(_roll_length_ms(roll) - duration_ms))


def _roll_length_ms(roll: Roll) -> float:
    gaps = roll.strokes - 1
    factor = (roll.to_ms / roll.from_ms) ** (1 / (gaps - 1))
    return roll.from_ms * (gaps if factor == 1 else (factor**gaps - 1) / (factor - 1))


def roll_ms(roll: Roll) -> list[int]:
    """When each stroke of a roll falls, from its first at 0."""
    at, times = 0.0, [0]
    gaps = roll.strokes - 1
    for gap in range(gaps):
        at += roll.from_ms * (roll.to_ms / roll.from_ms) ** (gap / max(1, gaps - 1))
        times.append(round(at))
    return times


def _starting_at_once(timeline: Timeline) -> Timeline:
    first = (timeline.head or timeline.loop or (None,))[0]
    if first is None or first.at_ms > 0 or (timeline.head_ms > 0 and not timeline.head):
        raise ScoreError(
            "phải bắt đầu bằng một tiếng (stroke, beats, roll), không bằng khoảng lặng.",
            "must begin with a stroke (stroke, beats, roll), not with silence.",
        )
    return timeline


class _Pen:
    """Writes strokes one after the other, within limits."""

    def __init__(self, limit_ms: int, limit_strokes: int) -> None:
        self.hits: list[Hit] = []
        self._limit_ms, self._limit_strokes = limit_ms, limit_strokes
        self._last_ms = self._interval_ms = self._rest_ms = 0

    @property
    def next_ms(self) -> int:
        """Where the next stroke would fall."""
        return self._last_ms + (self._rest_ms or self._interval_ms)

    def play(self, steps: Sequence[Step], gain: float) -> float:
        """Write the steps; returns the gain that holds at their end."""
        around = gain
        for step in steps:
            match step:
                case Stroke():
                    self._strike(gain, STROKE_INTERVAL_MS)
                case Beats():
                    for _ in range(step.strokes):
                        self._strike(gain, step.every_ms)
                case Roll():
                    self._roll(step, gain)
                case Rest():
                    self._rest_ms += step.rest_ms
                    self._check()
                case Gain():
                    gain = around * step.gain
                case Repeat():
                    for _ in range(self._times(step)):
                        self.play(step.steps, gain)
        return gain

    def _roll(self, roll: Roll, gain: float) -> None:
        times = roll_ms(roll)
        for here, following in zip(times, [*times[1:], times[-1] + roll.to_ms], strict=True):
            self._strike(gain, following - here)

    def _times(self, repeat: Repeat) -> int:
        if repeat.times is None:
            raise ScoreError(
                "repeat until: silenced chỉ được là bước cuối cùng của bản kẻng.",
                "repeat until: silenced may only be the score's last step.",
            )
        return repeat.times

    def _strike(self, gain: float, interval_ms: int) -> None:
        at_ms = self.next_ms
        self.hits.append(Hit(at_ms, max(MIN_GAIN, gain)))
        self._last_ms, self._interval_ms, self._rest_ms = at_ms, interval_ms, 0
        self._check()

    def _check(self) -> None:
        if self.next_ms > self._limit_ms:
            raise ScoreError(
                f"dài quá {MAX_LENGTH_MS // 1000} giây, hãy rút ngắn.", f"over {MAX_LENGTH_MS // 1000} s; shorten it."
            )
        if len(self.hits) > self._limit_strokes:
            raise ScoreError(f"quá {MAX_STROKES} tiếng, hãy bớt đi.", f"over {MAX_STROKES} strokes; use fewer.")
