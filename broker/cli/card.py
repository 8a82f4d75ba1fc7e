"""`keng card FOLDER BOOTFS`: one box's folder and the bundle onto the boot partition of a freshly written SD card.

What must hold: nothing but a Raspberry Pi's boot partition is written to; a card that is another box already, or was
started before, is refused; what is on it is whole when this says so (synced).
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.terminal import DONE
from broker.enrolment.cards import put_on_card

BUNDLE = Path("keng-bundle")


def add(verbs: Subparsers) -> None:
    """Mount the verb."""
    vi, en = "ghi thư mục của hộp và bộ cài vào ổ bootfs của thẻ nhớ", "put a box's folder and the bundle onto a card"
    new = verb(verbs, "card", run_card, vi, en, connects=False)
    new.add_argument("folder", type=Path, metavar="FOLDER", help="do keng enrol viết / that keng enrol wrote: thon-1")
    new.add_argument("boot", type=Path, metavar="BOOTFS", help="ổ bootfs của thẻ / its boot partition: /media/…/bootfs")
    new.add_argument("--bundle", type=Path, default=BUNDLE, metavar="DIR", help=f"bộ cài / the bundle ({BUNDLE})")


def run_card(args: argparse.Namespace) -> int:
    """Write it, sync it, say what is next."""
    done = put_on_card(args.folder, args.boot, args.bundle)
    os.sync()
    size = f"{done.bytes / 1e6:.0f} MB"
    terminal_of(args).result(
        {"ok": True, "node": done.node, "system": done.system, "bytes": done.bytes},
        f"Thẻ nhớ của {done.node} đã xong ({done.system}, {size}). Tháo thẻ an toàn, cắm vào Pi, cắm mạng, cắm điện; "
        "lần đầu chờ khoảng 10 phút.",
        f"The card of {done.node} is ready ({done.system}, {size}). Eject it, put it into the Pi, cable, power; "
        "the first start takes some ten minutes.",
    )
    return DONE
