"""What belongs to no room: the way home, the assets, and the pages that say what went wrong."""

from __future__ import annotations

import logging
import mimetypes
from functools import lru_cache
from hashlib import blake2s
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.deprecation import MiddlewareMixin

from broker.console.live.now import hub
from broker.console.people import notes
from broker.console.people.models import Officer
from broker.console.people.seats import address_of

STATIC = Path(__file__).resolve().parent / "static"
KEPT_FILES = 200  # of some kilobytes each; there are some dozen
_log = logging.getLogger(__name__)


def home(request: HttpRequest) -> HttpResponse:
    """The duty desk is what everybody comes for."""
    return redirect("duty")


@login_not_required
def static_file(request: HttpRequest, name: str) -> HttpResponse:
    """An asset of the console's own (the login page needs them too) or of Django's admin. 404 for anything else."""
    found = _asset(name)
    if found is None:
        raise Http404
    body, kind, tag = found
    if request.headers.get("If-None-Match") == tag:
        response: HttpResponse = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type=kind)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "no-cache"
    return response


@lru_cache(KEPT_FILES)
def _asset(name: str) -> tuple[bytes, str, str] | None:
    place = settings.ADMIN / "static" if name.startswith("admin/") else STATIC
    path = (place / name).resolve()
    if not path.is_relative_to(place) or not path.is_file():
        return None
    body = path.read_bytes()
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    kind = f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("xml") else kind
    return body, kind, f'"{blake2s(body).hexdigest()[:16]}"'


def _wrong(request: HttpRequest, status: int) -> HttpResponse:
    return render(request, "console/wrong.html", {"status": status}, status=status)


def bad(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: it could not even be read, so nothing of it is."""
    return HttpResponse(
        "Yêu cầu này không đọc được. / This request cannot be read.",
        status=400,
        content_type="text/plain; charset=utf-8",
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403; and it is noted who tried what."""
    user = getattr(request, "user", None)
    if isinstance(user, Officer):
        notes.note_failure("forbidden", user.username, address=address_of(request), path=request.path)
    return _wrong(request, 403)


def forbidden_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is of another session."""
    return render(request, "console/wrong.html", {"status": 403, "form": True}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _wrong(request, 404)


class Unread(MiddlewareMixin):
    """Middleware: a register that is not there, or cannot be read, is said to be so: 503, and what still works."""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page, if that was why."""
        if not isinstance(exception, DatabaseError) or not hub().board.register_fault:
            return None
        if "no such table" in str(exception) and "register_" not in str(exception):
            return None  # a table of our own: another fault, whatever the register is
        _log.error("%s: the register cannot be read: %s", request.path, exception)
        return _wrong(request, 503)


def broken(request: HttpRequest) -> HttpResponse:
    """500: nothing of ours but the words."""
    return HttpResponse(
        "Trang này hỏng; kẻng và dịch vụ của xã vẫn chạy. / This page is broken; gongs and service go on.",
        status=500,
        content_type="text/plain; charset=utf-8",
    )
