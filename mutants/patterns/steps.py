"""The steps a score is made of, and the limits of each. Pure.

    roll    strokes that quicken (or slow) evenly from one interval to another: by number or by duration
    beats   strokes at one interval
    stroke  one blow
    rest    silence, counted from the last stroke to the next; without a rest the last step's own interval holds
    gain    how hard the following strokes of this list are struck, 1 = full; multiplies the gain around it
    repeat  steps, n times; or `until: silenced`, and then it is the score's last step

Does not know: how steps are written (score.py), nor when their strokes fall (timeline.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

MIN_GAP_MS = 60
"""Faster blows merge into a buzz, and no hammer or solenoid comes back sooner."""
MAX_GAP_MS = 30_000
"""A longer silence sounds like the end."""
STROKE_INTERVAL_MS = 1000
"""After a single stroke without a rest: the pace of a person who strikes slowly."""
MAX_LENGTH_MS = 120_000
"""Head and one pass of the loop: nobody listens to a code for longer; and it bounds the rendered file (12 MB)."""
MAX_STROKES = 1000
"""In head and loop together: eight a second for as long as a score may be."""
MAX_TIMES = 100
"""Of a repeat: with the other limits, a bound on the work of unfolding."""
MAX_DEPTH = 3
"""Repeats inside repeats."""
MAX_STEPS = 100
"""In one list."""
MIN_GAIN = 0.05
"""Softer is not heard out of doors."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """One blow."""


@dataclass(frozen=True, slots=True)
class Beats:
    """Strokes at one interval."""

    strokes: int
    """2 or more."""
    every_ms: int
    """Stroke to stroke."""


@dataclass(frozen=True, slots=True)
class Roll:
    """Strokes whose intervals change evenly (by an equal factor) from the first to the last: a *hồi*."""

    strokes: int
    """3 or more."""
    from_ms: int
    """First interval."""
    to_ms: int
    """Last interval."""


@dataclass(frozen=True, slots=True)
class Rest:
    """Silence, from the last stroke to the next."""

    rest_ms: int
    """MIN_GAP_MS to MAX_GAP_MS; rests in a row add up."""


@dataclass(frozen=True, slots=True)
class Gain:
    """How hard the following strokes of the same list are struck."""

    gain: float
    """MIN_GAIN to 1."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """Steps again and again."""

    times: int | None
    """1 to MAX_TIMES; None: until silenced, and then this is the score's last step."""
    steps: tuple[Step, ...]
    """At least one."""


Step: TypeAlias = Stroke | Beats | Roll | Rest | Gain | Repeat
