"""A session as a page shows it. Its key is what lets in, so a page names it by a mark that lets nobody in."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from broker.console.people import seats
from broker.console.people.models import Officer, Seat

MARK_CHARS = 24
_BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One session."""

    mark: str
    """By which a form names it."""
    address: str
    """Where it began."""
    browser: str
    """In two words."""
    began_ms: int
    """When."""
    seen_ms: int
    """When it was last used, to the minute."""
    here: bool
    """Whether it is the one that looks."""


def mark_of(seat: Seat) -> str:
    """Not to be turned back."""
    return salted_hmac("keng seat", seat.session_key, algorithm="sha256").hexdigest()[:MARK_CHARS]


def shown(officer: Officer, mine: str | None) -> list[Shown]:
    """Those that stand, newest first."""
    return [
        Shown(mark_of(one), one.address, named(one.agent), one.began_ms, one.seen_ms, one.session_key == mine)
        for one in seats.seats_of(officer)
    ]


def named(agent: str) -> str:
    """Chrome, Windows; a dash if it says nothing we know."""
    found = [next((name for mark, name in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return ", ".join(one for one in found if one) or "–"
