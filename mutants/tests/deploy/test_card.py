"""How a hamlet looks on the screen."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from broker.console.tryout.boxes import Box, seen
from deploy.demo.card import ALERT_WORDS, LINES, LINK_WORDS, card
from node.core.effects import AlertLamp, LinkLamp

pytestmark = pytest.mark.pure

LOOKS = st.sampled_from(["dark", "sending", "received", "acknowledged", "something-new"])
LINKS = st.sampled_from(["steady", "unheard", "trouble", "something-new"])


@given(
    box=st.builds(
        Box,
        alive=st.booleans(),
        alert=LOOKS,
        link=LINKS,
        gong=st.none() | st.sampled_from(["alarm", "curfew", "drill", "no-such"]),
        linked=st.booleans(),
        unsent=st.integers(0, 99),
        refused=st.integers(0, 99_999),
    ),
    last=st.text(max_size=80),
    now_s=st.floats(0, 1e6),
    width=st.integers(8, 40),
)
def test_a_card_always_fits_its_frame(box, last, now_s, width):
    lines = card(box, last, now_s, width).plain.split("\n")
    assert len(lines) == LINES
    assert all(cell_len(line) <= width for line in lines)


def test_a_lamp_that_is_being_sent_blinks():
    box = Box(alive=True, alert="sending", link="steady", linked=True)
    bulbs = {card(box, "", ms / 1000, 14).plain.split("\n")[0][0] for ms in range(0, 1000, 50)}
    assert bulbs == {"●", "○"}


def test_a_dead_node_shows_as_dead_whatever_it_showed_before():
    before = Box(alive=True, alert="received", gong="alarm", linked=True)
    assert "tắt" in card(Box(), "BÁO ĐỘNG", 0.0, 14).plain
    assert "Báo động" in card(before, "", 0.0, 14).plain


def test_a_lamp_keeps_its_rhythm_while_other_things_change():
    first = seen(Box(), {"alert": "sending", "link": "unheard"}, 10.0)
    second = seen(first, {"alert": "sending", "link": "steady", "gong": "alarm"}, 11.0)
    assert (second.alert_since_s, second.link_since_s, second.gong_since_s) == (10.0, 11.0, 11.0)


@given(
    st.dictionaries(
        st.sampled_from(["alert", "link", "gong", "linked", "unsent", "refused"]),
        st.none()
        | st.booleans()
        | st.integers()
        | st.text(max_size=5)
        | st.dictionaries(st.text(max_size=3), st.integers()),
    )
)
def test_nothing_a_node_says_of_itself_raises(glance):
    seen(Box(), glance, 0.0)


def test_every_look_of_the_lamps_has_its_words():
    from typing import get_args

    assert set(ALERT_WORDS) == set(get_args(AlertLamp))
    assert set(LINK_WORDS) == set(get_args(LinkLamp))


def test_nothing_is_cut_off_at_80_columns():
    for alert, link, gong, since_s in itertools.product(
        ALERT_WORDS, LINK_WORDS, ("alarm", "drill"), (0, 9, 10, 179, 599)
    ):
        box = Box(alive=True, alert=alert, link=link, gong=gong, linked=True)
        assert "…" not in card(box, "", since_s, 13).plain
    assert "599s" in card(box, "", since_s, 13).plain
