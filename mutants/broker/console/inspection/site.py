"""Django's admin, read-only. A model is shown by naming it in SHOWN, with what is hidden of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.views.decorators.http import require_safe

from broker.console.people.doors import needs
from broker.console.people.models import Officer
from broker.console.people.rights import Right

HIDDEN: dict[str, tuple[str, ...]] = {
    "people.officer": ("password", "pin", "factor", "groups", "user_permissions"),
    "people.untold": (),
}
"""Of the console's own tables, and what is not shown of them. Sessions are not here: their key is their address."""
if TYPE_CHECKING:
    _Admin = ModelAdmin[Model]
else:
    _Admin = ModelAdmin
PER_PAGE = 50
COLUMNS = 7
RIGHT: Right = "people"
PAGES = frozenset({"index", "app_list", "jsi18n"})
ROWS = ("_changelist", "_change")


class Site(AdminSite):
    """For chiefs. Whoever has not signed in is led to the console's own form by LoginRequiredMiddleware."""

    site_header = site_title = index_title = "Quản trị (chỉ xem)"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Whether they may look."""
        return isinstance(request.user, Officer) and request.user.may(RIGHT)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Every page of it: to read, by a chief. The rest (no session, no second factor) is the middleware's."""
        return require_safe(needs(RIGHT)(view))

    def get_urls(self) -> list[Any]:
        """Without Django's own sign-in, sign-out, change of password and what serves forms alone."""
        return _ours(one for one in super().get_urls() if getattr(one, "name", None) in {None, *PAGES})


class Looking(_Admin):
    """Read-only."""

    list_per_page = PER_PAGE
    show_full_result_count = False
    actions = None

    def get_urls(self) -> list[Any]:
        """The list and one row."""
        return _ours(one for one in super().get_urls() if str(one.name).endswith(ROWS))

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """What may be shown."""
        hidden = HIDDEN.get(self.model._meta.label_lower, ())
        return [one.name for one in self.model._meta.concrete_fields if one.name not in hidden]

    def get_list_display(self, request: HttpRequest) -> Any:
        """The first of them."""
        return self.get_fields(request)[:COLUMNS]

    def get_ordering(self, request: HttpRequest) -> Any:
        """Newest first, by an index that every table has."""
        return ["-pk"]

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A chief's."""
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """A chief's."""
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody's."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody's."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Nobody's."""
        return False


def _ours(patterns: Iterable[Any]) -> list[Any]:
    """With the console's own sign-in, and the right that admin_view asks for said on the view."""
    kept = list(patterns)
    for one in kept:
        if one.callback is not None:
            one.callback.login_url, one.callback.right = settings.LOGIN_URL, RIGHT
    return kept


def made() -> Site:
    """With the console's own tables, and the whole register."""
    site = Site(name="inspection")
    for label in HIDDEN:
        site.register(apps.get_model(label), Looking)
    for model in apps.get_app_config("register").get_models():
        site.register(model, Looking)
    return site
