"""The watchdog is fed by a loop that comes round and a register that answers, whatever it answers."""

import pytest

from broker.errors import RegisterFault
from broker.heart import PERIOD_MS, Heart
from broker.sdnotify import Notifier

pytestmark = pytest.mark.pure


class Listening(Notifier):
    """Remembers what systemd would hear."""

    def __init__(self, watchdog_ms: int) -> None:
        super().__init__({})
        self.watchdog_ms = watchdog_ms
        self.said: list[str] = []

    def say(self, *lines: str) -> None:
        self.said.extend(lines)


class Probed:
    """A register that answers, or says that it cannot."""

    def __init__(self) -> None:
        self.probes = 0
        self.broken = False

    def probe(self) -> None:
        self.probes += 1
        if self.broken:
            raise RegisterFault("Không đọc được.", "Cannot be read.")


def test_it_is_fed_three_times_in_a_period_and_no_oftener() -> None:
    notifier, register = Listening(30_000), Probed()
    heart = Heart(register, notifier)
    for now_ms in range(0, 30_000, 100):
        heart.beat(now_ms)
    assert notifier.said == ["WATCHDOG=1"] * 3
    assert register.probes == 3


def test_a_link_whose_thread_is_caught_feeds_nothing_and_is_told() -> None:
    notifier, caught, told = Listening(30_000), [False], []
    heart = Heart(Probed(), notifier, told.append, lambda: caught[0])
    heart.beat(0)
    caught[0] = True
    heart.beat(10_000)
    assert notifier.said == ["WATCHDOG=1"]
    assert "link" in told[0]


def test_a_loop_that_does_not_come_round_feeds_nothing() -> None:
    notifier = Listening(30_000)
    Heart(Probed(), notifier)
    assert notifier.said == []


def test_a_register_that_cannot_be_read_is_told_once_and_no_reason_to_be_restarted() -> None:
    notifier, register, told = Listening(30_000), Probed(), list[str]()
    heart = Heart(register, notifier, told.append)
    for now_ms in range(0, 60_000, 1000):
        register.broken = now_ms < 40_000
        heart.beat(now_ms)
    assert told == ["Không đọc được.\nCannot be read."]
    assert len(notifier.said) == 6


def test_a_register_that_never_answers_feeds_nothing() -> None:
    class Hangs(Exception):
        pass

    class Hanging(Probed):
        def probe(self) -> None:
            raise Hangs

    notifier = Listening(30_000)
    with pytest.raises(Hangs):
        Heart(Hanging(), notifier).beat(0)
    assert notifier.said == []


def test_without_a_watchdog_the_register_is_still_looked_at() -> None:
    register = Probed()
    heart = Heart(register, Listening(0))
    heart.beat(0)
    heart.beat(PERIOD_MS - 1)
    heart.beat(PERIOD_MS)
    assert register.probes == 2
