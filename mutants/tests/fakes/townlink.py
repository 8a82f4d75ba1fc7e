"""A client's way to the broker of a town: its library, the cable, the broker's end. Pure; it has the town's dice.

What must hold: the real back-off; a half-open connection is seen by each side in its own time; what was handed over
while the cable was out is gone, and a connection that lost something ends.
Where it is harsher than TCP: packets of one connection may overtake each other, come twice, or be lost while the
connection lives on for some seconds; a loss always ends in a new connection, as it would.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

from broker.mosquitto.configuration import MAX_INFLIGHT, MAX_QUEUED
from wire.backoff import Backoff
from wire.envelope import Arrived, LinkDown, LinkItem, LinkUp, Publication
from wire.link import KEEPALIVE_S, TURN_S

if TYPE_CHECKING:
    from fakes.townbroker import Broker

CONNECT_MS = 40  # TCP, CONNECT, SUBSCRIBE on a commune's wireless bridge
KEEPALIVE_MS = KEEPALIVE_S * 1_000
BROKER_SEES_MS = KEEPALIVE_MS * 3 // 2  # MQTT 5, 3.1.2.10
CLIENT_SEES_MS = (KEEPALIVE_MS, 2 * KEEPALIVE_MS + int(2_000 * TURN_S))  # it asks after one, gives up after two
LOSS_SEEN_MS = (500, 8_000)  # a connection that lost a packet ends within so much
RESET_MS = 3  # a killed program's kernel says so
STEADY_MS = 10_000  # wire.link.STEADY_S

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Weather:
    """How a link treats packets."""

    delay_ms: tuple[int, int] = (1, 6)
    """Each way, from, to."""
    in_order: bool = True
    """As TCP keeps it; False: packets overtake each other."""
    loss: float = 0.0
    """Chance for each packet, each way."""
    twice: float = 0.0
    """Chance that a packet comes twice."""


FAIR = Weather()


class Client(Protocol):
    """What hangs on a link: a node's program, or the commune's service."""

    def subscriptions(self) -> Sequence[str]:
        """Filters."""
        ...

    def will(self) -> Publication | None:
        """What the broker says when it is gone."""
        ...

    def deliver(self, item: LinkItem) -> None:
        """Something from the link."""
        ...


class Link:
    """One client's way to the broker. It stands for the client's library, the cable and the broker's end."""

    def __init__(self, broker: Broker, name: str) -> None:
        self.broker = broker
        self.name = name
        self._weather = FAIR
        self.disturbed_ms = 0
        """True time since when nothing has happened to it."""
        self.whole = True
        """The cable."""
        self.up = False
        """As the client sees it."""
        self.generation = 0
        """Of the connection."""
        self.filters: tuple[str, ...] = ()
        self.last_will: Publication | None = None
        self._client: Client | None = None
        self._tries = 0
        self._doomed = False
        self._last_ms: dict[str, int] = {}
        self._on_the_way = 0
        self.dropped = 0
        """What the broker had no more room to keep for this client."""
        self._backoff = Backoff(broker.rng)
        self._up_since_ms = 0

    # -- the client's program

    def open(self, client: Client) -> None:
        """A program has started: it connects."""
        self._client = client
        self._disturb()
        self._backoff = Backoff(self.broker.rng)
        self._try_in(20)

    def close(self, *, power: bool) -> None:
        """The program is gone, or with it the machine."""
        self._client = None
        self._disturb()
        self._tries += 1
        was, self.up = self.generation, False
        quickly = self.whole and not power
        self.broker.agenda.after(RESET_MS if quickly else BROKER_SEES_MS, self.broker.lose, self, was)

    def publish(self, said: Publication) -> bool:
        """Hand it to the network, if there seems to be one."""
        if not self.up:
            return False
        self._send(said, self.generation, self._arrive_at_broker)
        return True

    def nudge(self) -> None:
        """Try now."""
        if self._client is not None and not self.up:
            self._backoff.reset()
            self._try_in(0)

    # -- the world

    @property
    def weather(self) -> Weather:
        """How it treats packets."""
        return self._weather

    @weather.setter
    def weather(self, weather: Weather) -> None:
        self._weather = weather
        self._disturb()

    def steady_ms(self) -> int:
        """For how long it has been up, whole, and in fair weather."""
        fair = not self._doomed and self.up and self.whole and self._weather is FAIR and self.broker.holds(self)
        return self.broker.agenda.now_ms - self.disturbed_ms if fair else 0

    def gone_ms(self) -> int:
        """For how long nothing can have come through."""
        gone = not self.up and (self._client is None or not self.whole)
        return self.broker.agenda.now_ms - self.disturbed_ms if gone else 0

    def _disturb(self) -> None:
        self.disturbed_ms = self.broker.agenda.now_ms

    def cut(self) -> None:
        """The cable is out; both sides find out in their time."""
        if not self.whole:
            return
        self.whole = False
        self._disturb()
        agenda, was = self.broker.agenda, self.generation
        agenda.after(self.broker.rng.randint(*CLIENT_SEES_MS), self._seen_dead, was)
        agenda.after(BROKER_SEES_MS, self._broker_sees_dead, was)

    def heal(self) -> None:
        """The cable is in. A connection that nobody has given up lives on, without what was said meanwhile."""
        if not self.whole:
            self.whole = True
            self._disturb()
            self._doom()

    def reset(self) -> None:
        """The broker's end is gone: a whole cable says so at once."""
        if self.whole:
            self.broker.agenda.after(RESET_MS, self._end, self.generation, "reset")
        else:
            self.broker.agenda.after(self.broker.rng.randint(*CLIENT_SEES_MS), self._end, self.generation, "timeout")

    def taken_over(self) -> None:
        """Another client has come in with this one's client id, and the broker says so."""
        if self.whole:
            self.broker.agenda.after(RESET_MS, self._end, self.generation, "session taken over")

    def down(self, said: Publication, *, retained: bool) -> None:
        """From the broker to the client."""
        if self._on_the_way >= MAX_INFLIGHT + MAX_QUEUED:
            self.dropped += 1
            return
        self._on_the_way += 1
        arrived = Arrived(said.topic, said.payload, retained, said.sig)
        self._send(arrived, self.generation, self._arrive_at_client)

    # -- inside

    def _seen_dead(self, generation: int) -> None:
        if not self.whole:
            self._end(generation, "timeout")

    def _broker_sees_dead(self, generation: int) -> None:
        if not self.whole:
            self.broker.lose(self, generation)

    def _doom(self) -> None:
        """What was lost cannot be had again on this connection: it ends."""
        self._disturb()
        self._doomed = True
        self.broker.agenda.after(self.broker.rng.randint(*LOSS_SEEN_MS), self._drop, self.generation)

    def _drop(self, generation: int) -> None:
        if generation == self.generation and self.up:
            self.broker.lose(self, generation)
            self._end(generation, "lost")

    def _end(self, generation: int, why: str) -> None:
        if generation != self.generation or self._client is None or not self.up:
            return
        self.up = False
        self._disturb()
        if self.broker.agenda.now_ms - self._up_since_ms >= STEADY_MS:
            self._backoff.reset()
        self._client.deliver(LinkDown(why))
        self._retry()

    def _retry(self) -> None:
        self._try_in(int(self._backoff.next_s() * 1_000))

    def _try_in(self, ms: int) -> None:
        self._tries += 1
        self.broker.agenda.after(ms, self._try, self._tries)

    def _try(self, number: int) -> None:
        if number != self._tries or self._client is None or self.up:
            return
        if self.whole and self.broker.up:
            self.broker.agenda.after(CONNECT_MS, self._connected, number)
        else:
            self._retry()

    def _connected(self, number: int) -> None:
        client = self._client
        if number != self._tries or client is None or self.up:
            return
        if not (self.whole and self.broker.up):
            self._retry()
            return
        self.filters, self.last_will = tuple(client.subscriptions()), client.will()
        self.broker.lose(self, self.generation)
        self.generation += 1
        self._on_the_way = 0
        self._disturb()
        self._doomed = False
        self.up, self._up_since_ms = True, self.broker.agenda.now_ms
        client.deliver(LinkUp())
        if self.up:
            self.broker.enter(self)

    def _send(self, said: T, generation: int, arrive: Callable[[T, int], None]) -> None:
        if not self.whole:
            return
        weather, broker = self.weather, self.broker
        if weather.loss and broker.rng.random() < weather.loss:
            self._doom()
            return
        low, high = weather.delay_ms
        at_ms = broker.agenda.now_ms + broker.rng.randint(low, high)
        if weather.in_order:
            at_ms = self._last_ms[arrive.__name__] = max(at_ms, self._last_ms.get(arrive.__name__, 0))
        broker.agenda.at(at_ms, arrive, said, generation)
        if weather.twice and broker.rng.random() < weather.twice:
            broker.agenda.after(broker.rng.randint(low, 4 * high), arrive, said, generation)

    def _arrive_at_broker(self, said: Publication, generation: int) -> None:
        # What left before its sender died still arrives.
        if self.whole and generation == self.generation and self.broker.holds(self):
            self.broker.accept(self.name, said)

    def _arrive_at_client(self, arrived: Arrived, generation: int) -> None:
        if self.whole and self.up and generation == self.generation and self._client is not None:
            self._on_the_way = max(0, self._on_the_way - 1)
            self._client.deliver(arrived)
