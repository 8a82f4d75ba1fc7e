"""The console's accounts, their sessions and their recovery codes, and what is still to be told to the journal."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.core.validators import RegexValidator
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from broker.console.people.rights import NAMES, Right, may, needs_factor
from broker.console.people.store import SessionStore
from wire.words import SLUG_PATTERN

LOGIN_NAME = RegexValidator(SLUG_PATTERN, _("Chỉ dùng chữ thường không dấu, số và dấu gạch ngang."))
"""A slug of the wire."""
BOUND_TO = "broker.console.people.models.Officer.session"


class Officer(AbstractUser):
    """Somebody who may come in."""

    username = models.CharField(
        _("Tên đăng nhập"),
        max_length=32,
        unique=True,
        validators=[LOGIN_NAME],
    )
    """On the wire it is the `behalf` of an ask."""
    full_name = models.CharField(_("Họ và tên"), max_length=80)
    role = models.CharField(
        _("Vai trò"), max_length=12, choices=[(key, _(name)) for key, name in NAMES.items()], default="watch"
    )
    pin = models.CharField(max_length=128, blank=True)
    """Hashed as a password is; empty: none set yet."""
    must_change = models.BooleanField(default=False)
    """The password is a one-time one, printed by somebody else: only changing it is allowed."""
    password_until_ms = models.BigIntegerField(null=True, blank=True)
    """Until when a one-time password lets anybody in; none: for good."""
    factor = models.CharField(max_length=200, blank=True)
    """The second factor's seed, sealed (people/sealed.py); empty: none."""
    factor_step = models.BigIntegerField(default=0)
    """The half minute of the last code that was taken: no code is taken twice."""

    first_name = None  # type: ignore[assignment]  # a Vietnamese name is one
    last_name = None  # type: ignore[assignment]  # the same
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    def may(self, right: Right) -> bool:
        """Whether the role allows it."""
        return self.is_active and may(self.role, right)

    @property
    def needs_factor(self) -> bool:
        """Whether the role asks for a second factor."""
        return needs_factor(self.role)

    def get_full_name(self) -> str:
        """For people."""
        return self.full_name or self.username

    def get_short_name(self) -> str:
        """For people: a Vietnamese is called by the last word of the name."""
        return self.get_full_name().split()[-1]

    def get_session_auth_hash(self) -> str:
        """What a session is bound to: the password, the second factor and the role it began with."""
        return salted_hmac(BOUND_TO, f"{self.password}|{self.factor}|{self.role}", algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Any:
        """There is one secret, and it is never changed."""
        return iter(())


class Seat(AbstractBaseSession):
    """A session; of an officer, or of somebody on the way in."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, null=True, related_name="seats")
    """None: not signed in yet."""
    address = models.CharField(max_length=45, blank=True)
    """Where it was begun."""
    agent = models.CharField(max_length=200, blank=True)
    """What the browser called itself then."""
    began_ms = models.BigIntegerField(default=0)
    """When its officer signed in."""
    seen_ms = models.BigIntegerField(default=0)
    """When it last asked for something, or had a stream open: within SEEN_EVERY_MS."""

    class Meta(AbstractBaseSession.Meta):
        """Looked up by officer and address at each sign-in."""

        abstract = False
        verbose_name = verbose_name_plural = "Phiên"
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["officer", "address"], name="seat_of_officer")]

    @classmethod
    def get_session_store_class(cls) -> type[SessionStore]:
        """Django's name for it."""
        return SessionStore


class RecoveryCode(models.Model):
    """For the day when the telephone with the second factor is lost: each lets in once."""

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="recovery_codes")
    """Whose."""
    number = models.PositiveSmallIntegerField()
    """It begins the code, so that one comparison is enough."""
    hashed = models.CharField(max_length=128)
    """As a password."""

    class Meta:
        """One of each number."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["officer", "number"], name="recovery_code_once")
        ]


class Untold(models.Model):
    """What the service's journal is still to be told: kept here while the service does not answer."""

    ask = models.CharField(max_length=32, unique=True)
    """The ask's id: told twice, it is written once."""
    at_ms = models.BigIntegerField()
    """When it happened, commune time."""
    who = models.CharField(max_length=32, blank=True)
    """Who did it: an officer's login name; empty: a stranger, or the command on the commune's machine."""
    what = models.CharField(max_length=40)
    """One of people/notes.py's words."""
    about = models.CharField(max_length=80)
    """Whom or what it concerns, or where it came from."""
    detail = models.JSONField(default=dict)
    """What else there is to say: words to texts."""
