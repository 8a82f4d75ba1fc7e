"""A box that was just hung up: it sounds one stroke, once, and says aloud what it still lacks. Pure.

    first start ──► journal: one step of the first hour ──► all well, by day, quiet for 3 s
                    ──► journal: struck ──► 0.3 s later, still well and quiet: ONE stroke ──► proof `first` ──► told

Rule 1. The stroke is written down before it sounds, and sounds only if that is safe: never twice, whatever reboots.
Rule 2. Nobody who sleeps hears it: from 21:00 to 06:00 by the commune's time, or by no known time, it waits for a
person; and so it does in the morning after, for by then nobody stands there. It belongs to the first hour alone.
Rule 3. It and every spoken word give way to whatever else sounds, wait until all is quiet, and are not resumed.
Rule 4. Words are said in that first hour, or to whoever pressed the test button; at night to nobody. By an unknown time
they are said in the very first run alone: then somebody has just put the card in.
Rule 5. The first sounding that the box proves, whichever it was, is marked `first`, until the commune surely knows.
The first hour is counted in steps of five minutes begun, which outlast reboots and cost the card a dozen writes.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import structs

from node.core.records import FirstBoot
from wire.blinks import SPEAKER

NIGHT_FROM, NIGHT_TO = 21, 6  # hours of the commune: domain.md's gongs say at 22:00 that all be quiet, and wake at 5
STEP_MS = 300_000  # the first hour is counted in these
HOUR_STEPS = 12
QUIET_MS = 3_000  # all well and nothing to sound for so long: a set of alarms follows a welcome within milliseconds
SURE_MS = 300  # a disk that refuses says so within a step
BEFORE_CHIME_MS = 60_000  # a stroke this shortly before a chime would be taken for its beginning
ASKED_MS = 60_000  # whoever pressed the test button stands there for so long
STOOD_MS = 30_000  # Wi-Fi, an address and a first welcome take so long on a Pi that starts
APART_MS = 60_000  # between two unasked sentences
TIMES = 3  # each is said so often in one run, unasked


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be known to decide."""

    hour: int | None
    """Of the commune's day, 0 to 23; none: the time is not known."""
    quiet: bool
    """Nothing sounds, or waits to."""
    chime_in_ms: int | None
    """Until the next chime."""
    ready: bool
    """The stroke's pattern can be played."""
    speaker: bool
    """The sound device can be used."""
    disk: bool
    """What is written is safe."""
    codes: tuple[int, ...]
    """Faults, in order."""

    @property
    def night(self) -> bool:
        """Known to be."""
        return self.hour is not None and not NIGHT_TO <= self.hour < NIGHT_FROM


@dataclass(frozen=True, slots=True)
class Strike:
    """One stroke, now."""


@dataclass(frozen=True, slots=True)
class Say:
    """A code's sentence, now."""

    code: int
    """Of wire/blinks.py."""


Deed = FirstBoot | Strike | Say
"""A record is to be written down."""


