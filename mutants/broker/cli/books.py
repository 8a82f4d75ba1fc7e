"""`keng codebook push`: teach the commune a code book that was checked here first. Patterns' own verbs beside it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, cast

from broker.cli.asking import Commune, new_id
from broker.cli.parser import Subparsers, terminal_of, verb
from broker.cli.reach import reach_of
from broker.cli.terminal import DONE, UsageFault
from patterns.cli import add_parsers
from patterns.codebook import load_codebook
from patterns.packed import carried, check_ask
from patterns.yamlfile import read_yaml
from wire.asks import AskCodeBook


def add(verbs: Subparsers) -> None:
    """Mount patterns' own verbs, and `push` beside their `check`."""
    add_parsers(cast(Any, verbs))
    codebook = verbs.choices["codebook"]
    below = next(action for action in codebook._actions if isinstance(action, argparse._SubParsersAction))
    push = verb(below, "push", run_push, "kiểm tra rồi gửi quy ước mới cho xã", "check a code book and put it into use")
    push.add_argument("file", type=Path, metavar="FILE", help="codebook.yaml")


def run_push(args: argparse.Namespace) -> int:
    """Check the whole file here, where its lines are known, then ask."""
    book = load_codebook(args.file)
    reach = reach_of(args)
    if book.commune != reach.commune:
        raise UsageFault(
            f"{args.file} là quy ước của xã {book.commune}, không phải của {reach.commune}.",
            f"{args.file} is the code book of {book.commune}, not of {reach.commune}.",
        )
    fields = cast(dict[str, Any], read_yaml(args.file).value)
    check_ask(fields, args.file)
    with Commune(reach) as commune:
        told = commune.ask("codebook", AskCodeBook(id=new_id(), codebook=carried(fields)))
    terminal_of(args).result(
        {"ok": True, "commune": book.commune, "version": book.version, "target": told.target},
        f"Xã đã dùng quy ước bản {book.version}; các kẻng đang nhận.",
        f"The commune uses version {book.version}; its nodes are taking it.",
    )
    return DONE
