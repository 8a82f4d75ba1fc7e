"""What a browser may do with our pages: its own scripts, styles and pictures from this machine, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

POLICY = (
    "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self';"
    " img-src 'self' data: blob:; font-src 'self';"
    " connect-src 'self'; media-src 'self' blob:;"
    " manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
}
HSTS = "max-age=31536000; includeSubDomains"

Get = Callable[[HttpRequest], HttpResponse] | Callable[[HttpRequest], Awaitable[HttpResponse]]


def _dress(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if settings.SECURE:
        response.headers["Strict-Transport-Security"] = HSTS
    if not request.path.startswith(settings.STATIC_URL):
        # What an officer saw must not come back from a cache after the shift.
        response.headers.setdefault("Cache-Control", "no-store")
    return response


@sync_and_async_middleware
def headers(get_response: Get) -> Get:
    """Middleware: the same headers on every answer."""
    if iscoroutinefunction(get_response):

        async def dressed_later(request: HttpRequest) -> HttpResponse:
            return _dress(request, await get_response(request))

        return dressed_later

    def dressed(request: HttpRequest) -> HttpResponse:
        return _dress(request, get_response(request))  # type: ignore[arg-type]  # not a coroutine: asked above

    return dressed
