"""Fault 18: a node that stands still is a trouble within 10 s, though its connection looks alive."""

import time
from collections.abc import Callable

from fakes.lab import C, Lab
from fakes.onwire import Bare
from fakes.waiting import eventually

BAR_S = 10.0
STATUS = f"{C}/up/thon-1/status"


def test_a_frozen_node_is_a_trouble_within_ten_seconds_and_none_when_it_goes_on(
    start_lab: Callable[..., Lab],
) -> None:
    lab = start_lab()
    with Bare(lab.broker, "ear", STATUS) as ear:
        before = len(ear.heard)
        # Just after a status is the worst moment: nothing is missed for the longest time.
        eventually(lambda: len(ear.heard) > before, 12)
    lab.node.freeze()
    frozen_s = time.monotonic()
    eventually(lambda: ("node_silent", "thon-1") in lab.commune.troubles(), 15, "nobody misses it")
    assert time.monotonic() - frozen_s <= BAR_S
    lab.node.thaw()
    eventually(lambda: ("node_silent", "thon-1") not in lab.commune.troubles(), 10, "it is missed for ever")
