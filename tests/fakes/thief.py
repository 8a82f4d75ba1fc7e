"""An MQTT 5 client that keeps no rule: every byte of its own making, over TLS or not. For attacks on our own broker.

    thief = Thief.with_box(folder, ports)              # a stolen box's credentials, as they lie on its card
    thief = Thief(port, "duty", password, ca=ca_file)  # anybody's
    thief.subscribe("#", "$share/x/#")                 # the broker's reason codes
    thief.publish("keng/1/…", b"…", sig="…", retain=True, qos=1)   # the reason code of its PUBACK
    thief.heard                                        # (topic, payload, retained, sig) of what came so far
    thief.flood(raw, seconds)                          # bytes, as fast as they go

What must hold: everything is answered or refused within WITHIN_S; loopback only; `close` ends it without DISCONNECT, as
a cut cable would, so that its will is said. Its threads are none: it reads when it is asked to.
"""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import yaml
from fakes.ports import HOST
from fakes.swarm import CONNACK, PUBACK, PUBLISH, SUBACK, _packet, _text, _varint

WITHIN_S = 30.0
USER_PROPERTY = 0x26
DISCONNECT = 14
CHOKED_S = 3.0  # a flooded broker reads on sooner than that, or never


class Cut(ConnectionError):
    """The broker has ended the connection; `code` is its reason, if it said one."""

    def __init__(self, code: int | None = None) -> None:
        super().__init__(f"the broker ended it: {code}")
        self.code = code


@dataclass(frozen=True, slots=True)
class Heard:
    """A publication that came."""

    topic: str
    payload: bytes
    retained: bool
    sig: str | None


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker shall say when the thief is cut off."""

    topic: str
    payload: bytes
    retain: bool = False


class Thief:
    """See the module. Connected when it exists; Cut if it is not let in."""

    def __init__(
        self,
        port: int,
        user: str | None,
        password: str | None,
        *,
        ca: Path | None = None,
        client_id: str = "",
        will: Will | None = None,
        receive_maximum: int = 1_000,
    ) -> None:
        self.user = user
        self.heard: list[Heard] = []
        self._mid = 0
        self._buffer = bytearray()
        self._answers: dict[tuple[int, int], list[int]] = {}
        raw = socket.create_connection((HOST, port), WITHIN_S)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock: socket.socket = raw
        if ca is not None:
            context = ssl.create_default_context(cafile=ca)
            self.sock = context.wrap_socket(raw, server_hostname=HOST)
        self._send(_connect(client_id, user, password, will, receive_maximum))
        self._until(lambda: (CONNACK, 0) in self._answers)
        [code] = self._answers[CONNACK, 0]
        if code:
            self.close()
            raise Cut(code)

    @classmethod
    def with_box(cls, folder: Path, **more: object) -> Thief:
        """With what lies on a box's card."""
        fields = yaml.safe_load((folder / "node.yaml").read_text())
        word = (folder / "password").read_text().strip()
        return cls(fields["broker"]["port"], fields["node"], word, ca=folder / "ca.crt", **more)  # type: ignore[arg-type]  # given by name

    # -- what it does

    def subscribe(self, *filters: str, qos: int = 1) -> list[int]:
        """The broker's reason code for each."""
        mid = self._next()
        body = struct.pack("!H", mid) + b"\x00" + b"".join(_text(one) + bytes([qos]) for one in filters)
        self._send(_packet(0x82, body))
        self._until(lambda: (SUBACK, mid) in self._answers)
        return self._answers.pop((SUBACK, mid))

    def publish(self, topic: str, payload: bytes, *, sig: str | None = None, retain: bool = False) -> int:
        """At QoS 1; the PUBACK's reason code: 0 done, 0x10 nobody listens, 0x87 not authorised."""
        mid = self._next()
        self._send(publication(topic, payload, sig=sig, retain=retain, mid=mid))
        self._until(lambda: (PUBACK, mid) in self._answers)
        [code] = self._answers.pop((PUBACK, mid))
        return code

    def flood(self, packets: Callable[[int], bytes], within_s: float) -> int:
        """packets(0), packets(1), … as fast as the broker takes them, for so long or until it is cut off; how many."""
        end_s, number = time.monotonic() + within_s, 0
        self.sock.settimeout(CHOKED_S)
        try:
            while time.monotonic() < end_s:
                try:
                    self.sock.sendall(packets(number))
                    number += 1
                    self._drain()
                except TimeoutError:
                    break  # the broker does not read any more: half a packet is under way, nothing may follow it
        except OSError:
            pass
        return number

    def listen(self, until: Callable[[], object], within_s: float = WITHIN_S) -> None:
        """Read until it is true."""
        self._until(until, within_s)

    def hears(self, until: Callable[[], object], within_s: float) -> bool:
        """Read until it is true, or not."""
        end_s = time.monotonic() + within_s
        while not until():
            if (left_s := end_s - time.monotonic()) <= 0:
                return False
            self._read(left_s)
        return True

    def is_cut(self, within_s: float = WITHIN_S) -> bool:
        """Whether the broker ends the connection in time."""
        try:
            self._until(lambda: False, within_s)
        except (Cut, OSError):
            return True
        except AssertionError:
            return False
        return False

    def raw(self, packet: bytes) -> None:
        """Bytes as they are."""
        self._send(packet)

    def close(self) -> None:
        """Cut it off."""
        self.sock.close()

    # -- inside

    def _next(self) -> int:
        self._mid = self._mid % 65_535 + 1
        return self._mid

    def _send(self, packet: bytes) -> None:
        self.sock.settimeout(WITHIN_S)
        try:
            self.sock.sendall(packet)
        except TimeoutError:
            raise
        except OSError as error:
            raise Cut from error

    def _until(self, look: Callable[[], object], within_s: float = WITHIN_S) -> None:
        end_s = time.monotonic() + within_s
        while not look():
            left_s = end_s - time.monotonic()
            assert left_s > 0, f"no answer within {within_s} s"
            self._read(left_s)

    def _drain(self) -> None:
        """What lies ready, without waiting."""
        self.sock.settimeout(0.0)
        try:
            while chunk := self.sock.recv(65_536):
                self._buffer += chunk
            raise Cut
        except (BlockingIOError, ssl.SSLWantReadError):
            pass
        finally:
            self.sock.settimeout(CHOKED_S)
        self._packets()

    def _read(self, left_s: float) -> None:
        self.sock.settimeout(left_s)
        try:
            chunk = self.sock.recv(65_536)
        except TimeoutError:
            return
        except OSError as error:
            raise Cut from error
        if not chunk:
            raise Cut
        self._buffer += chunk
        self._packets()

    def _packets(self) -> None:
        while (whole := _first(self._buffer)) is not None:
            head, body, size = whole
            del self._buffer[:size]
            match head >> 4:
                case kind if kind == CONNACK:
                    self._answers[CONNACK, 0] = [body[1]]
                case kind if kind == SUBACK:
                    (mid,) = struct.unpack_from("!H", body)
                    self._answers[SUBACK, mid] = [*body[3 + body[2] :]]
                case kind if kind == PUBACK:
                    (mid,) = struct.unpack_from("!H", body)
                    self._answers[PUBACK, mid] = [body[2] if len(body) > 2 else 0]
                case kind if kind == PUBLISH:
                    self._take(head, body)
                case kind if kind == DISCONNECT:
                    raise Cut(body[0] if body else None)

    def _take(self, head: int, body: bytes) -> None:
        (size,) = struct.unpack_from("!H", body)
        topic, at = body[2 : 2 + size].decode(), 2 + size
        if head >> 1 & 3:
            self.sock.sendall(_packet(PUBACK << 4, body[at : at + 2]))
            at += 2
        length, at = _number(body, at)
        self.heard.append(Heard(topic, body[at + length :], bool(head & 1), _sig(body[at : at + length])))


