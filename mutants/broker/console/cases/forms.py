"""The forms of the register's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broker.console.cases.search import Wanted
from broker.console.words import here, named, outcomes
from broker.words import INCIDENT_STATES, KINDS


def _any(choices: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [("", here(("tất cả", "all"))), *choices]


def _kinds() -> list[tuple[str, str]]:
    return _any([(key, named(KINDS, key)) for key in KINDS])


def _states() -> list[tuple[str, str]]:
    return _any([(key, named(INCIDENT_STATES, key)) for key in INCIDENT_STATES])


def _drills() -> list[tuple[str, str]]:
    return _any([("no", here(("không", "none"))), ("yes", here(("chỉ diễn tập", "only drills")))])


def _day() -> forms.DateInput:
    return forms.DateInput({"type": "date"})


class SearchForm(forms.Form):
    """What is looked for."""

    text = forms.CharField(max_length=80, required=False, label=_("Tìm chữ"))
    kind = forms.ChoiceField(required=False, label=_("Loại"), choices=_kinds)
    hamlet = forms.ChoiceField(required=False, label=_("Thôn"))
    state = forms.ChoiceField(required=False, label=_("Tình trạng"), choices=_states)
    outcome = forms.ChoiceField(required=False, label=_("Kết quả"), choices=lambda: _any(outcomes()))
    since = forms.DateField(required=False, label=_("Từ ngày"), widget=_day())
    until = forms.DateField(required=False, label=_("Đến ngày"), widget=_day())
    drill = forms.ChoiceField(required=False, label=_("Diễn tập"), choices=_drills)

    def __init__(self, data: object, hamlets: dict[str, str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        self.fields["hamlet"].choices = _any(list(hamlets.items()))  # type: ignore[attr-defined]  # it has choices

    @property
    def wanted(self) -> Wanted:
        """What was asked for, of a form that is valid."""
        return Wanted(**self.cleaned_data)


class CommentForm(forms.Form):
    """A remark."""

    ask = forms.RegexField(r"^[0-9a-f]{8,32}$")
    note = forms.CharField(max_length=2000, label=_("Ghi chú"), widget=forms.Textarea({"rows": 3}))
