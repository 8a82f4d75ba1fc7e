"""The forms of the code book's pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from broker.console.chimes.plan import plain_chime
from broker.console.words import here
from patterns.chimes import WEEKDAYS
from wire.words import SLUG_PATTERN

DAYS = {
    "mon": ("thứ hai", "Monday"),
    "tue": ("thứ ba", "Tuesday"),
    "wed": ("thứ tư", "Wednesday"),
    "thu": ("thứ năm", "Thursday"),
    "fri": ("thứ sáu", "Friday"),
    "sat": ("thứ bảy", "Saturday"),
    "sun": ("chủ nhật", "Sunday"),
}


def _hour() -> forms.TimeInput:
    return forms.TimeInput({"type": "time"}, format="%H:%M")


class ChimeForm(forms.Form):
    """One chime."""

    name = forms.RegexField(SLUG_PATTERN, max_length=32, label=_("Tên hiệu lệnh (không dấu)"))
    at = forms.TimeField(label=_("Giờ"), input_formats=["%H:%M"], widget=_hour())
    days = forms.MultipleChoiceField(
        required=False,
        label=_("Các ngày (bỏ trống: hằng ngày)"),
        widget=forms.CheckboxSelectMultiple,
        choices=lambda: [(day, here(DAYS[day])) for day in WEEKDAYS],
    )
    pattern = forms.ChoiceField(label=_("Bản kẻng"))
    hamlets = forms.MultipleChoiceField(
        required=False, label=_("Các thôn (bỏ trống: cả xã)"), widget=forms.CheckboxSelectMultiple
    )
    excepted = forms.CharField(
        required=False,
        max_length=2000,
        label=_("Ngày nghỉ, mỗi dòng một ngày hoặc khoảng ngày"),
        help_text="2027-02-05..2027-02-10",
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, data: object, patterns: list[tuple[str, str]], hamlets: dict[str, str], **kept: object) -> None:
        super().__init__(data, **kept)  # type: ignore[arg-type]  # a QueryDict or None
        self.fields["pattern"].choices = patterns  # type: ignore[attr-defined]  # it has choices
        self.fields["hamlets"].choices = list(hamlets.items())  # type: ignore[attr-defined]  # it has choices

    @property
    def chime(self) -> dict[str, object]:
        """As the file writes it, of a form that is valid."""
        said = self.cleaned_data
        excepted = [line.strip() for line in said["excepted"].splitlines() if line.strip()]
        return plain_chime(
            said["name"], f"{said['at']:%H:%M}", said["days"], said["pattern"], said["hamlets"], excepted
        )


class PushForm(forms.Form):
    """Put the draft into use."""

    ask = forms.RegexField(r"^[0-9a-f]{8,32}$")
    pin = forms.CharField(max_length=32, label=_("Mã PIN"))
