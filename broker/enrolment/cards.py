"""A box's folder and the bundle, put onto a card's boot partition as deploy/BUNDLE.md wants them.

What must hold: what is no boot partition, or another box's, is refused before anything is written; Bookworm's
cmdline.txt stays one line, and its words are added once.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from broker.enrolment.bootfiles import BUNDLE
from broker.enrolment.boxes import KEY_FILE
from broker.enrolment.folder import BOOT_FOLDER, BOX_FILE
from broker.errors import BrokerError

System = Literal["Trixie", "Bookworm"]
CMDLINE, CONFIG, SEED = "cmdline.txt", "config.txt", "user-data"
ADDED, FIRSTRUN = "cmdline-add.txt", "firstrun.sh"
OF_TRIXIE = ("user-data", "network-config", "meta-data")
SPARE_BYTES = 20_000_000
"""What the system itself writes there later."""
MB = 1_000_000


class CardFault(BrokerError, OSError):
    """This is no card that can be made a box's."""


@dataclass(frozen=True, slots=True)
class OnCard:
    """What was put there."""

    node: str
    """Slug."""
    system: System
    """Which Raspberry Pi OS."""
    bytes: int
    """How many."""


def put_on_card(folder: Path, boot: Path, bundle: Path) -> OnCard:
    """Copy it. CardFault."""
    folder, boot, bundle = folder.resolve(), boot.resolve(), bundle.resolve()  # `.` has no name to be put under
    node = _node(folder)
    if not (bundle / "manifest.json").is_file():
        raise CardFault(
            f"{bundle}: không phải bộ cài. Hãy tạo: bash deploy/bundle.sh, hoặc chỉ chỗ: --bundle THƯ-MỤC",
            f"{bundle}: no bundle. Make one: bash deploy/bundle.sh, or say where it is: --bundle DIR",
        )
    system = _system(boot)
    for source in (folder, bundle):
        if source.is_relative_to(boot) or boot.is_relative_to(source):
            # What is there is deleted before it is copied anew: these keys would be gone.
            raise CardFault(
                f"{source} nằm trên chính thẻ này. Hãy dùng thư mục ở máy của xã, không phải ở thẻ.",
                f"{source} lies on this very card. Use the folder on the commune's machine, not the card's.",
            )
    others = [path.parent.name for path in boot.glob(f"*/{KEY_FILE}") if path.parent.name != folder.name]
    if others:
        raise CardFault(
            f"{boot}: thẻ này đang là của hộp {others[0]}. Hãy ghi lại thẻ bằng Raspberry Pi Imager.",
            f"{boot}: this card is {others[0]}'s. Write it anew with Raspberry Pi Imager.",
        )
    size = sum(path.stat().st_size for top in (folder, bundle) for path in top.rglob("*") if path.is_file())
    try:
        _check_room(boot, size + SPARE_BYTES)
        _copy(bundle, boot / BUNDLE)
        _copy(folder, boot / folder.name)
        shutil.rmtree(boot / folder.name / BOOT_FOLDER)
        names = OF_TRIXIE if system == "Trixie" else (FIRSTRUN,)
        for name in names:
            shutil.copyfile(folder / BOOT_FOLDER / name, boot / name)
        if system == "Bookworm":
            _add_words(boot / CMDLINE, (folder / BOOT_FOLDER / ADDED).read_text("utf-8").strip())
    except CardFault:
        raise
    except OSError as error:
        raise CardFault(
            f"{boot}: không ghi được ({error.strerror or error}). Hãy xem thẻ nhớ và khóa ghi, rồi chạy lại.",
            f"{boot}: cannot be written ({error.strerror or error}). Look at the card and its lock; run this again.",
        ) from error
    return OnCard(node, system, size)


def _node(folder: Path) -> str:
    try:
        (folder / KEY_FILE).stat()
        return str(json.loads((folder / BOX_FILE).read_text("utf-8"))["node"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CardFault(
            f"{folder}: không phải thư mục do keng enrol viết ({error}).",
            f"{folder}: not written by keng enrol ({error}).",
        ) from error


def _system(boot: Path) -> System:
    if not (boot / CMDLINE).is_file() or not (boot / CONFIG).is_file():
        raise CardFault(
            f"{boot}: không phải ổ bootfs của thẻ Raspberry Pi (không có {CMDLINE}). Hãy ghi Raspberry Pi OS Lite "
            "vào thẻ trước, bằng Raspberry Pi Imager, rồi cắm lại thẻ.",
            f"{boot}: no boot partition of a Raspberry Pi ({CMDLINE} is missing). First write Raspberry Pi OS Lite to "
            "the card with Raspberry Pi Imager, then put the card in again.",
        )
    # Only an image with cloud-init brings a seed of its own.
    return "Trixie" if (boot / SEED).exists() else "Bookworm"


def _check_room(boot: Path, needed: int) -> None:
    # What the last attempt left there is replaced.
    there = sum(path.stat().st_size for path in (boot / BUNDLE).rglob("*") if path.is_file())
    room = shutil.disk_usage(boot).free + there
    if room < needed:
        raise CardFault(
            f"{boot}: còn {room // MB} MB, cần {needed // MB} MB. "
            "Hãy tạo bộ cài cho một hệ thôi: bash deploy/bundle.sh --targets trixie-arm64",
            f"{boot}: {room // MB} MB left, {needed // MB} MB needed. "
            "Make the bundle for one system: bash deploy/bundle.sh --targets trixie-arm64",
        )


def _copy(folder: Path, to: Path) -> None:
    """Anew; a FAT32 knows neither owners nor modes."""
    if to.exists():
        shutil.rmtree(to)
    shutil.copytree(folder, to, copy_function=shutil.copyfile)


def _add_words(cmdline: Path, words: str) -> None:
    line = " ".join(cmdline.read_text("utf-8").split())
    if words not in line:
        cmdline.write_text(f"{line} {words}\n", "utf-8", newline="\n")
