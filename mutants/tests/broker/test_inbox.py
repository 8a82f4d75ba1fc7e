"""One queue, in order, in which a flood fills its own share only."""

import threading

from broker.core.items import Flooding, Stop, Tick
from broker.inbox import FLOOD_OF_ONE, MAX_ARRIVED, MAX_OF_ONE, Inbox
from wire.envelope import Arrived, LinkDown, LinkUp


def arrived(node: str, number: int = 0) -> Arrived:
    return Arrived(f"keng/1/c/up/{node}/alert", str(number).encode())


def drained(inbox: Inbox) -> list[object]:
    items = []
    while (item := inbox.get(0)) is not None:
        items.append(item)
    return items


def test_items_come_out_as_they_came_in() -> None:
    inbox = Inbox()
    items = [LinkUp(), arrived("n1", 1), Tick(), arrived("n2", 2), arrived("n1", 3), LinkDown()]
    for item in items:
        inbox.put(item)
    assert drained(inbox) == items


def test_a_flooder_fills_his_own_share_and_nobody_elses() -> None:
    inbox = Inbox()
    for number in range(MAX_OF_ONE * 2):
        inbox.put(arrived("flooder", number))
    inbox.put(arrived("honest"))
    items = drained(inbox)
    assert items[-1] == arrived("honest")
    assert len(items) == MAX_OF_ONE + 1
    assert inbox.lost == MAX_OF_ONE


def test_who_floods_is_named_for_as_long_as_it_floods_and_an_asker_is_not() -> None:
    inbox = Inbox()
    for number in range(MAX_OF_ONE + 3 * FLOOD_OF_ONE):
        inbox.put(arrived("flooder", number))
        inbox.put(Arrived("keng/1/c/ask/duty/status", str(number).encode()))
    assert [item for item in drained(inbox) if not isinstance(item, Arrived)] == [Flooding("flooder")] * 3


def test_who_was_read_in_time_never_floods() -> None:
    inbox = Inbox()
    for _ in range(FLOOD_OF_ONE):
        for number in range(MAX_OF_ONE + 1):
            inbox.put(arrived("lively", number))
        assert len(drained(inbox)) == MAX_OF_ONE


def test_whom_others_crowd_out_is_no_flooder() -> None:
    inbox = Inbox()
    for number in range(MAX_ARRIVED):
        inbox.put(arrived(f"n{number}"))
    for number in range(2 * FLOOD_OF_ONE):
        inbox.put(arrived("honest", number))
    assert all(isinstance(item, Arrived) for item in drained(inbox))


def test_many_senders_are_bounded_together_and_the_rest_still_comes_in() -> None:
    inbox = Inbox()
    for number in range(MAX_ARRIVED + 50):
        inbox.put(arrived(f"n{number}"))
    inbox.put(Stop())
    items = drained(inbox)
    assert len(items) == MAX_ARRIVED + 1
    assert items[-1] == Stop()


def test_a_share_is_free_again_when_it_was_read() -> None:
    inbox = Inbox()
    for _ in range(3):
        for number in range(MAX_OF_ONE):
            inbox.put(arrived("n1", number))
        assert len(drained(inbox)) == MAX_OF_ONE
    assert inbox.lost == 0


def test_waiting_ends_with_the_time_or_the_item() -> None:
    inbox = Inbox()
    assert inbox.get(0.01) is None
    threading.Timer(0.01, inbox.put, [LinkUp()]).start()
    assert inbox.get(5) == LinkUp()


def test_odd_topics_are_senders_too() -> None:
    inbox = Inbox()
    for topic in ("", "a", "keng/1/c", "/////", "keng/1/c/up/n1"):
        inbox.put(Arrived(topic, b""))
    assert len(drained(inbox)) == 5


def test_the_beacon_comes_in_through_a_flood_of_others_and_cannot_be_one() -> None:
    inbox = Inbox()
    for number in range(MAX_ARRIVED + 100):
        inbox.put(arrived(f"n{number % 200}", number))
    beacons = [Arrived("keng/1/c/self/beacon", str(number).encode()) for number in range(MAX_OF_ONE + 50)]
    for beacon in beacons:
        inbox.put(beacon)
    assert drained(inbox)[MAX_ARRIVED:] == beacons[:MAX_OF_ONE]
