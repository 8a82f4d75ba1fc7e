"""Facts about delivery and speed that the street's model of a broker and the nodes' patience rest on."""

import time
from collections.abc import Callable

from fakes.mosquitto import Mosquitto
from fakes.onwire import Bare
from fakes.waiting import eventually
from gpiozero.pins.mock import MockFactory

from broker.mosquitto.configuration import COMMON

ROUNDS = 15
QUICK_MS = 20  # Nagle's algorithm and a delayed ACK make 40 together


def test_does_the_order_of_one_publisher_hold_for_each_subscriber(mosquitto: Mosquitto) -> None:
    """Yes, over several topics and one filter."""
    with Bare(mosquitto, "ear", "a/#") as ear, Bare(mosquitto) as mouth:
        for number in range(200):
            mouth.client.publish(f"a/{number % 3}", str(number).encode(), 1)
        eventually(lambda: len(ear.heard) == 200)
        assert [int(payload) for _, payload in ear.heard] == list(range(200))


def test_does_overlapping_subscriptions_of_one_client_deliver_twice(mosquitto: Mosquitto) -> None:
    """Mosquitto delivers once for each: so the service's filters do not overlap."""
    with Bare(mosquitto, "ear", "a/#", "a/+") as ear, Bare(mosquitto) as mouth:
        mouth.say("a/x")
        mouth.say("a/y/z")
        eventually(lambda: ("a/y/z", b"x") in ear.heard)
        assert len([topic for topic, _ in ear.heard if topic == "a/x"]) == 2


def spans_ms(broker: Mosquitto) -> list[float]:
    """From an alert to its answer, which comes after the PUBACK: two small packets on one connection. Rising."""
    took_ms = []
    with Bare(broker, "n1", "down") as node, Bare(broker, "service", "up") as service:
        service.client.on_message = lambda *_: service.client.publish("down", b"received", 1)
        for number in range(ROUNDS):
            began_s = time.monotonic()
            node.client.publish("up", b"alert", 1)
            eventually(lambda number=number: len(node.heard) > number)
            took_ms.append((time.monotonic() - began_s) * 1_000)
    return sorted(took_ms)


def test_is_an_answer_quick_with_our_configuration(start_mosquitto: Callable[..., Mosquitto]) -> None:
    """Yes: `set_tcp_nodelay true` is in it."""
    assert spans_ms(start_mosquitto(*COMMON))[ROUNDS // 4] < QUICK_MS  # what else a machine does makes some slow


def test_is_an_answer_quick_without_tcp_nodelay(start_mosquitto: Callable[..., Mosquitto]) -> None:
    """No: a second small packet waits some 40 ms for the acknowledgement of the first."""
    lines = [line for line in COMMON if "nodelay" not in line]
    assert spans_ms(start_mosquitto(*lines))[ROUNDS // 2] > QUICK_MS


def test_does_a_mock_pin_debounce_by_itself() -> None:
    """No, it ignores `bounce`: debouncing is the core's, and mock pins prove nothing about threads."""
    pin = MockFactory().pin(17)
    pin.function, pin.pull = "input", "up"
    seen: list[int] = []
    pin.bounce, pin.edges = 10.0, "both"

    def changed(_ticks: int, state: int) -> None:
        seen.append(state)

    pin.when_changed = changed  # it keeps no function alive by itself
    pin.drive_low()
    pin.drive_high()
    assert seen == [0, 1]
