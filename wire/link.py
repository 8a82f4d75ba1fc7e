"""The MQTT 5 link: the only import of paho.

Rule 1. Callbacks only enqueue: an exception in one would kill paho's thread while it still says it is connected.
Rule 2. Nothing is queued across a connection: each has a client of its own, so no order or alert can come out late.
Rule 3. PUBACK is not reported: it means nothing. What must arrive is sent again until the register answers.
It does not know what is said on it.
"""

from __future__ import annotations

import random
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from wire.envelope import Arrived, Denied, LinkDown, LinkUp, Publication
from wire.errors import LinkFault
from wire.signature import PROPERTY

KEEPALIVE_S = 5  # a half-open link is seen after about twice this: the 10 s of the bar
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
STEADY_S = 10.0  # a connection that held this long starts the back-off afresh
CONNECT_TIMEOUT_S = 5.0
MAX_UNSENT = 1_000  # publications paho may hold on a slow connection; beyond it `publish` says no
MAX_PACKET_BYTES = 32 * 1024  # what the broker may send us: so much that oversized ones are seen and counted
REMEMBERED_TOPICS = 256  # publications whose PUBACK is awaited, to name the topic that was denied

LinkItem = Arrived | LinkUp | LinkDown | Denied


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Where the broker is and who we are."""

    host: str
    """Name or address."""
    port: int
    """TCP port."""
    client_id: str
    """Node or user id; the broker replaces it by the user name where passwords are in use."""
    password_file: Path | None = None
    """One line; none on a broker without passwords (the demo)."""
    user: str | None = None
    """Broker user; none: the client id."""
    ca_file: Path | None = None
    """The commune's own CA; none: no TLS (loopback and the demo only)."""


