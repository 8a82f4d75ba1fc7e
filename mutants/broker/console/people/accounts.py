"""What is done to accounts, by a chief's page and by `keng officer` alike: made, given another role, switched off and
on, given a one-time password. Each change, its note, and the end of the sessions it ends are one transaction.
"""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.db import transaction

from broker.console.people import codes, factors, notes, seats
from broker.console.people.models import Officer
from broker.console.people.store import now_ms

CONSOLE = ""
"""Who acts when it is nobody's page: the command on the commune's machine."""


@transaction.atomic
def make(by: str, username: str, full_name: str, role: str) -> tuple[Officer, str]:
    """A new one, and its one-time password."""
    officer = Officer(username=username, full_name=full_name, role=role)
    password = _one_time(officer)
    officer.full_clean(exclude=["password"])
    officer.save()
    notes.note(by, "officer_made", username, role=role)
    return officer, password


@transaction.atomic
def give_password(by: str, officer: Officer) -> str:
    """A one-time password; the old one and every session are void. The second factor stays (ASVS 6.4.3)."""
    password = _one_time(officer)
    officer.save()
    seats.end(officer)
    notes.note(by, "password_given", officer.username)
    return password


@transaction.atomic
def change_role(by: str, officer: Officer, role: str) -> None:
    """Its sessions are bound to the role it had. The same again changes nothing."""
    if officer.role == role:
        return
    before, officer.role = officer.role, role
    officer.save(update_fields=["role"])
    seats.end(officer)
    notes.note(by, "role_changed", officer.username, role=role, before=before)


@transaction.atomic
def switch(by: str, officer: Officer, on: bool) -> None:
    """Off: out at once, and not let in again."""
    officer.is_active = on
    officer.save(update_fields=["is_active"])
    if not on:
        seats.end(officer)
    notes.note(by, "switched_on" if on else "switched_off", officer.username)


@transaction.atomic
def remove_factor(by: str, officer: Officer) -> None:
    """A chief sets a new one at the next sign-in."""
    factors.remove(officer)
    seats.end(officer)
    notes.note(by, "factor_removed", officer.username)


@transaction.atomic
def end_sessions(by: str, officer: Officer, *, but: str | None = None) -> int:
    """Out everywhere; how many sessions that were."""
    ended = seats.end(officer, but=but)
    notes.note(by, "sessions_ended", officer.username)
    return ended


def _one_time(officer: Officer) -> str:
    password = codes.new_password()
    officer.password = make_password(password)
    officer.must_change = True
    officer.password_until_ms = now_ms() + codes.ONE_TIME_S * 1000
    return password
