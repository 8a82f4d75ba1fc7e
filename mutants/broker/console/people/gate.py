"""Middleware: what a signed-in officer must do first, and whose session is over. For every view that is not open.

What must hold: a session that is over (seats.over) does nothing more; a one-time password opens the page that changes
it, and no other; a chief without a second factor can set one, and nothing else. New rooms need not think of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.deprecation import MiddlewareMixin
from django.utils.translation import gettext as _

from broker.console.people import seats
from broker.console.people.models import Officer, Seat
from broker.console.people.store import now_ms

ALWAYS = frozenset({"logout"})
WITH_ONE_TIME_PASSWORD = ALWAYS | {"own_password"}
WITHOUT_FACTOR = ALWAYS | {"own_password", "own_factor", "own_factor_qr"}


class Gate(MiddlewareMixin):
    """Before LoginRequiredMiddleware, which leads strangers to the form."""

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Another page than the one asked for, or None."""
        officer = request.user
        if not getattr(view, "login_required", True):
            return None
        if not isinstance(officer, Officer):
            return _over(request)
        seat = Seat.objects.filter(pk=request.session.session_key or "").first()
        if seat is None or seats.over(seat, now_ms()):
            logout(request)
            return _over(request) or redirect_to_login(request.get_full_path())
        seats.see(seat)
        name = request.resolver_match.url_name if request.resolver_match else None
        if officer.must_change and name not in WITH_ONE_TIME_PASSWORD:
            return _instead(request, "own_password")
        if officer.needs_factor and not officer.factor and not settings.CONSOLE.demo and name not in WITHOUT_FACTOR:
            return _instead(request, "own_factor")
        return None


def _over(request: HttpRequest) -> HttpResponse | None:
    """A live page must be told that its session is over, not be given a form to swap in; others are led to the form."""
    return _words(401, _("Phiên đã hết. Hãy đăng nhập lại.")) if _is_script(request) else None


def _is_script(request: HttpRequest) -> bool:
    wants = request.headers.get("Accept", "")
    return request.headers.get("HX-Request") == "true" or wants.startswith("text/event-stream")


def _instead(request: HttpRequest, name: str) -> HttpResponse:
    if _is_script(request):
        return _words(403, _("Hãy hoàn tất tài khoản trước."))
    return redirect(name)


def _words(status: int, text: str) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
