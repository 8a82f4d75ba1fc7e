"""argparse that speaks Vietnamese first, and takes the common options before or after the verb."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from broker.cli.terminal import EXIT_CODES, USAGE, Lang, Terminal, clean, write_json

Subparsers: TypeAlias = "argparse._SubParsersAction[Parser]"
Run: TypeAlias = Callable[[argparse.Namespace], int]

LANG_VARIABLE = "KENG_LANG"

_IN_VIETNAMESE = (
    (r"the following arguments are required: (.+)", r"còn thiếu: \1"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"\1: không có \2; hãy chọn: \3"),
    (r"argument (.+?): expected one argument", r"\1: thiếu giá trị"),
    (r"argument (.+?): expected at least one argument", r"\1: thiếu giá trị"),
    (r"argument (.+?): invalid \w+ value: (.+)", r"\1: không hiểu giá trị \2"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1: không dùng cùng với \2"),
    (r"one of the arguments (.+) is required", r"phải có một trong: \1"),
    (r"unrecognized arguments: (.+)", r"không hiểu: \1"),
    (r"argument (.+?): (.+)", r"\1: \2"),
)


class Parser(argparse.ArgumentParser):
    """A parser whose headings and errors come in both tongues."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        options.update(add_help=False, allow_abbrev=False)
        super().__init__(**options)
        self._positionals.title = "đối số / arguments"
        self._optionals.title = "lựa chọn / options"
        self.add_argument("-h", "--help", action="help", help="hiện trợ giúp này / show this help")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in both tongues, and where help is; exit 2."""
        vi = message
        for english, vietnamese in _IN_VIETNAMESE:
            if re.fullmatch(english, message, re.DOTALL):
                vi = re.sub(english, vietnamese, message, flags=re.DOTALL)
                break
        vi, en = f"{self.prog}: {vi}. Xem: {self.prog} --help", f"{self.prog}: {message}. See: {self.prog} --help"
        if "--json" in sys.argv:
            write_json({"ok": False, "exit": USAGE, "vi": vi, "en": en})
        else:
            sys.stderr.write(clean(f"{vi}\n{en}\n"))
        raise SystemExit(USAGE)

    def format_usage(self) -> str:
        return super().format_usage().replace("usage:", "cách dùng / usage:", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage:", "cách dùng / usage:", 1)


def common(parser: Parser) -> Parser:
    """The tongue and the form of the answer; SUPPRESS, so that a verb's default does not undo what came before it."""
    group = parser.add_argument_group("chung / general")
    group.add_argument("--lang", choices=("vi", "en"), default=argparse.SUPPRESS, help="tiếng Việt hoặc tiếng Anh")
    group.add_argument(
        "--json", action="store_true", default=argparse.SUPPRESS, help="một dòng JSON cho chương trình / for programs"
    )
    return parser


def connection(parser: Parser) -> Parser:
    """Where the commune's broker is; without any of these: keng.yaml, else the demo that runs here."""
    group = parser.add_argument_group("nối tới xã / the commune")
    for option, metavar, what in (
        ("--host", "HOST", "máy của xã / the commune's machine"),
        ("--commune", "ID", "mã xã / the commune's id"),
        ("--user", "ID", "tên người dùng / who asks"),
    ):
        group.add_argument(option, metavar=metavar, default=argparse.SUPPRESS, help=what)
    group.add_argument("--port", type=port_number, metavar="N", default=argparse.SUPPRESS, help="cổng MQTT / MQTT port")
    for option, what in (
        ("--password-file", "tệp mật khẩu / password file"),
        ("--ca-file", "chứng chỉ của xã (TLS) / the commune's CA"),
        ("--settings", "keng.yaml: các mục trên ghi sẵn / the same, written down"),
        ("--home", "thư mục của bản chạy thử / a demo's folder (KENG_HOME)"),
    ):
        group.add_argument(option, type=Path, metavar="PATH", default=argparse.SUPPRESS, help=what)
    return parser


def verb(verbs: Subparsers, name: str, run: Run, vi: str, en: str, *, connects: bool = True) -> Parser:
    """A verb with its help and the options that every verb has."""
    parser = verbs.add_parser(name, help=f"{vi} / {en}", description=f"{vi}\n{en}", epilog=EXIT_CODES)
    parser.set_defaults(run=run)
    return common(connection(parser) if connects else parser)


def terminal_of(args: argparse.Namespace) -> Terminal:
    """Where this command speaks."""
    default: Lang = "en" if os.environ.get(LANG_VARIABLE) == "en" else "vi"
    return Terminal(getattr(args, "lang", default), getattr(args, "json", False))


def port_number(text: str) -> int:
    """A TCP port."""
    port = int(text)
    if not 1 <= port <= 65_535:
        raise argparse.ArgumentTypeError(f"{text}: 1…65535")
    return port


def seconds(most: float, least: float = 0.0) -> Callable[[str], float]:
    """An argparse type: seconds in a range."""

    def read(text: str) -> float:
        value = float(text.replace(",", "."))
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{text}: {least:g}…{most:g} s")
        return value

    return read
