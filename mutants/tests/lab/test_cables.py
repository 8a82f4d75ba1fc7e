"""Cables that stall, are cut, delay and tear packets during a press: the node's own, the service's (faults 1, 2, 18).

What must hold: the gong sounds, the alert is received once, within a bound after the cable is whole again, and while
nothing comes through both ends say so. By default each fault once; KENG_SOAK=1 has each on either cable.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.lab import SERVICE, Lab, opened
from fakes.scenes import Scenes, running
from fakes.waiting import eventually

SOAK = os.environ.get("KENG_SOAK") == "1"
NODE = "thon-1"
HEALED_S = 12.0  # a back-off that a press has begun afresh, and the node's patience before it says an alert again
SEEN_S = 15.0  # HEARD_WITHIN_MS of the lamp, and a machine under load
DELAY_S = 1.0
LASTS_S = {"stall": 15.0, "stall up": 14.0, "stall down": 14.0, "refuse": 4.0}
"""Those that do not end by themselves."""
FAULTS = ("stall", "stall up", "stall down", "cut", "refuse", "delay", "halve up", "halve down")
DEFAULT = [("stall", NODE), ("stall", SERVICE), ("stall up", NODE), ("stall down", NODE), ("cut", SERVICE)]
DEFAULT += [("delay", NODE), ("halve up", NODE), ("halve down", NODE), ("halve up", SERVICE)]
CASES = [(fault, whose) for fault in FAULTS for whose in (NODE, SERVICE)] if SOAK else DEFAULT
pytestmark = pytest.mark.soak
Case = tuple[str, str]


def break_cable(lab: Lab, fault: str, whose: str) -> None:
    """Now; the next packet is the press."""
    cable = lab.cables[whose]
    match fault.split():
        case ["stall"]:
            cable.stall()
        case ["stall", way]:
            cable.stall(up=way == "up", down=way == "down")
        case ["halve", "up"]:
            cable.halve("up")
        case ["halve", _]:
            cable.halve("down")
        case ["delay"]:
            cable.delay_s = DELAY_S
        case ["refuse"]:
            cable.refuse()
        case _:
            cable.cut()


def troubles_shown(lab: Lab, fault: str, whose: str, began_s: float) -> None:
    """While nothing comes through: the node's lamp, and for a node's cable the commune's list."""

    def shown() -> bool:
        lamp = lab.node.glances[-1]["link"] != "steady"
        deaf = whose == NODE and fault != "stall down"  # the commune still hears a node that no longer hears it
        return lamp and (not deaf or ("node_silent", NODE) in lab.commune.troubles())

    eventually(shown, SEEN_S - (time.monotonic() - began_s), f"{lab.node.glances[-1]}, {lab.commune.troubles()}")


def scene(home: Path, blank: Path, case: Case) -> None:
    """One fault during one press."""
    fault, whose = case
    with opened(home, blank) as lab:
        lab.start()
        began_s = time.monotonic()
        break_cable(lab, fault, whose)
        alert = lab.press()
        lab.node.see(lambda glance: glance["gong"])
        if fault in LASTS_S:
            if fault.startswith("stall") and fault != "stall up":
                troubles_shown(lab, fault, whose, began_s)
            time.sleep(max(0, began_s + LASTS_S[fault] - time.monotonic()))  # the fault lasts
            lab.cables[whose].mend()
        lab.received(alert, HEALED_S)
        lab.node.see(lambda glance: glance["alert"] == "received", HEALED_S)
        lab.cables[whose].mend()
        assert lab.cables[whose].torn == fault.startswith("halve")
        eventually(lambda: ("node_silent", NODE) not in lab.commune.troubles(), HEALED_S, "still a trouble")
        lab.node.see(lambda glance: glance["link"] == "steady", HEALED_S)


@pytest.fixture(scope="module")
def scenes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, blank_register: Path
) -> Iterator[Scenes]:
    home = tmp_path_factory.mktemp("cables")
    yield from running(request, home, lambda place, case: scene(place, blank_register, case), "case")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(case).replace(" ", "-"))
def test_a_press_on_a_bad_cable_sounds_is_shown_and_is_received_once_when_it_heals(scenes: Scenes, case: Case) -> None:
    scenes[case].result()
