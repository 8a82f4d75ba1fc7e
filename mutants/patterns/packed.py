"""A code book's file on its way to the commune: as it is where that fits a message, else packed (deflate, base64).

What must hold: what is unpacked is bounded before it is read, and is the very same fields; whatever text comes, nothing
but CodeBookError is raised. Keys do not shrink, everything else of forty hamlets does: to a third.
Does not know: what a code book is (bookcheck.py), or how an ask travels.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any

from patterns.errors import CodeBookError

MAX_ASK_BYTES = 8 * 1024
"""Of any message (wire.md, rule 6)."""
ENVELOPE_BYTES = 128
"""What the ask's id and the names of its fields add."""
MAX_UNPACKED_BYTES = 64 * 1024
"""More than any code book whose message to the nodes fits; a bomb stops here."""
PACKED = "packed"
"""The one field of a book that is packed; no book has a field of this name."""
_RAW = -15  # deflate without a head


def carried(fields: Mapping[str, Any]) -> dict[str, Any]:
    """What an ask bears: the fields or, if they are too long, {packed: text}."""
    text = _compact(fields)
    if len(text) + ENVELOPE_BYTES <= MAX_ASK_BYTES:
        return dict(fields)
    return {PACKED: _packed(text)}


def ask_bytes(fields: Mapping[str, Any]) -> int:
    """How long the ask is that carries it."""
    text = _compact(fields)
    bare = len(text) if len(text) + ENVELOPE_BYTES <= MAX_ASK_BYTES else len(_packed(text))
    return bare + ENVELOPE_BYTES


def check_ask(fields: Mapping[str, Any], where: object) -> int:
    """How long the ask is. CodeBookError if no ask can carry it."""
    size = ask_bytes(fields)
    if size > MAX_ASK_BYTES or len(_compact(fields)) > MAX_UNPACKED_BYTES:
        raise CodeBookError(
            f"{where}: quy ước dài quá, không gửi cho xã được ({size} byte sau khi nén, nhiều nhất {MAX_ASK_BYTES}). "
            "Hãy rút ngắn tên thôn, bớt bản kẻng riêng hoặc giờ kẻng.",
            f"{where}: too long to be sent to the commune ({size} bytes when packed, at most {MAX_ASK_BYTES}). "
            "Shorten the hamlets' names, or use fewer patterns or chimes.",
        )
    return size


def unpacked(ask: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of what an ask bears. CodeBookError."""
    text = ask.get(PACKED)
    if not isinstance(text, str) or len(ask) > 1:
        return dict(ask)
    try:
        inflate = zlib.decompressobj(_RAW)
        data = inflate.decompress(base64.b64decode(text, validate=True), MAX_UNPACKED_BYTES)
        fields = json.loads(data) if inflate.eof else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise CodeBookError("bộ quy ước nén không đọc được.", "the packed code book cannot be read.")
    return fields


def _compact(fields: Mapping[str, Any]) -> bytes:
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def _packed(text: bytes) -> str:
    deflate = zlib.compressobj(9, zlib.DEFLATED, _RAW)
    return base64.b64encode(deflate.compress(text) + deflate.flush()).decode()
