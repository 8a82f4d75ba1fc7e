"""systemd hears of the duty desk only while its board's thread and its pages' loop both move."""

import asyncio
import os
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fakes.consolerun import ConsoleRun

from broker.console.heart import ConsoleHeart
from broker.sdnotify import Notifier

PERIOD_US = 600_000
FEED_S = PERIOD_US / 1e6 / 3


class Listening(Notifier):
    """Remembers what systemd would hear."""

    def __init__(self) -> None:
        super().__init__({})
        self.watchdog_ms = 30
        self.said: list[str] = []

    def say(self, *lines: str) -> None:
        self.said.extend(lines)


@pytest.fixture
def systemd(tmp_path: Path):
    """Its end of the socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(30)
        yield sock


@pytest.fixture
def desk(tmp_path: Path, blank_console: Path):
    """A console without service and Mosquitto, which systemd watches; not started."""
    console = ConsoleRun(tmp_path / "desk", blank_console, tmp_path / "commune", 1)
    notify = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": str(PERIOD_US)}
    console.environment = notify
    yield console
    console.end()


def heard(systemd: socket.socket, times: int) -> list[str]:
    return [systemd.recv(1000).decode() for _ in range(times)]


@pytest.mark.pure
def test_a_board_that_moved_is_fed_and_one_that_stands_still_is_not():
    systemd, turns = Listening(), iter([0, 1, 1, 1, 2])
    heart = ConsoleHeart(systemd, lambda: next(turns))
    told = []
    for _ in range(4):
        heart.beat()
        told.append(len(systemd.said))
    assert told == [1, 1, 1, 2]


@pytest.mark.pure
def test_a_link_whose_thread_is_caught_feeds_nothing():
    systemd, moves = Listening(), iter(range(9))
    heart = ConsoleHeart(systemd, lambda: next(moves), lambda: True)
    heart.beat()
    assert systemd.said == []


def test_a_loop_that_hangs_feeds_nothing():
    systemd, moves = Listening(), iter(range(1_000_000))
    heart = ConsoleHeart(systemd, lambda: next(moves))
    hung = threading.Event()

    async def serve() -> None:
        heart.begin()
        await asyncio.sleep(0.2)
        fed = systemd.said.count("WATCHDOG=1")
        assert fed >= 2
        hung.wait(0.2)  # the loop itself stands
        assert systemd.said.count("WATCHDOG=1") == fed
        heart.end()

    with ThreadPoolExecutor(1) as pool:  # a browser of other tests may have a loop in this thread
        pool.submit(asyncio.run, serve()).result()
    assert systemd.said[0] == "READY=1" and systemd.said[-1] == "STOPPING=1"


def test_ready_is_said_when_pages_are_served_and_it_is_fed_without_service_or_mosquitto(desk, systemd):
    desk.start()
    told = heard(systemd, 4)
    assert told[0].startswith("READY=1\n")
    assert told[1:] == ["WATCHDOG=1"] * 3


def test_a_frozen_console_feeds_nothing(desk, systemd):
    desk.start()
    heard(systemd, 3)
    desk.freeze()
    silent_for(systemd, 4 * FEED_S)


def test_a_thread_of_the_board_that_is_stuck_feeds_nothing_though_pages_are_served(desk, systemd, tmp_path):
    (tmp_path / "commune").mkdir()
    os.mkfifo(tmp_path / "commune/register.sqlite3")  # whoever opens it to read waits for ever
    desk.start()
    assert heard(systemd, 1)[0].startswith("READY=1\n")
    silent_for(systemd, 4 * FEED_S)
    assert "no progress: the board's thread" in desk.log


def silent_for(systemd: socket.socket, seconds: float) -> None:
    """Nothing is heard for so long, what was underway apart."""
    systemd.settimeout(0.05)
    with pytest.raises(TimeoutError):
        while systemd.recv(1000):
            pass
    systemd.settimeout(seconds)
    with pytest.raises(TimeoutError):
        systemd.recv(1000)
