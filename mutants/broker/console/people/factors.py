"""An officer's second factor in the tables: set, tried, removed; and the recovery codes beside it."""

from __future__ import annotations

import time

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from broker.console.people import codes
from broker.console.people.models import Officer, RecoveryCode
from broker.console.people.sealed import opened, seal
from broker.console.people.slowing import Rule, Slowing

RULE = Rule(free=5, first_s=5.0, most_s=60.0, forget_s=3600.0)
"""Of one officer, from every door: to be asked for a code one has to know the password."""
_tries = Slowing(RULE)


def take(officer: Officer) -> float:
    """Begin a try: 0, or how long to wait."""
    return _tries.take(str(officer.pk), time.monotonic())


def right_code(officer: Officer, code: str, seed: str = "") -> bool:
    """Whether it is the code of now, not taken before; from here on it is. `seed`: of one that is not set yet."""
    seed = seed or opened(officer.factor) or ""
    step = codes.step_of(seed, code, time.time(), officer.factor_step) if seed else None
    if step is None:
        return False
    # Of two at once one moves the step: no code is taken twice.
    moved = Officer.objects.filter(pk=officer.pk, factor_step__lt=step).update(factor_step=step)
    if moved:
        officer.factor_step = step
        _tries.passed(str(officer.pk))
    return bool(moved)


def right_recovery(officer: Officer, code: str) -> bool:
    """Whether it is one of the recovery codes; then it is gone."""
    said = codes.recovery_number(code)
    if said is None:
        return False
    row = RecoveryCode.objects.filter(officer=officer, number=said[0]).first()
    if row is None or not check_password(said[1], row.hashed):
        return False
    gone, _ = RecoveryCode.objects.filter(pk=row.pk).delete()
    if gone:
        _tries.passed(str(officer.pk))
    return bool(gone)


@transaction.atomic
def put(officer: Officer, seed: str) -> list[str]:
    """It holds from now on; the new recovery codes, to be shown once. The officer's other sessions are over with it."""
    officer.factor = seal(seed)
    officer.save(update_fields=["factor"])
    return renew_codes(officer)


@transaction.atomic
def renew_codes(officer: Officer) -> list[str]:
    """Fresh recovery codes; the old ones are void."""
    fresh = codes.new_recovery_codes()
    said = [parted for code in fresh if (parted := codes.recovery_number(code))]
    RecoveryCode.objects.filter(officer=officer).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(officer=officer, number=number, hashed=make_password(letters)) for number, letters in said
    )
    return fresh


@transaction.atomic
def remove(officer: Officer) -> None:
    """The telephone is lost: a new one is set at the next sign-in."""
    officer.factor, officer.factor_step = "", 0
    officer.save(update_fields=["factor", "factor_step"])
    RecoveryCode.objects.filter(officer=officer).delete()
