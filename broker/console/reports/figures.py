"""The figures of a report, from plain rows. Pure.

What must hold: drills are never counted among the real; each incident is counted once in each column; a figure that
nothing supports is none, not nought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from broker.console.reports.period import Period

COMMUNE = ""
"""The hamlet of an officer's alarm that was for no hamlet in particular."""
OPEN = ""
"""The outcome of what is not closed yet."""
FALSE = "báo nhầm"


@dataclass(frozen=True, slots=True)
class Group:
    """So many incidents that are alike."""

    kind: str
    """Of the alert."""
    hamlet: str
    """Slug, or COMMUNE."""
    outcome: str
    """In the report's words, or OPEN."""
    count: int
    """How many."""


@dataclass(frozen=True, slots=True)
class Moment:
    """So many incidents of one hour of the clock in one month: the same ones, counted another way."""

    month: str
    """YYYY-MM."""
    hour: int
    """0 to 23, in the commune's zone."""
    count: int
    """How many."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Of durations, ms."""

    n: int
    """How many."""
    median: int | None
    """None of none."""
    p90: int | None
    """None of none."""


@dataclass(frozen=True, slots=True)
class Night:
    """One chime, summed up."""

    id: str
    """The chime's."""
    sounded: tuple[str, ...]
    """Hamlets."""
    missed: tuple[str, ...]
    """Hamlets."""


@dataclass(frozen=True, slots=True)
class Drill:
    """One exercise."""

    id: str
    """The incident's."""
    kind: str
    """As on the wire."""
    at_ms: int
    """Commune time."""
    gongs: int
    """That proved it."""
    to_acknowledge_ms: int | None
    """None: nobody took it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """A report's."""

    total: int
    """Real incidents."""
    false: int
    """Of them false alarms."""
    open: int
    """Of them not closed yet."""
    by_kind: Mapping[str, int]
    """Largest first."""
    by_outcome: Mapping[str, int]
    """Largest first."""
    by_hamlet: Mapping[str, int]
    """Largest first."""
    by_month: Mapping[str, int]
    """Every month of the period."""
    by_hour: Sequence[int]
    """24."""
    to_acknowledge: Spread
    """From the opening to the first officer."""
    to_close: Spread
    """From the opening to the end."""
    nights: int
    """Chimes that were summed up."""
    whole_nights: int
    """Of them those that every hamlet sounded."""
    missed: Mapping[str, int]
    """Nights that a hamlet missed, most first."""
    availability: Mapping[str, float | None]
    """Of each gong: the part of the period in which it was heard."""
    drills: tuple[Drill, ...] = field(default=())
    """In order."""


def figures(
    period: Period,
    groups: Iterable[Group],
    moments: Iterable[Moment],
    acknowledged_ms: Iterable[int],
    closed_ms: Iterable[int],
    nights: Iterable[Night],
    availability: Mapping[str, float | None],
    drills: Iterable[Drill] = (),
) -> Figures:
    """All of it."""
    kinds: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    hamlets: Counter[str] = Counter()
    months: Counter[str] = Counter(dict.fromkeys(period.months, 0))
    hours = [0] * 24
    for one in groups:
        kinds[one.kind] += one.count
        outcomes[one.outcome] += one.count
        hamlets[one.hamlet] += one.count
    for moment in moments:
        months[moment.month] += moment.count
        hours[moment.hour] += moment.count
    missed: Counter[str] = Counter()
    summed = list(nights)
    for night in summed:
        missed.update(night.missed)
    return Figures(
        total=kinds.total(),
        false=outcomes[FALSE],
        open=outcomes[OPEN],
        by_kind=dict(kinds.most_common()),
        by_outcome=dict(outcomes.most_common()),
        by_hamlet=dict(hamlets.most_common()),
        by_month=dict(sorted(months.items())),
        by_hour=hours,
        to_acknowledge=spread(acknowledged_ms),
        to_close=spread(closed_ms),
        nights=len(summed),
        whole_nights=sum(not night.missed for night in summed),
        missed=dict(missed.most_common()),
        availability=availability,
        drills=tuple(drills),
    )


def spread(durations_ms: Iterable[int]) -> Spread:
    """Median and 90th percentile, by nearest rank. A clock that jumped back makes none negative."""
    found = sorted(max(0, one) for one in durations_ms)
    if not found:
        return Spread(0, None, None)
    return Spread(len(found), _rank(found, 0.5), _rank(found, 0.9))


def _rank(found: Sequence[int], part: float) -> int:
    return found[max(0, -(-int(part * 1000) * len(found) // 1000) - 1)]


def available(first_ms: int, until_ms: int, silences: Iterable[tuple[int, int | None]]) -> float | None:
    """The part of [first, until) in which there was no silence; None if there is no such time. Overlaps count once."""
    if until_ms <= first_ms:
        return None
    lost, reached = 0, first_ms
    for since_ms, over_ms in sorted(silences, key=lambda one: one[0]):
        since, over = max(since_ms, reached), min(until_ms if over_ms is None else over_ms, until_ms)
        if over > since:
            lost += over - since
            reached = over
    return 1 - lost / (until_ms - first_ms)
