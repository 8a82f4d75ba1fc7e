"""What the devices' templates can say beside broker/console/tags.py. Built into every template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from broker.console import words
from broker.console.devices.words import CONDITIONS, REASONS, UPDATES
from broker.words import ENDED
from wire.reports import Updating

register = template.Library()


@register.filter
def condition(key: Any) -> str:
    """How a part of a gong is."""
    return words.named(CONDITIONS, key)


@register.filter
def updating(update: Updating) -> str:
    """How far an update is, and what it waits for or broke on."""
    reason, _, more = update.why.partition(":")
    why = words.here(REASONS[reason]) if reason in REASONS else reason
    return " · ".join(one for one in (words.named(UPDATES, update.state), why, more.strip()) if one)


@register.filter
def ended_how(key: Any) -> str:
    """How a sounding ended."""
    return words.named(ENDED, key)


@register.filter
def pick(table: Mapping[Any, Any], key: Any) -> Any:
    """table[key], or nothing."""
    return table.get(key)
