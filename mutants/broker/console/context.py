"""What every template knows: the commune's name, who is here, and which rooms they may enter."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from broker.console.people.models import Officer
from broker.console.people.rights import Right

ROOMS: tuple[tuple[str, Any, Right], ...] = (
    ("duty", _("Trực ban"), "look"),
    ("map", _("Bản đồ"), "look"),
    ("devices", _("Thiết bị"), "look"),
    ("chimes", _("Lịch kẻng"), "look"),
    ("cases", _("Sổ vụ việc"), "look"),
    ("reports", _("Báo cáo"), "look"),
    ("drills", _("Diễn tập"), "look"),
    ("people", _("Tài khoản"), "people"),
    ("audit", _("Nhật ký"), "people"),
    ("tryout", _("Bàn thử"), "look"),
)
"""In the order of the menu: name of the address, what it says, who may see it."""


def everywhere(request: HttpRequest) -> dict[str, Any]:
    """For each template."""
    user = getattr(request, "user", None)
    rooms = []
    for name, title, right in ROOMS:
        if isinstance(user, Officer) and user.may(right) and (name != "tryout" or settings.CONSOLE.demo):
            try:
                address = reverse(name)
            except NoReverseMatch:
                continue
            here = request.path == address or (address != "/" and request.path.startswith(f"{address}/"))
            rooms.append({"address": address, "title": title, "here": here})
    console = settings.CONSOLE
    own = {"commune": console.name, "rooms": rooms, "demo": console.demo, "officer": user}
    return {**own, "languages": settings.LANGUAGES}