class Fledgling:
    """Decides, from its facts and the time."""

    def __init__(self, *, new: bool, past: FirstBoot, now_ms: int) -> None:
        """`new`: this box is to strike and speak at its first boot; `past`: what the journal tells of that."""
        self._new = new
        self._past = past
        self._first_run = past.steps == 0
        self._step_ms = now_ms
        self._waits = self._sounded = False
        self._well_ms: int | None = None
        self._strike_ms: int | None = None
        self._asked_ms: int | None = None
        self._to_ask: tuple[int, ...] | None = None
        self._stood: dict[int, int] = {}
        self._said: dict[int, int] = {}
        self._spoke_ms: int | None = None

    @property
    def young(self) -> bool:
        """Whether the first hour is not over."""
        return self._new and self._past.steps <= HOUR_STEPS

    def asked(self, now_ms: int) -> None:
        """Somebody pressed the test button."""
        self._asked_ms, self._to_ask = now_ms, None

    def proved(self, strokes: int, ended: str, heard: int | None) -> bool:
        """Something has sounded so; whether the commune must be told that it was the first of this installation."""
        first = self._new and not self._past.told and strokes > 0 and ended != "failed" and heard != 0
        self._sounded = self._sounded or first
        return first

    def told(self) -> list[FirstBoot]:
        """The commune surely knows that it has sounded."""
        return [] if self._past.told else [self._became(told=True)]

    def step(self, now_ms: int, facts: Facts) -> list[Deed]:
        """What is to be done now, in order."""
        deeds: list[Deed] = []
        if self.young and now_ms >= self._step_ms:
            self._step_ms = now_ms + STEP_MS
            deeds.append(self._became(steps=self._past.steps + 1))
        self._stood = {code: self._stood.get(code, now_ms) for code in facts.codes}
        deeds += self._stroke(now_ms, facts)
        deeds += [] if deeds and isinstance(deeds[-1], Strike) else self._words(now_ms, facts)
        return deeds

    def deadline_ms(self, now_ms: int) -> int | None:
        """When it must be stepped again at the latest."""
        times = [self._step_ms] if self.young else []
        times += [self._well_ms + QUIET_MS] if self._well_ms is not None else []
        times += [self._strike_ms] if self._strike_ms is not None else []
        if self.young:
            times += [at_ms + STOOD_MS for at_ms in self._stood.values()]
            times += [] if self._spoke_ms is None else [self._spoke_ms + APART_MS]
        return min((time for time in times if time > now_ms), default=None)

    def _stroke(self, now_ms: int, facts: Facts) -> list[Deed]:
        if self._strike_ms is not None:
            if now_ms < self._strike_ms:
                return []
            self._strike_ms = None
            return [Strike()] if self._may(facts) else []
        self._waits = self._waits or facts.night
        if (
            not self.young
            or self._past.struck
            or self._past.told
            or self._sounded
            or self._waits
            or not self._may(facts)
        ):
            self._well_ms = None
            return []
        self._well_ms = now_ms if self._well_ms is None else self._well_ms
        if now_ms - self._well_ms < QUIET_MS:
            return []
        self._well_ms, self._strike_ms = None, now_ms + SURE_MS
        return [self._became(struck=True)]

    @staticmethod
    def _may(facts: Facts) -> bool:
        far = facts.chime_in_ms is None or facts.chime_in_ms > BEFORE_CHIME_MS
        by_day = facts.hour is not None and not facts.night
        return by_day and far and facts.quiet and facts.ready and facts.speaker and facts.disk

    def _words(self, now_ms: int, facts: Facts) -> list[Deed]:
        if facts.night or not facts.quiet or not facts.speaker or self._strike_ms is not None:
            return []
        if self._asked_ms is not None:
            return self._answer(now_ms, facts)
        known = facts.hour is not None or self._first_run
        if not self.young or not known or (self._spoke_ms is not None and now_ms - self._spoke_ms < APART_MS):
            return []
        for code, since_ms in self._stood.items():
            if code != SPEAKER and now_ms - since_ms >= STOOD_MS and self._said.get(code, 0) < TIMES:
                self._said[code] = self._said.get(code, 0) + 1
                self._spoke_ms = now_ms
                return [Say(code)]
        return []

    def _answer(self, now_ms: int, facts: Facts) -> list[Deed]:
        """Each fault once, one after the other; what is mended meanwhile is not said."""
        assert self._asked_ms is not None  # noqa: S101 - the caller looked
        left = facts.codes if self._to_ask is None else tuple(code for code in self._to_ask if code in facts.codes)
        if not left or now_ms - self._asked_ms > ASKED_MS:
            self._asked_ms = self._to_ask = None
            return []
        self._to_ask = left[1:]
        self._spoke_ms = now_ms
        return [Say(left[0])]

    def _became(self, **changes: int) -> FirstBoot:
        self._past = structs.replace(self._past, **changes)
        return self._past
