"""One's own account: what it is, password, PIN, sessions."""

from __future__ import annotations

import math
import time

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from broker.console.people import accounts, notes, seats
from broker.console.people.doors import officer_of
from broker.console.people.forms import PasswordForm, PinForm, faults_of
from broker.console.people.models import Officer
from broker.console.people.shown import mark_of, shown
from broker.console.people.slowing import Rule, Slowing

RULE = Rule(free=5, first_s=5.0, most_s=60.0, forget_s=3600.0)
_tries = Slowing(RULE)
"""Of one's own password, from a session that stands: a desk left alone."""


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Tài khoản của tôi."""
    officer = officer_of(request)
    return render(request, "people/own.html", {"seats": shown(officer, request.session.session_key)})


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own_password(request: HttpRequest) -> HttpResponse:
    """Đổi mật khẩu."""
    officer = officer_of(request)
    if request.method != "POST":
        return render(request, "people/password.html")
    form = PasswordForm(request.POST, officer)
    fault = "" if form.is_valid() else faults_of(form)
    fault = fault or wrong_password(officer, form.cleaned_data["current"])
    if fault:
        return render(request, "people/password.html", {"fault": fault})
    with transaction.atomic():
        officer.set_password(form.cleaned_data["new"])
        officer.must_change, officer.password_until_ms = False, None
        officer.save()
        rebind(request, officer)
        notes.note(officer.username, "password_changed", officer.username)
    messages.success(request, _("Đã đổi mật khẩu. Các phiên khác của bạn đã kết thúc."))
    return redirect("own")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def own_pin(request: HttpRequest) -> HttpResponse:
    """Đặt mã PIN."""
    officer = officer_of(request)
    if request.method != "POST":
        return render(request, "people/pin.html")
    form = PinForm(request.POST)
    fault = "" if form.is_valid() else faults_of(form)
    fault = fault or wrong_password(officer, form.cleaned_data["current"])
    if fault:
        return render(request, "people/pin.html", {"fault": fault})
    with transaction.atomic():
        officer.pin = make_password(form.cleaned_data["pin"])
        officer.save(update_fields=["pin"])
        notes.note(officer.username, "pin_changed", officer.username)
    messages.success(request, _("Đã đặt mã PIN."))
    return redirect("own")


@require_POST
def end_own(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions, or all the others."""
    officer, mine = officer_of(request), request.session.session_key
    wanted = request.POST.get("seat", "")
    if wanted == "others":
        accounts.end_sessions(officer.username, officer, but=mine)
        messages.success(request, _("Các phiên khác đã kết thúc."))
    else:
        for seat in seats.seats_of(officer):
            if mark_of(seat) == wanted:
                seat.delete()
                notes.note(officer.username, "sessions_ended", officer.username)
                messages.success(request, _("Phiên đã kết thúc."))
    return redirect("own")


def wrong_password(officer: Officer, password: str) -> str:
    """Why one's own password is not taken; empty: it is right."""
    key = str(officer.pk)
    wait_s = math.ceil(_tries.take(key, time.monotonic()))
    if wait_s:
        return _("Sai nhiều lần. Hãy đợi %(seconds)d giây rồi nhập lại.") % {"seconds": wait_s}
    if not officer.check_password(password):
        return _("Mật khẩu đang dùng không đúng.")
    _tries.passed(key)
    return ""


def rebind(request: HttpRequest, officer: Officer) -> None:
    """After a change of what sessions are bound to: this one goes on under a fresh key, the others are over."""
    update_session_auth_hash(request, officer)
    request.session.save()
    seats.end(officer, but=request.session.session_key)
