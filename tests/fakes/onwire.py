"""A bare MQTT client for questions about the broker itself: says exactly the packets it is told to, and hides nothing.

    with Bare(broker, "n1", keepalive_s=1, will=("gone", b"x")) as bare: ...
    bare.codes("publish"), bare.heard

The tests of our own programs use wire.link; this is for what wire.link would never do: persistent sessions, wills with
a delay, MQTT 3.1.1, silence.
"""

from __future__ import annotations

import socket
import threading
import time
from typing import Any

import paho.mqtt.client as mqtt
from fakes.mosquitto import Mosquitto
from fakes.waiting import eventually
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

ACCEPTED = ("Success", "No matching subscribers")
"""A PUBACK that is no refusal."""


def properties(kind: int, **values: int) -> Properties:
    """Of a packet; names as MQTT 5 has them, without spaces."""
    made = Properties(kind)
    for name, value in values.items():
        setattr(made, name, value)
    return made


class Bare:
    """One connection, made and not kept: when it is lost, it is lost."""

    def __init__(
        self,
        broker: Mosquitto,
        name: str = "",
        *filters: str,
        expiry_s: int = 0,
        clean: bool = True,
        keepalive_s: int = 60,
        will: tuple[str, bytes] | None = None,
        will_delay_s: int = 0,
        user: tuple[str, str] | None = None,
        plain: bool = False,
    ) -> None:
        """`plain`: MQTT 3.1.1."""
        self.heard: list[tuple[str, bytes]] = []
        """Topic and payload of what came."""
        self.puback: dict[int, str] = {}
        """What was answered, by message id: the reason in words."""
        self.gone = ""
        """Why it ended."""
        version = mqtt.MQTTv311 if plain else mqtt.MQTTv5
        self.client = client = mqtt.Client(CallbackAPIVersion.VERSION2, name, protocol=version)
        if user is not None:
            client.username_pw_set(*user)
        if will is not None:
            more: dict[str, Any] = {}
            if will_delay_s:
                more["properties"] = properties(PacketTypes.WILLMESSAGE, WillDelayInterval=will_delay_s)
            client.will_set(*will, qos=1, **more)
        client.on_socket_open = lambda _, __, sock: sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.on_message = lambda _, __, message: self.heard.append((message.topic, bytes(message.payload)))
        client.on_publish = lambda _, __, mid, code, ___: self.puback.update({mid: str(code)})
        client.on_disconnect = self._lost
        ready = threading.Event()
        client.on_connect = lambda *_: ready.set() if not filters else client.subscribe([(one, 1) for one in filters])
        client.on_subscribe = lambda *_: ready.set()
        extra: dict[str, Any] = {}
        if not plain:
            extra = {
                "clean_start": clean,
                "properties": properties(PacketTypes.CONNECT, SessionExpiryInterval=expiry_s),
            }
        client.connect(broker.host, broker.port, keepalive_s, **extra)
        self._turning = True
        self._thread = threading.Thread(target=self._turn, daemon=True)
        self._thread.start()
        eventually(lambda: ready.is_set() or self.gone, why="not let in: no answer")
        if not ready.is_set():
            raise ConnectionError(f"not let in: {self.gone}")

    def say(self, topic: str, payload: bytes = b"x", *, retain: bool = False, expiry_s: int = 0) -> str:
        """Publish at QoS 1; what the PUBACK said."""
        more = properties(PacketTypes.PUBLISH, MessageExpiryInterval=expiry_s) if expiry_s else None
        sent = self.client.publish(topic, payload, 1, retain, more)
        return eventually(lambda: self.puback.get(sent.mid), why=f"no PUBACK; gone: {self.gone!r}")

    def freeze(self) -> None:
        """Answer nothing, not even pings, from now on; the socket stays."""
        self._turning = False
        self._thread.join(5)

    def cut(self) -> None:
        """The socket is closed without DISCONNECT, as when a process is killed."""
        self.freeze()
        sock: Any = self.client.socket()
        if sock is not None:
            sock.close()
        # They hold us, and we the client, which has two more sockets: these would stay until the next collection.
        self.client.on_socket_open = self.client.on_connect = self.client.on_subscribe = None
        self.client.on_message = self.client.on_publish = self.client.on_disconnect = None

    def close(self) -> None:
        """Leave in order."""
        if self._turning:
            self.client.disconnect()
            eventually(lambda: self.gone, why="it does not leave")
        self.cut()

    def __enter__(self) -> Bare:
        return self

    def __exit__(self, *_: object) -> None:
        self.cut()

    def _turn(self) -> None:
        # paho waits by select(), which takes no file from 1,024 on: it says then that the connection was lost.
        code = mqtt.MQTT_ERR_SUCCESS
        while self._turning and code == mqtt.MQTT_ERR_SUCCESS:
            code = self.client.loop(0.05)
        self.gone = self.gone or (f"{mqtt.error_string(code)} ({time.monotonic():.3f})" if self._turning else "")

    def _lost(self, _: object, __: object, ___: object, code: object, ____: object) -> None:
        self.gone = str(code)
