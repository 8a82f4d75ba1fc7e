"""A cause to sound: one alarm, alert or chime, with everyone who vouches for it and until when.

Rule 1. One id, one cause: the press of our own button, a neighbour's alert and the commune's set meet in it.
Rule 2. It lasts while anybody vouches for it; each vouching has an end, so nothing can ring all night.
Rule 3. What it was first, real or drill, it stays. If the commune states it anew, another cause takes its place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

from wire.words import EndedHow

Voucher = Literal["own", "peer", "all", "down", "calendar", "box"]
"""Our own button; another node's alert; the set for everybody; the set for this node (a post); a chime; the box itself,
with words for whoever stands in front of it."""


class Priority(IntEnum):
    """Who takes over from whom. Equal ones: the newer."""

    WORDS = -1
    TEST = 0
    CHIME = 1
    DRILL = 2
    ALARM = 4  # 3 is the officer's speech


@dataclass(slots=True, eq=False)
class Cause:
    """Mutable, and owned by the stage alone."""

    id: str
    """The alert's, alarm's or chime's."""
    pattern: str
    """By name."""
    priority: Priority
    """Fixed at its birth."""
    began_ms: int
    """Monotonic; among equals the newer sounds."""
    until_ms: dict[Voucher, int] = field(default_factory=dict)
    """Monotonic end of each vouching."""
    public: bool = False
    """Whether others know of it: what this post's own set alone has stated (a silent alert) is named to nobody."""
    count: int = 1
    """How often it was pressed, where it is a neighbour's alert."""
    origin: str | None = None
    """Slug of the neighbour whose alert it is: it alone may insist on it or take it back."""
    due_ms: int | None = None
    """Monotonic time of a chime's first stroke."""
    retry_ms: int = 0
    """Monotonic time before which a failed sound is not tried again."""
    first_ms: int | None = None
    """Monotonic time of the first sample."""
    late_ms: int = 0
    """Of the first sample."""
    duration_ms: int = 0
    """Sounded so far, over all its soundings."""
    strokes: int = 0
    """Played so far, over all its soundings."""
    heard: int | None = None
    """Strokes that a microphone heard so far; none: it could not listen."""
    level_db: float | None = None
    """How loud that was, the last time it listened."""
    failure: str = ""
    """What went wrong last."""
    ended: EndedHow | None = None
    """How it ended; none while it lasts."""
    prove_by_ms: int = 0
    """Monotonic time at which its proof is given even if the speaker has not reported."""

    @property
    def ends_ms(self) -> int:
        """Monotonic time at which nobody vouches for it any more."""
        return max(self.until_ms.values(), default=0)

    def rank(self) -> tuple[int, int, str]:
        """Among the causes of a moment the highest sounds; the id makes it the same on every run."""
        return (self.priority, self.began_ms, self.id)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is to be said of a cause that is over."""

    id: str
    """The cause's."""
    pattern: str
    """What was asked for."""
    first_ms: int | None
    """Monotonic time of the first sample; none if it never sounded."""
    late_ms: int
    """How late that was."""
    duration_ms: int
    """How long it sounded."""
    strokes: int
    """Strokes played."""
    ended: EndedHow
    """How it ended."""
    why: str
    """For a person."""
    heard: int | None = None
    """Strokes that a microphone heard; none: there is none, or it could not listen."""
    level_db: float | None = None
    """How loud that was."""
