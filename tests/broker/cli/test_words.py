"""Every word that the wire or the register can bear has its Vietnamese and its English."""

from typing import get_args

import pytest

from broker import words as pairs
from broker.cli import words
from broker.core.outcome import OUTCOMES
from broker.core.records import IncidentState, TroubleKind
from wire.topics import Verb
from wire.words import MAX_WALL_MS, AnswerState, ClockState, EndedHow, Instant, Kind

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (pairs.KINDS, get_args(Kind)),
        (pairs.INCIDENT_STATES, get_args(IncidentState)),
        (pairs.ANSWERS, get_args(AnswerState)),
        (pairs.TROUBLES, get_args(TroubleKind)),
        (pairs.ENDED, get_args(EndedHow)),
        (pairs.CLOCKS, get_args(ClockState)),
        (pairs.OUTCOMES, OUTCOMES),
        (pairs.VERBS, get_args(Verb)),
        (pairs.CHIME_STATES, ("sounded", "missed", "awaited")),
    ],
)
def test_every_word_is_there_in_both_tongues(table, values):
    assert set(table) == set(values)
    assert all(vi and en for vi, en in table.values())


def test_a_word_that_a_newer_program_says_is_shown_as_it_is():
    assert words.word(pairs.KINDS, "earthquake", "vi") == "earthquake"


def test_the_short_form_is_the_random_end_of_an_id():
    assert words.short("0193a1de-0000-7000-8000-0000deadbeef") == "deadbeef"
    assert words.short("curfew/2026-11-22") == "curfew/2026-11-22"


def test_an_hour_reads_as_it_does_in_the_commune_wherever_the_machine_thinks_it_is(monkeypatch):
    monkeypatch.setenv("TZ", "Europe/London")
    assert words.local_time(Instant.parse("2026-11-21T15:00:00.250Z").ms) == "21/11 22:00:00"
    assert words.local_time(Instant.parse("2026-11-21T15:00:00.250Z").ms, day=False) == "22:00:00.250"


def test_a_moment_at_the_edge_of_the_calendar_is_a_dash():
    assert words.local_time(MAX_WALL_MS) == "–"
