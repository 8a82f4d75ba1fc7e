"""Fault 23: the commune's service restarts with open incidents: all show and sound again within 5 s."""

import time
from collections.abc import Callable

from fakes.lab import Lab
from fakes.onwire import Bare
from fakes.waiting import eventually

BAR_S = 5.0


def test_after_a_kill_every_open_incident_shows_and_sounds_again_within_five_seconds(
    start_lab: Callable[..., Lab],
) -> None:
    lab = start_lab("thon-1", "thon-4")
    alert = lab.press("thon-1")
    lab.received(alert)
    assert lab.ask("acknowledge", target=alert)["ok"]
    ordered = lab.ask("alarm", kind="theft", hamlets=["thon-4"])["target"]
    drill = lab.ask("alarm", kind="disaster", hamlets=["thon-5"], drill=True)["target"]
    closed = lab.ask("alarm", kind="medical", hamlets=["thon-5"])["target"]
    assert lab.ask("close", target=closed, outcome="báo nhầm")["ok"]
    lab.commune.kill()
    # Nothing but the commune can tell this gong: it has forgotten all it heard.
    forgetful = lab.nodes["thon-4"]
    forgetful.kill()
    (forgetful.home / "state" / "journal").unlink()
    forgetful.start()
    began_s = time.monotonic()
    lab.commune.start()
    forgetful.see(lambda glance: glance["gong"] == "alarm", BAR_S)
    shown = lab.ask("incidents", user="second")
    states = {row["id"]: row["state"] for row in shown["result"]["incidents"]}
    assert {alert, ordered, drill} <= set(states)
    assert (states[alert], states[ordered]) == ("acknowledged", "open")
    assert states.get(closed, "false_alarm") in ("closed", "false_alarm"), "what was closed is open again"
    assert time.monotonic() - began_s <= BAR_S
    lab.node.see(lambda glance: glance["alert"] == "acknowledged", BAR_S)


def test_a_frozen_service_goes_on_where_it_was_and_takes_what_was_pressed_meanwhile(
    start_lab: Callable[..., Lab],
) -> None:
    lab = start_lab()
    lab.commune.freeze()
    alert = lab.press()
    with Bare(lab.broker) as bare:  # the broker is well: it is the commune that is not
        bare.say("x")
    lab.commune.thaw()
    lab.received(alert)
    eventually(lambda: lab.node.glances[-1]["alert"] == "received")
