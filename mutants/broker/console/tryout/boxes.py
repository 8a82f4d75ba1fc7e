"""What each box shows, as its own control socket tells it: works with the broker down, and while nodes come and go.

One thread watches all sockets. What must hold: a node that is dead shows as dead within a second; nothing it says, or
does not say, stops the watching of the others.
"""

from __future__ import annotations

import json
import selectors
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

AGAIN_S = 0.3
"""Between tries to reach a node that is not there."""
MAX_UNREAD = 64 * 1024
"""Of one line; more is not our node."""


@dataclass(frozen=True, slots=True)
class Box:
    """One look at a box."""

    alive: bool = False
    """Whether its node answers."""
    alert: str = "dark"
    """Look of the alert lamp."""
    alert_since_s: float = 0.0
    """Since when, monotonic."""
    link: str = "unheard"
    """Look of the link lamp."""
    link_since_s: float = 0.0
    """Since when, monotonic."""
    gong: str | None = None
    """Pattern that is heard."""
    gong_since_s: float = 0.0
    """Since when, monotonic."""
    linked: bool = False
    """Whether it has the broker."""
    unsent: int = 0
    """Alerts that the register has not confirmed."""
    refused: int = 0
    """Messages refused."""


def seen(before: Box, glance: Mapping[str, Any], now_s: float) -> Box:
    """The box after one line of its socket."""
    alert, link, gong = str(glance.get("alert", "dark")), str(glance.get("link", "unheard")), glance.get("gong")
    refused = glance.get("refused")
    unsent = glance.get("unsent")
    return Box(
        alive=True,
        alert=alert,
        alert_since_s=before.alert_since_s if alert == before.alert and before.alive else now_s,
        link=link,
        link_since_s=before.link_since_s if link == before.link and before.alive else now_s,
        gong=None if gong is None else str(gong),
        gong_since_s=before.gong_since_s if gong == before.gong else now_s,
        linked=bool(glance.get("linked")),
        unsent=unsent if isinstance(unsent, int) else 0,
        refused=sum(refused.values()) if isinstance(refused, dict) else 0,
    )


class Boxes:
    """Watches."""

    def __init__(self, controls: Mapping[str, Path]) -> None:
        """`controls`: socket by node."""
        self._controls = dict(controls)
        self._boxes = {node: Box() for node in controls}
        self._lock = threading.Lock()
        self._selector = selectors.DefaultSelector()
        self._unread: dict[str, bytes] = {}
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="boxes", daemon=True)
        self._thread.start()

    def now(self) -> dict[str, Box]:
        """All boxes."""
        with self._lock:
            return dict(self._boxes)

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        self._thread.join(2 * AGAIN_S)

    def _run(self) -> None:
        connected: set[str] = set()
        again_s = 0.0
        while not self._closing.is_set():
            if time.monotonic() >= again_s:
                again_s = time.monotonic() + AGAIN_S
                connected |= {node for node in self._controls if node not in connected and self._connect(node)}
            if not connected:
                self._closing.wait(AGAIN_S)
                continue
            for key, _ in self._selector.select(AGAIN_S):
                node = str(key.data)
                if not self._read(node, key.fileobj):
                    connected.discard(node)
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr] # sockets alone were registered

    def _connect(self, node: str) -> bool:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(AGAIN_S)
        try:
            connection.connect(str(self._controls[node]))
            connection.sendall(b'{"watch": true}\n')
        except OSError:
            connection.close()
            return False
        connection.setblocking(False)
        self._unread[node] = b""
        self._selector.register(connection, selectors.EVENT_READ, node)
        return True

    def _read(self, node: str, fileobj: Any) -> bool:
        piece = b""
        with suppress(OSError):
            piece = fileobj.recv(MAX_UNREAD)
        *lines, self._unread[node] = (self._unread[node] + piece).split(b"\n")
        for line in lines:
            self._line(node, line)
        if piece and len(self._unread[node]) < MAX_UNREAD:
            return True
        self._selector.unregister(fileobj)
        fileobj.close()
        with self._lock:
            self._boxes[node] = replace(Box(), gong_since_s=time.monotonic())
        return False

    def _line(self, node: str, line: bytes) -> None:
        try:
            glance = json.loads(line)
        except ValueError:
            return
        if isinstance(glance, dict) and "alert" in glance:
            with self._lock:
                self._boxes[node] = seen(self._boxes[node], glance, time.monotonic())
