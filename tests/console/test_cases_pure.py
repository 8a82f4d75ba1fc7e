"""An entry of the journal as a sentence: nothing that happened under an incident is left out."""

from typing import Any, get_args

import pytest

from broker.console.cases.story import lines, sentence
from broker.core.records import What

pytestmark = pytest.mark.pure

NAMES = {"thon-3": "Thôn 3"}
ROWS = {
    "incident": {"kind": "fire", "hamlet": "thon-3", "count": 2, "hamlets": ["all"], "outcome": "cháy", "note": "Rơm"},
    "alarm": {"hamlets": ["thon-3"]},
    "ask": {"ok": False, "verb": "close", "why": "Đã đóng / closed already"},
}
BODY = {"note": "Đã tới nơi", "duration_ms": 12_340, "strokes": 30, "strokes_heard": 29, "ended": "all_clear"}
UNDER_AN_INCIDENT = {
    "alert",
    "insisted",
    "cancelled",
    "opened",
    "sounding",
    "widened",
    "cleared",
    "silenced",
    "acknowledged",
    "commented",
    "closed",
    "sounded",
    "asked",
}


@pytest.mark.parametrize("what", sorted(UNDER_AN_INCIDENT))
def test_every_entry_under_an_incident_has_a_sentence_in_both_tongues(what):
    assert what in get_args(What)
    told = sentence(what, "an", BODY, ROWS, NAMES)
    assert told is not None
    assert told[0] != told[1]
    assert "None" not in "".join(told)


def test_a_kind_that_nobody_knows_is_shown_by_its_name():
    assert sentence("teleported", "an", {}, {}, {}) == ("teleported", "teleported")


def test_an_ask_that_was_done_is_told_by_what_it_did():
    assert sentence("asked", "an", {}, {"ask": {"ok": True, "verb": "close"}}, {}) is None


def test_a_proof_says_how_long_how_many_and_how_many_were_heard():
    vi, en = sentence("sounded", "thon-3", BODY, {}, NAMES) or ("", "")
    assert vi == "Kẻng Thôn 3 đã kêu 12,3 giây, 30 tiếng, micrô nghe 29 (được tắt)"
    assert "12.3 s, 30 strokes, 29 heard" in en


def test_the_timeline_begins_with_the_press_and_keeps_the_order_of_the_register():
    entries: list[dict[str, Any]] = [
        {"seq": 9, "what": "alert", "by": "thon-3", "at_ms": 1_000, "body": {}, "rows": ROWS},
        {"seq": 12, "what": "acknowledged", "by": "an", "at_ms": 500, "body": {}, "rows": ROWS},
    ]
    told = lines({"pressed_at_ms": 900, "node": "thon-3", "clock": "unsure"}, entries, NAMES)
    assert [line.what for line in told] == ["pressed", "alert", "acknowledged"]
    assert "không chắc" in told[0].text[0]


def test_an_officer_s_alarm_has_no_press():
    assert lines({"pressed_at_ms": None, "node": None}, [], NAMES) == []
