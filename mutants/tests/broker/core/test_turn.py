"""Sentences that fit, and moments that are moments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.effects import Erase, Order, Tell
from broker.core.turn import LATEST_MS, MAX_TEXT, Turn, cut, printable, said
from wire.asks import Told
from wire.codec import encode

pytestmark = pytest.mark.pure


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_sentence_fits_and_vietnamese_comes_first(vi_chars: int, en_chars: int) -> None:
    vi, en = "ữ" * vi_chars, "u" * en_chars
    whole = said(vi, en)
    assert len(whole) <= MAX_TEXT
    assert " / " in whole
    assert whole.startswith(vi[:140])
    assert en[:140] in whole
    assert whole == f"{vi} / {en}" or len(whole) == MAX_TEXT


def test_a_short_sentence_is_whole() -> None:
    assert said("Cháy", "fire") == "Cháy / fire"


@pytest.mark.parametrize("wall_ms", [-(10**30), 0, 10**30])
def test_any_wall_clock_is_a_moment(wall_ms: int) -> None:
    assert str(Turn(0, wall_ms).now).endswith("Z")


def test_a_text_is_cut_only_where_it_does_not_fit_and_says_so() -> None:
    assert (cut("abc", 3), cut("abcd", 3)) == ("abc", "ab…")


def test_a_long_sentence_leaves_each_language_its_half_and_what_the_other_does_not_need() -> None:
    vi, en = "ữ" * 400, "u" * 400
    assert said(vi, en) == f"{'ữ' * 147}… / {'u' * 148}…"
    assert said(vi, "u" * 100) == f"{'ữ' * 196}… / {'u' * 100}"
    assert said("ữ" * 100, en) == f"{'ữ' * 100} / {'u' * 196}…"
    assert said("ữ" * 197, "u" * 100) == f"{'ữ' * 197} / {'u' * 100}"


def test_what_a_stranger_wrote_has_no_control_characters() -> None:
    assert printable("Cháy\x1b[2J\n") == "Cháy·[2J·"


def test_the_latest_and_the_first_moment() -> None:
    assert (Turn(7, -1).wall_ms, Turn(7, LATEST_MS + 1).wall_ms, Turn(7, 1).wall_ms) == (0, LATEST_MS, 1)
    assert Turn(7, 1).now_ms == 7


def test_effects_come_out_in_the_order_in_which_they_were_asked_for() -> None:
    turn = Turn(0, 0)
    turn.order("o", {"a": 1})
    turn.tell("t", Told(id="", ok=True))
    turn.erase("e")
    assert turn.effects == [Order("o", b'{"a":1}'), Tell("t", encode(Told(id="", ok=True))), Erase("e")]
