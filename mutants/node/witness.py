"""`keng-node witness`: what this node saw of the commune's register, a line of JSON each, oldest first.

    {"node":"thon-3","seq":10241,"hash":"5f2c…"}

What must hold: the node's journal is only read, whether the node runs or not.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import json as msgspec_json

from node.core.records import Memory
from node.errors import StateFault
from node.journal import MAX_BYTES
from node.journalline import read_lines
from node.keep import JOURNAL


def witness_lines(state_dir: Path, node: str) -> Iterator[str]:
    """One for each head. StateFault if there is a journal and it cannot be read."""
    path = state_dir / JOURNAL
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StateFault(
            f"{path}: không đọc được ({error.strerror}). Hãy chạy bằng quyền quản trị (sudo).",
            f"{path}: cannot be read ({error.strerror}). Run it as root (sudo).",
        ) from error
    memory = Memory()
    for record in read_lines(raw).records:
        memory = memory.after(record)
    for one in memory.witnesses:
        yield msgspec_json.encode({"node": node, "seq": one.seq, "hash": one.hash}).decode()
