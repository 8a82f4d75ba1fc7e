"""The inbox: order, bounds by kind, and nobody ever waits to put."""

import threading
from itertools import pairwise

import pytest
from fakes.waiting import eventually
from hypothesis import given
from hypothesis import strategies as st

from node.core.contacts import LONGEST_STEP_MS, Box
from node.core.items import Contacts, Disk, Item, Stop
from node.core.setup import ContactSetup
from node.inbox import LIMITS, THIN_FROM, Inbox
from wire.envelope import Arrived

pytestmark = pytest.mark.pure


def drained(inbox: Inbox) -> list[Item]:
    items: list[Item] = []
    while (item := inbox.get(0)) is not None:
        items.append(item)
    return items


@given(st.lists(st.sampled_from([Contacts(1, ("a",)), Arrived("t", b""), Disk("ok"), Stop()]), max_size=60))
def test_what_goes_in_comes_out_in_order(items: list[Item]) -> None:
    inbox = Inbox()
    for item in items:
        inbox.put(item)
    assert drained(inbox) == items


def test_a_flood_of_arrivals_is_bounded_keeps_the_newest_and_costs_the_rest_nothing() -> None:
    inbox = Inbox()
    inbox.put(Disk("full"))
    for number in range(3 * LIMITS["arrived"]):
        inbox.put(Arrived("t", b"%d" % number))
    inbox.put(Stop())
    items = drained(inbox)
    assert items[0] == Disk("full") and items[-1] == Stop()
    assert items[1] == Arrived("t", b"%d" % (2 * LIMITS["arrived"]))
    assert items[-2] == Arrived("t", b"%d" % (3 * LIMITS["arrived"] - 1))
    assert len(items) == LIMITS["arrived"] + 2
    assert inbox.lost() == {"arrived": 2 * LIMITS["arrived"]}


@given(st.lists(st.tuples(st.integers(60, 3_000), st.integers(80, 400)), min_size=1, max_size=12))
def test_a_stalled_loop_loses_no_press_though_readings_are_thinned(strokes: list[tuple[int, int]]) -> None:
    inbox, now_ms, put = Inbox(), 0, 0
    for closed_ms, open_ms in strokes:
        for length, closed in ((closed_ms, ("b",)), (open_ms, ())):
            for _ in range(length // 2):
                inbox.put(Contacts(now_ms, closed))
                now_ms, put = now_ms + 2, put + 1
    items = drained(inbox)
    assert len(items) <= THIN_FROM + put * 2 / LONGEST_STEP_MS + 4 * len(strokes)
    box = Box((ContactSetup("b", hold_ms=0),))
    pressed = [press for item in items if isinstance(item, Contacts) for press in box.feed(item.at_ms, item.closed)]
    assert len(pressed) == len(strokes)


def test_thinning_takes_no_change_away() -> None:
    inbox = Inbox()
    noise = [Contacts(2 * n, ("b",) if n % 3 == 0 else ()) for n in range(3 * THIN_FROM)]
    for item in noise:
        inbox.put(item)
    changes = [item for before, item in pairwise([Contacts(0, ()), *noise]) if before.closed != item.closed]
    assert set(changes) <= set(drained(inbox))


def test_getting_waits_and_is_woken_by_another_thread() -> None:
    inbox = Inbox()
    got: list[Item | None] = []
    waiting = threading.Thread(target=lambda: got.append(inbox.get(10)))
    waiting.start()
    inbox.put(Stop())
    eventually(lambda: got)
    assert got == [Stop()]
    assert inbox.get(0.001) is None
