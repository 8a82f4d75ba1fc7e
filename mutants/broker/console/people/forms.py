"""The forms of the room, checked. What is wrong is a sentence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from broker.console.people.models import LOGIN_NAME, Officer
from broker.console.people.passwords import MAX_CHARS, PIN_DIGITS, weak_pin
from broker.console.people.rights import NAMES

ROLES = [(key, _(name)) for key, name in NAMES.items()]
MAX_CODE = 40
PLAIN = {"strip": False, "max_length": MAX_CHARS}
"""A password is compared as it was typed."""


class SignInForm(forms.Form):
    """Đăng nhập."""

    username = forms.CharField(max_length=64, label=_("Tên đăng nhập"))
    password = forms.CharField(strip=False, max_length=MAX_CHARS, label=_("Mật khẩu"))


class CodeForm(forms.Form):
    """A code of the second factor, or a recovery code."""

    code = forms.CharField(max_length=MAX_CODE, label=_("Mã"))


class PasswordForm(forms.Form):
    """One's own password."""

    current = forms.CharField(strip=False, max_length=MAX_CHARS, label=_("Mật khẩu đang dùng"))
    new = forms.CharField(strip=False, max_length=MAX_CHARS, label=_("Mật khẩu mới"))
    again = forms.CharField(strip=False, max_length=MAX_CHARS, label=_("Nhập lại mật khẩu mới"))

    def __init__(self, data: object, officer: Officer) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self._officer = officer

    def clean(self) -> dict[str, Any]:
        """Twice the same, another than before, and a good one."""
        said = super().clean() or {}
        new = said.get("new")
        if new is None or "again" not in said:
            return said
        if new != said["again"]:
            self.add_error("again", _("Hai lần nhập không giống nhau."))
        elif new == said.get("current"):
            self.add_error("new", _("Mật khẩu mới phải khác mật khẩu đang dùng."))
        else:
            try:
                validate_password(new, self._officer)
            except ValidationError as fault:
                self.add_error("new", fault)
        return said


class PinForm(forms.Form):
    """One's own PIN."""

    current = forms.CharField(strip=False, max_length=MAX_CHARS, label=_("Mật khẩu đang dùng"))
    pin = forms.RegexField(
        rf"^[0-9]{{{PIN_DIGITS[0]},{PIN_DIGITS[1]}}}\Z",
        label=_("Mã PIN mới"),
        error_messages={"invalid": _("Mã PIN là 6 đến 12 chữ số.")},
    )
    again = forms.CharField(max_length=PIN_DIGITS[1], label=_("Nhập lại mã PIN"))

    def clean(self) -> dict[str, Any]:
        """Twice the same, and not the first that is tried."""
        said = super().clean() or {}
        if "pin" in said and "again" in said:
            if said["pin"] != said["again"]:
                self.add_error("again", _("Hai lần nhập không giống nhau."))
            elif weak_pin(said["pin"]):
                self.add_error("pin", _("Mã PIN này dễ đoán. Hãy chọn dãy số khác."))
        return said


class FactorForm(forms.Form):
    """Begin with a second factor, or with new recovery codes."""

    current = forms.CharField(strip=False, max_length=MAX_CHARS, label=_("Mật khẩu đang dùng"))
    code = forms.CharField(max_length=MAX_CODE, label=_("Mã 6 số trên điện thoại"))


class NewOfficerForm(forms.Form):
    """Somebody new."""

    username = forms.CharField(max_length=32, label=_("Tên đăng nhập"), validators=[LOGIN_NAME])
    full_name = forms.CharField(max_length=80, label=_("Họ và tên"))
    role = forms.ChoiceField(choices=ROLES, label=_("Vai trò"))
    pin = forms.CharField(max_length=PIN_DIGITS[1], label=_("Mã PIN của bạn"))

    def clean_username(self) -> str:
        """Nobody else's."""
        name: str = self.cleaned_data["username"]
        if Officer.objects.filter(username=name).exists():
            raise ValidationError(_("Tên đăng nhập này đã có người dùng."))
        return name


class ChangeForm(forms.Form):
    """What a chief does with an account."""

    act = forms.ChoiceField(choices=[(one, one) for one in ("role", "off", "on", "password", "factor", "sessions")])
    role = forms.ChoiceField(choices=ROLES, required=False, label=_("Vai trò"))
    pin = forms.CharField(max_length=PIN_DIGITS[1], label=_("Mã PIN của bạn"))


def faults_of(form: forms.Form) -> str:
    """All that is wrong, for one line."""
    lines = []
    for name, faults in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        lines += [f"{label}: {fault}" if label and name != "__all__" else str(fault) for fault in faults]
    return " ".join(lines)
