"""What a pattern sounds like to a village: an alarm, the slow evacuation signal, or neither. Pure.

Figures: the rapid three-beat's strokes are at most 0.35 s apart and its pause at most 1 s; ISO 8201's *evacuate* on a
single-stroke bell is three strokes at one a second, then two seconds' silence. In between lies nothing that may be
taken for either.

What must always hold: a chime that passes `alarm_likeness` neither starts rapidly, nor runs rapidly for long, nor beats
rapid threes. Does not know: what a pattern is called or used for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from patterns.timeline import Timeline

RAPID_MS = 350
"""Strokes of the rapid three-beat are at most this far apart."""
THREE_BEAT_PAUSE_MS = 1000
"""And its pause is at most this long."""
RAPID_START_STROKES = 5
"""So many strokes, all rapid, at the very start: people are up before a roll has slowed."""
RAPID_RUN_MS = 6000
"""Rapid for longer is "continuous"; the quick end of a roll stays below."""
EVACUATE_GAP_MS = (700, 1300)
"""About one stroke a second."""
EVACUATE_PAUSE_MS = (1300, 3500)
"""About two seconds of silence, and clearly more than between strokes."""
PAUSE_FACTOR = 1.3
"""A pause is that much longer than a gap within a group, or the ear hears no group."""


@dataclass(frozen=True, slots=True)
class ThreeBeat:
    """Groups of three strokes with pauses between."""

    gap_ms: int
    """The longest within a group."""
    pause_ms: int
    """The longest between groups."""

    @property
    def rapid(self) -> bool:
        """Whether it keeps the alarm's limits."""
        return self.gap_ms <= RAPID_MS and self.pause_ms <= THREE_BEAT_PAUSE_MS


def three_beat(timeline: Timeline) -> ThreeBeat | None:
    """The loop's three-beat, whatever its speed; None if there is no loop, or it beats otherwise."""
    if timeline.loop_ms is None or len(timeline.loop) % 3:
        return None
    gaps = _gaps(timeline.onsets_ms(passes=2)[len(timeline.head) :])[: len(timeline.loop)]
    for shift in range(3):
        turned = gaps[shift:] + gaps[:shift]
        within = [gap for position, gap in enumerate(turned) if position % 3 != 2]
        pauses = turned[2::3]
        if min(pauses) > PAUSE_FACTOR * max(within):
            return ThreeBeat(max(within), max(pauses))
    return None


def alarm_likeness(timeline: Timeline) -> tuple[str, str] | None:
    """Why a village would run out at this chime (in Vietnamese, in English); None if it would not."""
    if timeline.loop_ms is not None:
        return "kéo dài cho đến khi bị tắt", "it goes on until silenced"
    return rapid_likeness(timeline)


def rapid_likeness(timeline: Timeline) -> tuple[str, str] | None:
    """Why it sounds urgent, however long it lasts (in Vietnamese, in English); None if it does not."""
    gaps = _gaps(_long_enough(timeline))
    if len(gaps) >= RAPID_START_STROKES - 1 and all(gap <= RAPID_MS for gap in gaps[: RAPID_START_STROKES - 1]):
        return "mở đầu dồn dập", "it starts rapidly"
    if _longest_run_ms(gaps) > RAPID_RUN_MS:
        return f"dồn dập quá {RAPID_RUN_MS // 1000} giây", f"it is rapid for over {RAPID_RUN_MS // 1000} s"
    if _has_threes(gaps, (0, RAPID_MS), (0, THREE_BEAT_PAUSE_MS)):
        return "có các nhịp ba dồn dập", "it beats rapid threes"
    return None


def is_evacuate(timeline: Timeline) -> bool:
    """Whether it has ISO 8201's evacuation signal in it: two groups of three slow strokes in a row are enough."""
    return _has_threes(_gaps(_long_enough(timeline)), EVACUATE_GAP_MS, EVACUATE_PAUSE_MS)


def _long_enough(timeline: Timeline) -> list[int]:
    """Onsets over so many passes of a loop that every likeness shows."""
    passes = 0 if timeline.loop_ms is None else 6 + RAPID_RUN_MS // timeline.loop_ms
    return timeline.onsets_ms(passes)


def _gaps(onsets_ms: Sequence[int]) -> list[int]:
    return [later - earlier for earlier, later in pairwise(onsets_ms)]


def _longest_run_ms(gaps: Sequence[int]) -> int:
    longest = run = 0
    for gap in gaps:
        run = run + gap if gap <= RAPID_MS else 0
        longest = max(longest, run)
    return longest


def _has_threes(gaps: Sequence[int], within_ms: tuple[int, int], pause_ms: tuple[int, int]) -> bool:
    """Whether somewhere two groups of three follow each other: gap gap PAUSE gap gap, all within the bounds."""
    for start in range(len(gaps) - 4):
        first, second, pause, third, fourth = gaps[start : start + 5]
        within = (first, second, third, fourth)
        if (
            all(within_ms[0] <= gap <= within_ms[1] for gap in within)
            and pause_ms[0] <= pause <= pause_ms[1]
            and pause > PAUSE_FACTOR * max(within)
        ):
            return True
    return False
