"""A code book's text, changed by one entry; every other character stays, comments too. Pure.

PyYAML says where each value begins and ends, and the change is made there: no library that writes YAML back is needed.
What must hold: read back, the new text says exactly what the old one said, but for the entry and a version raised by
one; where that cannot be had (an unusual layout), BookEditFault says what to write by hand, and nothing is changed.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import yaml

from broker.errors import BrokerError
from patterns.errors import YamlError
from patterns.yamlfile import parse_yaml

INDENT = "  "
Edit = tuple[int, int, str]
"""From, to (positions in the text), what stands there instead."""


class BookEditFault(BrokerError, ValueError):
    """The code book's text cannot be changed here."""


def with_node(text: str, node: str, hamlet: str, key: str, *, post: bool = False) -> str:
    """Add the node, or give the one that is there its key. BookEditFault; YamlError if it is no YAML."""
    entry = {"hamlet": hamlet, **({"post": True} if post else {}), "key": key}
    hand = f"nodes: {{{_entry(node, entry)}}}"
    new = copy.deepcopy(_plain(text))
    nodes = _members_of(new, "nodes", hand)
    known = nodes.get(node)
    new["nodes"] = {**nodes, node: {**(known or {}), **entry}}
    if not isinstance(known, dict):
        return _changed(text, _added(text, "nodes", _entry(node, entry)), new, hand)
    top = _top(text)
    mapping = _child(_child(top, "nodes"), node)
    missing = {name: value for name, value in entry.items() if name not in known}
    return _changed(text, _appended(text, mapping, _members(missing)), new, hand)


def without_node(text: str, node: str) -> str:
    """Take the node out. BookEditFault; YamlError."""
    new = copy.deepcopy(_plain(text))
    del new["nodes"][node]
    new["nodes"] = new["nodes"] or None
    nodes = _child(_top(text), "nodes")
    if nodes is not None and nodes.flow_style and len(nodes.value) == 1:
        new["nodes"] = {}
    return _changed(text, _removed(text, nodes, node), new, f"- nodes.{node}")


def with_hamlet(text: str, hamlet: str, name: str) -> str:
    """Add a hamlet. BookEditFault; YamlError."""
    new = copy.deepcopy(_plain(text))
    entry = _entry(hamlet, {"name": name})
    hand = f"hamlets: {{{entry}}}"
    new["hamlets"] = {**_members_of(new, "hamlets", hand), hamlet: {"name": name}}
    return _changed(text, _added(text, "hamlets", entry), new, hand)


def _changed(text: str, edits: list[Edit] | None, new: dict[str, Any], hand: str) -> str:
    version = _child(_top(text), "version")
    if edits is not None and version is not None and isinstance(new.get("version"), int):
        new["version"] += 1
        edits.append((version.start_mark.index, version.end_mark.index, str(new["version"])))
        for start, end, instead in sorted(edits, reverse=True):
            text = text[:start] + instead + text[end:]
        if _same(text, new):
            return text
    raise _fault(hand)


def _fault(hand: str) -> BookEditFault:
    return BookEditFault(
        f"Không sửa được tệp quy ước theo cách viết của nó. Hãy tự thêm (hoặc bỏ, nếu có dấu -): {hand} "
        "và tăng version, rồi chạy lại.",
        f"The code book's layout cannot be changed here. Add by hand (or remove, after a dash): {hand} "
        "and raise version, then run this again.",
    )


def _members_of(book: dict[str, Any], section: str, hand: str) -> dict[str, Any]:
    members = book.get(section)
    if not book or not isinstance(members, dict | None):
        raise _fault(hand)
    return members or {}


def _same(text: str, wanted: dict[str, Any]) -> bool:
    try:
        # Dumped, so that the order counts too: hamlets are shown in it.
        return json.dumps(_plain(text)) == json.dumps(wanted)
    except YamlError:
        return False


def _added(text: str, section: str, entry: str) -> list[Edit] | None:
    """An entry at the end of a section of the whole book."""
    top = _top(text)
    mapping = _child(top, section)
    if mapping is None:
        return _appended(text, top, [f"{section}: {{{entry}}}" if top.flow_style else f"{section}:\n{INDENT}{entry}"])
    if isinstance(mapping, yaml.MappingNode) and mapping.value:
        return _appended(text, mapping, [entry])
    start, end = mapping.start_mark.index, mapping.end_mark.index  # `{}`, `~` or nothing at all
    if top.flow_style:
        return [(start, end, f"{{{entry}}}")]
    after = _line_end(text, end)
    while text[start - 1] == " ":
        start -= 1
    return [(start, end, ""), (after, after, f"{_newline(text)}{INDENT}{entry}")]


def _appended(text: str, mapping: Any, entries: list[str]) -> list[Edit] | None:
    if not isinstance(mapping, yaml.MappingNode) or not mapping.value:
        return None
    end = _end(mapping)
    if mapping.flow_style:
        last = _end(mapping.value[-1][1])
        return [(last, last, "".join(f", {entry}" for entry in entries))]
    after = _line_end(text, end)
    indent = " " * mapping.value[0][0].start_mark.column
    line = _newline(text)
    return [(after, after, "".join(line + indent + entry.replace("\n", line + indent) for entry in entries))]


def _removed(text: str, mapping: Any, name: str) -> list[Edit] | None:
    if not isinstance(mapping, yaml.MappingNode):
        return None
    [at] = [place for place, (key, _) in enumerate(mapping.value) if key.value == name]
    key, value = mapping.value[at]
    start, end = key.start_mark.index, _end(value)
    if not mapping.flow_style:
        after = text.find("\n", end)
        return [(text.rfind("\n", 0, start) + 1, len(text) if after < 0 else after + 1, "")]
    if at + 1 < len(mapping.value):
        return [(start, mapping.value[at + 1][0].start_mark.index, "")]
    return [(_end(mapping.value[at - 1][1]) if at else start, end, "")]


def _end(node: Any) -> int:
    """Where its last character is past; PyYAML has a block end at whatever comes after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _line_end(text: str, at: int) -> int:
    found = text.find("\n", at)
    if found < 0:
        return len(text)
    return found - 1 if found > at and text[found - 1] == "\r" else found


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _top(text: str) -> Any:
    return yaml.compose(text, Loader=yaml.SafeLoader)  # the Python one: the C one counts bytes


def _child(mapping: Any, name: str) -> Any:
    if not isinstance(mapping, yaml.MappingNode):
        return None
    return next((value for key, value in mapping.value if key.value == name), None)


def _plain(text: str) -> dict[str, Any]:
    value = parse_yaml(text.encode(), "codebook.yaml").value
    return value if isinstance(value, dict) else {}


def _entry(name: str, fields: dict[str, Any]) -> str:
    return f"{name}: {{{', '.join(_members(fields))}}}"


def _members(fields: dict[str, Any]) -> list[str]:
    return [f"{name}: {_scalar(value)}" for name, value in fields.items()]


def _scalar(value: Any) -> str:
    if isinstance(value, str) and parse_yaml(value.encode(), "").value == value and value.replace("-", "").isalnum():
        return value
    return json.dumps(value, ensure_ascii=False)
