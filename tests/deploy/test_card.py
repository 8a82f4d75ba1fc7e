"""How a hamlet looks on the screen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from deploy.demo.boxes import Box, seen
from deploy.demo.card import LINES, card
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

    from deploy.demo.card import ALERT_WORDS, LINK_WORDS

    assert set(ALERT_WORDS) == set(get_args(AlertLamp))
    assert set(LINK_WORDS) == set(get_args(LinkLamp))
