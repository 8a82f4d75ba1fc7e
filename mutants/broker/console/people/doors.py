"""Who may open which page: a decorator for views, sync and async."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from broker.console.people.models import Officer
from broker.console.people.rights import Right

View = TypeVar("View", bound=Callable[..., Any])


def officer_of(request: HttpRequest) -> Officer:
    """Who asks. PermissionDenied for a stranger."""
    user = request.user
    if not isinstance(user, Officer):
        raise PermissionDenied
    return user


def needs(right: Right) -> Callable[[View], View]:
    """Answer 403 to whoever may not."""

    def guard(view: View) -> View:
        if iscoroutinefunction(view):

            @wraps(view)
            async def later(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
                user = await request.auser()
                if not (isinstance(user, Officer) and user.may(right)):
                    raise PermissionDenied
                return await view(request, *args, **kwargs)

            later.right = right  # type: ignore[attr-defined]  # for whoever asks the resolver
            return cast(View, later)

        @wraps(view)
        def now(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not officer_of(request).may(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        now.right = right  # type: ignore[attr-defined]  # for whoever asks the resolver
        return cast(View, now)

    return guard
