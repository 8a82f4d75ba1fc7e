"""A report's rows, out of the register: counted by SQLite, so that a year of any commune takes a moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db import connections

from broker.console.cases.search import day_ms
from broker.console.reports.figures import Drill, Figures, Group, Moment, Night, available, figures
from broker.console.reports.period import Period
from broker.console.routing import REGISTER
from broker.core.chimerows import proves
from broker.register.models import Chime, Incident, JournalEntry, Node, Trouble

ZONE_MS = 7 * 3_600_000
"""Vietnam has one zone and no summer time."""
HOUR_MS = 3_600_000
WITHIN = "opened_at_ms >= %s AND opened_at_ms < %s AND (%s OR NOT silent)"
GROUPS = f"""
    SELECT kind, coalesce(hamlet, ''), coalesce(outcome, ''), count(*)
    FROM register_incident WHERE {WITHIN} AND NOT drill GROUP BY 1, 2, 3
"""  # noqa: S608 - constants
HOURS = f"""
    SELECT (opened_at_ms + {ZONE_MS}) / {HOUR_MS}, count(*)
    FROM register_incident WHERE {WITHIN} AND NOT drill GROUP BY 1
"""  # noqa: S608 - constants; every hour since 1970 by its number, for strftime on each row takes ten times as long
ACKNOWLEDGED = f"""
    SELECT acknowledged_at_ms - opened_at_ms FROM register_incident
    WHERE {WITHIN} AND NOT drill AND acknowledged_at_ms IS NOT NULL
"""  # noqa: S608 - constants
CLOSED = f"""
    SELECT closed_at_ms - opened_at_ms FROM register_incident WHERE {WITHIN} AND NOT drill AND closed_at_ms IS NOT NULL
"""  # noqa: S608 - constants
KEPT = 32  # reports of the last register states: an officer looks at one, and then takes its XLSX
AT_ONCE = 500  # ids of one statement


def report(period: Period, now_ms: int, seq: int, *, silent: bool) -> Figures:
    """The figures of a period, as the register is at `seq`."""
    return _report(period, now_ms // 60_000, seq, silent)


@lru_cache(KEPT)
def _report(period: Period, minute: int, seq: int, silent: bool) -> Figures:
    first_ms, until_ms = day_ms(period.first), day_ms(period.after)
    where = (first_ms, until_ms, silent)
    return figures(
        period,
        (Group(*row) for row in _rows(GROUPS, where)),
        (_moment(*row) for row in _rows(HOURS, where)),
        (row[0] for row in _rows(ACKNOWLEDGED, where)),
        (row[0] for row in _rows(CLOSED, where)),
        _nights(first_ms, until_ms),
        _availability(first_ms, min(until_ms, minute * 60_000)),
        _drills(first_ms, until_ms, silent=silent),
    )


def oldest_ms() -> int | None:
    """When the first incident was opened."""
    return Incident.objects.order_by("opened_seq").values_list("opened_at_ms", flat=True).first()


def _rows(sql: str, where: tuple[int, int, bool]) -> Iterator[tuple[Any, ...]]:
    with connections[REGISTER].cursor() as cursor:
        cursor.execute(sql, where)
        yield from cursor.fetchall()


def _moment(hour: int, count: int) -> Moment:
    day, of_day = divmod(hour, 24)
    return Moment(_month(day), of_day, count)


@lru_cache(1000)
def _month(day: int) -> str:
    return f"{date(1970, 1, 1) + timedelta(days=day):%Y-%m}"


def _nights(first_ms: int, until_ms: int) -> Iterator[Night]:
    """Chimes of the code book, by their ids' own date: one that was sounded by hand bears a time."""
    rows = Chime.objects.filter(ordered_at_ms__gte=first_ms - 120_000, ordered_at_ms__lt=until_ms)
    ids = [id_ for id_ in rows.order_by("ordered_seq").values_list("id", flat=True) if "T" not in id_.partition("/")[2]]
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        entries = JournalEntry.objects.filter(subject__in=part, what="proved").order_by("seq")
        for subject, body in entries.values_list("subject", "body"):
            if first_ms <= int(body.get("due_at_ms") or 0) < until_ms:
                yield Night(subject, tuple(body.get("sounded") or ()), tuple(body.get("missed") or ()))


def _availability(first_ms: int, until_ms: int) -> dict[str, float | None]:
    silences: dict[str, list[tuple[int, int | None]]] = {}
    rows = Trouble.objects.filter(kind="node_silent", since_ms__lt=until_ms)
    for about, since_ms, over_ms in rows.values_list("about", "since_ms", "over_at_ms"):
        silences.setdefault(about, []).append((since_ms, over_ms))
    known = Node.objects.order_by("id").values_list("id", "first_at_ms")
    return {id_: available(max(first_ms, seen_ms), until_ms, silences.get(id_, ())) for id_, seen_ms in known}


def _drills(first_ms: int, until_ms: int, *, silent: bool) -> Iterator[Drill]:
    rows = Incident.objects.filter(drill=True, opened_at_ms__gte=first_ms, opened_at_ms__lt=until_ms)
    if not silent:
        rows = rows.filter(silent=False)
    found = list(rows.order_by("opened_seq").values_list("id", "kind", "opened_at_ms", "acknowledged_at_ms"))
    heard: dict[str, set[str | None]] = {}
    for start in range(0, len(found), AT_ONCE):
        part = [id_ for id_, *_ in found[start : start + AT_ONCE]]
        proofs = JournalEntry.objects.filter(subject__in=part, what="sounded")
        for subject, by, body in proofs.values_list("subject", "by", "body"):
            if proves(body.get("ended"), body.get("strokes_heard")):
                heard.setdefault(subject, set()).add(by)
    for id_, kind, opened_ms, taken_ms in found:
        took = None if taken_ms is None else max(0, taken_ms - opened_ms)
        yield Drill(id_, kind, opened_ms, len(heard.get(id_, ())), took)
