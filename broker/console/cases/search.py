"""Which cases are meant, a page at a time, latest first; by keyset, so that the last page is as quick as the first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from broker.core.outcome import plain
from broker.register.models import Incident
from broker.words import KINDS, OUTCOMES
from wire.words import EVERYWHERE

PAGE = 50
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an officer looks for; empty: everything."""

    text: str = ""
    """In id, names, text or note; or an outcome or a kind without diacritics."""
    kind: str = ""
    """Of the alert."""
    hamlet: str = ""
    """Where it was pressed, or was to sound; what was to sound in the whole commune was to sound there."""
    state: str = ""
    """open, acknowledged, closed, false_alarm."""
    outcome: str = ""
    """How it ended."""
    since: date | None = None
    """First day."""
    until: date | None = None
    """Last day."""
    drill: str = ""
    """yes: only drills; no: none."""


def day_ms(day: date) -> int:
    """Its first moment, in the commune's zone."""
    return int(datetime.combine(day, time(), ZONE).timestamp() * 1000)


def found(wanted: Wanted, *, silent: bool) -> QuerySet[Incident]:
    """The cases, latest first. `silent`: whether the asker may see silent alerts."""
    rows = Incident.objects.order_by("-opened_seq")
    if not silent:
        rows = rows.filter(silent=False)
    exact = {"kind": wanted.kind, "state": wanted.state, "outcome": wanted.outcome}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if wanted.hamlet:
        everywhere = Q(hamlets__icontains=f'"{EVERYWHERE[0]}"')
        rows = rows.filter(Q(hamlet=wanted.hamlet) | Q(hamlets__icontains=f'"{wanted.hamlet}"') | everywhere)
    if wanted.since:
        rows = rows.filter(opened_at_ms__gte=day_ms(wanted.since))
    if wanted.until:
        rows = rows.filter(opened_at_ms__lt=day_ms(wanted.until + DAY))
    if wanted.drill:
        rows = rows.filter(drill=wanted.drill == "yes")
    return rows.filter(_text(wanted.text)) if wanted.text else rows


def page(rows: QuerySet[Incident], before: int | None) -> tuple[list[Incident], int | None]:
    """One page opened before `before`, and where the next begins; none: that was the last."""
    if before is not None:
        rows = rows.filter(opened_seq__lt=before)
    listed = list(rows[: PAGE + 1])
    return listed[:PAGE], listed[PAGE - 1].opened_seq if len(listed) > PAGE else None


def _text(text: str) -> Q:
    """A person types without diacritics as often as with them, and in capitals."""
    bare = plain(text)
    where = Q(id__icontains=text)
    for field in ("by", "acknowledged_by", "closed_by", "node"):
        where |= Q(**{f"{field}__icontains": text})
    for field in ("text", "note"):
        where |= Q(**{f"{field}__plainly": bare})
    outcomes = [outcome for outcome in OUTCOMES if bare in plain(outcome)]
    kinds = [key for key, (vi, en) in KINDS.items() if bare in plain(vi) or bare in plain(en)]
    return where | Q(outcome__in=outcomes) | Q(kind__in=kinds)