class Backoff:
    """Jittered waits that grow from FIRST_WAIT_S to LONGEST_WAIT_S, so that forty nodes do not come back in step."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._ceiling_s = FIRST_WAIT_S

    def next_s(self) -> float:
        """How long to wait before the next try."""
        wait_s = self._rng.uniform(FIRST_WAIT_S, max(FIRST_WAIT_S, self._ceiling_s))
        self._ceiling_s = min(LONGEST_WAIT_S, self._ceiling_s * 2)
        return wait_s

    def reset(self) -> None:
        """A connection held: start afresh."""
        self._ceiling_s = FIRST_WAIT_S


class Link:
    """Keeps one connection up for as long as it lives, and hands what arrives to `deliver`, on its own thread.

    `deliver` must only enqueue. `will` is asked before each connection for the last will (a retained publication).
    """

    def __init__(
        self,
        settings: LinkSettings,
        subscriptions: Sequence[str],
        deliver: Callable[[LinkItem], None],
        will: Callable[[], Publication | None] = lambda: None,
    ) -> None:
        self._settings = settings
        self._subscriptions = list(subscriptions)
        self._deliver = deliver
        self._will = will
        self._tls = _tls(settings)
        self._password = _password(settings)
        self._client: mqtt.Client | None = None
        self._up = False
        self._ended = threading.Event()
        self._hurry = threading.Event()
        self._closing = False
        self._topics: dict[int, str] = {}
        self._thread = threading.Thread(target=self._keep, name="link", daemon=True)

    def open(self) -> None:
        """Start trying. Returns at once."""
        self._thread.start()

    def nudge(self) -> None:
        """Somebody pressed: try now instead of waiting the back-off out."""
        self._hurry.set()

    def publish(self, publication: Publication) -> bool:
        """Hand it to the network now, QoS 1; False if there is none, or if it is choked. Never blocks."""
        client = self._client
        if client is None or not self._up:
            return False
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho left it bare
        if publication.sig is not None:
            properties.UserProperty = [(PROPERTY, publication.sig)]
        sent = client.publish(publication.topic, publication.payload, 1, publication.retain, properties)
        if sent.rc != mqtt.MQTT_ERR_SUCCESS:
            return False
        self._topics[sent.mid] = publication.topic
        while len(self._topics) > REMEMBERED_TOPICS:
            self._topics.pop(next(iter(self._topics)), None)
        return True

    def close(self, last: Publication | None = None) -> None:
        """Say `last`, disconnect in order (the will is not sent), and end the thread."""
        if last is not None:
            self.publish(last)
        self._closing = True
        self._ended.set()
        self._hurry.set()
        if self._thread.is_alive():
            self._thread.join(CONNECT_TIMEOUT_S + 1)

    def _keep(self) -> None:
        backoff = Backoff(random.Random())
        while not self._closing:
            held_s = self._one_connection()
            if self._closing:
                return
            if held_s >= STEADY_S:
                backoff.reset()
            self._hurry.wait(backoff.next_s())
            self._hurry.clear()

    def _one_connection(self) -> float:
        """Connect, stay until it ends; seconds that it held."""
        self._ended.clear()
        self._topics.clear()
        client = self._new_client()
        try:
            client.connect(
                self._settings.host,
                self._settings.port,
                keepalive=KEEPALIVE_S,
                clean_start=True,
                properties=_connect_properties(),
            )
        except (OSError, ValueError) as error:
            self._deliver(LinkDown(why=f"{self._settings.host}:{self._settings.port}: {error}"))
            return 0.0
        began_s = time.monotonic()
        self._client = client
        client.loop_start()
        self._ended.wait()
        self._up = False
        if self._closing:
            client.disconnect()
        client.loop_stop()
        self._client = None
        return time.monotonic() - began_s

    def _new_client(self) -> mqtt.Client:
        settings = self._settings
        client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=settings.client_id,
            protocol=mqtt.MQTTv5,
            reconnect_on_failure=False,
        )
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(MAX_UNSENT)
        client.max_queued_messages_set(MAX_UNSENT)
        if self._password is not None:
            client.username_pw_set(settings.user or settings.client_id, self._password)
        if self._tls is not None:
            client.tls_set_context(self._tls)
        will = self._will()
        if will is not None:
            client.will_set(will.topic, will.payload, 1, will.retain)
        client.on_socket_open = _no_delay
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(self, client: mqtt.Client, _: object, __: object, code: ReasonCode, ___: object) -> None:
        if code.is_failure:
            self._end(str(code))
            return
        options = SubscribeOptions(qos=1, noLocal=True, retainAsPublished=True)
        if self._subscriptions:
            client.subscribe([(topic, options) for topic in self._subscriptions])
        else:
            self._begin()

    def _on_subscribe(self, _: mqtt.Client, __: object, ___: int, codes: list[ReasonCode], ____: object) -> None:
        if any(code.is_failure for code in codes):
            self._end(f"subscription refused: {', '.join(str(code) for code in codes)}")
        else:
            self._begin()

    def _on_message(self, _: mqtt.Client, __: object, message: mqtt.MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:  # paho decodes lazily; a broker that lets this through is not to be trusted anyway
            return
        pairs: Sequence[tuple[str, str]] = getattr(message.properties, "UserProperty", ())
        sig = next((value for name, value in pairs if name == PROPERTY), None)
        self._deliver(Arrived(topic=topic, payload=bytes(message.payload), retained=bool(message.retain), sig=sig))

    def _on_publish(self, _: mqtt.Client, __: object, mid: int, code: ReasonCode, ___: object) -> None:
        topic = self._topics.pop(mid, "")
        if code.is_failure:
            self._deliver(Denied(topic=topic, why=str(code)))

    def _on_disconnect(self, _: mqtt.Client, __: object, ___: object, code: ReasonCode, ____: object) -> None:
        self._end(str(code))

    def _begin(self) -> None:
        self._up = True
        self._deliver(LinkUp())

    def _end(self, why: str) -> None:
        """Once per connection: paho may say twice that it is gone."""
        if not self._ended.is_set():
            self._up = False
            self._ended.set()
            self._deliver(LinkDown(why=why))


def _no_delay(_: mqtt.Client, __: object, sock: Any) -> None:
    """Without it one packet in some dozens waits 40 ms for another."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _connect_properties() -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho left it bare
    properties.SessionExpiryInterval = 0
    properties.MaximumPacketSize = MAX_PACKET_BYTES
    return properties


def _tls(settings: LinkSettings) -> ssl.SSLContext | None:
    if settings.ca_file is None:
        return None
    try:
        # The commune's CA alone, never the system's: nobody else may vouch for its broker.
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_verify_locations(cafile=settings.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise LinkFault(
            f"Không đọc được chứng chỉ của xã {settings.ca_file}: {error}. Hãy chép lại tệp này từ máy của xã.",
            f"Cannot read the commune's certificate {settings.ca_file}: {error}. "
            "Copy it from the commune's machine again.",
        ) from error
    return context


def _password(settings: LinkSettings) -> str | None:
    if settings.password_file is None:
        return None
    try:
        password = settings.password_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LinkFault(
            f"Không đọc được mật khẩu {settings.password_file}: {error}. Hãy kiểm tra tệp và quyền đọc.",
            f"Cannot read the password {settings.password_file}: {error}. Check the file and who may read it.",
        ) from error
    if not password:
        raise LinkFault(
            f"Tệp mật khẩu {settings.password_file} trống. Hãy ghi mật khẩu vào dòng đầu.",
            f"The password file {settings.password_file} is empty. Write the password on its first line.",
        )
    return password
