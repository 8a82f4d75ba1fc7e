"""How somebody is let in: the last step of every way in, and the marks by which a known door is known again.

A browser in which an account signed in keeps a device cookie for DEVICE_S: not a way in, only a reason to count its
wrong passwords apart from strangers' (OWASP, "Slow Down Online Guessing Attacks with Device Cookies").
"""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from broker.console.people import notes, seats
from broker.console.people.guard import is_own
from broker.console.people.models import Officer

BACKEND = "django.contrib.auth.backends.ModelBackend"
DEVICE_COOKIE = "__Host-keng-device" if settings.SECURE else "keng-device"
DEVICE_S = 180 * 86_400
DEVICE_SALT = "keng device"


def known_door(request: HttpRequest, name: str) -> str:
    """The known door of that account that it comes from; empty: a stranger's."""
    address = seats.address_of(request)
    if is_own(address, str(request.META.get("SERVER_NAME", ""))):
        return "own"
    device = _device(request)
    if device.get("who") == name:
        return f"device {device.get('id', '')}"
    officer = Officer.objects.filter(username=name).first()
    if officer is not None and seats.seats_of(officer).filter(address=address).exists():
        return f"address {address}"
    return ""


def enter(request: HttpRequest, officer: Officer, to: str) -> HttpResponse:
    """Sign in: a fresh key, a session of a shift, and to where they wanted."""
    request.session.flush()
    login(request, officer, backend=BACKEND)
    seats.begin(request, officer)
    notes.note(officer.username, "signed_in", officer.username, address=seats.address_of(request))
    response = redirect(safe(request, to))
    mark = signing.dumps({"who": officer.username, "id": secrets.token_hex(8)}, salt=DEVICE_SALT)
    response.set_cookie(
        DEVICE_COOKIE, mark, max_age=DEVICE_S, secure=settings.SECURE, httponly=True, samesite="Strict", path="/"
    )
    return response


def safe(request: HttpRequest, to: str) -> str:
    """Where to go next: on this console, or its first page."""
    mine = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if mine and to.startswith("/") else "/"


def _device(request: HttpRequest) -> dict[str, Any]:
    try:
        said = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=DEVICE_S)
    except signing.BadSignature:
        return {}
    return said if isinstance(said, dict) else {}
