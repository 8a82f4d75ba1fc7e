"""The forms of the devices' pages."""

from __future__ import annotations

from django import forms

ASK = r"^[0-9a-f]{8,32}$"
LIMIT = 1_000_000.0


class PlaceForm(forms.Form):
    """A gong's place on the map."""

    x = forms.FloatField(min_value=-LIMIT, max_value=LIMIT)
    y = forms.FloatField(min_value=-LIMIT, max_value=LIMIT)


class TestForm(forms.Form):
    """One stroke, to hear whether it sounds."""

    ask = forms.RegexField(ASK)
