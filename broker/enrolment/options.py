"""What deploy/install-commune.sh may be told about a commune, and what is meant where it is not.

It does not know what is installed already: found.py does, and leaves that as it is.
"""

from __future__ import annotations

import argparse
from pathlib import Path

MAX_HAMLETS = 64
DEFAULT_COMMUNE = "cong-lac"
DESK_PORT = 8443


def parser() -> argparse.ArgumentParser:
    """Of found.py's command."""
    found = argparse.ArgumentParser(prog="deploy/install-commune.sh", description="Cài cho xã. / Install a commune.")
    found.add_argument("--root", type=Path, default=Path("/"), metavar="DIR", help=argparse.SUPPRESS)
    found.add_argument("--commune", metavar="ID", help=f"mã xã / the commune's id ({DEFAULT_COMMUNE})")
    found.add_argument("--name", metavar="NAME", help="tên xã / its name")
    found.add_argument(
        "--address", nargs="+", required=True, metavar="HOST", help="địa chỉ của máy này / this machine's"
    )
    found.add_argument("--codebook", type=Path, metavar="FILE", help="tệp quy ước có sẵn / an existing code book")
    found.add_argument("--backup-to", type=Path, metavar="DIR", help="nơi sao lưu thứ hai / a second place")
    found.add_argument("--hamlets", type=_hamlets, default=5, metavar="N", help="số thôn / number of hamlets (5)")
    for name, port in (("nodes", 8883), ("officers", 8884), ("local", 1883), ("console", DESK_PORT)):
        found.add_argument(f"--{name}-port", type=int, default=port, metavar="PORT", help=f"({port})")
    found.add_argument("--owner", default="keng", help=argparse.SUPPRESS)
    found.add_argument("--broker-owner", default="mosquitto", help=argparse.SUPPRESS)
    return found


def _hamlets(text: str) -> int:
    number = int(text)
    if not 1 <= number <= MAX_HAMLETS:
        raise argparse.ArgumentTypeError(f"1…{MAX_HAMLETS}")
    return number
