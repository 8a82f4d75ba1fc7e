"""The form of the reports' page."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broker.console.reports.period import FIRST_YEAR
from broker.console.words import here


def _halves() -> list[tuple[str, str]]:
    return [
        ("1", here(("sáu tháng đầu năm", "first half"))),
        ("2", here(("sáu tháng cuối năm", "second half"))),
        ("year", here(("cả năm", "whole year"))),
    ]


class PeriodForm(forms.Form):
    """Which period."""

    year = forms.IntegerField(min_value=FIRST_YEAR, max_value=9998, label=_("Năm"))
    half = forms.ChoiceField(choices=_halves, label=_("Kỳ"))
