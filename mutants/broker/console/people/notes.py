"""What happens to accounts, for the journal of the commune: kept here at once, told to the service when it answers.

What must hold: it is written with the change it tells of, in one transaction; a service that is away loses nothing; a
flood of failures is one row a minute for each kind and address.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from typing import Any

from django.utils.translation import gettext_lazy as _

from broker.console.people.models import Untold
from broker.console.people.store import now_ms

WORDS: dict[str, Any] = {
    "signed_in": _("Đăng nhập"),
    "signed_out": _("Đăng xuất"),
    "refused": _("Đăng nhập sai"),
    "slowed": _("Đăng nhập sai nhiều lần, phải đợi"),
    "code_refused": _("Mã xác thực sai"),
    "recovery_used": _("Đăng nhập bằng mã dự phòng"),
    "forbidden": _("Vào trang không được phép"),
    "password_changed": _("Đổi mật khẩu"),
    "pin_changed": _("Đổi mã PIN"),
    "factor_set": _("Bật xác thực hai lớp"),
    "factor_removed": _("Gỡ xác thực hai lớp"),
    "officer_made": _("Lập tài khoản"),
    "role_changed": _("Đổi vai trò"),
    "switched_off": _("Tắt tài khoản"),
    "switched_on": _("Bật lại tài khoản"),
    "password_given": _("Cấp mật khẩu một lần"),
    "sessions_ended": _("Kết thúc phiên"),
}
"""Every deed of this room, and how it is said to people; another room adds its own before it notes any."""
MOST_UNTOLD = 50_000
"""Some megabytes; months of a quiet commune. Beyond it nothing is added: what was first is what mattered."""
FAILURE_EVERY_S = 60.0
MAX_RECENT = 1_000
MOST_CHARS = 64
_recent: dict[tuple[str, str], float] = {}
_lock = threading.Lock()
_log = logging.getLogger(__name__)


def note(who: str, what: str, about: str, **detail: str) -> None:
    """Keep it, to be told: who did what (a word of WORDS) about whom or what. `who` empty: nobody who is known."""
    if what not in WORDS:
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
