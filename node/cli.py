"""keng-node run | doctor | press | witness: a node from the command line. Vietnamese first; --lang en: English alone.

Exit codes: 0 as wished; 1 a sentence on stderr says what is wrong, where, and what to do; 2 wrong arguments.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from node.settings import SETTINGS_FILE
from node.settingsread import KINDS, load_settings
from patterns.errors import KengError
from wire.version import program_version


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; its exit code."""
    args = _parser().parse_args(arguments)
    try:
        return _act(args)
    except KengError as error:
        sys.stderr.write(f"{error.en if args.lang == 'en' else error}\n")
        return 1
    except KeyboardInterrupt:
        return 1


def _act(args: argparse.Namespace) -> int:
    if args.verb == "doctor":
        from node.doctor import examine
        from node.fitness import fit
        from node.saying import show, show_json

        for room in ("node", "wire"):
            logging.getLogger(room).addHandler(logging.NullHandler())  # its findings say it all, in both tongues
        found = fit(args.settings) if args.quick else examine(args.settings, aloud=args.voice)
        return show_json(found, sys.stdout) if args.json else show(found, args.lang, sys.stdout)
    settings = load_settings(args.settings)
    if args.verb == "press":
        from node.finger import press

        press(settings.control, _wish(args))
        return 0
    if args.verb == "witness":
        from node.witness import witness_lines

        for line in witness_lines(settings.state_dir, settings.node):
            sys.stdout.write(f"{line}\n")
        return 0
    from node.run import run_node

    logging.basicConfig(level=args.log.upper(), format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    run_node(settings)
    return 0


def _wish(args: argparse.Namespace) -> dict[str, object]:
    wish = {"kind": args.kind, "name": args.name, "hold_s": args.hold, "drill": args.drill or None}
    return {key: value for key, value in wish.items() if value is not None} | {"silent": args.silent}


class _Parser(argparse.ArgumentParser):
    """argparse, in both tongues, Vietnamese first."""

    def __init__(self, **options: Any) -> None:
        options.update(add_help=False)
        super().__init__(**options)
        self._positionals.title = "đối số / arguments"
        self._optionals.title = "lựa chọn / options"
        self.add_argument("-h", "--help", action="help", help="hiện trợ giúp này / show this help")

    def format_usage(self) -> str:
        """The first line of an error."""
        return super().format_usage().replace("usage:", "cách dùng / usage:", 1)

    def format_help(self) -> str:
        """All of it."""
        return super().format_help().replace("usage:", "cách dùng / usage:", 1)

    def error(self, message: str) -> NoReturn:
        """Say what, and what to do; exit code 2."""
        self.exit(
            2,
            f"{self.prog}: gọi sai ({message}). Xem: {self.prog} --help\n"
            f"{self.prog}: {message}. See: {self.prog} --help\n",
        )


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="keng-node", description="Hộp kẻng của một thôn. / A hamlet's gong node.")
    parser.add_argument(
        "--version", action="version", version=f"keng {program_version()}", help="bản nào / which version"
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="run | doctor | press | witness")
    run = verbs.add_parser("run", help="chạy hộp kẻng / run the node")
    run.add_argument("--log", choices=("debug", "info", "warning", "error"), default="info")
    doctor = verbs.add_parser("doctor", help="hộp này có hỏng gì không / say what is wrong with it")
    quick = "chỉ xem bản này chạy được ở đây không / whether this version can run here at all"
    doctor.add_argument("--quick", action="store_true", help=quick)
    doctor.add_argument("--json", action="store_true", help="cho chương trình đọc / for a program")
    doctor.add_argument(
        "--voice", action="store_true", help="nói cả qua loa, trừ ban đêm / aloud as well, but at night"
    )
    verbs.add_parser("witness", help="hộp này làm chứng gì về sổ trực / what it saw of the commune's register")
    press = verbs.add_parser("press", help="bấm nút giả / press a mock button")
    press.add_argument("--kind", choices=KINDS, help="loại báo động / kind of alert")
    press.add_argument("--name", help="tên nút / name of the button")
    press.add_argument("--hold", type=float, metavar="S", help="giữ mấy giây / seconds held")
    press.add_argument("--silent", action="store_true", help="nút báo ngầm / a silent button")
    press.add_argument("--drill", action="store_true", help="diễn tập / an exercise")
    settings = "tệp cài đặt / settings (%(default)s)"
    for verb in verbs.choices.values():
        verb.add_argument("--settings", type=Path, default=SETTINGS_FILE, metavar="FILE", help=settings)
        verb.add_argument("--lang", choices=("vi", "en"), default="vi", help="vi: cả hai thứ tiếng / en: English alone")
    return parser


if __name__ == "__main__":
    sys.exit(main())
