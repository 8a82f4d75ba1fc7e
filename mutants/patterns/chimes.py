"""Chimes: scheduled, harmless sounds, and the calendar that says when each is due. Pure, apart from zoneinfo's tables.

    - {name: curfew, at: "22:00", days: daily, pattern: curfew, hamlets: all, except: [2027-02-05..2027-02-10]}

What must always hold: on each local date on which a chime is kept it is due exactly once, however the time asked about
is cut into pieces, and its id, "<name>/<local date>", is the same each time. Clocks that change by an hour: a time that
does not exist is due as much later as the clock jumps; a time that comes twice is due the first time. A date that a
zone leaves out (Samoa, 30 December 2011) has no chime.

Does not know: the wall clock, what was already sounded, or how late is too late.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from patterns.fields import Field

ALL = "all"
"""In place of hamlets: every one."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""In the order of date.weekday()."""
MAX_SPAN = timedelta(days=400)
"""`due_between` looks back no further: what is older is never made up for."""
MAX_EXCEPTIONS = 60
"""A year's holidays, several times over."""
MAX_EXCEPTION_DAYS = 366
"""A longer one is a slip: the chime would better be struck out."""


_CLOCK = re.compile(r"[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True, slots=True)
class DateRange:
    """Days on which a chime is not kept."""

    first: date
    """Local."""
    last: date
    """Local, included."""

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}..{self.last}"


@dataclass(frozen=True, slots=True)
class Chime:
    """A sound at an hour, on some days, in some hamlets."""

    name: str
    """Slug; one of a kind in its code book."""
    at: time
    """Local, on the minute."""
    days: tuple[int, ...]
    """0 = Monday … 6 = Sunday; rising."""
    pattern: str
    """Name of a finite pattern that is no alarm."""
    hamlets: tuple[str, ...]
    """Slugs, or ("all",)."""
    excepted: tuple[DateRange, ...] = ()
    """Local dates on which it is not kept."""

    def kept_on(self, day: date) -> bool:
        """Whether it is due on a local date."""
        return day.weekday() in self.days and not any(skipped.first <= day <= skipped.last for skipped in self.excepted)

    def sounds_in(self, hamlet: str) -> bool:
        """Whether a hamlet hears it."""
        return ALL in self.hamlets or hamlet in self.hamlets

    def to_plain(self) -> dict[str, object]:
        """As wire.md's CodeBook and the YAML file write it."""
        return {
            "name": self.name,
            "at": f"{self.at:%H:%M}",
            "days": "daily" if len(self.days) == len(WEEKDAYS) else [WEEKDAYS[day] for day in self.days],
            "pattern": self.pattern,
            "hamlets": ALL if ALL in self.hamlets else list(self.hamlets),
            "except": [str(skipped) for skipped in self.excepted],
        }


@dataclass(frozen=True, slots=True)
class Due:
    """One sounding of a chime."""

    id: str
    """"<name>/<local date>": sounds once, ever."""
    name: str
    """The chime's."""
    pattern: str
    """What sounds."""
    hamlets: tuple[str, ...]
    """Slugs, or ("all",)."""
    due_at_utc: datetime
    """Aware, UTC."""


def due_between(chimes: tuple[Chime, ...], zone: str, after_utc: datetime, until_utc: datetime) -> list[Due]:
    """What is due after one moment, up to and including another (both aware), by time, then name.

    Looks back MAX_SPAN from `until_utc` at most. `zone` is one that the code book's check has passed.
    """
    after_utc = max(after_utc.astimezone(UTC), until_utc.astimezone(UTC) - MAX_SPAN)
    until_utc = until_utc.astimezone(UTC)
    tz = ZoneInfo(zone)
    # A local date lies within a day of the UTC date; a zone that skips or repeats one shifts by another.
    first, last = after_utc.date() - timedelta(days=2), until_utc.date() + timedelta(days=2)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    due = [
        Due(f"{chime.name}/{day}", chime.name, chime.pattern, chime.hamlets, at_utc)
        for day in days
        if _exists(day, tz)
        for chime in chimes
        if chime.kept_on(day)
        if after_utc < (at_utc := _utc(day, chime.at, tz)) <= until_utc
    ]
    return sorted(due, key=lambda one: (one.due_at_utc, one.name))


def _utc(day: date, at: time, tz: ZoneInfo) -> datetime:
    return datetime.combine(day, at, tz).astimezone(UTC)  # fold=0: the first of two, and past a gap


def _exists(day: date, tz: ZoneInfo) -> bool:
    return _utc(day, time(12), tz).astimezone(tz).date() == day


def read_at(field: Field) -> time | None:
    """A local time, "22:00"."""
    text = field.text()
    try:
        if text is not None and _CLOCK.fullmatch(text):
            return time.fromisoformat(text)
    except ValueError:  # 24:00, 12:60
        text = text or ""
    if text is not None:
        field.fault('giờ viết như "22:00" hoặc "05:00".', 'write the time as "22:00" or "05:00".')
    return None


def read_days(field: Field) -> tuple[int, ...]:
    """ "daily", or a list of weekdays."""
    if field.value == "daily":
        return tuple(range(len(WEEKDAYS)))
    if not isinstance(field.value, list) or not field.value:
        field.fault("viết daily hoặc danh sách như [mon, fri].", "write daily, or a list like [mon, fri].")
        return ()
    words = [word for item in field.items(len(WEEKDAYS)) if (word := item.choice(WEEKDAYS)) is not None]
    if len(set(words)) < len(words):
        field.fault("có ngày viết hai lần.", "a day is there twice.")
    return tuple(sorted({WEEKDAYS.index(word) for word in words}))


def read_exceptions(field: Field) -> tuple[DateRange, ...]:
    """Dates "2027-02-06" and ranges "2027-02-05..2027-02-10"."""
    ranges = (_range(item) for item in field.items(MAX_EXCEPTIONS))
    return tuple(one for one in ranges if one is not None)


def _range(field: Field) -> DateRange | None:
    text = field.text(30)
    if text is None:
        return None
    first, dots, last = text.partition("..")
    try:
        days = DateRange(date.fromisoformat(first.strip()), date.fromisoformat((last if dots else first).strip()))
    except ValueError:
        field.fault(
            "ngày viết như 2027-02-06, khoảng ngày như 2027-02-05..2027-02-10.",
            "write a date as 2027-02-06, a range as 2027-02-05..2027-02-10.",
        )
        return None
    if not 0 <= (days.last - days.first).days < MAX_EXCEPTION_DAYS:
        field.fault(
            "ngày cuối phải sau ngày đầu, không quá một năm.", "the last day must follow the first, within a year."
        )
        return None
    return days
