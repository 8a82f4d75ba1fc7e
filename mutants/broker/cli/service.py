"""`keng run`: the commune's service itself, until SIGTERM. Django and the register are imported only here."""

from __future__ import annotations

import argparse
from pathlib import Path

from broker.cli.parser import Subparsers, verb


def add(verbs: Subparsers) -> None:
    """Mount the verb."""
    run = verb(verbs, "run", run_service, "chạy dịch vụ của xã", "run the commune's service", connects=False)
    run.add_argument("--settings", type=Path, metavar="FILE", help="commune.yaml (/etc/keng/commune.yaml)")
    run.add_argument("--embedded-broker", action="store_true", help="kèm một Mosquitto riêng / with its own Mosquitto")
    # For the demo's --at alone: a commune's clock is the machine's.
    run.add_argument("--clock-offset-ms", type=int, default=0, help=argparse.SUPPRESS)


def run_service(args: argparse.Namespace) -> int:
    """Until it is asked to end; run.py names its exit codes, which are systemd's to understand."""
    from broker.run import run

    return run(args.settings, embedded_broker=args.embedded_broker, clock_offset_ms=args.clock_offset_ms)
