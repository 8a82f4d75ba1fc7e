"""The other end of the control socket: presses a mock button from another process."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from node.errors import ControlFault

ANSWER_S = 5.0
"""A node answers within milliseconds."""
LIFT_S = 62.0
"""The longest hold, and a little."""


def press(control: Path | None, wish: Mapping[str, object]) -> str:
    """Press, and return the button's name when the finger is up again. Raises ControlFault."""
    if control is None:
        raise ControlFault(
            "Tệp cài đặt không có mục control: chỉ nút giả (panel.factory: mock) mới bấm được bằng lệnh.",
            "The settings have no `control`: only mock buttons (panel.factory: mock) can be pressed by a command.",
        )
    with lines_of(control, {"press": dict(wish)}, ANSWER_S) as (connection, lines):
        answer = next(lines, {})
        if not answer.get("ok"):
            raise ControlFault(answer.get("vi", "Nút không trả lời."), answer.get("en", "The node did not answer."))
        connection.settimeout(LIFT_S)
        for line in lines:
            if "released" in line:
                break
        return str(answer["button"])


@contextmanager
def lines_of(
    control: Path, wish: Mapping[str, object], timeout_s: float
) -> Iterator[tuple[socket.socket, Iterator[dict[str, Any]]]]:
    """Send one wish; the connection, and what comes back, line by line. Raises ControlFault if nobody is there."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(timeout_s)
        try:
            connection.connect(str(control))
            connection.sendall(json.dumps(wish).encode() + b"\n")
        except OSError as error:
            raise ControlFault(
                f"{control}: không gặp được hộp kẻng ({error.strerror or error}). keng-node đã chạy chưa?",
                f"{control}: no node there ({error.strerror or error}). Is it running?",
            ) from error
        with connection.makefile("rb") as file:
            yield connection, _objects(file, control)


def _objects(file: Any, control: Path) -> Iterator[dict[str, Any]]:
    try:
        for line in file:
            yield json.loads(line)
    except OSError as error:
        raise ControlFault(
            f"{control}: hộp kẻng không trả lời ({error}).", f"{control}: no answer ({error})."
        ) from error
