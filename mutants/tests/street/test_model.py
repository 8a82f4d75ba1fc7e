"""The broker's model does what a Mosquitto does: each fact of architecture.md that the street stands on."""

import random
from collections import Counter

import pytest
from fakes.townbroker import Broker
from fakes.townlink import BROKER_SEES_MS, Link, Weather
from fakes.towntime import Agenda

from broker.mosquitto.configuration import MAX_INFLIGHT, MAX_QUEUED
from wire.envelope import Arrived, LinkDown, LinkUp, Publication

pytestmark = pytest.mark.pure


class Program:
    """Listens to everything below `filters`, and keeps it."""

    def __init__(self, *filters: str, will: str | None = None) -> None:
        self.filters = filters
        self.last = None if will is None else Publication(will, b"gone", retain=True)
        self.items: list[object] = []

    def subscriptions(self):
        return self.filters

    def will(self):
        return self.last

    def deliver(self, item):
        self.items.append(item)

    def heard(self) -> list[bytes]:
        return [item.payload for item in self.items if isinstance(item, Arrived)]


class Net:
    """A broker and clients."""

    def __init__(self) -> None:
        self.agenda = Agenda()
        self.broker = Broker(self.agenda, random.Random(1))

    def client(self, name: str, *filters: str, will: str | None = None) -> tuple[Link, Program]:
        link, program = Link(self.broker, name), Program(*filters, will=will)
        link.open(program)
        self.wait(200)
        return link, program

    def wait(self, ms: int) -> None:
        self.agenda.until(self.agenda.now_ms + ms)


def test_a_puback_is_no_promise_what_was_acknowledged_dies_with_the_broker():
    net = Net()
    _, listener = net.client("a", "t/#")
    speaker, _ = net.client("b")
    net.broker.puback_then_crash("x")
    assert speaker.publish(Publication("t/x", b"1"))
    net.wait(100)
    assert (net.broker.acknowledged, net.broker.lost, net.broker.up) == (1, 1, False)
    net.broker.start()
    net.wait(60_000)
    assert listener.heard() == []


def test_nothing_is_queued_for_the_absent_and_the_publisher_is_told_success_all_the_same():
    net = Net()
    link, listener = net.client("a", "t/#")
    speaker, _ = net.client("b")
    link.close(power=False)
    net.wait(100)
    assert speaker.publish(Publication("t/x", b"1"))
    net.wait(100)
    link.open(listener)
    net.wait(1_000)
    assert listener.heard() == []
    assert net.broker.acknowledged == 1


def test_a_slow_client_loses_what_is_over_its_queue_without_a_word():
    net = Net()
    link, listener = net.client("a", "t/#")
    link.weather = Weather((5_000, 5_000))
    for number in range(MAX_INFLIGHT + MAX_QUEUED + 7):
        net.broker.publish("b", Publication("t/x", b"%d" % number))
    net.wait(10_000)
    assert len(listener.heard()) == MAX_INFLIGHT + MAX_QUEUED
    assert link.dropped == 7


def test_a_restart_forgets_what_was_retained_and_says_no_wills():
    net = Net()
    _, listener = net.client("a", "s/#")
    net.client("b", will="s/b")
    net.broker.publish("c", Publication("s/c", b"on", retain=True))
    net.wait(100)
    net.broker.crash()
    net.broker.start()
    net.wait(60_000)
    _, late = net.client("d", "s/#")
    assert (listener.heard(), late.heard()) == ([b"on"], [])


def test_a_retained_message_is_given_to_who_comes_later():
    net = Net()
    net.broker.publish("c", Publication("s/status", b"on", retain=True))
    _, late = net.client("d", "s/#")
    assert [item.retained for item in late.items if isinstance(item, Arrived)] == [True]


@pytest.mark.parametrize(("power", "from_ms", "to_ms"), [(False, 0, 50), (True, BROKER_SEES_MS, BROKER_SEES_MS + 50)])
def test_a_will_is_said_at_once_for_a_program_and_in_its_time_for_a_machine(power, from_ms, to_ms):
    net = Net()
    _, listener = net.client("a", "s/#")
    link, _ = net.client("b", will="s/b")
    link.close(power=power)
    net.wait(from_ms - 10)
    assert listener.heard() == []
    net.wait(to_ms - from_ms + 10)
    assert listener.heard() == [b"gone"]


def test_a_client_id_is_one_session_the_newcomer_takes_it_and_the_other_is_told():
    net = Net()
    _, listener = net.client("a", "s/#")
    _, old = net.client("b", "t/#", will="s/b")
    thief, _ = net.client("b", "t/#")
    assert LinkDown("session taken over") in old.items
    assert listener.heard() == [b"gone"]
    thief.close(power=False)
    net.wait(5_000)
    kinds = Counter(type(item) for item in old.items)
    assert kinds[LinkUp] >= 2  # the real one comes back by itself


def test_nobody_hears_itself():
    net = Net()
    speaker, itself = net.client("a", "t/#")
    speaker.publish(Publication("t/x", b"1"))
    net.wait(100)
    assert itself.heard() == []


def test_a_cut_cable_loses_what_is_said_meanwhile_and_both_sides_find_out_in_their_time():
    net = Net()
    link, client = net.client("a", "t/#")
    link.cut()
    net.broker.publish("b", Publication("t/x", b"1"))
    net.wait(1_000)
    assert link.publish(Publication("t/y", b"2"))  # handed to a network that is not there
    net.wait(10_000)
    assert not link.up
    assert any(isinstance(item, LinkDown) for item in client.items)
    link.heal()
    net.wait(60_000)
    assert link.up
    assert client.heard() == []
