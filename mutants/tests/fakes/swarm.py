"""Thousands of light MQTT 5 clients in one thread: sockets and a few packet types, no library, no threads of their own.

For fan-outs and storms, where a thousand real node processes would measure the test machine and not the network. Each
client subscribes, answers PUBLISH with PUBACK, and hands what arrives to one callback with the time of its arrival.
It does not keep alive by itself longer than KEEPALIVE_S: a run is shorter than that.
"""

from __future__ import annotations

import selectors
import socket
import struct
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

KEEPALIVE_S = 600
CONNACK, PUBLISH, PUBACK, SUBACK = 2, 3, 4, 9

Heard = Callable[["LightClient", str, bytes, int], None]


def _text(value: str) -> bytes:
    raw = value.encode()
    return struct.pack("!H", len(raw)) + raw


def _varint(number: int) -> bytes:
    out = bytearray()
    while True:
        number, digit = divmod(number, 128)
        out.append(digit | (128 if number else 0))
        if not number:
            return bytes(out)


def _packet(head: int, body: bytes) -> bytes:
    return bytes([head]) + _varint(len(body)) + body


def connect_packet(client_id: str, user: str | None = None, password: str | None = None) -> bytes:
    """CONNECT, clean start, session expiry 0."""
    flags = 0x02 | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    body = _text("MQTT") + bytes([5, flags]) + struct.pack("!H", KEEPALIVE_S) + b"\x00" + _text(client_id)
    body += _text(user) if user is not None else b""
    body += _text(password) if password is not None else b""
    return _packet(0x10, body)


def subscribe_packet(filters: Iterable[str]) -> bytes:
    """SUBSCRIBE at QoS 1."""
    return _packet(0x82, b"\x00\x01\x00" + b"".join(_text(one) + b"\x01" for one in filters))


def publish_packet(topic: str, payload: bytes, mid: int, *, retain: bool = False) -> bytes:
    """PUBLISH at QoS 1."""
    return _packet(0x32 | retain, _text(topic) + struct.pack("!H", mid) + b"\x00" + payload)


@dataclass(eq=False)
class LightClient:
    """One connection."""

    name: str
    """Its client id."""
    sock: socket.socket
    """Connected, non-blocking."""
    buffer: bytearray = field(default_factory=bytearray)
    """Bytes of packets that have not come whole."""
    ready: bool = False
    """Its subscriptions are acknowledged."""
    mid: int = 0
    """Of its last publication."""

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Send one publication at QoS 1."""
        self.mid = self.mid % 65_535 + 1
        self.sock.sendall(publish_packet(topic, payload, self.mid, retain=retain))


class Swarm:
    """Many clients, one loop."""

    def __init__(self, host: str, port: int, heard: Heard) -> None:
        self._address = (host, port)
        self._heard = heard
        self._selector = selectors.DefaultSelector()
        self.clients: list[LightClient] = []
        """In the order of their joining."""

    def join(self, name: str, filters: Iterable[str]) -> LightClient:
        """Connect and subscribe one more; its answers come with `run`."""
        sock = socket.create_connection(self._address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(connect_packet(name) + subscribe_packet(filters))
        sock.setblocking(False)
        client = LightClient(name, sock)
        self.clients.append(client)
        self._selector.register(sock, selectors.EVENT_READ, client)
        return client

    def run(self, until: Callable[[], bool], within_s: float) -> bool:
        """Serve all clients until `until()`; False when time was up."""
        end_s = time.monotonic() + within_s
        while not until():
            left_s = end_s - time.monotonic()
            if left_s <= 0:
                return False
            for key, _ in self._selector.select(min(left_s, 0.05)):
                client: LightClient = key.data
                arrived_ns = time.monotonic_ns()
                chunk = client.sock.recv(65_536)
                if not chunk:
                    self._selector.unregister(client.sock)
                    raise ConnectionError(f"{client.name} was disconnected")
                client.buffer += chunk
                self._packets(client, arrived_ns)
        return True

    def settle(self, within_s: float = 30.0) -> None:
        """Until every client's subscriptions are acknowledged."""
        if not self.run(lambda: all(client.ready for client in self.clients), within_s):
            raise TimeoutError("not all light clients were welcomed")

    def close(self) -> None:
        """Cut them all off."""
        for client in self.clients:
            client.sock.close()
        self._selector.close()

    def _packets(self, client: LightClient, arrived_ns: int) -> None:
        buffer = client.buffer
        while len(buffer) >= 2:
            length, at, shift = 0, 1, 0
            while at < len(buffer):
                digit = buffer[at]
                length |= (digit & 127) << shift
                shift += 7
                at += 1
                if digit < 128:
                    break
            else:
                return
            if len(buffer) < at + length:
                return
            head, body = buffer[0], bytes(buffer[at : at + length])
            del buffer[: at + length]
            self._packet(client, head, body, arrived_ns)

    def _packet(self, client: LightClient, head: int, body: bytes, arrived_ns: int) -> None:
        kind = head >> 4
        if kind == CONNACK and body[1] != 0:
            raise ConnectionError(f"{client.name} was refused: {body[1]}")
        if kind == SUBACK:
            client.ready = True
        if kind != PUBLISH:
            return
        size = struct.unpack_from("!H", body)[0]
        topic, at = body[2 : 2 + size].decode(), 2 + size
        if head >> 1 & 3:
            client.sock.send(_packet(PUBACK << 4, body[at : at + 2]))
            at += 2
        at += 1 + body[at]  # properties are shorter than 128 bytes in these tests
        self._heard(client, topic, body[at:], arrived_ns)
