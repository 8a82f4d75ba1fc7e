"""The PIN that an officer enters again before what cannot be taken back: an alarm for the whole commune, a code book.

    if not pin.check(officer, form.cleaned_data["pin"]): …say pin.refusal(officer)…

What must hold: it is hashed as a password is; no PIN set is as wrong, and takes as long, as a wrong one; after FREE
wrong ones each costs a growing wait of this officer alone, a minute at most: six digits are a year's guessing, and the
officer whose fingers slipped is back in seconds. It never touches the session.
"""

from __future__ import annotations

import math
import time

from django.contrib.auth.hashers import check_password, make_password
from django.utils.translation import gettext as _

from broker.console.people.models import Officer
from broker.console.people.slowing import Rule, Slowing

RULE = Rule(free=5, first_s=5.0, most_s=60.0, forget_s=3600.0)
_tries = Slowing(RULE)


def check(officer: Officer, pin: str) -> bool:
    """Whether it is that officer's PIN, and it was not tried too often just now."""
    key = str(officer.pk)
    if _tries.take(key, time.monotonic()) > 0:
        return False
    if not officer.pin:
        make_password(pin)  # as long as a comparison takes
        return False
    right = check_password(pin, officer.pin)
    if right:
        _tries.passed(key)
    return right


def wait_s(officer: Officer) -> int:
    """How long until the next try is looked at; 0: now."""
    return math.ceil(_tries.wait_s(str(officer.pk), time.monotonic()))


def refusal(officer: Officer) -> str:
    """Why `check` said no, as a sentence in the page's language."""
    if not officer.pin:
        return _("Bạn chưa đặt mã PIN. Hãy đặt ở trang Tài khoản của tôi, rồi làm lại.")
    left_s = wait_s(officer)
    if left_s:
        return _("Mã PIN sai nhiều lần. Hãy đợi %(seconds)d giây rồi nhập lại.") % {"seconds": left_s}
    return _("Mã PIN không đúng. Chưa có gì được làm.")
