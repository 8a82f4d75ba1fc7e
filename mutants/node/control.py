"""Fingers for the demo and for tests: a Unix socket that closes mock contacts and tells what the box shows.

One JSON object a line, each way:

    {"press": {"kind": "fire", "silent": false, "drill": false, "hold_s": 1.2}}    also by "name"; all optional
        → {"ok": true, "button": "fire", "hold_s": 1.2}, and when the finger is up {"released": "fire"}
    {"cancel": true}                        the cancel contact, for as long as it needs
    {"contact": "drill", "closed": true}    any contact, until it is said otherwise
    {"watch": true}                         → the glance now and at each change: {"alert", "link", "gong", "linked", …}
    anything else                           → {"ok": false, "vi": …, "en": …}

What must always hold: it is opened only over mock pins; it never makes the loop wait; a client that does not read loses
old lines, a client that writes nonsense is told so.
"""

from __future__ import annotations

import heapq
import json
import logging
import os
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import msgspec

from node.core.effects import Effect
from node.core.items import Item
from node.core.setup import ContactSetup
from node.errors import ControlFault, PinFault
from node.glance import Looker

_log = logging.getLogger(__name__)

MAX_LINE_BYTES = 4096
"""A wish is some hundred bytes."""
MAX_UNREAD = 256
"""Lines that wait for a client; the oldest go."""
MAX_HOLD_S = 60.0
"""A stuck button takes 30 s to be called one."""
OVERHOLD_S = 0.2
"""A finger lifts a little after the hold is complete."""
SETTLE_S = 0.1
"""A drill switch is debounced before the button goes down."""

Touch = Callable[[str, bool], None]
"""Closes or opens a mock contact; raises PinFault."""


class _Client:
    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.read = b""
        self.unsent = b""
        self.lines: deque[bytes] = deque(maxlen=MAX_UNREAD)
        self.watches = False


