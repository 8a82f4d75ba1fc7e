"""kill -9 of the node, the service and Mosquitto at each stage of a press (faults 1, 2, 3 and 4).

Stages are reached for certain, not by luck: the service is frozen or a cable held so that a press stays where it is.
Afterwards everything is started again, and the alert is in the register exactly once.
"""

from collections.abc import Callable

import pytest
from fakes.lab import C, HOLD_MS, SOON_MS, Lab, alerts_of, said_since
from fakes.waiting import eventually

STAGES = ("held", "sounding", "published", "answered", "received", "acknowledged")
"""The finger is on the button / the own gong sounds and nothing has left the box / the broker has the alert, the node
does not know / PUBACK is back / the register's word is back / an officer has taken it."""
VICTIMS = ("node", "service", "broker")
CLAIMS = {"received", "acknowledged"}
StartLab = Callable[..., Lab]


def bring_to(lab: Lab, stage: str) -> str | None:
    """Press, and have it stay there; the alert's id, if it has one yet."""
    if stage == "held":
        lab.touch(closed=True)
        return None
    if stage == "sounding":
        lab.cable.stall()
    if stage in ("published", "answered"):
        lab.commune.freeze()
    if stage == "published":
        lab.cable.stall(up=False)
    alert = lab.press()
    lab.node.see(lambda glance: glance["gong"])
    if stage in ("published", "answered"):
        eventually(lambda: f"'{C}/up/thon-1/alert'" in lab.broker.log, 5, "the alert does not come to the broker")
    if stage in CLAIMS:
        lab.node.see(lambda glance: glance["alert"] == "received")
    if stage == "acknowledged":
        assert lab.ask("acknowledge", target=alert)["ok"]
        lab.node.see(lambda glance: glance["alert"] == "acknowledged")
    return alert


def kill(lab: Lab, victim: str) -> None:
    {"node": lab.node, "service": lab.commune, "broker": lab.broker}[victim].kill()  # type: ignore[attr-defined]  # each has one


def check(lab: Lab, stage: str, alert: str) -> None:
    """In the register once; the lamp says what is true of it."""
    lab.received(alert)
    lamp = "acknowledged" if stage == "acknowledged" else "received"
    lab.node.see(lambda glance: glance["alert"] == lamp, 25)
    assert [row["id"] for row in lab.commune.incidents()] == [alert]


@pytest.mark.parametrize("victim", VICTIMS)
@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_any_stage_of_a_press_the_alert_is_in_the_register_exactly_once(
    start_lab: StartLab, stage: str, victim: str
) -> None:
    lab = start_lab()
    mark = len(lab.node.glances)
    alert = bring_to(lab, stage)
    kill(lab, victim)
    if stage not in CLAIMS:
        assert not said_since(lab.node, mark) & CLAIMS, "the lamp claims what is on no disk"
    if (stage, victim) == ("held", "node"):
        lab.heal()
        lab.settle()
        assert (alerts_of(lab.node), lab.commune.incidents()) == ([], []), "a finger that held too short was an alert"
        return
    if stage == "held":
        lab.node.see(lambda glance: glance["gong"])
        assert HOLD_MS <= lab.heard_after_ms() <= HOLD_MS + SOON_MS
        lab.touch(closed=False)
        [alert] = eventually(lambda: alerts_of(lab.node))
    lab.heal()
    assert alert is not None
    check(lab, stage, alert)
