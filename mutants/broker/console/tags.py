"""What the templates can say: times, words, places. Built into every template."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from broker.console import words
from broker.words import INCIDENT_STATES, KINDS, OUTCOMES, TROUBLES

register = template.Library()
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def _moment(wall_ms: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(wall_ms) / 1000, UTC).astimezone(ZONE)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


@register.filter
def clock(wall_ms: Any) -> str:
    """22:00:05, in the commune's zone; a dash for none."""
    moment = _moment(wall_ms)
    return "–" if moment is None else f"{moment:%H:%M:%S}"


@register.filter
def day(wall_ms: Any) -> str:
    """25/11/2026 22:00:05."""
    moment = _moment(wall_ms)
    return "–" if moment is None else f"{moment:%d/%m/%Y %H:%M:%S}"


@register.filter
def milli(wall_ms: Any) -> str:
    """25/11/2026 22:00:05.123: for a timeline."""
    moment = _moment(wall_ms)
    return "–" if moment is None else f"{moment:%d/%m/%Y %H:%M:%S}.{int(wall_ms) % 1000:03d}"


@register.filter
def span(ms: Any) -> str:
    """+0,350 s; +12:05 beyond a minute."""
    sign, ms = ("−", -ms) if ms < 0 else ("+", ms)
    if ms < 60_000:
        return f"{sign}{ms / 1000:.3f} s".replace(".", ",")
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{sign}{minutes}:{seconds:02d}"


@register.filter
def lasted(ms: Any) -> str:
    """0,35 s; 12:05 beyond a minute; a dash for none."""
    return "–" if ms is None else span(ms)[1:]


@register.filter
def iso(wall_ms: Any) -> str:
    """For <time datetime>."""
    moment = _moment(wall_ms)
    return "" if moment is None else moment.isoformat(timespec="milliseconds")


@register.filter
def kind(key: Any) -> str:
    """An alert's kind."""
    return words.named(KINDS, key)


@register.filter
def state(key: Any) -> str:
    """An incident's state."""
    return words.named(INCIDENT_STATES, key)


@register.filter
def outcome(key: Any) -> str:
    """How it ended."""
    return words.named(OUTCOMES, key) if key else "–"


@register.filter
def trouble_kind(key: Any) -> str:
    """A trouble's kind."""
    return words.named(TROUBLES, key)


@register.filter
def both(text: Any) -> str:
    """The half of a bilingual sentence that this page is in."""
    return words.said(str(text))


@register.filter
def places(hamlets: Iterable[str] | None, names: Mapping[str, str]) -> str:
    """Where: the whole commune, or hamlets by name."""
    listed = list(hamlets or ())
    return _("Cả xã") if listed == ["all"] else ", ".join(names.get(one, one) for one in listed)


@register.filter
def get(table: Mapping[Any, Any], key: Any) -> Any:
    """table[key], or the key itself."""
    return table.get(key, key)


@register.simple_tag
def ask_id() -> str:
    """A fresh id for a form's ask: the form sent twice is done once."""
    return secrets.token_hex(8)


@register.simple_tag
def part(items: Mapping[str, list[tuple[str, SafeString]]], name: str) -> SafeString:
    """What a live part holds at first."""
    return SafeString("".join(html for _key, html in items.get(name, ())))
