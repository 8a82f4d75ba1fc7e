"""Fault 18: a node that stands still is a trouble within 10 s, whether its connection is dead or looks alive.

Mosquitto says the will of a silent client up to 11 s late (test_facts_wills.py), and of one whose link goes on
pinging while its program stands never: so the commune must miss a node by itself.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.lab import C, Lab, opened
from fakes.onwire import Bare
from fakes.waiting import eventually

BAR_S = 10.0
FROZEN, STUCK = "thon-1", "thon-2"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory, blank_register: Path) -> Iterator[Lab]:
    with opened(tmp_path_factory.mktemp("frozen"), blank_register, FROZEN) as one:
        one.start()
        yield one


@pytest.fixture(scope="module")
def missed_after_s(lab: Lab) -> dict[str, float]:
    """How long it took until the register had the trouble, by node: one frozen, one whose link alone lives."""
    with Bare(lab.broker, STUCK, f"{C}/up/{FROZEN}/status", keepalive_s=5) as stuck:
        before = len(stuck.heard)
        # Just after a status is the worst moment: nothing is missed for the longest time.
        eventually(lambda: len(stuck.heard) > before, 12)
        lab.node.freeze()
        status = {
            "node": STUCK,
            "hamlet": STUCK,
            "online": True,
            "clock": "synced",
            "orders_signed": False,
            "every_s": 8,
        }
        stuck.say(f"{C}/up/{STUCK}/status", json.dumps(status).encode(), retain=True)
        began_s = time.monotonic()
        eventually(lambda: ("node_silent", STUCK) not in lab.commune.troubles(), 2, "it was not heard")
        found: dict[str, float] = {}

        def both() -> bool:
            for kind, about in lab.commune.troubles():
                if kind == "node_silent" and about in (FROZEN, STUCK):
                    found.setdefault(about, time.monotonic() - began_s)
            return len(found) == 2

        eventually(both, 20, f"nobody misses them: {found}")
    return found


@pytest.mark.parametrize("node", [FROZEN, STUCK])
def test_a_node_that_stands_still_is_a_trouble_within_ten_seconds(missed_after_s: dict[str, float], node: str) -> None:
    assert missed_after_s[node] <= BAR_S


def test_a_node_that_goes_on_is_no_trouble_any_more(lab: Lab, missed_after_s: dict[str, float]) -> None:
    assert FROZEN in missed_after_s
    lab.node.thaw()
    eventually(lambda: ("node_silent", FROZEN) not in lab.commune.troubles(), 10, "it is missed for ever")
