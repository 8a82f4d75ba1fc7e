"""An installed commune, from nothing to a signed alarm in two hamlets and a box that is dismissed. Real all through."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.installed import Installed, glance, make_demo_box, script, seed_of
from fakes.waiting import eventually

from node.finger import press
from wire.signature import Signer

WITHIN_S = 45.0
GONE_S = 2.0  # faults.md's bar for a retired node
HAMLETS = ("thon-1", "thon-2")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installed, dict[str, Path]]]:
    """install-commune.sh, keng enrol, node.sh, and everything running."""
    home = tmp_path_factory.mktemp("town")
    machine = Installed(home / "commune")
    done = machine.install("--name", "Cộng Lạc", "--address", "127.0.0.1")
    assert done.returncode == 0, done.stderr
    boxes: dict[str, Path] = {}
    try:
        machine.have_no_chime_soon()
        machine.start_mosquitto()
        machine.start_service()
        for hamlet in HAMLETS:
            said = machine.keng("enrol", hamlet, "--hamlet", hamlet, "--etc", machine.etc, "--out", home, "--json")
            assert said.returncode == 0, said.stdout + said.stderr
            told = json.loads(said.stdout)
            assert told["mosquitto"] and told["service"]
            pi = home / "pi" / hamlet
            assert (card := script("node.sh", told["folder"], "--root", pi)).returncode == 0, card.stderr
            boxes[hamlet] = pi / "etc/keng"
            make_demo_box(boxes[hamlet], home / "pi" / HAMLETS[0] / "var/cache/keng-node")
        for hamlet in HAMLETS:
            machine.start_node(hamlet, boxes[hamlet])
        for hamlet in HAMLETS:
            eventually(lambda hamlet=hamlet: glance(boxes[hamlet])["link"] == "steady", WITHIN_S, f"{hamlet}: no link")
        yield machine, boxes
    finally:
        machine.end()


def online(machine: Installed) -> dict[str, dict[str, object]]:
    return {row["node"]: row for row in machine.asked("status")["nodes"] if row.get("online")}


def test_both_boxes_are_online_and_obey_signed_orders_alone(town):
    machine, _ = town
    nodes = eventually(lambda: {} if len(found := online(machine)) < 2 else found, WITHIN_S, "not both are online")
    assert [nodes[hamlet]["hamlet"] for hamlet in HAMLETS] == list(HAMLETS)
    assert all(nodes[hamlet]["orders_signed"] is True for hamlet in HAMLETS)


def test_a_press_is_signed_received_and_answered_by_a_person(town):
    machine, boxes = town
    press(boxes["thon-1"] / "control", {"name": "fire"})
    eventually(lambda: glance(boxes["thon-1"])["alert"] == "received", WITHIN_S, "the lamp never said received")
    assert glance(boxes["thon-1"])["gong"]
    assert glance(boxes["thon-2"])["gong"] is None
    [row] = [row for row in machine.asked("incidents")["incidents"] if row["node"] == "thon-1"]
    assert (row["kind"], row["state"]) == ("fire", "open")
    machine.asked("acknowledge", row["id"])
    eventually(lambda: glance(boxes["thon-1"])["alert"] == "acknowledged", WITHIN_S, "the lamp never went steady")
    machine.asked("close", row["id"], "--outcome", "cháy")
    eventually(lambda: glance(boxes["thon-1"])["gong"] is None, WITHIN_S, "it was not silenced")


def test_an_officers_alarm_sounds_both_and_is_silenced(town):
    machine, boxes = town
    machine.asked("alarm", "--all", "--kind", "disaster")
    for box in boxes.values():
        eventually(lambda box=box: glance(box)["gong"], WITHIN_S, "a gong is silent")
    machine.asked("clear", "--all")
    for box in boxes.values():
        eventually(lambda box=box: glance(box)["gong"] is None, WITHIN_S, "a gong goes on")


def hand_made_set(machine: Installed, counter: int) -> str:
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
    alarm = {"id": "0193a1de-0000-7000-8000-000000000001", "kind": "fire", "pattern": "alarm", "drill": False,
             "hamlets": ["all"], "since": at, "lease_s": 60, "by": "hand", "text": "x"}  # fmt: skip
    return json.dumps({"issued_at": at, "counter": counter, "alarms": [alarm]})


def test_an_unsigned_set_changes_nothing_and_is_counted(town):
    machine, boxes = town
    done = machine.publish("service", "all/alarms", hand_made_set(machine, time.time_ns() // 1000))
    assert done.returncode == 0, done.stderr
    for box in boxes.values():
        eventually(lambda box=box: glance(box)["refused"].get("unsigned"), WITHIN_S, "it was not counted")
        assert glance(box)["gong"] is None


def test_an_officers_password_cannot_state_alarms(town):
    machine, _ = town
    said = machine.publish("duty", "all/alarms", hand_made_set(machine, 1))
    assert "Not authorized" in said.stderr


def test_enrolling_writes_keys_that_fit_the_code_book(town):
    machine, boxes = town
    text = machine.codebook.read_text()
    for box in boxes.values():
        assert Signer(seed_of(box)).public in text


def test_a_retired_box_is_gone_within_two_seconds_and_the_other_never_notices(town):
    machine, boxes = town
    links = machine.said("thon-1").count("link")
    said = machine.keng("retire", "thon-2", "--etc", machine.etc, "--json")
    done_s = time.monotonic()
    assert said.returncode == 0, said.stdout + said.stderr
    eventually(lambda: not glance(boxes["thon-2"])["linked"], GONE_S, "it is still connected")
    assert time.monotonic() - done_s < GONE_S
    assert not machine.let_in(boxes["thon-2"])
    eventually(lambda: list(online(machine)) == ["thon-1"], WITHIN_S, "the retired box is still shown")
    machine.asked("alarm", "--all", "--kind", "security")
    eventually(lambda: glance(boxes["thon-1"])["gong"], WITHIN_S, "the other box does not hear")
    assert glance(boxes["thon-2"])["gong"] is None
    assert machine.said("thon-1").count("link") == links
    machine.asked("clear", "--all")
