"""Bytes to messages and back: the one door through which a stranger's input comes in.

Rule: `decode` raises `Refused` and nothing else, whatever the bytes hold. It does not know topics, keys or time.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

import msgspec

from wire.errors import Refused
from wire.messages import Alert, Cancel
from wire.words import Instant

MAX_BYTES = 8 * 1024  # wire.md rule 6: a node decodes this in under a millisecond; a code book of 40 nodes fits

T = TypeVar("T")


def _write_special(value: Any) -> Any:
    if isinstance(value, Instant):
        return str(value)
    raise NotImplementedError(type(value).__name__)


def _read_special(kind: type, value: Any) -> Any:
    if kind is Instant and isinstance(value, str):
        return Instant.parse(value)
    raise ValueError(f"expected a {kind.__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_write_special)


@cache
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind, dec_hook=_read_special)


class _AlertHead(msgspec.Struct):
    cancelled: bool = False


def encode(value: object) -> bytes:
    """UTF-8 JSON of any message, item or effect."""
    return _encoder.encode(value)


def decode(payload: bytes, kind: type[T]) -> T:
    """The message in `payload`; Refused(oversized | encoding | json | field) if it is not one, whole and in range."""
    if len(payload) > MAX_BYTES:
        raise Refused("oversized", f"{len(payload)} bytes, at most {MAX_BYTES}")
    return read(payload, kind)


def read(payload: bytes, kind: type[T]) -> T:
    """Like `decode`, without its limit of size: for our own files, never for what arrives."""
    try:
        payload.decode("utf-8")
        value: T = _decoder(cast(Hashable, kind)).decode(payload)
    except UnicodeDecodeError as error:
        raise Refused("encoding", str(error)) from error
    except (msgspec.ValidationError, OverflowError) as error:
        raise Refused("field", str(error)) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused("json", str(error)) from error
    return value


def decode_alert(payload: bytes) -> Alert | Cancel:
    """What a node says on `alert` or `silent`: an alert, or the cancelling of one."""
    if decode(payload, _AlertHead).cancelled:
        return decode(payload, Cancel)
    return decode(payload, Alert)