def publication(
    topic: str, payload: bytes, *, sig: str | None = None, retain: bool = False, mid: int = 0, qos: int = 1
) -> bytes:
    """A PUBLISH."""
    more = b"" if sig is None else bytes([USER_PROPERTY]) + _text("sig") + _text(sig)
    number = struct.pack("!H", mid) if qos else b""
    return _packet(0x30 | qos << 1 | retain, _text(topic) + number + _varint(len(more)) + more + payload)


def _connect(client_id: str, user: str | None, password: str | None, will: Will | None, most: int) -> bytes:
    flags = 0x02 | (0x80 if user is not None else 0) | (0x40 if password is not None else 0)
    properties = b"\x21" + struct.pack("!H", most)
    said = b""
    if will is not None:
        flags |= 0x04 | 0x08 | (0x20 if will.retain else 0)
        said = b"\x00" + _text(will.topic) + struct.pack("!H", len(will.payload)) + will.payload
    body = _text("MQTT") + bytes([5, flags]) + struct.pack("!H", 60) + _varint(len(properties)) + properties
    body += _text(client_id) + said
    body += _text(user) if user is not None else b""
    body += _text(password) if password is not None else b""
    return _packet(0x10, body)


def _number(raw: bytes | bytearray, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        digit = raw[at]
        at += 1
        value |= (digit & 127) << shift
        shift += 7
        if digit < 128:
            return value, at


def _first(buffer: bytearray) -> tuple[int, bytes, int] | None:
    """Head, body and size of the first packet, if it is whole."""
    try:
        length, at = _number(buffer, 1)
    except IndexError:
        return None
    return (buffer[0], bytes(buffer[at : at + length]), at + length) if len(buffer) >= at + length else None


def _sig(properties: bytes) -> str | None:
    """The user property `sig`; ours is the only one that these tests send on."""
    if not properties or properties[0] != USER_PROPERTY:
        return None
    (size,) = struct.unpack_from("!H", properties, 1)
    (length,) = struct.unpack_from("!H", properties, 3 + size)
    return properties[5 + size : 5 + size + length].decode()
