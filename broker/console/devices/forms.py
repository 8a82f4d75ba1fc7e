"""The forms of the devices' pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broker.console.duty.forms import MAX_PIN

ASK = r"^[0-9a-f]{8,32}$"
LIMIT = 1_000_000.0


class PlaceForm(forms.Form):
    """A gong's place on the map."""

    x = forms.FloatField(min_value=-LIMIT, max_value=LIMIT)
    y = forms.FloatField(min_value=-LIMIT, max_value=LIMIT)


class MuteForm(forms.Form):
    """Let a gong's troubles raise nobody for a while."""

    ask = forms.RegexField(ASK)
    days = forms.IntegerField(min_value=1, max_value=30)
    kind = forms.CharField(max_length=32, required=False)
    why = forms.CharField(max_length=300)


class RetireForm(forms.Form):
    """Dismiss a gong for good: why, that it is meant, and who one is."""

    ask = forms.RegexField(ASK)
    why = forms.CharField(max_length=300, error_messages={"required": _("Hãy ghi lý do thu hồi.")})
    sure = forms.BooleanField(error_messages={"required": _("Hãy đánh dấu rằng bạn thật sự muốn thu hồi kẻng này.")})
    pin = forms.CharField(max_length=MAX_PIN, strip=False, error_messages={"required": _("Hãy nhập mã PIN của bạn.")})


class TestForm(forms.Form):
    """One stroke, to hear whether it sounds."""

    ask = forms.RegexField(ASK)
