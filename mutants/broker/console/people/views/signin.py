"""The way in and out: password, then the second factor's code if there is one.

What must hold: what is said, and how long it takes, tells nobody whether a name exists; a wrong password costs time and
never an account (guard.py); nothing here touches a session that stands until the new one is there.
"""

from __future__ import annotations

import math
import threading
import time
from contextlib import nullcontext
from typing import Any

from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from broker.console.people import factors, notes, seats
from broker.console.people.doorways import enter, known_door, safe
from broker.console.people.forms import CodeForm, SignInForm
from broker.console.people.guard import Guard
from broker.console.people.models import Officer, RecoveryCode
from broker.console.people.store import now_ms

HALF = "half"
HALF_S = 300
"""From the password to the code."""
GUARD = Guard()
STRANGERS = threading.BoundedSemaphore(1)
"""One hash at a time for all of them; whoever comes by a known door, or has a session, does not stand in that line."""
FEW_CODES = 3


@login_not_required
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def come_in(request: HttpRequest) -> HttpResponse:
    """Đăng nhập."""
    to = safe(request, request.POST.get("next", request.GET.get("next", "")))
    if request.user.is_authenticated:
        return redirect(to)
    if request.method != "POST":
        return render(request, "people/login.html", {"next": to})
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _again(request, to, _("Hãy nhập tên đăng nhập và mật khẩu."))
    name, address = form.cleaned_data["username"], seats.address_of(request)
    door = known_door(request, name)
    wait_s = math.ceil(GUARD.take(name, address, door, time.monotonic()))
    if wait_s:
        notes.note_failure("slowed", address, name=_named(name))
        return _wait(request, to, wait_s)
    with nullcontext() if door else STRANGERS:
        officer = authenticate(request, username=name, password=form.cleaned_data["password"])
    if not isinstance(officer, Officer):
        notes.note_failure("refused", address, name=_named(name))
        return _again(request, to, _("Tên đăng nhập hoặc mật khẩu không đúng."))
    if officer.password_until_ms is not None and officer.password_until_ms < now_ms():
        return _again(request, to, _("Mật khẩu một lần đã hết hạn. Hãy xin chỉ huy mật khẩu mới."))
    GUARD.passed(name, address, door)
    if not officer.factor:
        return enter(request, officer, to)
    request.session.flush()
    request.session[HALF] = {"who": officer.pk, "bound": officer.get_session_auth_hash(), "to": to}
    request.session.set_expiry(HALF_S)
    return redirect("login_code")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second step."""
    half: dict[str, Any] = request.session.get(HALF) or {}
    officer = Officer.objects.filter(pk=half.get("who", 0), is_active=True).first()
    if officer is None or officer.get_session_auth_hash() != half.get("bound"):
        return redirect("login")
    if request.method != "POST":
        return render(request, "people/code.html")
    form = CodeForm(request.POST)
    said = form.cleaned_data["code"] if form.is_valid() else ""
    wait_s = math.ceil(factors.take(officer))
    if wait_s:
        fault = _("Sai nhiều lần. Hãy đợi %(seconds)d giây rồi nhập mã mới.") % {"seconds": wait_s}
        return render(request, "people/code.html", {"fault": fault}, status=429)
    if factors.right_code(officer, said):
        return enter(request, officer, half["to"])
    if factors.right_recovery(officer, said):
        left = RecoveryCode.objects.filter(officer=officer).count()
        notes.note(officer.username, "recovery_used", officer.username, left=str(left))
        return enter(request, officer, reverse("own_factor") if left < FEW_CODES else half["to"])
    notes.note_failure("code_refused", officer.username, address=seats.address_of(request))
    fault = _("Mã không đúng, hoặc đã dùng rồi. Hãy đợi mã mới trên điện thoại.")
    return render(request, "people/code.html", {"fault": fault})


@require_POST
def go_out(request: HttpRequest) -> HttpResponse:
    """Đăng xuất."""
    if isinstance(request.user, Officer):
        who = request.user.username
        notes.note(who, "signed_out", who, address=seats.address_of(request))
    logout(request)
    response = redirect("login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _named(name: str) -> str:
    """For the journal: what is nobody's name may be somebody's password, typed in the wrong line."""
    return name if Officer.objects.filter(username=name).exists() else "?"


def _again(request: HttpRequest, to: str, fault: str, status: int = 200) -> HttpResponse:
    given = request.POST.get("username", "")[:64]
    return render(request, "people/login.html", {"next": to, "fault": fault, "given": given}, status=status)


def _wait(request: HttpRequest, to: str, wait_s: int) -> HttpResponse:
    fault = _(
        "Sai nhiều lần, hãy đợi %(seconds)d giây. Không phải đợi thế này ở máy của xã và ở máy đã từng đăng nhập."
    ) % {"seconds": wait_s}
    response = _again(request, to, fault, 429)
    response.headers["Retry-After"] = str(wait_s)
    return response
