"""Middleware: the page's language. Vietnamese, unless somebody chose another: a post's browser is often an English
one.
"""

from __future__ import annotations

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.decorators import sync_and_async_middleware

from broker.console.security import Get


def _chosen(request: HttpRequest) -> str:
    wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@sync_and_async_middleware
def language(get_response: Get) -> Get:
    """For this request alone."""
    if iscoroutinefunction(get_response):

        async def spoken_later(request: HttpRequest) -> HttpResponse:
            with translation.override(_chosen(request)):
                response: HttpResponse = await get_response(request)
            return response

        return spoken_later

    def spoken(request: HttpRequest) -> HttpResponse:
        with translation.override(_chosen(request)):
            return get_response(request)  # type: ignore[return-value]  # no coroutine: asked above

    return spoken
