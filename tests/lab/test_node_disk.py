"""Fault 19: the node's disk is full, or dies read-only, before or while it runs.

Gong and alert work as ever, "degraded" is shown on the box and to the commune, and nothing durable is claimed.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fakes.disks import FILLER, DyingDisk, NotPermitted, dying_disk, fill, small_disk
from fakes.lab import Lab
from fakes.waiting import eventually

StartLab = Callable[..., Lab]
ROOM_LEFT = 30  # presses that a page of 4 KiB takes, and more


@pytest.fixture
def mounts(tmp_path: Path) -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def small(mounts: ExitStack, tmp_path: Path) -> Path:
    try:
        return mounts.enter_context(small_disk(tmp_path / "disk"))
    except NotPermitted as why:
        pytest.skip(f"no small disk here: {why}")


@pytest.fixture
def card(mounts: ExitStack, tmp_path: Path) -> DyingDisk:
    try:
        return mounts.enter_context(dying_disk(tmp_path / "card"))
    except NotPermitted as why:
        pytest.skip(f"no dying disk here: {why}")


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


def works_degraded(lab: Lab, state: str) -> str:
    """A press sounds and is received, and the disk is a trouble on the box and for the commune; the alert's id."""
    alert = lab.press_heard()
    lab.node.see(lambda glance: glance["gong"])
    lab.received(alert)
    lab.node.see(lambda glance: glance["alert"] == "received")
    lab.node.see(lambda glance: (glance["disk"], glance["link"]) == (state, "trouble"))
    eventually(lambda: ("disk", "thon-1") in lab.commune.troubles(), why="the commune knows nothing of it")
    return alert


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
    alert = works_degraded(lab, "full")
    (small / FILLER).unlink()
    lab.node.see(lambda glance: glance["disk"] == "ok")
    journal = small / "state" / "journal"
    eventually(lambda: alert in journal.read_text(), why="what was kept back is not there")
    eventually(lambda: ("disk", "thon-1") not in lab.commune.troubles(), why="a trouble for ever")


def test_a_node_that_starts_on_a_full_disk_works(start_lab: StartLab, small: Path) -> None:
    lab = lab_on(start_lab, small, start=False)
    fill(small)
    lab.start()
    works_degraded(lab, "full")


def test_on_a_card_that_dies_while_it_runs_gong_and_alert_work_and_it_is_shown(
    start_lab: StartLab, card: DyingDisk
) -> None:
    lab = lab_on(start_lab, card.place)
    card.die()
    works_degraded(lab, "read_only")


def test_a_node_that_starts_on_a_dead_card_works(start_lab: StartLab, card: DyingDisk) -> None:
    lab = lab_on(start_lab, card.place, start=False)
    card.die()
    lab.start()
    works_degraded(lab, "read_only")
