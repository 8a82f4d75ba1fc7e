"""Fault 19: the node's disk is full, or dies read-only, before or while it runs.

Gong and alert work as ever, "degraded" is shown on the box and to the commune, and nothing durable is claimed.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.disks import FILLER, DyingDisk, Mounts, dying_disk, fill, small_disk
from fakes.lab import Lab
from fakes.waiting import eventually

StartLab = Callable[..., Lab]
ROOM_LEFT = 30  # presses that a page of 4 KiB takes, and more


@pytest.fixture
def small(mounts: Mounts, tmp_path: Path) -> Path:
    return mounts.add(small_disk(tmp_path / "disk"))


@pytest.fixture
def card(mounts: Mounts, tmp_path: Path) -> DyingDisk:
    return mounts.add(dying_disk(tmp_path / "card"))


def lab_on(start_lab: StartLab, disk: Path, *, start: bool = True) -> Lab:
    """The node keeps its journal on that disk."""
    lab = start_lab(start=False)
    settings = lab.node.settings
    settings.write_text(settings.read_text().replace("state_dir: state", f"state_dir: {disk / 'state'}"))
    (disk / "state").mkdir()
    (lab.node.home / "state").symlink_to(disk / "state")
    if start:
        lab.start()
    return lab


def test_on_a_full_disk_gong_and_alert_work_and_it_is_shown_and_what_was_kept_back_is_written_when_there_is_room(
    start_lab: StartLab, small: Path
) -> None:
    lab = lab_on(start_lab, small)
    fill(small)
    for _ in range(ROOM_LEFT):  # the journal's last page still has room
        lab.node.press(kind="fire", drill=True)
        if lab.node.glances[-1]["disk"] == "full":
            break
    lab.quiet()
    alert = lab.works("full")
    (small / FILLER).unlink()
    lab.node.see(lambda glance: glance["disk"] == "ok")
    journal = small / "state" / "journal"
    eventually(lambda: alert in journal.read_text(), why="what was kept back is not there")
    eventually(lambda: ("disk", "thon-1") not in lab.commune.troubles(), why="a trouble for ever")


def test_a_node_that_starts_on_a_full_disk_works(start_lab: StartLab, small: Path) -> None:
    lab = lab_on(start_lab, small, start=False)
    fill(small)
    lab.start()
    lab.works("full")


def test_on_a_card_that_dies_while_it_runs_gong_and_alert_work_and_it_is_shown(
    start_lab: StartLab, card: DyingDisk
) -> None:
    lab = lab_on(start_lab, card.place)
    card.die()
    lab.works("read_only")


def test_a_node_that_starts_on_a_dead_card_works(start_lab: StartLab, card: DyingDisk) -> None:
    lab = lab_on(start_lab, card.place, start=False)
    card.die()
    lab.start()
    lab.works("read_only")