class Control:
    """The socket and its thread. A Watcher of the loop."""

    def __init__(self, path: Path, contacts: Sequence[ContactSetup], touch: Touch) -> None:
        """Opens the socket, 0600. Raises ControlFault."""
        self._path = path
        self._contacts = contacts
        self._touch = touch
        self._looker = Looker()
        self._lock = threading.Lock()
        self._clients: dict[int, _Client] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._timer_number = 0
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._selector = selectors.DefaultSelector()
        self._listening = _listen(path)
        self._selector.register(self._listening, selectors.EVENT_READ)
        self._selector.register(self._bell, selectors.EVENT_READ)
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="control", daemon=True)
        self._thread.start()

    def saw(self, item: Item, effects: Sequence[Effect]) -> None:
        """On the loop's thread: tell watchers if it looks different now."""
        before = self._looker.glance
        with self._lock:
            now = self._looker.saw(item, effects)
            if now == before:
                return
            for client in self._clients.values():
                if client.watches:
                    client.lines.append(msgspec.json.encode(now) + b"\n")
        os.eventfd_write(self._bell, 1)

    def close(self) -> None:
        """End the thread, remove the socket."""
        self._closing = True
        os.eventfd_write(self._bell, 1)
        self._thread.join(2)
        with suppress(OSError):
            self._path.unlink()

    def _run(self) -> None:
        while not self._closing:
            try:
                self._turn()
            except Exception:
                _log.exception("the control socket stumbled")
                time.sleep(0.1)  # so that a lasting fault does not eat the processor
        for client in list(self._clients.values()):
            self._drop(client)
        self._listening.close()

    def _turn(self) -> None:
        wait_s = max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None
        for ready, _ in self._selector.select(wait_s):
            if ready.fileobj is self._listening:
                self._accept()
            elif ready.fileobj == self._bell:
                os.eventfd_read(self._bell)
            else:
                self._read(cast(_Client, ready.data))
        while self._timers and self._timers[0][0] <= time.monotonic():
            heapq.heappop(self._timers)[2]()
        for client in list(self._clients.values()):
            self._send(client)

    def _accept(self) -> None:
        connection, _ = self._listening.accept()
        connection.setblocking(False)
        client = _Client(connection)
        with self._lock:
            self._clients[connection.fileno()] = client
        self._selector.register(connection, selectors.EVENT_READ, client)

    def _read(self, client: _Client) -> None:
        try:
            raw = client.connection.recv(65536)
        except BlockingIOError:
            return
        except OSError:
            raw = b""
        client.read += raw
        *lines, client.read = client.read.split(b"\n")
        for line in lines:
            self._wish(client, line)
        if not raw or len(client.read) > MAX_LINE_BYTES:
            self._send(client)
            self._drop(client)

    def _send(self, client: _Client) -> None:
        with self._lock:
            while client.lines and len(client.unsent) < MAX_LINE_BYTES:
                client.unsent += client.lines.popleft()
        if not client.unsent:
            return
        try:
            client.unsent = client.unsent[client.connection.send(client.unsent) :]
        except BlockingIOError:
            self._after(0.1, lambda: None)  # try again soon; the loop is not concerned
        except OSError:
            self._drop(client)

    def _drop(self, client: _Client) -> None:
        with self._lock:
            known = self._clients.pop(client.connection.fileno(), None)
        if known is not None:
            self._selector.unregister(client.connection)
            client.connection.close()

    def _wish(self, client: _Client, line: bytes) -> None:
        try:
            self._grant(client, json.loads(line))
        except (ValueError, TypeError, RecursionError) as error:
            self._refuse(client, f"Không hiểu dòng này: {error}", f"Not understood: {error}")
        except (ControlFault, PinFault) as error:
            self._refuse(client, error.vi, error.en)

    def _grant(self, client: _Client, wish: Any) -> None:
        match wish:
            case {"press": dict(press)}:
                self._press(client, press)
            case {"cancel": True}:
                self._finger(client, self._find(purpose="cancel"), None)
            case {"contact": str(name), "closed": bool(closed)}:
                self._touch(name, closed)
                self._say(client, {"ok": True})
            case {"watch": True}:
                with self._lock:
                    client.watches = True
                    client.lines.append(msgspec.json.encode(self._looker.glance) + b"\n")
            case _:
                raise ValueError("press, cancel, contact + closed, watch")

    def _press(self, client: _Client, press: Mapping[str, Any]) -> None:
        unknown = set(press) - {"name", "kind", "silent", "drill", "hold_s"}
        if unknown:
            raise ValueError(f"press: {', '.join(sorted(unknown))}?")
        hold_s = press.get("hold_s")
        if hold_s is not None and not 0 <= float(hold_s) <= MAX_HOLD_S:
            raise ValueError(f"hold_s: 0 … {MAX_HOLD_S:g}")
        wanted = {key: press[key] for key in ("name", "kind", "silent") if press.get(key) is not None}
        button = self._find(purpose="alarm", **wanted)
        if not press.get("drill"):
            self._finger(client, button, hold_s)
            return
        switch = self._find(purpose="drill")
        self._touch(switch.name, True)
        self._after(SETTLE_S, lambda: self._finger(client, button, hold_s, lambda: self._touch(switch.name, False)))

    def _find(self, **wanted: object) -> ContactSetup:
        for contact in self._contacts:
            if all(getattr(contact, key) == value for key, value in wanted.items()):
                return contact
        asked = ", ".join(f"{key}={value}" for key, value in wanted.items())
        there = ", ".join(contact.name for contact in self._contacts)
        raise ControlFault(
            f"Hộp này không có nút nào như vậy ({asked}). Các nút: {there}.",
            f"This box has no such contact ({asked}). Contacts: {there}.",
        )

    def _finger(
        self, client: _Client, contact: ContactSetup, hold_s: float | None, then: Callable[[], None] = lambda: None
    ) -> None:
        held_s = contact.hold_ms / 1000 + OVERHOLD_S if hold_s is None else float(hold_s)
        self._touch(contact.name, True)
        self._say(client, {"ok": True, "button": contact.name, "hold_s": held_s})

        def lift() -> None:
            with suppress(PinFault):  # the node is ending: then every finger is up
                self._touch(contact.name, False)
            self._say(client, {"released": contact.name})
            self._after(SETTLE_S, lambda: _quietly(then))

        self._after(held_s, lift)

    def _after(self, wait_s: float, act: Callable[[], None]) -> None:
        self._timer_number += 1
        heapq.heappush(self._timers, (time.monotonic() + wait_s, self._timer_number, act))

    def _refuse(self, client: _Client, vi: str, en: str) -> None:
        self._say(client, {"ok": False, "vi": vi, "en": en})

    def _say(self, client: _Client, answer: Mapping[str, object]) -> None:
        with self._lock:
            client.lines.append(json.dumps(answer, ensure_ascii=False).encode() + b"\n")


def _quietly(act: Callable[[], None]) -> None:
    with suppress(PinFault):
        act()


def _listen(path: Path) -> socket.socket:
    """A fresh socket; one that a dead node left behind is replaced."""
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        listening.bind(str(path))
        path.chmod(0o600)
        listening.listen(8)
    except OSError as error:
        listening.close()
        raise ControlFault(
            f"{path}: không mở được cổng điều khiển ({error.strerror or error}). Đường dẫn dài nhất 107 ký tự.",
            f"{path}: the control socket cannot be opened ({error.strerror or error}). A path has 107 bytes at most.",
        ) from error
    return listening
