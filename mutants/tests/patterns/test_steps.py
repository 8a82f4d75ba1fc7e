"""The limits of steps stand in a sensible order to each other."""

import pytest

from patterns import steps

pytestmark = pytest.mark.pure


def test_a_score_of_the_most_strokes_at_the_least_gap_is_not_too_long() -> None:
    assert steps.MAX_STROKES * steps.MIN_GAP_MS <= steps.MAX_LENGTH_MS


def test_one_rest_cannot_fill_a_score() -> None:
    assert steps.MIN_GAP_MS < steps.MAX_GAP_MS < steps.MAX_LENGTH_MS
