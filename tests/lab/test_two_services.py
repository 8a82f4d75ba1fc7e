"""Fault 12: everything comes twice, and two services state alarms by mistake: one sound, one row, and it is shown."""

import json
from collections.abc import Callable
from typing import Any

from fakes.lab import C, Lab
from fakes.onwire import Bare
from fakes.waiting import eventually


def test_an_alert_that_comes_ten_times_in_any_order_is_one_row_and_one_incident(start_lab: Callable[..., Lab]) -> None:
    lab = start_lab()
    topic = f"{C}/up/thon-1/alert"
    with Bare(lab.broker, "ear", topic) as ear:
        alert = lab.press()
        [first, *_] = eventually(lambda: ear.heard)
        copies = [{**json.loads(first[1]), "age_ms": age_ms} for age_ms in (9_000, 40, 5_000, 40)]
        with Bare(lab.broker) as mouth:
            for copy in (*copies, *copies):
                mouth.say(topic, json.dumps(copy).encode())
            mouth.say(f"{C}/up/thon-9/hello", b'{"node":"thon-9","nonce":"x"}')
        eventually(lambda: "thon-9" in str(lab.ask("status")))  # and so all copies were read before it
    lab.received(alert)
    assert len(lab.commune.incidents()) == 1
    sounds = [one["gong"] for one in lab.node.glances if one["gong"]]
    assert set(sounds) == {"alarm"}
    assert "pre_empted" not in (lab.node.home / "trace.jsonl").read_text()


def test_two_services_by_mistake_are_a_trouble_and_a_press_still_sounds_once_and_is_one_row(
    start_lab: Callable[..., Lab], commune_run: Callable[..., Any]
) -> None:
    lab = start_lab()
    other = commune_run(lab.broker.port, "second").start()
    eventually(lambda: "foreign_service" in {kind for kind, _ in lab.commune.troubles()}, why="it is not shown")
    alert = lab.press()
    lab.received(alert)
    eventually(lambda: [row["id"] for row in other.incidents()] == [alert])
    lab.node.see(lambda glance: glance["gong"] == "alarm")
    began = (lab.node.home / "trace.jsonl").read_text().count('"type":"Began"')
    assert began == 1, "it sounded twice"
