"""Single fields of node.yaml, each with its check: what settingsread.py puts together."""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import Literal

from node.settings import UpsSettings
from patterns.fields import Field
from wire.hosts import MAX_HOSTS

NOBODY = "unset"
"""Stands in for a slug that was wrong: the error is raised before anybody sees it."""
FIRST_I2C, LAST_I2C = 0x08, 0x77
"""Addresses below and above are the bus's own."""
MAX_TOLD_BYTES = 4_096
"""A file of a few addresses; a larger one is something else."""
MAX_TOLD = 2
"""Of them; the addresses that a box was enrolled with keep their room."""
_TOLD = re.compile(r"(?:https?://)?(\[?[0-9A-Fa-f:]*::?[0-9A-Fa-f:]+\]?|[A-Za-z0-9.-]+)(?::[0-9]+)?(?:/\S*)?")
"""An address as somebody copies it, perhaps from a browser."""
NO_MICROPHONE = "none"
"""Said of a box that has none."""


def slug_of(field: Field | None) -> str:
    """An id."""
    return (field.slug() if field is not None else None) or NOBODY


def host_of(field: Field) -> str | None:
    """A name or an address, as far as can be told without asking the network."""
    text = field.text(255)
    if text is None or _is_host(text):
        return text
    vi, en = (
        "không phải địa chỉ hay tên máy; hãy ghi như 10.0.0.2.",
        "is no address or host name; write it like 10.0.0.2.",
    )
    field.fault(vi, en)
    return None


def _is_host(text: str) -> bool:
    with suppress(UnicodeError):
        return bool(text.encode("idna")) and not any(map(str.isspace, text))
    return False


def hosts_of(field: Field, parts: dict[str, Field]) -> list[str]:
    """`host`, or several `hosts`; at least one, if only to stand in for what was wrong."""
    if "host" in parts and "hosts" in parts:
        parts["host"].fault(
            "ghi host (một địa chỉ) hoặc hosts (nhiều địa chỉ), không ghi cả hai.",
            "write host (one address) or hosts (several), not both.",
        )
    elif "host" not in parts and "hosts" not in parts:
        field.child("host", None).fault(
            "thiếu địa chỉ máy của xã, hãy thêm host: hoặc hosts: [ , ].",
            "the commune's machine has no address; add host: or hosts: [ , ].",
        )
    elif "hosts" in parts and isinstance(parts["hosts"].value, list) and not parts["hosts"].value:
        parts["hosts"].fault("phải có ít nhất một địa chỉ.", "at least one address is needed.")
    listed = parts["hosts"].items(MAX_HOSTS) if "hosts" in parts else []
    named = [parts["host"]] if "host" in parts else []
    return [host_of(one) or NOBODY for one in (*named, *listed)] or [NOBODY]


def told_hosts(file: Path | None) -> list[str]:
    """Addresses that somebody wrote on the card's boot partition, one a line: how a box without SSH learns of a move.

    Never a fault: a box whose card was written to by a stranger's laptop must start. What is no address is passed over.
    """
    try:
        with (file or Path("/dev/null")).open("rb") as opened:
            raw = opened.read(MAX_TOLD_BYTES)
    except OSError:
        return []
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")  # Notepad's
    found = (_TOLD.fullmatch(line.partition("#")[0].strip()) for line in text.splitlines())
    return [one for one in (each[1].strip("[]") for each in found if each is not None) if _is_host(one)][:MAX_TOLD]


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


def layout_of(field: Field | None) -> Literal["plain", "readonly"]:
    """How the card is laid out; see deploy/layout.sh."""
    return "readonly" if field is not None and field.choice(("plain", "readonly")) == "readonly" else "plain"


def ups_of(field: Field | None) -> UpsSettings | None:
    """How the battery of an uninterruptible supply is read."""
    if field is None:
        return None
    parts = field.record({"chip", "bus", "address", "cells"}, {"chip"})
    chip = parts["chip"].choice(("kernel", "max17040", "ina219")) if "chip" in parts else None
    bus = parts["bus"].integer(0, 31) if "bus" in parts else None
    address = _address_of(parts["address"]) if "address" in parts else None
    cells = parts["cells"].integer(1, 4) if "cells" in parts else None
    return UpsSettings(
        "ina219" if chip == "ina219" else "max17040" if chip == "max17040" else "kernel",
        1 if bus is None else bus,
        address,
        cells or 1,
    )


def _address_of(field: Field) -> int | None:
    """On an I2C bus, as data sheets and i2cdetect write it: 0x36."""
    text = str(field.value)
    with suppress(ValueError):
        if FIRST_I2C <= int(text, 16) <= LAST_I2C and text.startswith("0x"):
            return int(text, 16)
    field.fault("phải là địa chỉ I2C như 0x36 (xem: i2cdetect -y 1).", "must be an address like 0x36 (i2cdetect -y 1).")
    return None
