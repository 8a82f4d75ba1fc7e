"""A TCP cable between a client and its broker, and what may happen to cables: one thread, sockets and nothing else.

    cable = Cable(broker.port)            # clients connect to cable.port
    cable.stall()                         # half-open: nothing comes through, nobody is told
    cable.stall(up=False)                 # only what comes down from the broker is held
    cable.halve("up")                     # half of the next packet goes through, then the connection is reset
    cable.cut(); cable.refuse()           # reset now; and reset whoever tries again
    cable.delay_s = 0.5                   # each way
    cable.mend()                          # as new: what was held comes through, in its order

What must hold: bytes keep their order and none is lost but by `cut` and `halve`, as with TCP; what it holds is bounded,
for a full buffer is read no further. How it could be unrealistic: while it stalls, a new connection is still accepted
by this kernel (and gets no further), where a dead cable would leave it half-made.
"""

from __future__ import annotations

import selectors
import socket
import struct
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

HOST = "127.0.0.1"
CHUNK_BYTES = 64 * 1024
HELD_BYTES = 1024 * 1024  # of each direction of a connection; beyond it TCP pushes back
TURN_S = 0.02  # how soon a change made by the test is seen; against seconds of keepalive nothing
Way = Literal["up", "down"]


@dataclass(eq=False)
class _Flow:
    """One direction of one connection."""

    source: socket.socket
    sink: socket.socket
    way: Way
    held: deque[tuple[float, bytes]] = field(default_factory=deque)
    """What has come, and when it may go on, monotonic s."""
    size: int = 0
    ended: bool = False
    """The source has said its last."""


class Cable:
    """From a port of ours to a port of the broker's; see the module."""

    def __init__(self, target: int) -> None:
        self.target = target
        """Where the broker listens."""
        self._door = socket.create_server((HOST, 0), backlog=1024)
        self._door.setblocking(False)
        self.port: int = self._door.getsockname()[1]
        """Where clients connect."""
        self.delay_s = 0.0
        """Each way."""
        self.passed: dict[Way, int] = {"up": 0, "down": 0}
        """Bytes that came through."""
        self.torn = 0
        """Packets that were halved."""
        self._stalled: set[Way] = set()
        self._halve: Way | None = None
        self._refusing = False
        self._cut = False
        self._ending = False
        self._flows: list[_Flow] = []
        self._thread = threading.Thread(target=self._run, name="cable", daemon=True)
        self._thread.start()

    def stall(self, *, up: bool = True, down: bool = True) -> None:
        """Hold what comes from now on: up to the broker, down from it."""
        self._stalled = {way for way, on in (("up", up), ("down", down)) if on}  # type: ignore[misc]  # both are ways

    def halve(self, way: Way) -> None:
        """The next packet that way is torn in the middle, and the connection with it."""
        self._halve = way

    def cut(self) -> None:
        """Reset every connection; a new one may come."""
        self._cut = True

    def refuse(self) -> None:
        """Reset every connection, and each new one."""
        self._refusing = self._cut = True

    def mend(self) -> None:
        """As new."""
        self.delay_s, self._stalled, self._halve, self._refusing = 0.0, set(), None, False

    def close(self) -> None:
        """Gone, with its thread."""
        self._ending = True
        self._thread.join(5)

    # -- the thread

    def _run(self) -> None:
        try:
            while not self._ending:
                self._turn()
        finally:
            self._reset_all()
            self._door.close()

    def _turn(self) -> None:
        if self._cut:
            self._cut = False
            self._reset_all()
        with selectors.DefaultSelector() as selector:
            selector.register(self._door, selectors.EVENT_READ)
            for flow in self._flows:
                if flow.size < HELD_BYTES and not flow.ended:
                    selector.register(flow.source, selectors.EVENT_READ, flow)
            wait_s = TURN_S / 10 if any(flow.held for flow in self._flows) else TURN_S
            for key, _ in selector.select(wait_s):
                if key.data is None:
                    self._accept()
                elif key.data in self._flows:
                    self._read(key.data)
        for flow in list(self._flows):
            if flow in self._flows:
                self._write(flow)

    def _accept(self) -> None:
        client, _ = self._door.accept()
        if self._refusing:
            _reset(client)
            return
        try:
            server = socket.create_connection((HOST, self.target), 1)
        except OSError:
            _reset(client)
            return
        for one in (client, server):
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            one.setblocking(False)
        self._flows += [_Flow(client, server, "up"), _Flow(server, client, "down")]

    def _read(self, flow: _Flow) -> None:
        try:
            chunk = flow.source.recv(CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:
            self._drop(flow, reset=True)
            return
        if not chunk:
            flow.ended = True
            return
        flow.held.append((time.monotonic() + self.delay_s, chunk))
        flow.size += len(chunk)

    def _write(self, flow: _Flow) -> None:
        while flow.held and flow.way not in self._stalled and flow.held[0][0] <= time.monotonic():
            chunk = flow.held[0][1]
            if self._halve == flow.way:
                self._halve = None
                self.torn += 1
                self._send(flow, chunk[: max(1, len(chunk) // 2)])
                self._drop(flow, reset=True)
                return
            sent = self._send(flow, chunk)
            if sent < 0:
                self._drop(flow, reset=True)
                return
            flow.size -= sent
            if sent < len(chunk):
                flow.held[0] = (0.0, chunk[sent:])
                return
            flow.held.popleft()
        if flow.ended and not flow.held and flow.way not in self._stalled:
            self._drop(flow, reset=False)

    def _send(self, flow: _Flow, chunk: bytes) -> int:
        try:
            sent = flow.sink.send(chunk)
        except BlockingIOError:
            return 0
        except OSError:
            return -1
        self.passed[flow.way] += sent
        return sent

    def _drop(self, flow: _Flow, *, reset: bool) -> None:
        self._flows = [one for one in self._flows if one.source not in (flow.source, flow.sink)]
        for sock in (flow.source, flow.sink):
            if reset:
                _reset(sock)
            else:
                sock.close()

    def _reset_all(self) -> None:
        for flow in list(self._flows):
            if flow.way == "up":
                self._drop(flow, reset=True)


def _reset(sock: socket.socket) -> None:
    """RST instead of FIN: nobody waits for anything."""
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    finally:
        sock.close()
