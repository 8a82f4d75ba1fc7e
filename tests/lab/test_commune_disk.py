"""Fault 20: the commune's disk dies or is full under `keng run`. (Filled while it runs: tests/broker/test_run.py.)

New alerts still show and sound, it is a trouble, the answer stays withheld, and the service neither ends nor loops.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from fakes.disks import NotPermitted, dying_disk, fill, small_disk
from fakes.lab import C, Lab, said_since
from fakes.nodes import NodeProcess
from fakes.onwire import Bare
from fakes.waiting import eventually

StartLab = Callable[..., Lab]
WITHHELD_S = 4.0  # several times as long as an answer takes


def press_is_heard_but_not_received(lab: Lab, other: NodeProcess) -> None:
    """It sounds here, and in the hamlet that relays it; the lamp stays at sending."""
    mark = len(lab.node.glances)
    lab.node.press(kind="fire")
    lab.node.see(lambda glance: glance["gong"])
    other.see(lambda glance: glance["gong"])
    with Bare(lab.broker, "ear", f"{C}/down/thon-2/answer") as ear, pytest.raises(AssertionError):
        eventually(lambda: ear.heard, WITHHELD_S)
    assert said_since(lab.node, mark) <= {"dark", "sending"}
    assert lab.commune.running, lab.commune.log


def test_on_a_disk_that_dies_alerts_still_show_and_sound_and_nothing_is_claimed(
    start_lab: StartLab, tmp_path: Path
) -> None:
    try:
        with dying_disk(tmp_path / "disk") as disk:
            lab = start_lab("thon-2", "thon-3", register=disk.place / "home")
            disk.die()
            press_is_heard_but_not_received(lab, lab.nodes["thon-3"])
            shown = lab.ask("incidents")
            assert shown["ok"] and "thon-2" in str(shown), shown
            eventually(lambda: "register" in str(lab.ask("status")), why="the disk is no trouble")
            lab.commune.end()
    except NotPermitted as why:
        pytest.skip(f"no dying disk here: {why}")


def test_a_service_that_starts_on_a_full_disk_states_what_sounded_and_takes_alerts(
    start_lab: StartLab, tmp_path: Path
) -> None:
    try:
        with small_disk(tmp_path / "disk", mib=6) as disk:
            lab = start_lab("thon-2", "thon-3", register=disk / "home")
            assert lab.ask("alarm", kind="fire", hamlets=["thon-3"])["ok"]
            lab.nodes["thon-3"].see(lambda glance: glance["gong"])
            fill(disk)
            lab.commune.kill()
            lab.commune.start()
            lab.nodes["thon-3"].kill()
            lab.nodes["thon-3"].start()
            lab.nodes["thon-3"].see(lambda glance: glance["gong"])
            lab.node.press(kind="fire")
            lab.node.see(lambda glance: glance["gong"])
            eventually(lambda: "thon-2" in str(lab.ask("incidents")), why="it does not show")
            assert lab.commune.running, lab.commune.log
            lab.commune.end()
    except NotPermitted as why:
        pytest.skip(f"no small disk here: {why}")
