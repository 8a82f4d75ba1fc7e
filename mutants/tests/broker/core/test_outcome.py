"""The words of the half-year report."""

import pytest

from broker.core.outcome import OUTCOMES, outcome_of, plain

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_however_it_is_typed_it_is_the_same_word(outcome: str) -> None:
    assert outcome_of(outcome) == outcome
    assert outcome_of(plain(outcome)) == outcome
    assert outcome_of(f"  {outcome.upper()} ") == outcome


def test_no_two_words_are_one_without_diacritics() -> None:
    assert len({plain(outcome) for outcome in OUTCOMES}) == len(OUTCOMES) == 12


@pytest.mark.parametrize("text", ["", "xong", "chayy", "cháy nhà"])
def test_no_thirteenth_word(text: str) -> None:
    assert outcome_of(text) is None


def test_d_with_a_stroke_is_a_d() -> None:
    assert plain("Đánh Bạc") == "danh bac"
