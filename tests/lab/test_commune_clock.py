"""Fault 9: the commune's clock jumps by years while it runs, there and back.

No alert, schedule or order is lost; the register's order is its sequence, whatever its times say; the jump is noted.
A year before this program was written is no clock's: by such a one no chime sounds, and when it is put right, they do.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.communerun import CODEBOOK
from fakes.lab import Lab, opened
from fakes.scenes import Scenes, running
from fakes.waiting import eventually
from fakes.wallclock import YEAR_S, WallClock

from wire.words import is_sane

SOAK = os.environ.get("KENG_SOAK") == "1"
ZONE = timedelta(hours=7)  # the hamlets'
AHEAD_S = 6.0  # a jump lands so long before a chime: nodes must prove the new time first
YEARS = (3, -1, -3)


def chime_at() -> datetime:
    """Its minute of today, in half an hour: not by accident during the test."""
    return (datetime.now(UTC) + timedelta(minutes=30)).replace(second=0, microsecond=0)


def jump_to_the_chime(clock: WallClock, at: datetime, years: int) -> None:
    """Years away, AHEAD_S before the chime of that day."""
    # In one step: a service that looked between two would note two jumps.
    clock.set((at - datetime.now(UTC)).total_seconds() - AHEAD_S + years * YEAR_S)


def chime_sounds(lab: Lab) -> bool:
    """Whether the curfew is heard within its time."""
    mark = len(lab.node.glances)
    try:
        eventually(lambda: any(one["gong"] == "curfew" for one in lab.node.glances[mark:]), AHEAD_S + 6)
    except AssertionError:
        return False
    return True


def scene(home: Path, blank: Path, years: int) -> None:
    """There, and back."""
    at = chime_at()
    home.mkdir(parents=True)
    book, clock = home / "book.yaml", WallClock(home / "clock")
    book.write_text(CODEBOOK.read_text().replace('at: "22:00"', f'at: "{at + ZONE:%H:%M}"'))
    with opened(home, blank, codebook=book) as lab:
        lab.environment = clock.environment
        lab.start()
        pressed = [lab.press()]
        lab.received(pressed[0])
        lab.quiet()
        jump_to_the_chime(clock, at, years)
        assert chime_sounds(lab) == is_sane(clock.now_ms), "the schedule"
        assert ("clock_jump", "commune") in lab.commune.troubles(over=True), "the jump is no trouble"
        jumped_s = [entry["body"]["jumped_ms"] / 1000 for entry in lab.commune.journal("jumped")]
        assert [round(one) for one in jumped_s] == [round(clock.offset_s)], "the jump is not noted"
        assert lab.ask("alarm", kind="fire", hamlets=["all"])["ok"]
        lab.node.see(lambda glance: glance["gong"] == "alarm")
        lab.quiet()
        pressed.append(lab.press())
        lab.received(pressed[1])
        lab.quiet()
        jump_to_the_chime(clock, at, 0)
        assert chime_sounds(lab), "the schedule was lost with the jump back"
        pressed.append(lab.press())
        lab.received(pressed[2])
        mine = [row["id"] for row in lab.commune.incidents() if row["node"] == "thon-1"]
        assert mine == pressed, "the order of the register is not the order of events"


@pytest.fixture(scope="module")
def scenes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, blank_register: Path
) -> Iterator[Scenes]:
    home = tmp_path_factory.mktemp("years")
    yield from running(request, home, lambda place, years: scene(place, blank_register, years), "years")


@pytest.mark.soak
@pytest.mark.skipif(not SOAK, reason="three communes at once starve each other on a busy machine: in make soak")
@pytest.mark.parametrize("years", YEARS)
def test_over_a_jump_of_years_nothing_is_lost_and_the_order_is_the_registers(scenes: Scenes, years: int) -> None:
    scenes[years].result()
