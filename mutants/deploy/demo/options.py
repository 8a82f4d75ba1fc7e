"""What may be asked of the demo on its command line."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from broker.cli.parser import Parser, port_number

SoundChoice = Literal["auto", "wav", "device"]

FIRST_PORT = 18_830
"""Of the demo's MQTT (wire.md); the next free one where it is taken and nobody asked for a certain one."""

ABOUT = """Một xã năm thôn trên máy này: Mosquitto riêng, dịch vụ của xã, năm kẻng với nút bấm giả. Ctrl-C là hết.
A commune of five hamlets on this machine, with buttons in memory. Ctrl-C ends all of it."""


@dataclass(frozen=True, slots=True)
class Options:
    """How the demo is to run."""

    headless: bool
    """No screen; one JSON line when ready."""
    port: int | None
    """MQTT port; none: FIRST_PORT or the next free one."""
    home: Path | None
    """Folder to keep; none: a temporary one, removed at the end."""
    sound: SoundChoice
    """Where the gongs sound."""
    console: bool
    """With the duty desk's pages."""
    at_s: int | None
    """Second of the day at which the commune's clock starts; none: the machine's time."""


def read_options(arguments: Sequence[str] | None = None) -> Options:
    """Read them; exits with 2 and a sentence if they are wrong."""
    parser = Parser(prog="bash deploy/demo.sh", description=ABOUT)
    parser.add_argument("--headless", action="store_true", help="không màn hình; một dòng JSON khi xong / for programs")
    parser.add_argument(
        "--port", type=port_number, metavar="N", help=f"cổng MQTT / MQTT port ({FIRST_PORT} hoặc kế tiếp)"
    )
    parser.add_argument("--home", type=Path, metavar="DIR", help="giữ mọi thứ ở đây / keep everything here")
    parser.add_argument(
        "--sound", choices=("auto", "wav", "device"), default="auto", help="loa của máy, hay tệp WAV / where it sounds"
    )
    parser.add_argument("--no-console", action="store_true", help="không mở trang trực ban / without the web pages")
    parser.add_argument(
        "--at",
        type=_time_of_day,
        metavar="HH:MM[:SS]",
        help="đồng hồ của xã bắt đầu từ đây, ví dụ 21:59:45 / its clock",
    )
    args = parser.parse_args(arguments)
    home = None if args.home is None else args.home.expanduser().absolute()
    return Options(args.headless, args.port, home, args.sound, not args.no_console, args.at)


def _time_of_day(text: str) -> int:
    """Seconds since midnight."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?", text)
    if found is None:
        raise argparse.ArgumentTypeError(f"{text}: HH:MM, HH:MM:SS")
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds
