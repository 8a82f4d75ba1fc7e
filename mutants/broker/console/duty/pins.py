"""The second look at who acts, before what cannot be taken back: a real alarm for the whole commune."""

from __future__ import annotations

from broker.console.people import pin
from broker.console.people.models import Officer


def fault(officer: Officer, given: str) -> str:
    """Why this PIN does not do, as a sentence for the officer; empty if it does."""
    return "" if pin.check(officer, given) else pin.refusal(officer)
