"""kill -9 and SIGSTOP of the node, the service and Mosquitto at each stage of a press (faults 1, 2, 3 and 4).

Stages are reached for certain, not by luck: the service is frozen or a cable held so that a press stays where it is.
Afterwards everything runs again, and the alert is in the register exactly once. Each scene has a lab of its own, and
several run at once, for most of their time is waiting. KENG_SOAK=1 freezes for longer than any link lives at each
stage; by default at those where most is in flight.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.lab import C, Lab, alerts_of, opened, said_since
from fakes.scenes import Scenes, running
from fakes.waiting import eventually

SOAK = os.environ.get("KENG_SOAK") == "1"
STAGES = ("held", "sounding", "published", "answered", "unheard", "received", "acknowledged")
"""The finger is on the button / the own gong sounds and nothing has left the box / the broker has the alert, the node
does not know / PUBACK is back / PUBACK is back, and no service was there to hear it / the register's word is back / an
officer has taken it."""
VICTIMS = ("node", "service", "broker")
CLAIMS = {"received", "acknowledged"}
BRIEF_S = 1.0  # a freeze that no link notices
LONG_S = 14.0  # and one that ends every link: Mosquitto gives a silent client up within 11 s
KILLS = [
    ("kill", stage, victim, 0.0) for stage in STAGES for victim in VICTIMS if (stage, victim) != ("unheard", "service")
]
FREEZES = [
    ("freeze", stage, victim, for_s)
    for stage in STAGES
    for victim in VICTIMS
    for for_s in (BRIEF_S, LONG_S)
    if stage != "unheard"  # there is no service to be frozen, and nothing that a freeze could take
    if SOAK or (stage, for_s) in (("held", BRIEF_S), ("answered", LONG_S))
]
CASES = [*KILLS, *FREEZES]
pytestmark = pytest.mark.soak
Case = tuple[str, str, str, float]


def bring_to(lab: Lab, stage: str) -> str | None:
    """Press, and have it stay there; the alert's id, if it has one yet."""
    if stage == "held":
        lab.touch(closed=True)
        return None
    if stage == "sounding":
        lab.cable.stall()
    if stage in ("published", "answered"):
        lab.commune.freeze()
    if stage == "unheard":
        lab.commune.kill()
    if stage == "published":
        lab.cable.stall(up=False)
    alert = lab.press()
    lab.node.see(lambda glance: glance["gong"])
    if stage == "published":
        eventually(lambda: f"'{C}/up/thon-1/alert'" in lab.broker.log, why="the alert does not come to the broker")
    if stage in ("answered", "unheard"):
        eventually(lambda: puback_of_the_alert(lab), why="no PUBACK")
    if stage in CLAIMS:
        lab.node.see(lambda glance: glance["alert"] in CLAIMS)
    if stage == "acknowledged":
        assert lab.ask("acknowledge", target=alert)["ok"]
        lab.node.see(lambda glance: glance["alert"] == "acknowledged")
    return alert


def puback_of_the_alert(lab: Lab) -> bool:
    """Mosquitto's log has the alert, and a PUBACK to the node after it."""
    _, alert, after = lab.broker.log.partition(f"'{C}/up/thon-1/alert'")
    return bool(alert) and "Sending PUBACK to thon-1" in after


def scene(home: Path, blank: Path, case: Case) -> None:
    """One fault at one stage of one press."""
    how, stage, victim, for_s = case
    with opened(home, blank) as lab:
        lab.start()
        mark = len(lab.node.glances)
        alert = bring_to(lab, stage)
        broken: Any = {"node": lab.node, "service": lab.commune, "broker": lab.broker}[victim]
        getattr(broken, how)()
        time.sleep(for_s)  # the fault lasts
        if stage not in CLAIMS:
            assert not said_since(lab.node, mark) & CLAIMS, "the lamp claims what is on no disk"
        if victim != "node":
            lab.node.see(lambda glance: glance["gong"])
        if (how, stage, victim) == ("kill", "held", "node"):
            lab.heal()
            lab.settle()
            assert (alerts_of(lab.node), lab.commune.incidents()) == ([], []), "a finger too short was an alert"
            return
        lab.heal()
        if alert is None:
            lab.node.see(lambda glance: glance["gong"])
            lab.touch(closed=False)
            [alert] = eventually(lambda: alerts_of(lab.node))
        lab.received(alert)
        lamp = "acknowledged" if stage == "acknowledged" else "received"
        lab.node.see(lambda glance: glance["alert"] == lamp)
        assert [row["id"] for row in lab.commune.incidents()] == [alert]


@pytest.fixture(scope="module")
def scenes(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, blank_register: Path
) -> Iterator[Scenes]:
    home = tmp_path_factory.mktemp("killed")
    yield from running(request, home, lambda place, case: scene(place, blank_register, case), "case")


def name(case: Case) -> str:
    how, stage, victim, for_s = case
    return f"{victim}-{how}-{stage}" + (f"-{for_s:.0f}s" if for_s else "")


# The long ones first: the others pass beside them.
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("case", FREEZES, ids=name)
def test_frozen_at_any_stage_of_a_press_the_alert_is_in_the_register_exactly_once(scenes: Scenes, case: Case) -> None:
    scenes[case].result()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", KILLS, ids=name)
def test_killed_at_any_stage_of_a_press_the_alert_is_in_the_register_exactly_once(scenes: Scenes, case: Case) -> None:
    scenes[case].result()
