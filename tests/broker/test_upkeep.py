"""A backup that fails, or that nobody makes any more, is told; one that is made is not."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.core.items import BackupLooked
from broker.upkeep import EVERY_MS, OLD_MS, STATE, Upkeep

pytestmark = pytest.mark.pure

NIGHT = datetime(2026, 11, 25, 18, 30, tzinfo=UTC)
NIGHT_MS = int(NIGHT.timestamp() * 1000)


class Watched:
    """A home that is looked at, and what the core would hear."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.told: list[str | None] = []
        self.wall_ms = NIGHT_MS
        self.now_ms = 0
        self.upkeep = Upkeep(home, self.hear, lambda: self.wall_ms)

    def hear(self, item: BackupLooked) -> None:
        self.told.append(item.why)

    def write(self, **fields: object) -> None:
        (self.home / STATE).write_text(json.dumps({"at": NIGHT.strftime("%Y-%m-%dT%H:%M:%SZ"), **fields}))

    def look(self, later_ms: int = 0) -> None:
        self.now_ms += EVERY_MS
        self.wall_ms = NIGHT_MS + later_ms
        self.upkeep.beat(self.now_ms)


@pytest.fixture
def watched(tmp_path: Path) -> Watched:
    return Watched(tmp_path)


def test_a_machine_that_never_made_one_is_told_nothing(watched):
    watched.look(OLD_MS * 9)
    assert watched.told == []


def test_one_that_failed_is_told_with_its_reason_and_is_over_with_the_next_that_is_made(watched):
    watched.write(ok=False, why="Không có /media/usb.\nThere is no /media/usb.")
    watched.look()
    watched.look()
    [why] = watched.told
    assert why is not None and "Không có /media/usb." in why and "There is no /media/usb." in why
    watched.write(ok=True)
    watched.look()
    assert watched.told[-1] is None


def test_after_two_nights_without_one_it_is_told(watched):
    watched.write(ok=True)
    watched.look(OLD_MS)
    assert watched.told == [None], "what an earlier run left open is over"
    watched.look(OLD_MS + 1)
    assert watched.told[-1] is not None and "2 ngày" in watched.told[-1]


def test_it_looks_now_and_then_and_not_at_each_step(watched):
    watched.write(ok=False, why="x")
    watched.look()
    watched.write(ok=True)
    watched.upkeep.beat(watched.now_ms + EVERY_MS - 1)
    assert len(watched.told) == 1


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"at": 5, "ok": true}', '{"at": "morgen", "ok": true}', '{"ok": false}']
)
def test_a_file_that_says_nothing_ends_no_service(watched, text):
    (watched.home / STATE).write_text(text)
    watched.look()
    assert watched.told == []
