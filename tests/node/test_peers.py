"""Whose alerts a gong hears straight from other boxes."""

from collections.abc import Collection

import pytest
from fakes.box import Box, a_book

from node.peers import CALM_S, FLOOD, WINDOW_S, Peers
from wire.envelope import Arrived, LinkItem, LinkUp

pytestmark = pytest.mark.pure
START_S = 5_000.0
KEPT = 64  # alerts that an outage makes a box keep (node/core/records.py), said again when it is back


class Rig:
    """A clock by hand, and what was asked for."""

    def __init__(self) -> None:
        self.now_s = START_S
        self.put: list[LinkItem] = []
        self.without: list[Collection[str]] = []

        def filters(flooders: Collection[str]) -> list[str]:
            self.without.append(flooders)
            return []

        self.peers = Peers(self.put.append, lambda _: None, filters, lambda: self.now_s)

    def say(self, node: str, times: int, word: str = "alert", way: str = "up") -> None:
        for _ in range(times):
            self.peers.deliver(Arrived(topic=f"keng/1/cong-lac/{way}/{node}/{word}", payload=b"x"))


def test_whoever_floods_is_left_out_for_a_while_and_heard_again() -> None:
    rig = Rig()
    rig.say("loa", 3 * FLOOD)
    assert rig.without == [("loa",)], "one new connection, whatever is still on its way"
    rig.now_s = START_S + CALM_S - 1
    rig.peers.look()
    assert rig.without == [("loa",)]
    rig.now_s = START_S + CALM_S
    rig.peers.look()
    assert rig.without == [("loa",), ()]


def test_a_second_flooder_is_left_out_beside_the_first_and_the_log_names_both(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rig = Rig()
    rig.say("loa", FLOOD)
    rig.say("loa-2", FLOOD)
    assert rig.without[-1] == ("loa", "loa-2")
    rig.now_s += CALM_S
    rig.peers.look()
    heard = "{} floods; its alerts are heard through the commune alone for a while"
    assert caplog.messages == [heard.format("loa"), heard.format("loa-2"), "loa, loa-2: heard again"]


def test_boxes_that_come_back_after_an_outage_are_heard_all_the_same() -> None:
    rig = Rig()
    for node in range(40):
        rig.say(f"thon-{node}", 2 * KEPT)
    rig.say("loa", FLOOD - 1)
    rig.now_s = START_S + WINDOW_S
    rig.say("loa", FLOOD - 1)
    assert not rig.without


def test_what_the_commune_says_is_nobody_s_flood_and_everything_is_put_in() -> None:
    rig = Rig()
    rig.say("gong-1", 2 * FLOOD, "answer", "down")
    rig.peers.deliver(LinkUp())
    assert not rig.without and len(rig.put) == 2 * FLOOD + 1
    assert isinstance(rig.put[0], Arrived) and rig.put[-1] == LinkUp()


def test_the_others_are_asked_for_by_name_and_what_the_commune_says_as_ever() -> None:
    box = Box(codebook=a_book())
    before = box.core.subscriptions
    named = box.core.subscriptions_but(("gong-2",))
    assert before[:-1] == named[: len(before) - 1] and before[-1].endswith("/up/+/alert")
    assert not any("+" in one or "gong-2" in one or "up/gong-1/" in one for one in named)
    assert any(one.endswith("/alert") for one in named)
