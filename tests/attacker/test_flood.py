"""Floods from one stolen box (faults 15): honest alerts are received all the while and after, and nothing grows.

The bar is one second. What is measured is printed (`pytest -s`); the bound here is wider, for a busy machine.
Small QoS 0 messages are the worst: Mosquitto has one queue for each of its clients, and the flood fills the service's.
Who floods is heard aside for a while (broker/core/hush.py); the first alert may wait for that, and is said again.
KENG_SOAK=1 floods longer, and presses fifty times with a finger.
"""

import os
import socket
import threading
import time
from collections.abc import Callable

import pytest
from fakes.installed import glance
from fakes.thief import Cut, Thief, publication
from fakes.waiting import eventually

from broker.core.intake import NEW_PER_MINUTE
from broker.mosquitto.configuration import MAX_INFLIGHT, MAX_PACKET_BYTES, MEMORY_BYTES
from node.finger import press
from wire.codec import encode

SOAK = os.environ.get("KENG_SOAK") == "1"
FLOOD_S = 20.0 if SOAK else 1.0
HONEST_PRESSES = 10 if SOAK else 2
OVERHEAD = 1.25  # of the allocator; without the limit these subscriptions take 2.8 GB
LIFTED_S = 0.3  # longer than a contact takes to be known as open (node/core/contacts.py)
A_PACKET = 30  # of them fit into one
FINGERS = 50 if SOAK else 3
SUBSCRIPTIONS = 60_000 if SOAK else 20_000
DEEP = "/".join("x" * 198)  # Mosquitto keeps a node for each level, and takes 200: some 20 kB for one subscription
RECEIVED_S = 10.0  # the bar is 1 s, on a machine that does nothing else
QUEUED_S = 20.0  # behind a queue full of small messages
HUSHED_S = 3.0  # the flooder is set aside after some hundred words, and an alert that was lost meanwhile is said again
RELINKED_S = 10.0  # a gong that a flood reaches makes a new connection: TLS, a hello and its answer, on a busy machine
OBEYED_S = 3.0  # the same, and an order; without it the order waits for up to a quarter of a minute behind the flood
AT_ONCE = 300  # small packets in one write: half a million a second
GROWN_MB = 48  # of either process in one flood: queues to slow readers (4 MB each) and the allocator's own ways
GONG, HONEST, STOLEN = "thon-1", "thon-2", "loa"
ROOT = "keng/1/cong-lac"
OWN = f"{ROOT}/up/loa/alert"
NOT_AUTHORISED = 0x87
BIG = 1024 * 1024
AT_MOST = 8  # megabytes that the kernel takes before its end of a connection is closed


@pytest.fixture
def under(siege, capsys) -> Callable[..., list[int]]:
    """Runs a flood, and an honest box beside it; how many packets each of the flooder's sessions could say."""

    def run(
        name: str, packets: Callable[[int], bytes], within_s: float = RECEIVED_S, lasts_s: float = FLOOD_S
    ) -> list[int]:
        honest = siege.thief(HONEST)
        siege.press(honest, HONEST)
        before = {process: siege.rss_mb(process) for process in ("mosquitto", "service")}
        sent: list[int] = []
        stop = threading.Event()
        flooder = threading.Thread(target=flood, args=(siege, packets, sent, stop))
        flooder.start()
        try:
            took = []
            for _ in range(HONEST_PRESSES):
                took.append(siege.press(honest, HONEST))
                stop.wait(lasts_s / HONEST_PRESSES)
        finally:
            stop.set()
            flooder.join()
        grown = {process: siege.rss_mb(process) - mb for process, mb in before.items()}
        with capsys.disabled():
            told = ", ".join(f"{process} {mb:+.0f} MB" for process, mb in grown.items())
            print(f"\n  {name}: {sum(sent):,} packets; alerts received in {max(took) * 1_000:.0f} ms at most; {told}")
        assert max(took) < within_s
        assert all(mb < GROWN_MB for mb in grown.values()), grown
        eventually(lambda: siege.gong()["link"] == "steady", RELINKED_S, "the gong does not hear its commune")
        return sent

    return run


