"""A code book's nights, drafts and differences."""

from datetime import date
from typing import Any, cast

import pytest
from fakes.communerun import CODEBOOK
from hypothesis import given
from hypothesis import strategies as st

from broker.console.chimes import labels
from broker.console.chimes.labels import worded
from broker.console.chimes.plan import (
    calendar,
    checked,
    differences,
    faults_of,
    fields_of,
    gone_back,
    plain_chime,
    to_push,
    with_chime,
    without_chime,
)
from broker.console.chimes.tags import pattern_title
from patterns.chimes import WEEKDAYS
from patterns.yamlfile import read_yaml

pytestmark = pytest.mark.pure

FIELDS = cast(dict[str, Any], read_yaml(CODEBOOK).value)
WAKE = plain_chime("wake", "05:00", ["mon", "fri"], "wake", ["thon-1"], ["2026-11-27"])
NOW = date(2026, 11, 25)  # a Wednesday


def test_a_pattern_is_called_by_its_title_and_an_unknown_one_by_its_name():
    patterns = [{"name": "curfew", "title": "Báo yên"}]
    assert [pattern_title(name, patterns) for name in ("curfew", "gone")] == ["Báo yên", "gone"]


def test_a_calendar_is_whole_weeks_from_monday_and_names_what_is_excepted():
    days = calendar(checked(with_chime(FIELDS, "wake", WAKE)), NOW, 14)
    assert days[0].day == date(2026, 11, 23)
    assert [one.at for one in days[0].soundings] == ["05:00", "22:00"]
    assert [one.name for one in days[4].soundings] == ["curfew"]
    assert days[4].skipped == ("wake",)
    assert [one.name for one in days[11].soundings] == ["wake", "curfew"]
    assert len(days) == 14


def test_a_changed_chime_keeps_its_place_and_nothing_else_changes():
    two = with_chime(with_chime(FIELDS, "wake", WAKE), "curfew", {**FIELDS["chimes"][0], "at": "21:30"})
    assert [one["name"] for one in two["chimes"]] == ["curfew", "wake"]
    assert two["chimes"][0]["at"] == "21:30"
    assert {name: value for name, value in two.items() if name != "chimes"} == {
        name: value for name, value in FIELDS.items() if name != "chimes"
    }
    assert FIELDS["chimes"][0]["at"] == "22:00"


def test_what_was_added_and_struck_out_leaves_the_book_as_it_was():
    assert without_chime(with_chime(FIELDS, "wake", WAKE), "wake") == FIELDS


def test_going_back_brings_no_retired_gong_back():
    older = {**FIELDS, "nodes": {**FIELDS["nodes"], "stolen": {"hamlet": "thon-1"}}, "alarm_s": 60}
    back = gone_back(FIELDS, older)
    assert back["alarm_s"] == 60
    assert back["nodes"] == FIELDS["nodes"]


def test_what_is_pushed_is_one_version_later_than_what_is_in_use_now():
    draft = {**FIELDS, "version": 1, "alarm_s": 90}
    current = {**FIELDS, "version": 41, "nodes": {"thon-1": {"hamlet": "thon-1"}}}
    pushed = to_push(draft, current)
    assert (pushed["version"], pushed["alarm_s"], list(pushed["nodes"])) == (42, 90, ["thon-1"])


def test_differences_name_each_chime_and_never_the_version():
    newer = {**with_chime(FIELDS, "wake", WAKE), "version": 9, "alarm_s": 90}
    assert [what for what, _, _ in differences(FIELDS, newer)] == ["alarm_s", "chimes.wake"]
    assert differences(FIELDS, {**FIELDS, "version": 2}) == []


def test_a_faulty_draft_says_what_is_wrong_in_both_tongues():
    [(vi, en)] = faults_of(with_chime(FIELDS, "wake", {**WAKE, "pattern": "nope"}))
    assert "nope" in vi and "nope" in en


@given(
    st.lists(st.sampled_from(WEEKDAYS), unique=True),
    st.lists(st.sampled_from(sorted(FIELDS["hamlets"])), unique=True),
    st.times(),
)
def test_a_form_shows_what_was_written(days, hamlets, at):
    chime = plain_chime("x", f"{at:%H:%M}", days, "wake", hamlets, ["2027-02-05..2027-02-10"])
    book = checked(with_chime(FIELDS, "x", chime))
    shown = fields_of(next(one for one in book.chimes if one.name == "x"))
    assert (shown["at"], shown["pattern"], shown["excepted"]) == (f"{at:%H:%M}", "wake", "2027-02-05..2027-02-10")
    assert sorted(shown["days"]) == sorted(days or WEEKDAYS)
    assert sorted(shown["hamlets"]) == sorted(hamlets)


def test_a_change_is_told_in_words_and_names_that_people_gave_stay():
    newer = {
        **with_chime(FIELDS, "wake", {**WAKE, "days": ["mon", "sun"], "hamlets": "all"}),
        "alarm_s": 90,
        "escalation": {"commune_after_s": 45},
        "name": "Xã all",
    }
    changes = differences({**FIELDS, "escalation": {"commune_after_s": 60}, "name": "Xã"}, newer)
    told = {what: (before, after) for what, before, after in worded(changes, 0)}
    assert told["Báo động kêu (giây)"][1] == "90"
    assert told["Khi chưa ai nhận cả xã kêu sau (giây)"] == ("60", "45")
    assert "ngày: thứ hai chủ nhật" in told["Hiệu lệnh wake"][1] and "nơi: cả xã" in told["Hiệu lệnh wake"][1]
    assert told["Tên"] == ("Xã", "Xã all")
    english = [what for what, _, _ in worded(changes, 1)]
    assert "Chime wake" in english and "An alarm sounds (s)" in english


def test_every_field_of_a_code_book_has_its_word():
    assert set(labels.FIELDS) >= set(FIELDS)
    assert set(labels.PARTS) >= {name for chime in FIELDS["chimes"] for name in chime}
