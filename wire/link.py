"""The MQTT 5 link: the only import of paho.

Rule 1. One thread runs a connection and outlives whatever goes wrong in it: paho's own thread would end at the first
exception in a callback, while the client still says it is connected. So paho's loop is called here, turn by turn.
Rule 2. Nothing is queued across a connection: each has a client of its own, so no order or alert can come out late.
Rule 3. PUBACK means nothing and is not reported, only a refusal is. What must arrive is sent again until answered.
The danger: paho ends the connection at properties it cannot read (a byte order mark in a stranger's user property), and
again at each reconnect if the publication is retained. `_Client` lets such a publication in without its properties.
It does not know what is said on it, but that a status alone may be kept, and a beacon alone comes back to its sender.
"""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from collections.abc import Callable, Sequence

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.exception import MalformedPacket
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from wire.access import LinkSettings, password, tls_context, tune
from wire.awaited import Awaited
from wire.backoff import Backoff
from wire.bare import without_properties
from wire.codec import MAX_BYTES
from wire.envelope import Arrived, Denied, LinkDown, LinkItem, LinkUp, Publication
from wire.hosts import Hosts
from wire.moving import Moving
from wire.signature import PROPERTY
from wire.topics import BEACON, QOS

__all__ = ["Link", "LinkItem", "LinkSettings"]

KEEPALIVE_S = 4  # a half-open link is seen after twice this and two turns at the latest: within the 10 s of the bar
TURN_S = 0.5  # paho looks at its keepalive once a turn; arrivals and publications do not wait for it
CONNECT_TIMEOUT_S = 5.0  # for TCP, and again for TLS
GOODBYE_S = 1.0  # for the last publication and DISCONNECT to leave; beyond it the socket is closed under them
CLOSE_S = GOODBYE_S + 2 * TURN_S  # how long `close` waits for the thread
MAX_UNSENT = 1_000  # publications paho may hold on a slow connection; beyond it `publish` says no
MAX_PACKET_BYTES = 32 * 1024  # what the broker may send us: so much that oversized ones are seen and counted
MAX_FILTERS = 100  # of one packet: half of what Mosquitto takes of us (broker/mosquitto/configuration.py)
HEARD_QOS = 0  # Mosquitto, flooded, drops a QoS 1 packet and awaits its PUBACK for ever: after 100 we would be deaf

AFRESH = "what is listened to has changed"  # see `listen`
LOST = "the connection was lost"  # closed or cut by the other side, without a word
_log = logging.getLogger(__name__)


