"""Single fields of node.yaml, each with its check: what settingsread.py puts together."""

from __future__ import annotations

from contextlib import suppress

from patterns.fields import Field

NOBODY = "unset"
"""Stands in for a slug that was wrong: the error is raised before anybody sees it."""
NO_MICROPHONE = "none"
"""Said of a box that has none."""


def slug_of(field: Field | None) -> str:
    """An id."""
    return (field.slug() if field is not None else None) or NOBODY


def host_of(field: Field) -> str | None:
    """A name or an address, as far as can be told without asking the network."""
    text = field.text(255)
    with suppress(UnicodeError):
        if text is None or (text.encode("idna") and not any(map(str.isspace, text))):
            return text
    vi, en = (
        "không phải địa chỉ hay tên máy; hãy ghi như 10.0.0.2.",
        "is no address or host name; write it like 10.0.0.2.",
    )
    field.fault(vi, en)
    return None


def flag_of(parts: dict[str, Field], name: str, default: bool) -> bool:
    """Yes or no."""
    flag = parts[name].flag() if name in parts else None
    return default if flag is None else flag


def name_of(item: Field, parts: dict[str, Field], default: str | None) -> str:
    """A button's own; the only one may do without."""
    if "name" in parts:
        return parts["name"].slug() or NOBODY + str(item.path[-1])
    if default is None:
        item.fault(
            "hộp có nhiều nút thì mỗi nút phải có tên, hãy thêm name.",
            "with several buttons each needs a name; add name.",
        )
        return NOBODY + str(item.path[-1])
    return default


def microphone_of(field: Field | None) -> str | None:
    """A card's name; none, by that word or by leaving it out."""
    if field is None or field.value == NO_MICROPHONE:
        return None
    if isinstance(field.value, str):
        return field.text(200)
    vi, en = (
        'phải là tên micrô như "plughw:CARD=Device" (xem: arecord -L), hoặc none nếu hộp không có micrô.',
        'must be a microphone\'s name like "plughw:CARD=Device" (see: arecord -L), or none where none is fitted.',
    )
    field.fault(vi, en)
    return None
