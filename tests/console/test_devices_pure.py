"""What a gong looks like, where it stands without a ground, and which bytes of one are served."""

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wire
from broker.console.devices.ground import MAX_RANGE, span
from broker.console.devices.lamp import GLYPHS, Lamp, lamp_of
from broker.console.devices.layout import SIZE, order_of, schematic
from broker.console.devices.words import LAMPS, REASONS, UPDATES
from broker.console.live.board import Board, Case, NodeNow
from broker.console.live.wire import Heard
from broker.core.records import Incident, Trouble
from wire.messages import Status

pytestmark = pytest.mark.pure

SLUGS = st.sampled_from([f"thon-{number}" for number in range(1, 40)])


def a_node(*, online: bool = True, sounding: str | None = None, trouble: Any = None) -> NodeNow:
    heard = Heard(Status(node="n", hamlet="h", online=online, sounding=sounding), 0)
    troubles = () if trouble is None else (Trouble(kind=trouble, about="n", why="", since_ms=0),)
    return NodeNow("n", "h", heard, online, troubles)


def a_case(state: Any = "open", *, silent: bool = False, drill: bool = False) -> Case:
    what = {"kind": "fire", "hamlet": "h", "node": "n", "opened_at_ms": 0, "pressed_at_ms": 0}
    return Case(Incident(id="i", silent=silent, drill=drill, state=state, **what), written=True)


def test_every_state_has_a_word_and_a_shape_of_its_own():
    assert set(GLYPHS) == set(LAMPS) == set(get_args(Lamp))
    assert len(set(GLYPHS.values())) == len(GLYPHS)


def test_every_word_of_an_update_that_a_box_says_has_its_pair():
    contract = (Path(str(wire.__file__)).parent / "reports.py").read_text().split("class Updating(")[1]
    states, whys = (
        contract.split(start)[1].split(end)[0] for start, end in (('"""w', "."), ('"""waiting: ', "; a colon"))
    )
    assert {one.strip() for one in f"w{states}".split("|")} == set(UPDATES)
    assert set(re.findall(r"[a-z]+", whys.replace("failed, rolled_back:", ""))) <= set(REASONS)


def test_an_alarm_that_nobody_has_taken_is_louder_than_a_trouble():
    board = Board(cases=(a_case(),))
    assert lamp_of(a_node(trouble="speaker"), board, silent=False) == "pressed"


def test_a_gong_that_is_away_says_so_unless_its_alarm_is_open():
    assert lamp_of(a_node(online=False), Board(), silent=False) == "away"
    assert lamp_of(a_node(online=False), Board(cases=(a_case("acknowledged"),)), silent=False) == "taken"


@pytest.mark.parametrize("state", ["open", "acknowledged"])
def test_a_silent_press_shows_to_nobody_who_may_not_know_of_it(state):
    board = Board(cases=(a_case(state, silent=True),))
    assert lamp_of(a_node(), board, silent=False) == "well"
    assert lamp_of(a_node(sounding="i"), board, silent=False) == "well"
    assert lamp_of(a_node(), board, silent=True) != "well"


def test_a_post_s_gong_that_sounds_for_a_silent_alert_that_was_just_closed_tells_a_watcher_nothing():
    board = Board(ended=(a_case("closed", silent=True).incident,))
    assert lamp_of(a_node(sounding="i"), board, silent=False) == "well"
    assert lamp_of(a_node(sounding="i"), board, silent=True) == "sounding"


def test_a_drill_is_not_shown_as_an_alarm():
    assert lamp_of(a_node(), Board(cases=(a_case(drill=True),)), silent=True) == "taken"


@given(st.lists(SLUGS, unique=True, max_size=40), st.dictionaries(SLUGS, st.lists(SLUGS, max_size=4)))
def test_a_walk_visits_every_hamlet_once(hamlets, neighbours):
    assert sorted(order_of(hamlets, neighbours)) == sorted(hamlets)


@given(st.lists(st.tuples(st.integers(0, 99).map("n{}".format), SLUGS), unique_by=lambda one: one[0], max_size=60))
def test_every_gong_has_a_place_of_its_own_inside_the_frame(nodes):
    places = schematic(nodes)
    assert set(places) == {node for node, _ in nodes}
    assert len(set(places.values())) == len(nodes)
    assert all(0 < x < SIZE and 0 < y < SIZE for x, y in places.values())


@given(st.integers(0, 10**7), st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_range_is_served_as_asked_as_far_as_the_file_goes(first, last, size):
    if first > last or first >= size:
        with pytest.raises(ValueError, match=f"{first}-{last}"):
            span(f"bytes={first}-{last}", size)
    else:
        assert span(f"bytes={first}-{last}", size) == (first, min(last, size - 1, first + MAX_RANGE - 1))


@pytest.mark.parametrize(
    "header", ["bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=0-1,4-5", "items=0-1", "bytes=-0"]
)
def test_a_range_that_is_none_is_refused(header):
    with pytest.raises(ValueError, match=r".*"):
        span(header, 100)
