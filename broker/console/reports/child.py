"""A report's file, made by a process of its own: what the libraries of PDF and XLSX take, some 30 MB, goes with it.

    made("pdf", "vi", title, below, tables)                          # in the console
    python -m broker.console.reports.child pdf vi <report >file      # what it starts

What must hold: one at a time, so that ten officers who want one cost no more than one; it ends within CHILD_S.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence

import msgspec

from broker.console.reports.tables import Table

CHILD_S = 20
"""It takes a second; a machine may be busy."""
FAULT = 3
"""Exit code: what to do is said on stderr."""
_turn = threading.Lock()


class FileFault(Exception):
    """It could not be made: a sentence."""


class Paper(msgspec.Struct, frozen=True):
    """What is in it."""

    title: str
    """Its heading."""
    below: str
    """The days."""
    tables: list[Table]
    """Its figures."""


def made(kind: str, lang: str, title: str, below: str, tables: Sequence[Table]) -> bytes:
    """The file. FileFault."""
    command = [sys.executable, "-m", "broker.console.reports.child", kind, lang]
    given = msgspec.json.encode(Paper(title, below, list(tables)))
    with _turn:
        try:
            done = subprocess.run(command, input=given, capture_output=True, timeout=CHILD_S, check=False)  # noqa: S603 - ours
        except (OSError, subprocess.TimeoutExpired) as error:
            raise FileFault(f"Chưa làm được tệp, hãy thử lại. / The file could not be made: {error}") from error
    if done.returncode:
        told = done.stderr.decode("utf-8", "replace")
        why = told.strip() if done.returncode == FAULT else f"Lỗi khi làm tệp. / A fault of ours: {told[-500:]}"
        raise FileFault(why)
    return done.stdout


def main(kind: str, lang: str) -> int:
    """From stdin to stdout."""
    paper = msgspec.json.decode(sys.stdin.buffer.read(), type=Paper)
    if kind == "xlsx":
        from broker.console.reports.sheets import as_xlsx

        body = as_xlsx(f"{paper.title}, {paper.below}", paper.tables, lang)
    else:
        from broker.console.reports.paper import FontFault, as_pdf

        try:
            body = as_pdf(paper.title, paper.below, paper.tables, lang)
        except FontFault as error:
            sys.stderr.write(str(error))
            return FAULT
    sys.stdout.buffer.write(body)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
