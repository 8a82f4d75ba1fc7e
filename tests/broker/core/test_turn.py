"""Sentences that fit, and moments that are moments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.turn import MAX_TEXT, Turn, said

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
