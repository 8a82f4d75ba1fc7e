"""The forms of the duty page: what an officer may send, checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from broker.console.words import kinds, outcomes
from wire.words import EVERYWHERE

MAX_PIN = 32


class ActForm(forms.Form):
    """What every act bears."""

    ask = forms.RegexField(r"^[0-9a-f]{8,32}$")
    """Its own id."""
    target = forms.CharField(max_length=64)
    """The incident's."""


class CloseForm(ActForm):
    """End it."""

    outcome = forms.ChoiceField(
        choices=outcomes, label=_("Kết quả"), error_messages={"required": _("Hãy chọn kết quả trước khi đóng vụ.")}
    )
    note = forms.CharField(max_length=2000, required=False, label=_("Ghi chú"), widget=forms.Textarea)


class CommentForm(ActForm):
    """Write about it."""

    note = forms.CharField(
        max_length=2000, label=_("Ghi chú"), error_messages={"required": _("Chưa viết gì để ghi vào sổ.")}
    )


class _Where(forms.Form):
    """Where it shall sound, and the second act where that is the whole commune."""

    everywhere = forms.BooleanField(required=False, label=_("Cả xã"))
    hamlets = forms.MultipleChoiceField(required=False, label=_("Thôn"))
    sure = forms.BooleanField(required=False)
    """The officer has read what will happen."""
    pin = forms.CharField(max_length=MAX_PIN, required=False, strip=False)

    def __init__(self, data: object, hamlets: dict[str, str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.fields["hamlets"].choices = list(hamlets.items())  # type: ignore[attr-defined]  # it has choices

    def clean(self) -> dict[str, Any]:
        """Somewhere it must sound; every hamlet one by one is the whole commune."""
        cleaned = super().clean() or {}
        named = cleaned.get("hamlets") or []
        if not cleaned.get("everywhere") and not named:
            raise forms.ValidationError(_("Hãy chọn thôn, hoặc cả xã."))
        known: list[Any] = self.fields["hamlets"].choices  # type: ignore[attr-defined]  # set above
        whole = cleaned.get("everywhere") or len(set(named)) == len(known)
        cleaned["everywhere"] = bool(whole)
        cleaned["where"] = EVERYWHERE if whole else tuple(named)
        return cleaned


class AlarmForm(_Where):
    """Sound."""

    ask = forms.RegexField(r"^[0-9a-f]{8,32}$")
    kind = forms.ChoiceField(choices=kinds, label=_("Loại"), error_messages={"required": _("Hãy chọn loại báo động.")})
    drill = forms.BooleanField(required=False, label=_("Diễn tập"))
    text = forms.CharField(max_length=300, required=False, label=_("Lời nhắn"))


class WidenForm(_Where, ActForm):
    """Let more hamlets sound for an open case."""

    loud = forms.BooleanField(required=False)
    """A silent alert is to sound aloud."""
