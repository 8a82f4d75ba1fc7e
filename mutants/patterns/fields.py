"""Checks plain values field by field, and collects every fault instead of stopping at the first.

Used for whatever a person writes in YAML (scores, code books, voices, a node's settings) and for the same things as
they come in a message. A reader asks a `Field` for what it expects; a wrong value becomes a `Fault` and None, and the
reader goes on.

    faults = Faults(read_yaml(path))
    top = faults.top.record({"node", "card"}, required={"node"})
    node = top["node"].text(32) if "node" in top else None
    faults.raise_all(SettingsError)

What must always hold: no value, however odd, makes a check raise; only `raise_all` does, and with all faults at once.
Does not know: where the values come from, nor what they are for.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, TypeVar

from patterns.errors import MESSAGE, Fault, KengError
from patterns.yamlfile import Document, FieldPath, field_name

MAX_SHOWN = 40
"""More faults than that in one file help nobody."""
MAX_SHOWN_TEXT = 40
"""A wrong value is quoted up to here."""
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
"""Ids on the wire: 1 to 32 of a-z, 0-9 and dash, no dash at an end."""
RESERVED = "all"
"""Means every hamlet, so nothing may be called that."""

_Error = TypeVar("_Error", bound=KengError, covariant=True)


class ErrorKind(Protocol[_Error]):
    """A KengError's class, as `raise_all` needs it."""

    def __call__(self, vi: str, en: str, faults: tuple[Fault, ...]) -> _Error:
        """Make the error."""
        ...


class Faults:
    """The faults of one document, as they are found."""

    def __init__(self, document: Document, *, unknown_allowed: bool = False) -> None:
        """`unknown_allowed`: ignore fields nobody knows, as the wire does; in a file they are slips of the pen."""
        self._document = document
        self.unknown_allowed = unknown_allowed
        self.found: list[Fault] = list(document.faults)

    @property
    def top(self) -> Field:
        """The whole document as a field."""
        return Field(self._document.value, (), self)

    def add(self, path: FieldPath, vi: str, en: str) -> None:
        """Note a fault at a field."""
        document = self._document
        self.found.append(Fault(document.source, document.line(path), field_name(path), vi, en))

    def raise_all(self, kind: ErrorKind[KengError]) -> None:
        """Raise one `kind` that tells every fault, in the order of the file; do nothing if there is none."""
        if not self.found:
            return
        # A stable sort: without lines, the order in which they were found.
        faults = tuple(sorted(dict.fromkeys(self.found), key=lambda fault: fault.line or 0))
        shown, rest = faults[:MAX_SHOWN], len(faults) - MAX_SHOWN
        vi = [fault.sentence_vi() for fault in shown] + ([f"… và {rest} lỗi nữa."] if rest > 0 else [])
        en = [fault.sentence_en() for fault in shown] + ([f"… and {rest} more."] if rest > 0 else [])
        raise kind("\n".join(vi), "\n".join(en), faults)