def flood(siege, packets: Callable[[int], bytes], sent: list[int], stop: threading.Event) -> None:
    """As fast as it goes; cut off, it comes again."""
    while not stop.is_set():
        try:
            thief = Thief.with_box(siege.boxes[STOLEN])
        except (Cut, OSError):
            continue
        sent.append(thief.flood(packets, 0.5))
        thief.close()


# First: what a gong took and the service did not, behind another flood, no officer could silence.
def test_a_flood_of_small_alerts_that_are_signed_and_new_each_time(siege, under):
    signer = siege.signer(STOLEN)

    def one(number: int) -> bytes:
        payload = encode(siege.alert(STOLEN))
        return publication(OWN, payload, sig=signer.sign(OWN, payload), qos=0)

    under("signed alerts", one)
    rows = siege.ask(siege.officer(), "incidents", open_only=False)["result"]["incidents"]
    assert len([row for row in rows if row["node"] == STOLEN]) <= 2 * NEW_PER_MINUTE


def test_a_flood_of_unconfirmed_rubbish(siege, under):
    packet = publication(OWN, b"x" * 8_000, qos=0)
    under("QoS 0, 8 kB", lambda number: packet)


def test_a_flood_of_hellos_and_statuses(siege, under):
    packets = [
        publication(f"{ROOT}/up/loa/hello", b'{"node":"loa","nonce":"x"}', qos=0) * AT_ONCE,
        publication(f"{ROOT}/up/loa/status", b'{"node":"loa","online":true}', qos=0, retain=True) * AT_ONCE,
        publication(f"{ROOT}/up/loa/sounded", b"{}", qos=0) * AT_ONCE,
    ]
    under("hellos, statuses, proofs", lambda number: packets[number % 3], HUSHED_S, FLOOD_S + HUSHED_S)
    assert ("refused", STOLEN) in siege.troubles()
    assert is_heard_aside(siege)


def is_heard_aside(siege) -> bool:
    return "-aside (" in (siege.machine.root / "run/mosquitto/log").read_text()


def test_a_flood_of_the_smallest_alerts(siege, under):
    packet = publication(OWN, b"x", qos=0) * AT_ONCE
    under("small alerts", lambda number: packet, HUSHED_S, FLOOD_S + HUSHED_S)
    assert is_heard_aside(siege)


def test_who_flooded_a_moment_ago_is_heard_as_well(siege):
    # The box may have been mended: its own alert waits behind its own flood, and behind nothing else.
    thief, packet = siege.thief(), publication(OWN, b"x", qos=0) * AT_ONCE
    thief.flood(lambda number: packet, HUSHED_S)
    thief.close()
    took_s = siege.press(siege.thief(), STOLEN, kind="medical")
    print(f"\n  its own, a moment after its flood: received in {took_s * 1_000:.0f} ms")
    assert took_s < QUEUED_S  # the first of its kind: no limit of a minute


def test_a_gong_obeys_its_commune_though_another_box_floods_it_with_alerts(siege):
    # Gongs hear each other: the flood stood in Mosquitto's queue to the gong, and in the kernel, before the orders.
    thief, packet, officer = siege.thief(), publication(OWN, b"x", qos=0) * AT_ONCE, siege.officer()
    thief.flood(lambda number: packet, HUSHED_S)
    thief.close()
    began_s = time.monotonic()
    assert siege.ask(officer, "alarm", kind="fire", hamlets=["thon-1"])["ok"]
    told_s = time.monotonic()
    eventually(lambda: siege.gong()["gong"] == "alarm", QUEUED_S, "it does not sound")
    print(f"\n  told in {told_s - began_s:.1f} s, obeyed {time.monotonic() - told_s:.1f} s later")
    assert time.monotonic() - told_s < OBEYED_S


