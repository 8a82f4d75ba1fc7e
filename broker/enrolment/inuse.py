"""The code book that is in use, out of the register, and which of the two texts enrolling starts from.

The file is what a person edits; the duty desk and `keng codebook push` put newer versions into use, of which the file
knows nothing. A box that was added to the older of the two would be refused with it, and its key never known.

What must hold: the newer one is edited, so that nothing in use is taken back; an older file is kept beside the new one,
comments and all; boxes that only it knows, and that Mosquitto lets in, come along. Of two that bear one version and say
different things nobody but a person can choose. The register is only read, whether a service runs or not.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from broker.enrolment.bookedit import with_hamlet, with_node
from broker.enrolment.files import read
from broker.enrolment.site import Site
from broker.errors import BrokerError, RegisterFault
from broker.register.store import CODEBOOK, FILE
from patterns.yamlfile import parse_yaml

BUSY_S = 2.0
"""A reader of a write-ahead log waits for nobody, but for a service that is just starting."""
LINE_CHARS = 120
"""Of a text that is written anew."""
HEAD = """\
# Quy ước kẻng của xã, lấy từ bản {version} đang dùng (trang trực ban hoặc `keng codebook push` đã đưa vào).
# Tệp cũ, có ghi chú, ở {old} cạnh đây. Sửa xong thì tăng version rồi chạy: sudo keng codebook push {file}
# The commune's code book, taken from version {version} in use (put there by the duty desk or `keng codebook push`).
# The old file with its comments is {old}, beside this one. After a change raise version and push it as above.
"""


class TwoBooks(BrokerError, ValueError):
    """The file and the code book in use have one version and say different things."""


@dataclass(frozen=True, slots=True)
class Start:
    """What is edited."""

    text: str
    """A whole code book."""
    kept: Path | None = None
    """Where an older file is kept, if the text is not the file's own."""
    version: int = 0
    """Of the one in use, if it is started from."""


def start(site: Site, boxes: Collection[str]) -> Start:
    """The newer of the file and the register's; `boxes`: whom Mosquitto lets in. TwoBooks, RegisterFault, OSError."""
    text = read(site.codebook)
    file, used = _plain(text), in_use(site.commune.home)
    ours, theirs = _version(file), _version(used)
    if used is None or file == used or ours > theirs:
        return Start(text)
    if ours == theirs:
        raise TwoBooks(
            f"{site.codebook} và quy ước đang dùng cùng là bản {ours} nhưng khác nhau. Nếu tệp đúng, hãy tăng version "
            f"trong tệp thành {ours + 1}; nếu bản đang dùng đúng, hãy giảm thành {ours - 1} (tệp cũ được giữ lại). "
            "Rồi chạy lại.",
            f"{site.codebook} and the code book in use are both version {ours}, and differ. If the file is right, "
            f"raise its version to {ours + 1}; if the one in use is, lower it to {ours - 1} (the old file is kept). "
            "Then run this again.",
        )
    kept = site.codebook.with_name(f"{site.codebook.name}.{ours}")
    written = HEAD.format(version=theirs, old=kept.name, file=site.codebook) + _written(used)
    return Start(_with_boxes(written, file, used, boxes), kept, theirs)


def in_use(home: Path) -> dict[str, Any] | None:
    """The register's; None where there is none yet. RegisterFault."""
    if not (home / FILE).exists():
        return None
    try:
        with closing(
            sqlite3.connect(f"{(home / FILE).absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_S)
        ) as store:
            row = store.execute(CODEBOOK).fetchone()
        fields = json.loads(row[0]) if row else None
    except (sqlite3.Error, ValueError) as error:
        raise RegisterFault(
            f"Không đọc được quy ước đang dùng trong {home / FILE} ({error}). Hãy chạy bằng sudo; "
            "nếu vẫn vậy: keng audit verify",
            f"Cannot read the code book in use from {home / FILE} ({error}). Run it with sudo; "
            "if that does not help: keng audit verify",
        ) from error
    return fields if isinstance(fields, dict) else None


def _with_boxes(text: str, file: dict[str, Any], used: dict[str, Any], boxes: Collection[str]) -> str:
    """With those that the file alone knows by their keys: a push that was refused left them out."""
    ours, theirs = (book.get("nodes") or {} for book in (file, used))
    hamlets = dict(used.get("hamlets") or {})
    for node, entry in ours.items():
        if node not in boxes or not isinstance(entry, dict) or "key" not in entry or theirs.get(node):
            continue
        hamlet = str(entry.get("hamlet"))
        if hamlet not in hamlets:
            named = (file.get("hamlets") or {}).get(hamlet) or {}
            text = with_hamlet(text, hamlet, str(named.get("name", hamlet)))
            hamlets[hamlet] = named
        text = with_node(text, node, hamlet, str(entry["key"]), post=entry.get("post") is True)
    return text


def _written(fields: dict[str, Any]) -> str:
    text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, default_flow_style=None, width=LINE_CHARS)
    # Should a value be one that this project reads otherwise than PyYAML writes it: JSON is YAML, too.
    return text if _plain(text) == fields else json.dumps(fields, ensure_ascii=False, indent=2) + "\n"


def _plain(text: str) -> dict[str, Any]:
    value = parse_yaml(text.encode(), "codebook.yaml").value
    return value if isinstance(value, dict) else {}


def _version(fields: dict[str, Any] | None) -> int:
    version = (fields or {}).get("version")
    return version if isinstance(version, int) else 0
