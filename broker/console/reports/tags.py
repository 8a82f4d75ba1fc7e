"""What the report's templates can say. Built into every template."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from broker.console import words
from broker.console.reports.paper import shown
from broker.console.reports.tables import Table

register = template.Library()


@register.filter
def here(pair: tuple[str, str]) -> str:
    """The half of a pair that this page is in."""
    return words.here(pair)


@register.filter
def cell(value: Any) -> str:
    """For a reader."""
    return shown(value, get_language() == "en")


@register.filter
def percents(table: Table) -> list[tuple[tuple[Any, ...], float]]:
    """Each row, and its bar's length in percent of the longest."""
    numbers = [row[1] if isinstance(row[1], int | float) else 0 for row in table.rows]
    most = max(numbers, default=0) or 1
    return [(row, round(100 * number / most, 1)) for row, number in zip(table.rows, numbers, strict=True)]
