"""`keng console`: the duty desk's pages, until SIGTERM; `keng certificate`: what they are served with. Django is
imported only where it is needed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.terminal import DONE


def add(verbs: Subparsers) -> None:
    """Mount the verb."""
    run = verb(verbs, "console", run_console, "chạy trang trực ban (web)", "serve the duty desk", connects=False)
    vi, en = "làm chứng chỉ của trang trực ban, nếu đến hạn", "make the duty desk's certificate, if it is due"
    renew = verb(verbs, "certificate", run_certificate, vi, en, connects=False)
    for parser in (run, renew):
        parser.add_argument("--settings", type=Path, metavar="FILE", help="console.yaml (/etc/keng/console.yaml)")


def run_console(args: argparse.Namespace) -> int:
    """Until it is asked to end."""
    from broker.console.run import run

    return run(args.settings)


def run_certificate(args: argparse.Namespace) -> int:
    """Once, by hand or by a timer; nothing to do is no fault."""
    from broker.console.certificate import fingerprint_of, names_of, now, renew
    from broker.console.settings import SETTINGS_FILE, load_console

    settings = load_console(args.settings or SETTINGS_FILE, with_certificate=False)
    made, names = renew(settings, now()), names_of(settings)
    vi, en = ("Đã làm chứng chỉ mới", "Made a new certificate") if made else ("Chứng chỉ còn hạn", "It is not due")
    print_ = fingerprint_of(settings.listen.ca_file)
    terminal_of(args).result(
        {"ok": True, "made": made, "names": list(names), "ca": print_},
        f"{vi}: {', '.join(names)}\nCA (SHA-256), đọc cho người cài: {print_}",
        f"{en}: {', '.join(names)}\nCA (SHA-256), to be read to whoever installs it: {print_}",
    )
    return DONE
