"""The duty page, the wall and the phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from broker.console.live.now import hub
from broker.console.live.stream import first_paint
from broker.console.people.doors import needs, officer_of
from broker.console.words import kinds

DUTY = ("cases", "unended", "ended", "troubles", "voices")
WALL = ("wall", "unended", "chime", "links", "voices")
STREET = ("street", "unended")


@require_GET
@needs("look")
def duty(request: HttpRequest) -> HttpResponse:
    """Trực ban."""
    return _page(request, "duty/duty.html", DUTY)


@require_GET
@needs("look")
def wall(request: HttpRequest) -> HttpResponse:
    """Màn hình lớn. Its session lasts a shift like any other; then it says so in red, and is signed in in place."""
    return _page(request, "duty/wall.html", WALL)


@require_GET
@needs("look")
def street(request: HttpRequest) -> HttpResponse:
    """Điện thoại đi đường: take it, silence it."""
    return _page(request, "duty/street.html", STREET)


def _page(request: HttpRequest, template: str, parts: tuple[str, ...]) -> HttpResponse:
    context = {
        "items": first_paint(parts, request),
        "parts": ",".join(parts),
        "board": hub().board,
        "kinds": kinds(),
        "can_act": officer_of(request).may("act"),
    }
    return render(request, template, context)
