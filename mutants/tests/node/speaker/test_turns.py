"""Does the sound thread survive what is thrown at it?"""

from __future__ import annotations

import threading
import time

from fakes.clips import steady
from fakes.sink import VirtualClock, VirtualSink
from fakes.waiting import eventually

from node.speaker.player import Player
from node.speaker.ports import Ended, Health, Report
from node.speaker.turns import MAIL_MAX, Turns

FAR_NS = 10_000_000_000


def idle() -> int:
    return time.monotonic_ns() + FAR_NS


def whim() -> None:
    raise RuntimeError("a driver's whim")


def test_a_letter_that_throws_is_told_and_the_next_one_is_read() -> None:
    stumbles: list[str] = []
    read = threading.Event()
    turns = Turns("test", idle, lambda: None, stumbles.append)
    assert turns.post(whim)
    assert turns.post(read.set)
    assert read.wait(5)
    turns.close()
    assert stumbles == ["bug: RuntimeError: a driver's whim"]


def test_close_acts_on_what_was_posted_then_on_the_last_thing() -> None:
    done: list[str] = []
    turns = Turns("test", idle, lambda: done.append("last"), done.append)
    turns.post(lambda: done.append("posted"))
    turns.close()
    assert done == ["posted", "last"]
    assert not turns.post(whim)


def test_letters_for_a_stuck_thread_are_refused_not_piled_up() -> None:
    free = threading.Event()
    stuck = threading.Event()
    turns = Turns("test", idle, lambda: None, lambda _: None)

    def hold() -> None:
        stuck.set()
        free.wait(10)

    turns.post(hold)
    assert stuck.wait(5)
    taken = sum(turns.post(lambda: None) for _ in range(3 * MAIL_MAX))
    free.set()
    turns.close()
    assert taken == MAIL_MAX


def test_a_player_survives_a_reporter_and_a_sink_that_throw() -> None:
    class Moody(VirtualSink):
        def probe(self) -> None:
            whim()

    reports: list[Report] = []

    def report(what: Report) -> None:
        reports.append(what)
        raise RuntimeError("the inbox is full")

    moody = Player(Moody(VirtualClock()), report, realtime=False)
    eventually(lambda: reports == [Health(False, "bug: RuntimeError: a driver's whim")])
    moody.close()
    moody.play("b", steady(10))
    assert reports[-1] == Ended("b", "failed", 0, 0, "io: the speaker is closed")
