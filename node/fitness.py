"""Whether this version of the program can run on this machine at all: what an update is asked before it is tried.

What must hold: it takes seconds, changes nothing that a running node uses, and fails only by what the version itself
cannot do: a broker that is away or a dead speaker is no fault of a new program.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from node.doctor import _disk, _keys
from node.errors import NodeError
from node.finding import Finding
from node.settingsread import load_settings

PARTS = ("node.run", "node.speaker.alsa", "nacl.signing", "paho.mqtt.client", "gpiozero")


def fit(path: Path) -> list[Finding]:
    """Settings, disks, keys, and whether every part can be loaded: a wheel of another machine or Python shows here."""
    try:
        settings = load_settings(path)
    except NodeError as error:
        return [Finding("fail", error.vi, error.en)]
    ok = Finding("ok", f"Cài đặt: {path}", f"Settings: {path}")
    return [ok, *_disk(settings), *_keys(settings), _whole()]


def _whole() -> Finding:
    try:
        for part in PARTS:
            import_module(part)
    except (ImportError, OSError) as error:
        return Finding(
            "fail", f"Chương trình thiếu hoặc hỏng một phần: {error}", f"A part of the program is missing: {error}"
        )
    return Finding("ok", "Chương trình đủ các phần", "Every part of the program can be loaded")
