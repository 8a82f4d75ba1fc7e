"""Settings for every process of the demo, written into its home. Plain text; whoever reads it checks it."""

from __future__ import annotations

import json
import os
import pwd
import shlex
from pathlib import Path
from typing import Any, get_args

from broker.mosquitto.configuration import DemoBroker, demo_conf
from deploy.demo.home import CODEBOOK, Hamlet, Home
from deploy.demo.ports import HOST
from wire.words import Kind

FIRST_BUTTON_PIN = 4
"""GPIO 2 and 3 are pulled up on the board."""
CANCEL_PIN, DRILL_PIN, ALERT_LAMP_PIN, LINK_LAMP_PIN = 20, 21, 22, 23
SILENT_SUFFIX = "-silent"


def write_broker(home: Home, port: int) -> Path:
    """mosquitto.conf."""
    user = pwd.getpwuid(0).pw_name if os.geteuid() == 0 else None
    file = home.folder / "mosquitto.conf"
    file.write_text(demo_conf(DemoBroker(port), user), "utf-8")
    return file


def write_commune(home: Home, port: int) -> Path:
    """commune.yaml."""
    return _write(
        home.folder / "commune.yaml",
        {
            "commune": home.book.commune,
            "codebook": str(CODEBOOK),
            "home": str(home.folder / "commune"),
            # The demo itself started Mosquitto, so it alone may kill it: the service leaves it a wish.
            "mqtt": {"host": HOST, "port": port, "restart": f"touch {shlex.quote(str(restart_wish(home)))}"},
            "open_network": True,
        },
    )


def write_console(home: Home, port: int, mqtt_port: int, clock_offset_ms: int) -> Path:
    """console.yaml, with the boxes' control sockets for its bench."""
    folder = home.folder / "console"
    folder.mkdir(mode=0o700, exist_ok=True)
    return _write(
        folder / "console.yaml",
        {
            "commune": home.book.commune,
            "name": f"Xã {home.book.name}",
            "register": str(home.folder / "commune"),
            "home": str(folder),
            "mqtt": {"host": HOST, "port": mqtt_port},
            "listen": {"address": HOST, "port": port},
            "clock_offset_ms": clock_offset_ms,
            "controls": {hamlet.node: str(home.control(hamlet)) for hamlet in home.hamlets},
        },
    )


def restart_wish(home: Home) -> Path:
    """The file by which the service says that Mosquitto hangs."""
    return home.folder / "restart-mosquitto"


def write_node(home: Home, hamlet: Hamlet, port: int, device: str | None) -> Path:
    """node.yaml: every kind of button, loud and silent, a cancel contact, a drill switch, two lamps."""
    buttons = [
        {"name": f"{kind}{SILENT_SUFFIX if silent else ''}", "kind": kind, "silent": silent}
        for kind in get_args(Kind)
        for silent in (False, True)
    ]
    speaker: dict[str, Any] = {"adapter": "wav", "wav": str(home.wav(hamlet))}
    if device is not None:
        speaker = {"adapter": "alsa", "device": device}
    folder = home.node(hamlet)
    folder.mkdir(parents=True, exist_ok=True)
    return _write(
        folder / "node.yaml",
        {
            "node": hamlet.node,
            "hamlet": hamlet.hamlet,
            "commune": home.book.commune,
            "broker": {"host": HOST, "port": port},
            "panel": {
                "factory": "mock",
                "buttons": [{**button, "pin": pin} for pin, button in enumerate(buttons, FIRST_BUTTON_PIN)],
                "cancel": {"pin": CANCEL_PIN},
                "drill": {"pin": DRILL_PIN},
                "lamps": {"alert": ALERT_LAMP_PIN, "link": LINK_LAMP_PIN},
            },
            "speaker": speaker,
            "state_dir": str(folder / "state"),
            "cache_dir": str(home.cache),
            "trace": {"file": str(home.trace(hamlet))},
            "control": str(home.control(hamlet)),
        },
    )


def _write(file: Path, fields: dict[str, Any]) -> Path:
    # JSON is YAML; its quoting is beyond doubt.
    file.write_text(json.dumps(fields, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return file