@dataclass(frozen=True, slots=True)
class Field:
    """One value with its place. A reading method notes a fault and returns None (or nothing) if the value is wrong."""

    value: object
    """Plain."""
    path: FieldPath
    """From the top of the document."""
    faults: Faults
    """Where faults go."""

    def fault(self, vi: str, en: str) -> None:
        """Note a fault here."""
        self.faults.add(self.path, vi, en)

    def child(self, key: str | int, value: object) -> Field:
        """A field below this one."""
        return Field(value, (*self.path, key), self.faults)

    def members(self, limit: int = 1000) -> dict[str, Field]:
        """A mapping with keys of any name. Keys that are no printable text are faults."""
        if not isinstance(self.value, dict):
            self._wrong("phải là các cặp khóa: giá trị", "must be a mapping of keys to values")
            return {}
        if len(self.value) > limit:
            self.fault(f"nhiều nhất {limit} mục.", f"at most {limit} entries.")
            return {}
        members: dict[str, Field] = {}
        for key, value in self.value.items():
            if isinstance(key, str) and key.isprintable():
                members[key] = self.child(key, value)
            else:
                self.fault(f"khóa {shown(key)} phải là chữ.", f"key {shown(key)} must be text.")
        return members

    def record(self, known: Collection[str], required: Collection[str] = ()) -> dict[str, Field]:
        """A mapping with known keys. A field that is null counts as absent; a missing or unknown one is a fault."""
        members = self.members()
        for name in [name for name in members if name not in known]:
            if not self.faults.unknown_allowed:
                near = difflib.get_close_matches(name, known, 1)
                hint_vi, hint_en = (f" Có phải là {near[0]}?", f" Is it {near[0]}?") if near else ("", "")
                allowed = ", ".join(sorted(known))
                members[name].fault(
                    f"không có mục này.{hint_vi} Các mục: {allowed}.", f"no such field.{hint_en} Fields: {allowed}."
                )
            del members[name]
        present = {name: member for name, member in members.items() if member.value is not None}
        if isinstance(self.value, dict):
            for name in sorted(set(required) - set(present)):
                self.child(name, None).fault("thiếu mục này, hãy thêm vào.", "missing; add it.")
        return present

    def items(self, limit: int = 1000) -> list[Field]:
        """A list."""
        if not isinstance(self.value, list | tuple):
            self._wrong("phải là một danh sách", "must be a list")
            return []
        if len(self.value) > limit:
            self.fault(f"nhiều nhất {limit} mục.", f"at most {limit} entries.")
            return []
        return [self.child(position, value) for position, value in enumerate(self.value)]

    def text(self, limit: int = 200) -> str | None:
        """Printable text of 1 to `limit` characters, on one line."""
        if not isinstance(self.value, str):
            self._wrong('phải là chữ (đặt trong dấu ngoặc kép " ")', 'must be text (put it in quotes " ")')
            return None
        if not 1 <= len(self.value) <= limit or not self.value.isprintable():
            self._wrong(f"phải là một dòng chữ dài 1 đến {limit}", f"must be one line of text, 1 to {limit} long")
            return None
        return self.value

    def slug(self) -> str | None:
        """An id: a-z, 0-9, dash; 1 to 32 long; no dash at an end; not "all"."""
        text = self.text(64)
        return text if text is not None and self.is_slug(text) else None

    def is_slug(self, text: str) -> bool:
        """Whether `text` (this field's value or its key) may be an id; a fault if not."""
        if text == RESERVED:
            self.fault('"all" nghĩa là mọi thôn, hãy chọn tên khác.', '"all" means every hamlet; choose another name.')
            return False
        if not SLUG.fullmatch(text):
            self._wrong_word(
                text,
                "chỉ gồm a-z, 0-9 và dấu -, dài 1 đến 32, không có - ở đầu và cuối",
                "must be a-z, 0-9 and -, 1 to 32 long, no - at either end",
            )
            return False
        return True

    def integer(self, low: int, high: int) -> int | None:
        """A whole number, `low` to `high`, both included."""
        if not isinstance(self.value, int) or isinstance(self.value, bool) or not low <= self.value <= high:
            self._wrong(f"phải là số nguyên từ {low} đến {high}", f"must be a whole number from {low} to {high}")
            return None
        return self.value

    def number(self, low: float, high: float) -> float | None:
        """A finite number, `low` to `high`, both included."""
        if (
            not isinstance(self.value, int | float)
            or isinstance(self.value, bool)
            or not low
            <= self.value
            <= high  # also false for NaN and infinities; an int too large for a float compares well
        ):
            self._wrong(f"phải là số từ {low:g} đến {high:g}", f"must be a number from {low:g} to {high:g}")
            return None
        return float(self.value)

    def flag(self) -> bool | None:
        """true or false."""
        if not isinstance(self.value, bool):
            self._wrong("phải là true hoặc false", "must be true or false")
            return None
        return self.value

    def choice(self, options: Collection[str]) -> str | None:
        """One of the words."""
        if not isinstance(self.value, str) or self.value not in options:
            words = ", ".join(sorted(options))
            self._wrong(f"phải là một trong: {words}", f"must be one of: {words}")
            return None
        return self.value

    def _wrong(self, vi: str, en: str) -> None:
        self._wrong_word(self.value, vi, en)

    def _wrong_word(self, value: object, vi: str, en: str) -> None:
        self.fault(f"{shown(value)}: {vi}.", f"{shown(value)}: {en}.")


def shown(value: object) -> str:
    """A wrong value, short enough to quote; collections by what they are."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list | tuple):
        return "[…]"
    if isinstance(value, int) and not -(10**MAX_SHOWN_TEXT) < value < 10**MAX_SHOWN_TEXT:
        return "…"  # Python refuses to print integers of over 4,300 digits
    text = "(trống/empty)" if value is None else ascii(value) if _unprintable(value) else str(value)
    return text if len(text) <= MAX_SHOWN_TEXT else text[:MAX_SHOWN_TEXT] + "…"


def _unprintable(value: object) -> bool:
    return isinstance(value, str) and not value.isprintable()


def plain(value: object, source: str = MESSAGE) -> Document:
    """What came as plain values (from JSON), in the shape that `Faults` checks."""
    return Document(value, source)
