"""The forms of the duty page: what an officer may send, checked."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broker.console.words import kinds, outcomes


class ActForm(forms.Form):
    """What every act bears."""

    ask = forms.RegexField(r"^[0-9a-f]{8,32}$")
    """Its own id."""
    target = forms.CharField(max_length=64)
    """The incident's."""


class CloseForm(ActForm):
    """End it."""

    outcome = forms.ChoiceField(choices=outcomes, label=_("Kết quả"))
    note = forms.CharField(max_length=2000, required=False, label=_("Ghi chú"), widget=forms.Textarea)


class AlarmForm(forms.Form):
    """Sound."""

    ask = forms.RegexField(r"^[0-9a-f]{8,32}$")
    everywhere = forms.BooleanField(required=False, label=_("Cả xã"))
    hamlets = forms.MultipleChoiceField(required=False, label=_("Thôn"))
    kind = forms.ChoiceField(choices=kinds, label=_("Loại"))
    drill = forms.BooleanField(required=False, label=_("Diễn tập"))
    text = forms.CharField(max_length=300, required=False, label=_("Lời nhắn"))

    def __init__(self, data: object, hamlets: dict[str, str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict or None
        self.fields["hamlets"].choices = list(hamlets.items())  # type: ignore[attr-defined]  # it has choices

    def clean(self) -> dict[str, object]:
        """Somewhere it must sound."""
        cleaned = super().clean() or {}
        if not cleaned.get("everywhere") and not cleaned.get("hamlets"):
            raise forms.ValidationError(_("Hãy chọn thôn, hoặc cả xã."))
        return cleaned
