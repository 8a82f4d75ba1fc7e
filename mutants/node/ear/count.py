"""Strokes that were played, held against blows that were heard: how many of them were ours. Pure.

Sound takes its time, through the card, the air and the microphone, but the same time for each stroke: so the strokes
and their blows stand apart by one delay, and what stands apart otherwise is somebody else's. Two clocks drift, though:
the delay is found anew for each PACK of strokes. Where not most of a pack have their blow, it was not our gong
that was heard, and none of it counts: voices, rain and a gong a kilometre off hit a few strokes by chance.

The one danger: an alarm repeats itself, so another hamlet's, loud enough and late by just one round, looks like ours.
A chime does not, and shows the dead loudspeaker the same night.

What must always hold: no stroke is heard twice, and never more are heard than were played.
It does not know what a blow is (blows.py), nor of microphones.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from patterns.clip import FRAMES_PER_MS, Clip

DELAY_MS = 200
"""The longest way: 30 m of air, a sleepy USB card on either side. A gong 70 m away, struck with ours, comes later."""
EARLY_MS = 20
"""A block, and what a card's clock may be wrong by."""
DRIFT_MS = 10 + EARLY_MS
"""Two quartz clocks drift apart by 60 ms in ten minutes; by how much, at the most, from one pack to the next."""
WITHIN_MS = 30
"""How far apart the delays of one pack may be: three blocks."""
PACK = 24
"""Strokes that are judged together: some seven seconds."""
CANDIDATES = 3
"""So many of the strongest blows are looked at for every two strokes: beside a gong that sounds little is as sudden."""
RINGS_MS = 500
"""A stroke this long ago still rings when the microphone is opened."""
MAX_BLOWS = 4_096
"""That wait to be judged; a pack's time holds a few hundred at the most."""


@dataclass(frozen=True, slots=True)
class HeardBlow:
    """A blow on the clock."""

    at_ms: float
    """Monotonic."""
    power: float
    """As blows.py says."""
    opening: bool = False
    """It was struck before the microphone was opened."""


def strokes_of(clip: Clip) -> Iterator[float]:
    """When its strokes are struck, ms after its first frame, through all turns of its loop."""
    yield from (frame / FRAMES_PER_MS for frame in clip.strokes)
    if clip.loop_start is None or clip.loop_end is None:
        return
    looped = [frame for frame in clip.strokes if frame >= clip.loop_start]
    turned = 0
    while looped:
        turned += clip.loop_end - clip.loop_start
        yield from ((frame + turned) / FRAMES_PER_MS for frame in looped)


@dataclass(slots=True)
class Tally:
    """How one sounding stands. Mutable, and owned by its Count."""

    listened: int = 0
    """Strokes that could have been heard."""
    heard: int = 0
    """Strokes that were."""
    ours: bool | None = None
    """Whether the last pack was our gong; none: nothing was judged."""


@dataclass(slots=True)
class Count:
    """One sounding's strokes, drawn as time passes. Times are monotonic ms; `open_ms`: since when it is listened."""

    clip: Clip
    """What sounds."""
    zero_ms: float
    """When its first frame sounded, or would have."""
    from_ms: float
    """When it began to be heard: later, where a device was late."""
    tally: Tally = field(default_factory=Tally)
    """How it stands."""
    _next: Iterator[float] = field(init=False)
    _pending: list[float] = field(default_factory=list)
    _ahead: float | None = None
    _early_ms: float = EARLY_MS

    def __post_init__(self) -> None:
        self._next = (self.zero_ms + ms for ms in strokes_of(self.clip))

    def judge(self, blows: Sequence[HeardBlow], until_ms: float, open_ms: float) -> bool:
        """While it sounds: all that was heard until then; True if a pack was judged."""
        self._draw(until_ms - DELAY_MS - WITHIN_MS)
        if len(self._pending) < 2 * PACK:
            return False
        self._pack(self._pending[:PACK], blows, open_ms, self._pending[PACK - 1] + DELAY_MS)
        del self._pending[:PACK]
        return True

    def end(self, blows: Sequence[HeardBlow], ended_ms: float, open_ms: float) -> None:
        """Nothing was played from `ended_ms` on, or nothing of that was listened to."""
        self._draw(ended_ms)
        if self._pending:
            self._pack(self._pending, blows, open_ms, ended_ms + DELAY_MS)
        self._pending = []

    @property
    def since_ms(self) -> float:
        """Blows before then are of no more use to it."""
        return (self._pending[0] if self._pending else self._ahead or self.zero_ms) - self._early_ms - RINGS_MS

    def _draw(self, until_ms: float) -> None:
        """Strokes before then become pending."""
        while self._ahead is None or self._ahead < until_ms:
            if self._ahead is not None and self._ahead >= self.from_ms - EARLY_MS:
                self._pending.append(self._ahead)
            self._ahead = next(self._next, float("inf"))

    def _pack(self, strokes: list[float], blows: Sequence[HeardBlow], open_ms: float, until_ms: float) -> None:
        strokes = [at_ms for at_ms in strokes if at_ms + DELAY_MS >= open_ms - RINGS_MS]
        if not strokes or open_ms > strokes[-1] + DELAY_MS:
            return
        early_ms = self._early_ms
        near = [blow for blow in blows if strokes[0] - early_ms <= blow.at_ms <= until_ms]
        heard, listened, delay_ms = _matched(strokes, near, open_ms, early_ms)
        self.tally.listened += listened
        self.tally.ours = 2 * heard > listened
        if self.tally.ours:
            self.tally.heard += heard
            self._early_ms = max(EARLY_MS, DRIFT_MS - delay_ms)


def _matched(strokes: list[float], near: list[HeardBlow], open_ms: float, early_ms: float) -> tuple[int, int, float]:
    """How many have their blow at the delay that suits most of them, how many could have, and that delay."""
    strongest = sorted((blow for blow in near if not blow.opening), key=lambda blow: -blow.power)
    times = sorted(blow.at_ms for blow in strongest[: len(strokes) * CANDIDATES // 2])
    apart = [
        (time_ms - at_ms, stroke)
        for stroke, at_ms in enumerate(strokes)
        for time_ms in times[bisect_left(times, at_ms - early_ms) : bisect_right(times, at_ms + DELAY_MS)]
    ]
    apart.sort()
    best: set[int] = set()
    delay_ms = 0.0
    for low, (from_ms, _) in enumerate(apart):
        here = {stroke for ms, stroke in apart[low : low + len(times)] if ms <= from_ms + WITHIN_MS}
        if len(here) > len(best):
            best, delay_ms = here, from_ms
    # Of those that came before the microphone was open, the last one may have rung into it; the others are nobody's.
    missed = {stroke for stroke, at_ms in enumerate(strokes) if at_ms + delay_ms < open_ms + WITHIN_MS} - best
    rang = any(blow.opening for blow in near)
    return len(best) + (1 if missed and rang else 0), len(strokes) - max(0, len(missed) - 1), delay_ms
