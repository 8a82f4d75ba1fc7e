"""The folder of one box, as deploy/BUNDLE.md says: what /etc/keng is to hold, and the files for the card's first start.

What must hold: nobody but its owner can look into it, from the first byte on.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from pathlib import Path

from broker.enrolment.bootfiles import Boot, boot_files
from broker.enrolment.boxes import CA_FILE, KEY_FILE, PASSWORD_FILE, SETTINGS_FILE, Box, node_yaml
from broker.enrolment.files import PUBLIC, SECRET, fault, put, read
from broker.enrolment.wish import Wish

FOLDER_MODE = 0o700
BOX_FILE, BOOT_FOLDER = "box.json", "boot"
SUMS_FILE = "SHA256SUMS"
"""Of what nobody edits: a stick or a card that damaged one of them is told before anything is installed."""
FORMAT = 1
"""Of box.json."""
INSTANCE_BYTES = 4
"""Two cards of one box are told apart."""


def write_folder(folder: Path, wish: Wish, box: Box, password: str, seed: bytes, ca_file: Path, zone: str) -> None:
    """Make it. InstallFault."""
    boot = Boot(box.node, zone, secrets.token_hex(INSTANCE_BYTES), wish.ssh_key, wish.wifi)
    for one in (folder, folder / BOOT_FOLDER):
        try:
            one.mkdir(FOLDER_MODE, parents=True)
            one.chmod(FOLDER_MODE)
        except OSError as error:
            raise fault(one, error, vi="tạo", en="made") from error
    fixed = {
        PASSWORD_FILE: (password + "\n", SECRET),
        KEY_FILE: (base64.b64encode(seed).decode() + "\n", SECRET),
        CA_FILE: (read(ca_file), PUBLIC),
    }
    for name, (text, mode) in fixed.items():
        put(folder / name, text, mode)
    sums = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, (text, _) in fixed.items())
    put(folder / SUMS_FILE, sums, PUBLIC)
    put(folder / SETTINGS_FILE, node_yaml(box), PUBLIC)
    put(folder / BOX_FILE, _box_json(wish, box, boot), PUBLIC)
    for name, text in boot_files(boot).items():
        put(folder / BOOT_FOLDER / name, text, SECRET)


def _box_json(wish: Wish, box: Box, boot: Boot) -> str:
    fields = {
        "format": FORMAT,
        "node": box.node,
        "hamlet": box.hamlet,
        "commune": box.commune,
        "layout": wish.layout,
        "hostname": boot.hostname,
        "zone": boot.zone,
    }
    return json.dumps(fields, ensure_ascii=False, indent=2) + "\n"
