"""What follows from a code book's fields, and how they are changed: nights, drafts, differences. Pure.

What must hold: a change touches what it names and nothing else; a draft that goes back to an older version keeps
today's gongs, hamlets and keys, so that nobody who was retired comes back; a version only rises.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from patterns.bookcheck import read_book
from patterns.chimes import WEEKDAYS, Chime, due_between
from patterns.codebook import CodeBook
from patterns.errors import CodeBookError
from patterns.fields import Faults, plain

Fields = Mapping[str, Any]
TODAY_S = ("nodes", "hamlets", "commune", "name", "zone")
"""What is as it is today, whatever version a draft goes back to."""
NIGHTS = 35
"""Five weeks of calendar."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A chime on a day."""

    name: str
    """The chime's."""
    at: str
    """HH:MM, local."""
    pattern: str
    """What sounds."""
    hamlets: tuple[str, ...]
    """Slugs, or ("all",)."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar."""

    day: date
    """Local."""
    soundings: tuple[Sounding, ...]
    """By time."""
    skipped: tuple[str, ...]
    """Chimes that would be kept on that weekday, and are excepted."""


def checked(fields: Fields) -> CodeBook:
    """The book. CodeBookError with every fault."""
    return read_book(Faults(plain(dict(fields))))


def faults_of(fields: Fields) -> list[tuple[str, str]]:
    """What is wrong with it, Vietnamese and English; empty if nothing is."""
    try:
        checked(fields)
    except CodeBookError as error:
        return [(fault.sentence_vi(), fault.sentence_en()) for fault in error.faults] or [(error.vi, error.en)]
    return []


def calendar(book: CodeBook, today: date, count: int = NIGHTS) -> list[Day]:
    """Whole weeks from the Monday of this one."""
    zone = ZoneInfo(book.zone)
    first = today - timedelta(days=today.weekday())
    last = first + timedelta(days=count)
    start, end = (datetime.combine(day, time(), zone).astimezone(UTC) for day in (first, last))
    instant = timedelta(microseconds=1)
    due = due_between(book.chimes, book.zone, start - instant, end - instant)
    days: dict[date, list[Sounding]] = {first + timedelta(days=n): [] for n in range(count)}
    for one in due:
        local = one.due_at_utc.astimezone(zone)
        days[local.date()].append(Sounding(one.name, f"{local:%H:%M}", one.pattern, one.hamlets))
    return [Day(day, tuple(found), _skipped(book, day)) for day, found in days.items()]


def _skipped(book: CodeBook, day: date) -> tuple[str, ...]:
    return tuple(one.name for one in book.chimes if day.weekday() in one.days and not one.kept_on(day))


def with_chime(fields: Fields, replaces: str, chime: Mapping[str, Any]) -> dict[str, Any]:
    """The chime of that name replaced in its place, or added at the end."""
    new = copy.deepcopy(dict(fields))
    chimes = list(new.get("chimes") or [])
    names = [one.get("name") for one in chimes]
    if replaces in names:
        chimes[names.index(replaces)] = dict(chime)
    else:
        chimes.append(dict(chime))
    new["chimes"] = chimes
    return new


def without_chime(fields: Fields, name: str) -> dict[str, Any]:
    """The chime of that name taken out."""
    new = copy.deepcopy(dict(fields))
    new["chimes"] = [one for one in new.get("chimes") or [] if one.get("name") != name]
    return new


def gone_back(current: Fields, older: Fields) -> dict[str, Any]:
    """The older version's rules with today's gongs, hamlets and keys."""
    kept = {name: value for name, value in current.items() if name in TODAY_S}
    rules = {name: value for name, value in older.items() if name not in TODAY_S}
    return copy.deepcopy({**rules, **kept})


def to_push(draft: Fields, current: Fields) -> dict[str, Any]:
    """The draft's rules over what is in use now, one version later."""
    new = gone_back(current, draft)
    new["version"] = int(current.get("version") or 0) + 1
    return new


def differences(older: Fields, newer: Fields) -> list[tuple[str, str, str]]:
    """(what, before, after) of each field that differs, chimes and gongs one by one; the version is none."""
    found: list[tuple[str, str, str]] = []
    for name in sorted({*older, *newer} - {"version"}):
        before, after = older.get(name), newer.get(name)
        if before == after:
            continue
        if name == "chimes":
            before, after = _by_name(before), _by_name(after)
        if isinstance(before, Mapping) and isinstance(after, Mapping):
            for key in [*before, *(key for key in after if key not in before)]:
                if before.get(key) != after.get(key):
                    found.append((f"{name}.{key}", written(before.get(key)), written(after.get(key))))
        else:
            found.append((name, written(before), written(after)))
    return found


def _by_name(chimes: Any) -> dict[str, Any]:
    return {str(one.get("name")): one for one in chimes or [] if isinstance(one, Mapping)}


def written(value: Any) -> str:
    """For a reader: short, without braces."""
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {written(one)}" for key, one in value.items() if one not in (None, [], {}))
    if isinstance(value, list | tuple):
        return " ".join(written(one) for one in value)
    return str(value)


def plain_chime(
    name: str, at: str, days: list[str], pattern: str, hamlets: list[str], excepted: list[str]
) -> dict[str, Any]:
    """A chime as the file writes it; what is as usual is left out."""
    every = not days or len(set(days)) == len(WEEKDAYS)
    chime: dict[str, Any] = {"name": name, "at": at, "days": "daily" if every else days, "pattern": pattern}
    chime["hamlets"] = hamlets or "all"
    if excepted:
        chime["except"] = excepted
    return chime


def fields_of(chime: Chime) -> dict[str, Any]:
    """What a form shows of a chime."""
    return {
        "name": chime.name,
        "at": f"{chime.at:%H:%M}",
        "days": [WEEKDAYS[day] for day in chime.days],
        "pattern": chime.pattern,
        "hamlets": [] if "all" in chime.hamlets else list(chime.hamlets),
        "excepted": "\n".join(str(one) for one in chime.excepted),
    }
