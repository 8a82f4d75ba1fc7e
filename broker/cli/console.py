"""`keng console`: the duty desk's pages, until SIGTERM; and its first account. Django is imported only here."""

from __future__ import annotations

import argparse
from pathlib import Path

from broker.cli.parser import Subparsers, verb


def add(verbs: Subparsers) -> None:
    """Mount the verb."""
    run = verb(verbs, "console", run_console, "chạy trang trực ban (web)", "serve the duty desk", connects=False)
    run.add_argument("--settings", type=Path, metavar="FILE", help="console.yaml (/etc/keng/console.yaml)")


def run_console(args: argparse.Namespace) -> int:
    """Until it is asked to end."""
    from broker.console.run import run

    return run(args.settings)
