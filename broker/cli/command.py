"""`keng`: the verbs put together, and the one door through which a command ends.

What must hold: whatever goes wrong becomes a sentence in Vietnamese and English and an exit code; a traceback is our
own mistake, and even then the sentence comes first. Verbs are mounted from their modules; what they need (Django, rich,
NumPy) is imported only by the verb that needs it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Collection, Sequence
from importlib import import_module

from broker.cli.parser import Parser, common, connection, terminal_of
from broker.cli.terminal import EXIT_CODES, INTERRUPTED, NO_ANSWER, REFUSED, CliError
from patterns.errors import KengError
from wire.errors import LinkFault
from wire.version import program_version

ABOUT = """Kẻng an ninh của xã: báo động, nhận, đóng vụ, xem tình trạng.
The commune's security gong: sound, take, close, look.

Không ghi gì thêm thì lệnh tìm keng.yaml, rồi bản chạy thử (deploy/demo.sh) trên máy này.
Without options it looks for keng.yaml, then for a demo on this machine."""

GROUPS = {
    "broker.cli.acts": {"alarm", "widen", "clear", "acknowledge", "comment", "close", "chime"},
    "broker.cli.mutes": {"mute", "unmute"},
    "broker.cli.looks": {"incidents", "status"},
    "broker.cli.watch": {"watch"},
    "broker.cli.press": {"press"},
    "broker.cli.books": {"patterns", "codebook"},
    "broker.cli.service": {"run"},
    "broker.cli.console": {"console", "certificate"},
    "broker.cli.officer": {"officer"},
    "broker.cli.audit": {"audit"},
    "broker.cli.update": {"release", "update"},
    "broker.cli.keys": {"keys"},
    "broker.cli.enrol": {"enrol", "retire"},
    "broker.cli.keeping": {"backup", "restore", "safe", "move"},
    "broker.cli.card": {"card"},
}
"""Verbs by the module that mounts them. Only what is asked for is imported: on a Pi that is seconds."""


def parser(words: Collection[str] = ()) -> Parser:
    """The command; of the verbs those whose names are among `words`, or all if none is."""
    top = Parser(prog="keng", description=ABOUT, epilog=EXIT_CODES)
    common(connection(top))
    top.add_argument("--version", action="version", version=f"keng {program_version()}", help="bản nào / which version")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="VERB", title="lệnh / verbs")
    wanted = [module for module, names in GROUPS.items() if not names.isdisjoint(words)] or list(GROUPS)
    for module in wanted:
        import_module(module).add(verbs)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code (terminal.py names them)."""
    try:
        words = sys.argv[1:] if arguments is None else arguments
        args = parser(words).parse_args(words)
    except SystemExit as ended:  # argparse's way of saying help was shown, or usage is wrong
        return ended.code if isinstance(ended.code, int) else REFUSED
    try:
        code: int = args.run(args)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read us has gone (`keng watch | head`): nothing is left to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KengError as error:
        return _fail(args, error, error.exit_code if isinstance(error, CliError) else REFUSED)
    except LinkFault as fault:
        return _fail(args, KengError(fault.vi, fault.en), NO_ANSWER)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        return _fail(
            args,
            KengError(f"{place}không làm được ({error.strerror}).", f"{place}cannot be done ({error.strerror})."),
            REFUSED,
        )
    return code


def _fail(args: argparse.Namespace, error: KengError, code: int) -> int:
    terminal_of(args).complain(error, code)
    return code
