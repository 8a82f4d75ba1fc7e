"""A new version on trial: whether it does as well as the one before. Pure: what is seen is passed in, with its time.

What must hold: it is good only if one and the same run of it was well for STEADY_S without a gap: the commune heard it,
and nothing was wrong with it that was not wrong before. In doubt it is not: an old version that works is worth more.
While it sounds an alarm it is not led back for a doubt: a restart would lose a press. A crash is no doubt.
"""

from __future__ import annotations

from node.update.files import Health

STEADY_S = 120.0  # several statuses, welcomes and sets; a leak or a crash loop of seconds would show
START_S = 90.0  # a Zero 2 starts in half a minute; a hamlet must not be longer without its gong than it takes to know
TRIAL_S = 600.0  # a link that is away for ten minutes has another reason, and is in doubt
SOUNDING_S = 1_800.0  # at the most so much longer for an alarm: one that never ends may be what is wrong with it
FRESH_S = 30.0  # a node says so each ten seconds
OLD_S = 120.0  # the old one, started again, is heard by then, or the commune is away
MOST_RUNS = 3  # it may stumble over something once at its start; a loop of crashes is no stumble

WELL, UNLINKED = "well", "unlinked"


class Judge:
    """Of one trial."""

    def __init__(self, version: str, before: Health | None, now_s: float) -> None:
        """`before`: how the old version was; what was wrong with it is not held against the new one."""
        self._version = version
        self._excused = frozenset(() if before is None else before.wrong)
        self._began_s = self._heard_s = now_s
        self._runs: set[str] = set()
        self._well: tuple[str, float] | None = None
        self._why = "crash"
        self._sounds = False

    def see(self, now_s: float, health: Health | None) -> str | None:
        """A look: `well`, or in a word what it is rolled back for; none: it is not decided yet."""
        if health is None or health.version != self._version or now_s - health.at_s > FRESH_S:
            self._well, self._sounds = None, False
        else:
            self._sounds = health.sounding
            self._runs.add(health.run)
            self._heard_s = now_s
            self._look(now_s, health)
        if len(self._runs) > MOST_RUNS or (not self._well and self._dead(now_s)):
            return "crash"
        if self._well is not None and now_s - self._well[1] >= STEADY_S:
            return WELL
        if self._well is not None:
            return None  # the commune came back late: it has its time, as long as it is well
        return self._why if now_s - self._began_s >= TRIAL_S + (SOUNDING_S if self._sounds else 0) else None

    def _dead(self, now_s: float) -> bool:
        """Whether nothing has been heard of it for as long as it may take to start."""
        return now_s - self._heard_s >= START_S

    def _look(self, now_s: float, health: Health) -> None:
        worse = sorted(set(health.wrong) - self._excused)
        if worse or not health.heard:
            self._well = None
            self._why = f"unwell: {worse[0]}" if worse else UNLINKED
        elif self._well is None or self._well[0] != health.run:
            self._well = (health.run, now_s)
