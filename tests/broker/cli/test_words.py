"""Every word that the wire or the register can bear has its Vietnamese and its English."""

from typing import get_args

import pytest

from broker.cli import words
from broker.core.records import IncidentState, TroubleKind
from wire.words import AnswerState, ClockState, EndedHow, Kind

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (words.KINDS, get_args(Kind)),
        (words.INCIDENT_STATES, get_args(IncidentState)),
        (words.ANSWERS, get_args(AnswerState)),
        (words.TROUBLES, get_args(TroubleKind)),
        (words.ENDED, get_args(EndedHow)),
        (words.CLOCKS, get_args(ClockState)),
    ],
)
def test_every_word_is_there_in_both_tongues(table, values):
    assert set(table) == set(values)
    assert all(vi and en for vi, en in table.values())


def test_a_word_that_a_newer_program_says_is_shown_as_it_is():
    assert words.word(words.KINDS, "earthquake", "vi") == "earthquake"


def test_the_short_form_is_the_random_end_of_an_id():
    assert words.short("0193a1de-0000-7000-8000-0000deadbeef") == "deadbeef"
    assert words.short("curfew/2026-11-22") == "curfew/2026-11-22"
