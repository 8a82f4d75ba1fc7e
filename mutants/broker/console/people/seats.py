"""Sessions: who sits where, since when, for how long. A session is a row (models.Seat), so it can be seen and ended.

What must hold:
Rule 1. A session lasts a shift, SHIFT_S from the sign-in, and nothing lengthens it.
Rule 2. One that neither asked for anything nor had a stream open for IDLE_S is over. A duty page streams: it is not
idle, though nobody touched it all night. (ASVS 7.1.1: NIST's 30 minutes of AAL2 would take the desk away from an
officer who watches; a post is manned, a screen there is meant to stay on. A telephone in a pocket does not stream.)
Rule 3. An account has MAX_SEATS of them; the next sign-in ends the oldest. A desk, a telephone, a wall and some room.
Rule 4. It is bound to password, second factor and role: a change of one ends it. Nothing that happens at the sign-in
page touches a session that stands.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from broker.console.people.models import Officer, Seat
from broker.console.people.store import ADDRESS, AGENT, BEGAN, now_ms

SHIFT_S: int = settings.SESSION_COOKIE_AGE
IDLE_S = 2 * 3600
SEEN_EVERY_MS = 60_000
"""How exactly it is known when it was last seen: a row is not written at each request."""
MAX_SEATS = 6
MAX_AGENT = 200


def begin(request: HttpRequest, officer: Officer) -> None:
    """After django.contrib.auth.login: note where and when, bound it, end what is too many or long over."""
    session = request.session
    session[BEGAN] = now_ms()
    session[ADDRESS] = address_of(request)
    session[AGENT] = request.headers.get("User-Agent", "")[:MAX_AGENT]
    session.set_expiry(datetime.now(UTC) + timedelta(seconds=SHIFT_S))
    session.save()
    Seat.objects.filter(expire_date__lt=datetime.now(UTC)).delete()
    kept = seats_of(officer).values_list("pk", flat=True)[:MAX_SEATS]
    Seat.objects.filter(officer=officer).exclude(pk__in=list(kept)).delete()


def over(seat: Seat, at_ms: int) -> bool:
    """Whether its time is up. One from the future is over too: the clock was set back, and it would last years."""
    began, seen = seat.began_ms, seat.seen_ms
    future = began > at_ms + 2 * SEEN_EVERY_MS
    return future or at_ms - began >= SHIFT_S * 1000 or at_ms - seen >= IDLE_S * 1000


def stands(key: str | None, role: str | None = None) -> bool:
    """Whether the session is there, and its officer still who they were; and it is seen. For open streams."""
    if key is None:
        return False
    seat = Seat.objects.select_related("officer").filter(pk=key, expire_date__gt=datetime.now(UTC)).first()
    if seat is None or seat.officer is None or over(seat, now_ms()):
        return False
    bound = seat.get_decoded().get(HASH_SESSION_KEY, "")
    officer = seat.officer
    if not officer.is_active or not constant_time_compare(bound, officer.get_session_auth_hash()):
        return False
    see(seat)
    return role is None or officer.role == role


def see(seat: Seat) -> None:
    """It is used."""
    at_ms = now_ms()
    if at_ms - seat.seen_ms >= SEEN_EVERY_MS:
        Seat.objects.filter(pk=seat.pk).update(seen_ms=at_ms)


def seats_of(officer: Officer) -> QuerySet[Seat]:
    """Those that stand, newest first."""
    least_ms = now_ms() - IDLE_S * 1000
    alive = Seat.objects.filter(officer=officer, expire_date__gt=datetime.now(UTC), seen_ms__gt=least_ms)
    return alive.order_by("-began_ms")


def end(officer: Officer, *, but: str | None = None) -> int:
    """All of an officer's, but one; how many."""
    ended, _ = Seat.objects.filter(officer=officer).exclude(pk=but or "").delete()
    return ended


def address_of(request: HttpRequest) -> str:
    """Of the other end of the connection; what a header claims is not asked."""
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
