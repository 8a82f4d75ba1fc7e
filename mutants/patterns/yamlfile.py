"""Reads YAML that a person wrote, and remembers the line of every field.

What must always hold: whatever the bytes are, reading ends, in memory in proportion to the file, with a `Document` or
with a `YamlError`. Values are plain (None, bool, int, float, str, list, dict); keys are text exactly as written. The
words of YAML 1.2 are read, not those of 1.1: `22:00` stays "22:00" (1.1 makes it 1320), `no` stays "no", a date stays
text.

Does not know: what the fields mean. fields.py checks them.

The one danger: PyYAML's composer follows aliases and recurses. So its events are read here instead, one by one, with a
bound on depth and number; anchors, aliases and tags are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from patterns.errors import Fault, YamlError

MAX_FILE_BYTES = 64 * 1024
"""Eight times the largest code book that fits the wire: room for comments."""
MAX_DEPTH = 16
"""A score in a code book nests 11 deep at most."""
MAX_VALUES = 20_000
"""More than 64 KiB of sensible YAML holds."""
MAX_DIGITS = 18
"""A whole number that long fits 64 bits; nothing here needs more."""

FieldPath = tuple[str | int, ...]
"""Keys and positions from the top of the file: ("chimes", 2, "at")."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one where PyYAML has it: ten times as fast on a Pi
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, and where it says it."""

    value: object
    """Plain values."""
    source: str
    """The file's name as a person knows it."""
    lines: dict[FieldPath, int] = field(default_factory=dict)
    """Line, from 1, of every field; empty for what did not come from a file."""
    faults: tuple[Fault, ...] = ()
    """What was wrong already while reading (doubled keys, tags): `fields.Faults` starts with these."""

    def line(self, path: FieldPath) -> int | None:
        """Line of the field, or of the nearest field around it; None where there are no lines."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)


def field_name(path: FieldPath) -> str:
    """("chimes", 2, "at") → "chimes[2].at"."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")


def read_yaml(path: Path) -> Document:
    """Read a file of at most MAX_FILE_BYTES. Raises YamlError, also when it cannot be opened."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise YamlError(
            f"{path}: không đọc được tệp ({error.strerror}). Hãy kiểm tra tên và quyền đọc.",
            f"{path}: cannot be read ({error.strerror}). Check the name and the permission to read.",
        ) from error
    return parse_yaml(raw, str(path))


def parse_yaml(raw: bytes, source: str) -> Document:
    """Read YAML from memory; `source` is named in errors. Raises YamlError."""
    if len(raw) > MAX_FILE_BYTES:
        raise _error(
            source,
            None,
            f"tệp dài quá {MAX_FILE_BYTES} byte, hãy rút ngắn.",
            f"over {MAX_FILE_BYTES} bytes; shorten it.",
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _error(
            source, line, "không phải UTF-8, hãy lưu lại tệp với mã UTF-8.", "not UTF-8; save the file as UTF-8."
        ) from error
    return _Reader(source).read(text)


def _error(source: str, line: int | None, vi: str, en: str) -> YamlError:
    fault = Fault(source, line, "", vi, en)
    return YamlError(fault.sentence_vi(), fault.sentence_en(), (fault,))


def _line(event: yaml.Event) -> int | None:
    return None if event.start_mark is None else event.start_mark.line + 1


class _Reader:
    """Builds plain values from PyYAML's events."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: dict[FieldPath, int] = {}
        self.faults: list[Fault] = []
        self.values = 0

    def read(self, text: str) -> Document:
        try:
            events = yaml.parse(text, Loader=_LOADER)
            value = self._documents(events)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = None if mark is None else mark.line + 1
            problem = " ".join(part for part in (error.context, error.problem) if part)
            raise _error(
                self.source,
                line,
                f"không đúng cú pháp YAML ({problem}). Hãy xem dấu thụt dòng, dấu hai chấm và dấu ngoặc.",
                f"not valid YAML ({problem}). Look at the indentation, colons and brackets.",
            ) from error
        except yaml.YAMLError as error:
            raise _error(self.source, None, f"không phải YAML ({error}).", f"not YAML ({error}).") from error
        return Document(value, self.source, self.lines, tuple(self.faults))

    def _documents(self, events: Iterator[yaml.Event]) -> object:
        value: object = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _error(
                        self.source,
                        _line(event),
                        'tệp chỉ được có một tài liệu, hãy bỏ dòng "---" thứ hai.',
                        'one document only; remove the second "---".',
                    )
            elif isinstance(event, yaml.NodeEvent):
                value = self._value(event, events, ())
        return value

    def _value(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], path: FieldPath) -> object:
        line = _line(event)
        self._note(path, line)
        self.values += 1
        if len(path) > MAX_DEPTH or self.values > MAX_VALUES:
            raise _error(
                self.source,
                line,
                f"lồng quá {MAX_DEPTH} tầng hoặc quá {MAX_VALUES} giá trị, hãy viết gọn lại.",
                f"nested over {MAX_DEPTH} deep or over {MAX_VALUES} values; write it more simply.",
            )
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self._fault(
                path,
                line,
                "không dùng neo & và bí danh *, hãy viết hẳn ra.",
                "no anchors & or aliases *; write it out.",
            )
        if getattr(event, "tag", None) is not None:
            self._fault(path, line, "không dùng thẻ !, hãy bỏ đi.", "no tags !; remove it.")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, path)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, line)
        return None

    def _mapping(self, events: Iterator[yaml.Event], path: FieldPath) -> dict[str, object]:
        mapping: dict[str, object] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise _error(self.source, line, "khóa phải là chữ.", "a key must be plain text.")
            key = event.value
            here = (*path, key)
            if key in mapping:
                self._fault(
                    here,
                    line,
                    "khóa này đã có ở trên, hãy bỏ một trong hai.",
                    "this key is already above; remove one of them.",
                )
            if event.anchor is not None or event.tag is not None:
                self._fault(here, line, "không dùng neo & và thẻ ! ở khóa.", "no anchors & or tags ! on a key.")
            self._note(here, line)
            mapping[key] = self._value(self._node(next(events)), events, here)
        return mapping

    def _sequence(self, events: Iterator[yaml.Event], path: FieldPath) -> list[object]:
        items: list[object] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._value(self._node(event), events, (*path, len(items))))
        return items

    def _node(self, event: yaml.Event) -> yaml.NodeEvent:
        if not isinstance(event, yaml.NodeEvent):  # by the parser's own grammar never
            raise _error(self.source, _line(event), "không phải YAML.", "not YAML.")
        return event

    def _scalar(self, event: yaml.ScalarEvent, path: FieldPath, line: int | None) -> object:
        text = event.value
        if event.style:  # quoted or block: text, whatever it looks like
            return text
        if text.lower() in _WORDS:
            return _WORDS[text.lower()]
        if _INTEGER.fullmatch(text):
            if len(text) > MAX_DIGITS:
                self._fault(path, line, "số quá dài.", "a number too long.")
                return 0
            return int(text)
        return float(text) if _FLOAT.fullmatch(text) else text

    def _note(self, path: FieldPath, line: int | None) -> None:
        if line is not None:
            self.lines.setdefault(path, line)

    def _fault(self, path: FieldPath, line: int | None, vi: str, en: str) -> None:
        self.faults.append(Fault(self.source, line, field_name(path), vi, en))
