"""`keng press`: a finger on a demo's button, through the node's control socket. Works with the broker down.

The socket speaks one JSON object a line (node/control.py): {"press": {…}} is answered by {"ok": …}, and by
{"released": …} when the finger is up again.
"""

from __future__ import annotations

import argparse
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

from broker.cli.demos import Demo, DemoNode
from broker.cli.parser import Subparsers, seconds, terminal_of, verb
from broker.cli.reach import demo_of
from broker.cli.terminal import DONE, NoConnection, NothingFound
from broker.cli.words import word
from broker.core.outcome import plain
from broker.words import KINDS
from wire.words import Kind

DEFAULT_HOLD_S = 1.0  # above the 0.8 s that a button wants
MAX_HOLD_S = 60.0  # of the control socket
ANSWER_S = 5.0  # beyond the hold itself
MAX_LINE_BYTES = 64 * 1024


def add(verbs: Subparsers) -> None:
    """Mount the verb."""
    press = verb(
        verbs, "press", run_press, "bấm nút của một thôn (chỉ bản chạy thử)", "press a hamlet's button (demo only)"
    )
    press.add_argument("hamlet", metavar="HAMLET", help="mã hoặc tên thôn, hoặc chỉ số: thon-2, “Thôn 2”, 2")
    press.add_argument("--kind", choices=get_args(Kind), default="security", help="nút nào / which button (security)")
    press.add_argument(
        "--hold", type=seconds(MAX_HOLD_S), default=DEFAULT_HOLD_S, metavar="S", help="giữ bao lâu / seconds (1)"
    )
    press.add_argument("--silent", action="store_true", help="nút báo ngầm / the silent button")
    press.add_argument("--drill", action="store_true", help="gạt công tắc diễn tập trước / with the drill switch on")
    press.add_argument("--cancel", action="store_true", help="khóa rút lại / the cancel contact instead")


def run_press(args: argparse.Namespace) -> int:
    """Press, and wait until the finger is up."""
    node = node_of(demo_of(args), args.hamlet)
    wish: dict[str, object] = {"cancel": True}
    if not args.cancel:
        wish = {"press": {"kind": args.kind, "silent": args.silent, "drill": args.drill, "hold_s": args.hold}}
    answer = finger(Path(node.control), wish, args.hold + ANSWER_S)
    kind = tuple(word(KINDS, args.kind, lang) for lang in ("vi", "en"))
    vi, en = ("rút lại", "cancel") if args.cancel else kind
    terminal_of(args).result(
        {"ok": True, "node": node.node, **answer}, f"Đã bấm ở {node.name}: {vi}.", f"Pressed at {node.name}: {en}."
    )
    return DONE


def node_of(demo: Demo, named: str) -> DemoNode:
    """The node of a hamlet by id, name or number. NothingFound."""
    wanted = plain(named)
    for node in demo.nodes:
        names = {node.hamlet, node.node, plain(node.name), plain(node.name).replace(" ", "")}
        if wanted in names or (wanted.isdigit() and node.hamlet == f"thon-{wanted}"):
            return node
    listed = ", ".join(f"{node.hamlet} ({node.name})" for node in demo.nodes)
    raise NothingFound(f"{named}: không có thôn này. Có: {listed}", f"{named}: no such hamlet. There are: {listed}")


def finger(control: Path, wish: dict[str, object], within_s: float) -> dict[str, Any]:
    """Ask one thing of a control socket, and wait until the finger is up; the answer. NothingFound, NoConnection."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(within_s)
            connection.connect(str(control))
            connection.sendall(json.dumps(wish).encode() + b"\n")
            lines = _lines(connection)
            answer = next(lines)
            if not answer.get("ok"):
                raise NothingFound(str(answer.get("vi", "?")), str(answer.get("en", "?")))
            while "released" not in next(lines):
                pass
    except (OSError, StopIteration) as error:
        raise NoConnection(
            f"Kẻng ở {control} không trả lời ({error or 'đã ngắt'}). Bản chạy thử có đang chạy không?",
            f"The node at {control} does not answer ({error or 'it hung up'}). Is the demo running?",
        ) from error
    return answer


def _lines(connection: socket.socket) -> Iterator[dict[str, Any]]:
    read = b""
    while len(read) < MAX_LINE_BYTES:
        piece = connection.recv(4096)
        if not piece:
            return
        *lines, read = (read + piece).split(b"\n")
        for line in lines:
            said = json.loads(line)
            if isinstance(said, dict):
                yield said
