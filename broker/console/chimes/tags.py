"""What the code book's templates can say. Built into every template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from broker.console.chimes.forms import DAYS
from broker.console.words import here
from patterns.chimes import WEEKDAYS, Chime

register = template.Library()


@register.filter
def chime_days(chime: Chime) -> str:
    """On which days it is kept."""
    if len(chime.days) == len(WEEKDAYS):
        return here(("hằng ngày", "daily"))
    return ", ".join(here(DAYS[WEEKDAYS[day]]) for day in chime.days)


@register.filter
def pattern_title(name: str, patterns: Sequence[Mapping[str, Any]]) -> str:
    """What a pattern is called in the page's language: an id like `curfew` says nothing to a policeman."""
    return next((str(one["title"]) for one in patterns if one["name"] == name), name)