def test_a_flood_leaves_nobody_deaf(siege):
    # At QoS 1 each honest message that Mosquitto dropped kept a place of its window for ever: then came none at all.
    many, thief, honest = (
        publication(f"{ROOT}/up/loa/sounded", b"{}", qos=0) * AT_ONCE,
        siege.thief(),
        siege.thief(HONEST),
    )
    flooder = threading.Thread(target=thief.flood, args=(lambda number: many, 90.0))
    flooder.start()
    try:
        for _ in range(8 * MAX_INFLIGHT):
            honest.publish(f"{ROOT}/up/thon-2/sounded", b"{}")
    finally:
        thief.sock.shutdown(socket.SHUT_RDWR)
        flooder.join()
    assert siege.press(honest, HONEST) < RECEIVED_S
    assert siege.press(honest, HONEST) < RECEIVED_S


def test_a_flood_of_megabytes(siege, under):
    head = bytes([0x30]) + b"\x80\x80\x40" + len(OWN).to_bytes(2) + OWN.encode() + b"\x00"
    packet = head + b"x" * (BIG - len(head) + 4)
    sent = under("1 MB", lambda number: packet)
    assert max(sent) <= AT_MOST, "it is not cut off"


def test_a_megabyte_cuts_its_sender_off(siege):
    thief = siege.thief()
    thief.raw(publication(OWN, b"x" * (MAX_PACKET_BYTES - 200), mid=1))
    assert not thief.is_cut(0.2)
    thief.flood(lambda number: publication(OWN, b"x" * BIG, mid=2), 1)
    assert thief.is_cut()


@pytest.mark.soak
@pytest.mark.skipif(
    not SOAK,
    reason="at its limit on memory Mosquitto 2.0 may end, and nobody starts this one again: in make soak",
)
def test_subscriptions_without_end_cost_no_more_than_the_limit_on_memory(siege):
    before, thief = siege.rss_mb("mosquitto"), siege.thief()
    try:
        for number in range(SUBSCRIPTIONS // A_PACKET):
            thief.subscribe(*(f"{number}.{one}/{DEEP}" for one in range(A_PACKET)))
    except Cut:
        pass  # it had enough
    assert siege.press(siege.thief(HONEST), HONEST) < RECEIVED_S
    assert siege.rss_mb("mosquitto") - before < OVERHEAD * MEMORY_BYTES / 2**20
    thief.close()


def test_a_flood_of_kept_messages_keeps_what_a_box_may_keep(siege, under):
    under("retained", lambda number: publication(f"{ROOT}/up/loa/x{number}", b"x" * 4_000, qos=0, retain=True))
    thief = siege.thief()
    assert {thief.publish(f"{ROOT}/up/loa/{n}", b"x", retain=True) for n in range(500)} == {NOT_AUTHORISED}
    late = siege.user("service")
    late.subscribe(f"{ROOT}/#")
    siege.press(siege.thief(HONEST), HONEST)
    late.listen(lambda: any(one.topic.endswith("thon-2/alert") for one in late.heard))
    assert {one.topic for one in late.heard if one.retained and "/up/loa/" in one.topic} <= {f"{ROOT}/up/loa/status"}


def test_a_finger_that_presses_again_and_again_is_one_incident(siege):
    box, before = siege.boxes[GONG], open_rows(siege)
    for _ in range(FINGERS):
        press(box / "control", {"name": "fire"})
        time.sleep(LIFTED_S)  # or the contact was never open, and all is one press
    eventually(lambda: glance(box)["alert"] == "received", why="it is not received")
    eventually(
        lambda: [row["count"] for row in open_rows(siege) if row not in before] == [FINGERS], 5, "not one incident"
    )


def open_rows(siege) -> list[dict[str, object]]:
    rows = siege.ask(siege.officer(), "incidents", open_only=True)["result"]["incidents"]
    return [row for row in rows if row["node"] == GONG]
