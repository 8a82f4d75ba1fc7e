"""A change of the code book as a policeman reads it: the file's words in pairs, Vietnamese and English. Pure.

What must hold: every field that a code book can have, and every field of a chime, a gong and a hamlet, has its word; a
name that somebody gave stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from broker.console.chimes.forms import DAYS
from broker.words import KINDS, Both

FIELDS: Mapping[str, Both] = {
    "alarm_s": ("báo động kêu (giây)", "an alarm sounds (s)"),
    "by_kind": ("bản kẻng khi báo động", "pattern of an alarm"),
    "cancel_s": ("được rút lại trong (giây)", "may be taken back within (s)"),
    "chimes": ("hiệu lệnh", "chime"),
    "commune": ("mã xã", "commune's id"),
    "escalation": ("khi chưa ai nhận", "while nobody takes it"),
    "hamlets": ("thôn", "hamlet"),
    "name": ("tên", "name"),
    "nodes": ("kẻng", "gong"),
    "patterns": ("bản kẻng", "pattern"),
    "relays": ("thôn kêu theo", "who sounds it as well"),
    "zone": ("múi giờ", "time zone"),
    "version": ("bản", "version"),
}
"""Of the code book itself."""
PARTS: Mapping[str, Both] = {
    "at": ("giờ", "at"),
    "days": ("ngày", "days"),
    "pattern": ("bản kẻng", "pattern"),
    "hamlets": ("nơi", "where"),
    "except": ("nghỉ", "except"),
    "hamlet": ("thôn", "hamlet"),
    "post": ("ở trụ sở", "at the post"),
    "key": ("khóa", "key"),
    "name": ("tên", "name"),
    "neighbours": ("giáp ranh", "neighbours"),
    "neighbours_after_s": ("thôn giáp ranh kêu sau (giây)", "the neighbours after (s)"),
    "commune_after_s": ("cả xã kêu sau (giây)", "the whole commune after (s)"),
    "default": ("mọi loại khác", "any other kind"),
    **KINDS,
}
"""Of a chime, a gong, a hamlet, the escalation."""
VALUES: Mapping[str, Both] = {
    "all": ("cả xã", "everywhere"),
    "daily": ("hằng ngày", "daily"),
    "True": ("có", "yes"),
    "False": ("không", "no"),
    **DAYS,
}


def worded(changes: Iterable[tuple[str, str, str]], tongue: int) -> list[tuple[str, str, str]]:
    """plan.differences' lines with words for their fields."""
    return [
        (_what(what, tongue), _value(what, before, tongue), _value(what, after, tongue))
        for what, before, after in changes
    ]


def _what(what: str, tongue: int) -> str:
    field, _, key = what.partition(".")
    said = _word(FIELDS, field, tongue)
    return f"{said[:1].upper()}{said[1:]}" + (f" {_word(PARTS, key, tongue)}" if key else "")


def _value(what: str, text: str, tongue: int) -> str:
    """`at: 05:00, days: mon tue`, as plan.written has it; a list of names that people gave stays."""
    if what.partition(".")[0] in ("name", "patterns"):
        return text
    found = []
    for part in text.split(", "):
        name, colon, value = part.partition(": ")
        words = " ".join(_word(VALUES, one, tongue) for one in (value if colon else part).split(" "))
        found.append(f"{_word(PARTS, name, tongue)}: {words}" if colon else words)
    return ", ".join(found)


def _word(table: Mapping[str, Both], key: str, tongue: int) -> str:
    return table[key][tongue] if key in table else key
