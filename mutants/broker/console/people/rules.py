"""Django's password rules, ours among them: what `passwords` says, as a validator with a sentence."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from broker.console.people.models import Officer
from broker.console.people.passwords import MAX_CHARS, MIN_CHARS, plain, too_easy


@lru_cache(1)
def listed() -> frozenset[str]:
    """The 20,000 most common passwords, which come with Django."""
    return frozenset(map(plain, CommonPasswordValidator().passwords))


class OurRules:
    """In AUTH_PASSWORD_VALIDATORS."""

    def validate(self, password: str, user: Officer | None = None) -> None:
        """ValidationError with what to do."""
        if len(password) < MIN_CHARS:
            raise ValidationError(_("Mật khẩu phải dài ít nhất %(least)d ký tự.") % {"least": MIN_CHARS})
        if len(password) > MAX_CHARS:
            raise ValidationError(_("Mật khẩu dài nhất là %(most)d ký tự.") % {"most": MAX_CHARS})
        about = [settings.CONSOLE.name, settings.CONSOLE.commune]
        if user is not None:
            about += [user.username, user.full_name]
        if too_easy(password, listed(), about):
            raise ValidationError(_("Mật khẩu này dễ đoán. Hãy ghép ba, bốn từ không liên quan với nhau."))

    def get_help_text(self) -> str:
        """For the form."""
        return _("Ít nhất %(least)d ký tự; gì cũng được, miễn là không dễ đoán.") % {"least": MIN_CHARS}
