"""The console's accounts."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from broker.console.people.rights import NAMES, Right, may
from wire.words import SLUG_PATTERN


class Officer(AbstractUser):
    """Somebody who may come in."""

    username = models.CharField(
        _("Tên đăng nhập"),
        max_length=32,
        unique=True,
        validators=[RegexValidator(SLUG_PATTERN, _("Chỉ dùng chữ thường không dấu, số và dấu gạch ngang."))],
    )
    """On the wire it is the `behalf` of an ask."""
    full_name = models.CharField(_("Họ và tên"), max_length=80)
    role = models.CharField(
        _("Vai trò"), max_length=12, choices=[(key, _(name)) for key, name in NAMES.items()], default="watch"
    )
    pin = models.CharField(max_length=128, blank=True)
    """Hashed as a password is; empty: none set yet."""

    first_name = None  # type: ignore[assignment]  # a Vietnamese name is one
    last_name = None  # type: ignore[assignment]  # the same
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    def may(self, right: Right) -> bool:
        """Whether the role allows it."""
        return self.is_active and may(self.role, right)

    def get_full_name(self) -> str:
        """For people."""
        return self.full_name or self.username

    def get_short_name(self) -> str:
        """For people: a Vietnamese is called by the last word of the name."""
        return self.get_full_name().split()[-1]
