"""What happens to accounts, for the journal of the commune: kept here at once, told to the service when it answers.

What must hold: it is written with the change it tells of, in one transaction; a service that is away loses nothing; a
flood of failures is one row a minute for each kind and address.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time

from broker.console.people.models import Untold
from broker.console.people.store import now_ms

DEEDS = frozenset(
    {
        "signed_in",
        "signed_out",
        "refused",
        "slowed",
        "code_refused",
        "recovery_used",
        "forbidden",
        "password_changed",
        "pin_changed",
        "factor_set",
        "factor_removed",
        "officer_made",
        "role_changed",
        "switched_off",
        "switched_on",
        "password_given",
        "sessions_ended",
        "exported",
        "shown",
    }
)
"""Every deed at the console itself; how each is said to people is told by broker/console/trail/deeds.py."""
MOST_UNTOLD = 50_000
"""Some megabytes; months of a quiet commune. Beyond it nothing is added: what was first is what mattered."""
FAILURE_EVERY_S = 60.0
MAX_RECENT = 1_000
MOST_CHARS = 64
_recent: dict[tuple[str, str], float] = {}
_lock = threading.Lock()
_log = logging.getLogger(__name__)


def note(who: str, what: str, about: str, **detail: str) -> None:
    """Keep it, to be told: who did what (of DEEDS) about whom or what. `who` empty: nobody who is known."""
    if what not in DEEDS:
        raise KeyError(what)
    if Untold.objects.count() >= MOST_UNTOLD:
        _log.error("the journal has not been told for so long that a note is lost: %s %s %s", who, what, about)
        return
    kept = {key: value[:MOST_CHARS] for key, value in detail.items()}
    Untold.objects.create(
        ask=secrets.token_hex(8), at_ms=now_ms(), who=who, what=what, about=about[:MOST_CHARS], detail=kept
    )


def note_failure(what: str, about: str, **detail: str) -> None:
    """A try that was wrong: one row a minute for each address, or account, that it is about."""
    key, now_s = (what, about), time.monotonic()
    with _lock:
        if now_s - _recent.get(key, -FAILURE_EVERY_S) < FAILURE_EVERY_S:
            return
        _recent[key] = now_s
        while len(_recent) > MAX_RECENT:
            del _recent[next(iter(_recent))]
    note("", what, about, **detail)