class Link:
    """Keeps one connection up for as long as it lives, and hands what arrives to `deliver`, on its own thread.

    `deliver` must only enqueue: neither block nor raise. If it raises all the same, an arrival is lost (what must
    arrive is said again), and a LinkUp ends the connection, to be said again with the next.
    `will` is asked before each connection for the last will (a retained publication).
    """

    def __init__(
        self,
        settings: LinkSettings,
        subscriptions: Sequence[str],
        deliver: Callable[[LinkItem], None],
        will: Callable[[], Publication | None] = lambda: None,
    ) -> None:
        self.moving = Moving()
        self._settings, self._subscriptions = settings, list(subscriptions)
        self._hosts = Hosts((settings.host, *settings.others), settings.kept)
        self._deliver, self._will = deliver, will
        self._tls = tls_context(settings)
        self._password = password(settings)
        self._client: _Client | None = None
        self._up, self._up_since_s = False, 0.0
        self._last: int | None = None
        self._hurry = threading.Event()
        self._closing, self._close_by_s = False, 0.0
        self._over, self._complained = "", False
        self._thread = threading.Thread(target=self._keep, name="link", daemon=True)

    def open(self) -> None:
        """Start trying. Returns at once."""
        self._thread.start()

    def nudge(self) -> None:
        """Somebody pressed: try now instead of waiting the back-off out, and begin it afresh."""
        if not self._up:
            self._hurry.set()

    def publish(self, publication: Publication) -> bool:
        """Hand it to the network now, QoS 1; False if there is none, or if it is choked. Never blocks.

        What no receiver would take (over MAX_BYTES) is reported as Denied, as is what the broker refuses.
        """
        if len(publication.payload) > MAX_BYTES:
            self._tell(Denied(topic=publication.topic, why=f"{len(publication.payload)} bytes, at most {MAX_BYTES}"))
            return False
        if (client := self._client) is None or not self._up:
            return False
        properties = _signed(PacketTypes.PUBLISH, publication)
        sent = client.publish(publication.topic, publication.payload, QOS, publication.retain, properties)
        if sent.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            return False
        if why := client.awaited.sent(sent.mid, publication.topic):
            self._tell(Denied(topic=publication.topic, why=why))
        return True

    def listen(self, subscriptions: Sequence[str]) -> None:
        """Hear these from now on, by a new connection."""
        self._subscriptions = list(subscriptions)
        self.again()

    def again(self) -> None:
        """Make a new connection: what waits on the present one is lost with it. Never blocks."""
        if (client := self._client) is not None:
            self._hurry.set()
            self._end(AFRESH)
            client.disconnect()

    def close(self, last: Publication | None = None) -> None:
        """Say `last`, disconnect in order (the will is not sent), and end the thread; nothing is delivered any more.

        Returns within CLOSE_S. A thread that is caught in the middle of connecting ends by itself, within the
        connection's timeouts, without having connected.
        """
        if last is not None:
            self.publish(last)
        self._close_by_s, self._closing = time.monotonic() + GOODBYE_S, True
        self._hurry.set()
        if (client := self._client) is not None:
            client.disconnect()
        if self._thread.is_alive():
            self._thread.join(CLOSE_S)

    def _keep(self) -> None:
        backoff = Backoff(random.Random())
        while not self._closing:
            held_s = self._one_connection()
            if self._closing:
                return
            self._tell(LinkDown(why=self._over or LOST))
            # A machine's other names are tried at once, the whole of them again only after a while.
            if math.isinf(self._up_since_s) and not self._hosts.failed():
                continue
            self.moving.on_time(rest_s := backoff.next_s(held_s))
            if self._hurry.wait(rest_s):
                self._hurry.clear()
                backoff.reset()

    def _one_connection(self) -> float:
        """Connect and stay until it ends, for whatever reason; seconds that it was up."""
        self.moving.on_time()
        self._over, self._complained, self._up_since_s = "", False, math.inf
        try:
            self._stay(self._new_client())
        except OSError as error:
            self._end(f"{self._hosts.now}:{self._settings.port}: {error}")
        except Exception as error:
            _log.exception("the link goes on after a fault of our own")
            self._end(f"{type(error).__name__}: {error}")
        self._up, self._client = False, None
        return max(0.0, time.monotonic() - self._up_since_s)

    def _stay(self, client: _Client) -> None:
        try:
            where = self._hosts.now, self._settings.port
            client.connect(*where, KEEPALIVE_S, clean_start=True, properties=_connecting())
            self._client = client
            if self._closing:
                return
            while client.loop(TURN_S) == MQTTErrorCode.MQTT_ERR_SUCCESS and not self._over:
                self.moving.on_time()
                if self._closing and time.monotonic() > self._close_by_s:
                    return
        finally:
            if (left := client.socket()) is not None:
                left.close()

    def _new_client(self) -> _Client:
        settings = self._settings
        client = _Client(settings.client_id)
        client.connect_timeout = CONNECT_TIMEOUT_S
        client.max_inflight_messages_set(MAX_UNSENT)
        client.max_queued_messages_set(MAX_UNSENT)
        if self._password is not None:
            client.username_pw_set(settings.user or settings.client_id, self._password)
        if self._tls is not None:
            client.tls_set_context(self._tls)
        if (will := self._will()) is not None:
            client.will_set(will.topic, will.payload, QOS, will.retain, _signed(PacketTypes.WILLMESSAGE, will))
        client.on_socket_open = lambda _, __, sock: tune(sock)
        # With this set, paho leaves the writing to its loop instead of doing it on the thread that publishes.
        client.on_socket_register_write = lambda *_: None
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_disconnect = self._on_disconnect
        return client

    def _on_connect(self, client: mqtt.Client, _: object, __: object, code: ReasonCode, ___: object) -> None:
        if code.is_failure:
            self._end(str(code))
        elif self._subscriptions:
            # A status alone may be kept: there `retained` must tell what was kept from what is said now.
            ends = [(topic, topic.rpartition("/")[2]) for topic in self._subscriptions]
            wanted = [(topic, SubscribeOptions(HEARD_QOS, end != BEACON, end != "status")) for topic, end in ends]
            for start in range(0, len(wanted), MAX_FILTERS):
                _, self._last = client.subscribe(wanted[start : start + MAX_FILTERS])
        else:
            self._begin()

    def _on_subscribe(self, _: mqtt.Client, __: object, mid: int, codes: list[ReasonCode], ___: object) -> None:
        if any(code.is_failure for code in codes):
            self._end(f"subscription refused: {', '.join(str(code) for code in codes)}")
        elif mid == self._last and not self._over:
            self._begin()

    def _on_message(self, _: mqtt.Client, __: object, message: mqtt.MQTTMessage) -> None:
        pairs: Sequence[tuple[str, str]] = getattr(message.properties, "UserProperty", ())
        sig = next((value for name, value in pairs if name == PROPERTY), None)
        try:
            topic = message.topic
        except UnicodeDecodeError:  # a broker that lets this through is not to be trusted anyway
            return
        self._tell(Arrived(topic=topic, payload=bytes(message.payload), retained=bool(message.retain), sig=sig))

    def _on_publish(self, client: mqtt.Client, _: object, mid: int, code: ReasonCode, __: object) -> None:
        assert isinstance(client, _Client)  # noqa: S101 - ours: _new_client made it
        topic = client.awaited.answered(mid, str(code) if code.is_failure else "")
        if topic is not None and code.is_failure:
            self._tell(Denied(topic=topic, why=str(code)))

    def _on_disconnect(
        self, _: mqtt.Client, __: object, flags: mqtt.DisconnectFlags, code: ReasonCode, ___: object
    ) -> None:
        said = flags.is_disconnect_packet_from_server or code != "Unspecified error"
        self._end(str(code) if said else LOST)

    def _begin(self) -> None:
        self._up_since_s, self._up = time.monotonic(), True
        self._hosts.let_in()
        self._hurry.clear()
        if not self._tell(LinkUp()):
            self._end("the news of the connection could not be delivered")

    def _end(self, why: str) -> None:
        """The first reason counts: paho says more than once that it is gone."""
        self._up = False
        self._over = self._over or why

    def _tell(self, item: LinkItem) -> bool:
        """Deliver; False if `deliver` raised, which is logged once a connection."""
        if self._closing:
            return True
        try:
            self._deliver(item)
        except Exception:
            if not self._complained:
                _log.exception("%s could not be delivered", type(item).__name__)
            self._complained = True
            return False
        return True


class _Client(mqtt.Client):
    """paho's client for one connection, and the topics of what it has sent and awaits a PUBACK for."""

    def __init__(self, client_id: str) -> None:
        super().__init__(
            CallbackAPIVersion.VERSION2, client_id=client_id, protocol=mqtt.MQTTv5, reconnect_on_failure=False
        )
        self.awaited = Awaited()

    def _handle_publish(self) -> MQTTErrorCode:
        """Read a publication; what paho cannot read of its properties is read as none, so it comes unsigned."""
        try:
            return super()._handle_publish()
        except MalformedPacket:
            self._in_packet["packet"] = without_properties(self._in_packet["command"], self._in_packet["packet"])
            return super()._handle_publish()


def _signed(packet_type: int, publication: Publication) -> Properties:
    properties = Properties(packet_type)  # type: ignore[no-untyped-call]  # paho left it bare
    if publication.sig is not None:
        properties.UserProperty = [(PROPERTY, publication.sig)]
    return properties


def _connecting() -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho left it bare
    properties.SessionExpiryInterval = 0
    properties.MaximumPacketSize = MAX_PACKET_BYTES
    return properties
