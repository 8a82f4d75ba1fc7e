"""Fault 19, on a read-only card (deploy/layout.sh): its data partition is not there, garbage, torn out, late.

Gong and alert work as ever, `disk` is a trouble on the box and for the commune, and what was forgotten makes nothing
old sound. Keys and settings are not on that partition.
"""

import subprocess
from collections.abc import Callable
from pathlib import Path

from fakes.disks import Mounts, dying_disk
from fakes.lab import C, Lab
from fakes.onwire import Bare
from fakes.waiting import eventually

StartLab = Callable[..., Lab]


def lab_with(start_lab: StartLab, state: Path, *, start: bool = True) -> Lab:
    """The node's card is read-only, its partition should be at `state`."""
    lab = start_lab(start=False)
    text = lab.node.settings.read_text().replace("state_dir: state", f"state_dir: {state}")
    lab.node.settings.write_text(f"{text}layout: readonly\n")
    if start:
        lab.start()
    return lab


def test_without_its_partition_the_gong_works_and_the_commune_knows(start_lab: StartLab, tmp_path: Path) -> None:
    lab = lab_with(start_lab, tmp_path / "data")
    lab.works("failed")


def test_where_no_folder_can_be_made_the_gong_works_and_the_commune_knows(start_lab: StartLab, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    lab = lab_with(start_lab, tmp_path / "file" / "data")
    lab.works("failed")


def test_on_a_partition_full_of_garbage_the_gong_works_and_the_garbage_is_told(
    start_lab: StartLab, mounts: Mounts, tmp_path: Path
) -> None:
    data = mounts.add(dying_disk(tmp_path / "data")).place
    for name in ("journal", "codebook.json", "lock"):
        (data / name).write_bytes(bytes(range(256)) * 200)
    lab = lab_with(start_lab, data)
    lab.works("ok")
    eventually(lambda: ("node_fault", "thon-1") in lab.commune.troubles(), why="nobody knows of the garbage")


def test_a_partition_that_is_torn_out_while_it_runs_is_told_and_the_gong_works_also_after_a_restart(
    start_lab: StartLab, mounts: Mounts, tmp_path: Path
) -> None:
    card = mounts.add(dying_disk(tmp_path / "data"))
    lab = lab_with(start_lab, card.place)
    lab.works("ok")
    card.tear_out()
    lab.quiet()
    lab.works("failed")
    lab.node.kill()
    lab.node.start()
    lab.settle()
    lab.quiet()
    lab.works("failed")


def test_a_partition_that_comes_late_gets_what_was_kept_back(
    start_lab: StartLab, mounts: Mounts, tmp_path: Path
) -> None:
    lab = lab_with(start_lab, tmp_path / "data")
    alert = lab.works("failed")
    (tmp_path / "data").rename(tmp_path / "under")
    data = mounts.add(dying_disk(tmp_path / "data")).place
    lab.node.see(lambda glance: glance["disk"] == "ok")
    eventually(lambda: ("disk", "thon-1") not in lab.commune.troubles(), why="a trouble for ever")
    journal = data / "journal"
    eventually(lambda: journal.exists() and alert in journal.read_text(), why="what was kept back is not there")


def test_what_a_gong_forgot_with_its_partition_cannot_make_it_sound_again(
    start_lab: StartLab, mounts: Mounts, tmp_path: Path
) -> None:
    lab = lab_with(start_lab, mounts.add(dying_disk(tmp_path / "data")).place)
    with Bare(lab.broker, "ear", f"{C}/all/alarms") as ear:
        lab.ask("alarm", kind="fire", hamlets=["all"])
        lab.node.see(lambda glance: glance["gong"])
        captured = next(payload for _, payload in reversed(ear.heard) if b'"duty"' in payload)
    lab.quiet()
    lab.node.kill()
    lab.commune.freeze()  # so that its own next set cannot be what helps
    subprocess.run(["umount", "-l", tmp_path / "data"], check=True)
    lab.node.start()
    with Bare(lab.broker, "thief") as thief:
        thief.say(f"{C}/all/alarms", captured)
        lab.commune.thaw()
        lab.settle()
        thief.say(f"{C}/all/alarms", captured)
    lab.node.see(lambda glance: glance["disk"] == "failed")
    assert not [glance for glance in lab.node.glances if glance["gong"]]
    lab.works("failed")
