"""How `keng` speaks: Vietnamese or English, tables for people, JSON for programs, and an exit code for both.

    CliError              (patterns.errors.KengError) each with its exit code
    ├── UsageFault        (ValueError)       2: the command as typed makes no sense
    ├── RefusedByCommune  (PermissionError)  1: the commune answered no
    ├── NotWritten        (RuntimeError)     3: done, but the commune cannot write it down, so it confirms nothing
    ├── NoConnection      (ConnectionError)  3: no broker, or no commune behind it
    └── NothingFound      (LookupError)      4: no such incident, no such button, no demo

What must hold: results on stdout, everything else on stderr; with `--json` stdout is JSON alone, a refusal included.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec

from broker.words import Both
from patterns.errors import KengError
from wire.codec import encode

Lang = Literal["vi", "en"]

DONE, REFUSED, USAGE, NO_ANSWER, NOT_FOUND = 0, 1, 2, 3, 4
INTERRUPTED = 130  # as a shell says it of Ctrl-C
PLAIN_COLUMNS = 200  # of a table that goes to a file or a pipe: nothing is cut off
FEWEST_COLUMNS = 60  # below it no table can be read; lines wrap instead

EXIT_CODES = (
    "Mã kết thúc / exit codes: 0 xong / done · 1 xã từ chối, hoặc tệp sai / refused by the commune, or a wrong file · "
    "2 lệnh viết sai / wrong usage · 3 không có trả lời hoặc không nối được / no answer or no link · "
    "4 không tìm thấy / nothing found"
)


class CliError(KengError):
    """What ends a command, with a sentence and an exit code."""

    exit_code = REFUSED


class UsageFault(CliError, ValueError):
    """The command as typed makes no sense."""

    exit_code = USAGE


class RefusedByCommune(CliError, PermissionError):
    """The commune answered no, and why."""

    exit_code = REFUSED


class NotWritten(CliError, RuntimeError):
    """The commune did it, and cannot confirm it: its register cannot write."""

    exit_code = NO_ANSWER


class NoConnection(CliError, ConnectionError):
    """Nobody answers: no broker there, or no commune behind it."""

    exit_code = NO_ANSWER


class NothingFound(CliError, LookupError):
    """What was named does not exist."""

    exit_code = NOT_FOUND


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a command speaks."""

    lang: Lang = "vi"
    """Which tongue comes first."""
    json: bool = False
    """For programs."""

    def pick(self, both: Both) -> str:
        """The one of two sentences that is asked for."""
        return both[1] if self.lang == "en" else both[0]

    def say(self, vi: str, en: str) -> None:
        """A line for a person, on stdout; silent under `--json`."""
        if not self.json:
            write(self.pick((vi, en)))

    def result(self, value: object, vi: str, en: str) -> None:
        """What came of it: `value` for a program, a line for a person."""
        if self.json:
            write_json(value)
        else:
            write(self.pick((vi, en)))

    def table(self, title: Both, columns: Sequence[Both], rows: Iterable[Sequence[str]]) -> None:
        """A table for people."""
        from rich import box
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        wide = shutil.get_terminal_size().columns if sys.stdout.isatty() else PLAIN_COLUMNS
        table = Table(title=Text(self.pick(title), style="bold"), title_justify="left", box=box.SIMPLE_HEAD)
        for column in columns:
            table.add_column(Text(self.pick(column)), overflow="fold")
        for row in rows:
            # Text, not markup: what a stranger wrote must not colour or link anything.
            table.add_row(*(Text(clean(cell)) for cell in row))
        Console(file=sys.stdout, width=max(wide, FEWEST_COLUMNS), highlight=False).print(table)

    def complain(self, error: KengError, code: int) -> None:
        """A fault: both tongues to a person (English alone with `--lang en`), JSON to a program."""
        if self.json:
            write_json({"ok": False, "exit": code, "vi": error.vi, "en": error.en})
        else:
            sys.stderr.write(f"{clean(error.en if self.lang == 'en' else str(error))}\n")


def write(line: str) -> None:
    """A line on stdout, now: whoever reads a pipe must not wait for a buffer."""
    sys.stdout.write(f"{clean(line)}\n")
    sys.stdout.flush()


def write_json(value: object) -> None:
    """One line of JSON on stdout."""
    plain = msgspec.json.decode(encode(value))
    sys.stdout.write(json.dumps(plain, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def clean(text: str) -> str:
    """Without what could drive a terminal: control characters in a stranger's text."""
    return "".join(char if char.isprintable() or char == "\n" else "·" for char in text)
