"""The forms of the drills' pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broker.console.words import kinds


class PlanForm(forms.Form):
    """A drill to be."""

    day = forms.DateField(label=_("Ngày"), widget=forms.DateInput({"type": "date"}))
    kind = forms.ChoiceField(label=_("Loại"), choices=kinds)
    hamlets = forms.MultipleChoiceField(
        required=False, label=_("Các thôn (bỏ trống: cả xã)"), widget=forms.CheckboxSelectMultiple
    )
    text = forms.CharField(required=False, max_length=300, label=_("Lời nhắn"))

    def __init__(self, data: object, hamlets: dict[str, str], **kept: object) -> None:
        super().__init__(data, **kept)  # type: ignore[arg-type]  # a QueryDict or None
        self.fields["hamlets"].choices = list(hamlets.items())  # type: ignore[attr-defined]  # it has choices


class RunForm(forms.Form):
    """Begin."""

    ask = forms.RegexField(r"^[0-9a-f]{8,32}$")
