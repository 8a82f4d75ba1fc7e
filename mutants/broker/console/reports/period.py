"""Which days a report is about. Pure: today is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Half = Literal["1", "2", "year"]
FIRST_YEAR = 2020
"""Before this program was written."""


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both included."""

    first: date
    """Inclusive."""
    last: date
    """Inclusive."""

    @property
    def months(self) -> list[str]:
        """YYYY-MM of each, in order."""
        year, month = self.first.year, self.first.month
        found = []
        while (year, month) <= (self.last.year, self.last.month):
            found.append(f"{year}-{month:02d}")
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        return found

    @property
    def after(self) -> date:
        """The day after the last."""
        return self.last + timedelta(days=1)


def half_of(year: int, half: Half) -> Period:
    """A half-year, or the year."""
    first, last = {"1": ((1, 1), (6, 30)), "2": ((7, 1), (12, 31)), "year": ((1, 1), (12, 31))}[half]
    return Period(date(year, *first), date(year, *last))


def current(today: date) -> tuple[int, Half]:
    """The half-year of today."""
    return today.year, "1" if today.month <= 6 else "2"


def years(today: date, oldest: date | None) -> list[int]:
    """Those of which there can be something to report, latest first."""
    first = max(FIRST_YEAR, (oldest or today).year)
    return list(range(today.year, min(first, today.year) - 1, -1))
