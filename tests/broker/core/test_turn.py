"""Sentences that fit, and moments that are moments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.core.turn import MAX_TEXT, Turn, said

pytestmark = pytest.mark.pure


@given(st.text(max_size=500), st.text(max_size=500))
def test_a_sentence_fits_and_vietnamese_comes_first(vi: str, en: str) -> None:
    whole = said(vi, en)
    assert len(whole) <= MAX_TEXT
    assert " / " in whole
    assert whole.startswith(vi[:140])


def test_a_short_sentence_is_whole() -> None:
    assert said("Cháy", "fire") == "Cháy / fire"


@pytest.mark.parametrize("wall_ms", [-(10**30), 0, 10**30])
def test_any_wall_clock_is_a_moment(wall_ms: int) -> None:
    assert str(Turn(0, wall_ms).now).endswith("Z")
