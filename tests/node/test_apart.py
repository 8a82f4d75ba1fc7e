"""A reading that does not come back keeps nobody waiting."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.waiting import eventually

from node.apart import Apart, readings
from node.core.items import Item, Machine, SystemClock
from node.settings import UpsSettings

GOOD, STUCK = Machine(None, None, "ok", 80.0, True), Machine(None, None, "unread")


class Chip:
    """A battery that can be made to hold the bus."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.asked = 0
        self.told: list[Item] = []
        self.apart = Apart(self._ask, lambda: STUCK, self.told.append)

    def _ask(self) -> Item:
        self.asked += 1
        self.answers.wait(30)
        return GOOD

    def asked_again(self) -> bool:
        self.apart.look()
        return self.asked > 1


@pytest.fixture
def chip() -> Iterator[Chip]:
    """One that holds the bus."""
    made = Chip()
    yield made
    made.answers.set()


def test_a_chip_that_holds_the_bus_keeps_nobody_waiting_and_is_not_asked_twice(chip: Chip) -> None:
    for _ in range(3):
        chip.apart.look()
    assert chip.told == [STUCK, STUCK]
    eventually(lambda: chip.asked == 1, why="it is not asked")


def test_when_it_answers_again_that_is_told_and_it_is_asked_again(chip: Chip) -> None:
    chip.apart.look()
    chip.answers.set()
    eventually(lambda: chip.told == [GOOD], why="the answer did not come")
    eventually(chip.asked_again, why="it is never asked again")


def test_a_clock_and_a_battery_that_hang_leave_the_wall_clock_and_are_told_unread(tmp_path: Path) -> None:
    told: list[Item] = []
    files = [tmp_path / "class/rtc/rtc0/since_epoch", tmp_path / "class/power_supply/ups/type"]
    for file in files:
        file.parent.mkdir(parents=True)
        os.mkfifo(file)  # whoever opens it waits
    both = readings(UpsSettings("kernel"), told.append, tmp_path)
    for one in (*both, *both):
        one.look()
    for file in files:
        file.open("w").close()
    clock, power = told[:2]
    assert isinstance(clock, SystemClock) and clock.rtc_ms is None and clock.wall_ms > 0
    assert power == Machine(None, None, "unread")
    eventually(lambda: len(told) == 4, why="a thread stays behind")
