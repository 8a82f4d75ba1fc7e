"""Fault 18: a node whose program stands while its link lives on is a trouble within 10 s.

No will tells of it, for the broker hears it ping: the commune must miss a node by itself. (Frozen as a whole, and
half-open links: tests/lab/health/test_hanging.py.)
"""

import json
import time
from collections.abc import Callable

from fakes.lab import C, Lab
from fakes.onwire import Bare
from fakes.waiting import eventually

from node.core.report import EVERY_S

BAR_S = 10.0
ASKED_S = 2.0  # for the asking itself, on a machine that does other work as well
STUCK = "thon-2"
STATUS = {"node": STUCK, "hamlet": STUCK, "online": True, "clock": "synced", "orders_signed": False, "every_s": EVERY_S}


def test_a_node_whose_link_lives_on_while_its_program_stands_is_a_trouble_within_ten_seconds(
    start_lab: Callable[..., Lab],
) -> None:
    lab = start_lab()
    with Bare(lab.broker, STUCK, keepalive_s=4) as stuck:
        stuck.say(f"{C}/up/{STUCK}/status", json.dumps(STATUS).encode(), retain=True)
        said_s = time.monotonic()
        eventually(lambda: ("node_silent", STUCK) not in lab.commune.troubles(), why="it was not heard")
        eventually(lambda: ("node_silent", STUCK) in lab.commune.troubles(), why="nobody misses it")
        assert time.monotonic() - said_s <= BAR_S + ASKED_S
        assert stuck.gone == "", "the link did not live on"
