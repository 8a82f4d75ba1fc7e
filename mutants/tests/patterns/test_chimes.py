"""The calendar of chimes: each kept day exactly once, over every trick of a zone."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.chimes import ALL, MAX_SPAN, Chime, DateRange, due_between

pytestmark = pytest.mark.pure

ZONES = (
    "Asia/Ho_Chi_Minh",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "UTC",
    "Asia/Gaza",
)
DAILY = tuple(range(7))


def chime(at: str = "22:00", days: tuple[int, ...] = DAILY, excepted: tuple[DateRange, ...] = (), name: str = "curfew"):
    return Chime(name, time.fromisoformat(at), days, "curfew", (ALL,), excepted)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_curfew_in_viet_nam_is_at_15_utc() -> None:
    due = due_between((chime(),), "Asia/Ho_Chi_Minh", utc("2027-03-01T00:00"), utc("2027-03-02T00:00"))
    assert [(one.id, one.due_at_utc) for one in due] == [("curfew/2027-03-01", utc("2027-03-01T15:00"))]


def test_the_first_moment_is_left_out_and_the_last_is_in() -> None:
    at = utc("2027-03-01T15:00")
    second = timedelta(seconds=1)
    assert len(due_between((chime(),), "Asia/Ho_Chi_Minh", at - second, at)) == 1
    assert due_between((chime(),), "Asia/Ho_Chi_Minh", at, at + second) == []
    assert due_between((chime(),), "Asia/Ho_Chi_Minh", at + second, at - second) == []


@pytest.mark.parametrize(
    ("zone", "due"), [("America/Sao_Paulo", "2027-03-02T01:00"), ("Pacific/Pago_Pago", "2027-03-02T09:00")]
)
def test_west_of_greenwich_the_local_date_is_the_day_before(zone: str, due: str) -> None:
    at = utc(due)
    found = due_between((chime(),), zone, at - timedelta(minutes=1), at + timedelta(minutes=1))
    assert [one.id for one in found] == ["curfew/2027-03-01"]


def test_weekdays_and_exceptions() -> None:
    study = chime("19:00", (0, 1, 2, 3, 4), (DateRange(date(2027, 3, 3), date(2027, 3, 4)),), "study")
    due = due_between((study,), "Asia/Ho_Chi_Minh", utc("2027-02-28T17:00"), utc("2027-03-07T17:00"))
    assert [one.id for one in due] == ["study/2027-03-01", "study/2027-03-02", "study/2027-03-05"]


def test_a_time_that_does_not_exist_is_due_once_after_the_jump() -> None:
    due = due_between((chime("02:30"),), "Europe/Berlin", utc("2027-03-27T12:00"), utc("2027-03-28T12:00"))
    assert [(one.id, one.due_at_utc) for one in due] == [("curfew/2027-03-28", utc("2027-03-28T01:30"))]


def test_a_time_that_comes_twice_is_due_the_first_time_only() -> None:
    due = due_between((chime("02:30"),), "Europe/Berlin", utc("2027-10-30T12:00"), utc("2027-10-31T12:00"))
    assert [(one.id, one.due_at_utc) for one in due] == [("curfew/2027-10-31", utc("2027-10-31T00:30"))]


def test_a_date_that_a_zone_leaves_out_has_no_chime() -> None:
    due = due_between((chime(),), "Pacific/Apia", utc("2011-12-28T12:00"), utc("2012-01-01T12:00"))
    assert [one.id for one in due] == [
        "curfew/2011-12-28",
        "curfew/2011-12-29",
        "curfew/2011-12-31",
        "curfew/2012-01-01",
    ]


def test_a_midnight_that_does_not_exist_still_chimes_on_its_day() -> None:
    due = due_between((chime("00:00"),), "America/Sao_Paulo", utc("2018-11-03T12:00"), utc("2018-11-04T12:00"))
    assert [(one.id, one.due_at_utc) for one in due] == [("curfew/2018-11-04", utc("2018-11-04T03:00"))]


def test_what_is_older_than_the_span_is_never_made_up_for() -> None:
    due = due_between((chime(),), "UTC", utc("1970-01-01T00:00"), utc("2027-01-01T00:00"))
    assert len(due) == MAX_SPAN.days


moments = st.datetimes(datetime(2009, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC))


@given(
    st.sampled_from(ZONES),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.sets(st.sampled_from(DAILY), min_size=1),
    moments,
    st.integers(1, 40),
    st.lists(st.integers(0, 40 * 86_400), max_size=8),
)
def test_each_kept_day_is_due_exactly_once_however_the_time_is_cut(zone, at, days, start, length, cuts) -> None:
    chimes = (chime(f"{at:%H:%M}", tuple(sorted(days))),)
    end = start + timedelta(days=length)
    edges = [start, *sorted({start + timedelta(seconds=cut) for cut in cuts if cut < length * 86_400}), end]
    pieces = [one for after, until in pairwise(edges) for one in due_between(chimes, zone, after, until)]
    assert pieces == due_between(chimes, zone, start, end)
    assert len({one.id for one in pieces}) == len(pieces)
    tz = ZoneInfo(zone)
    inner = (start.astimezone(tz).date() + timedelta(days=n) for n in range(2, length - 1))
    expected = {
        f"curfew/{day}"
        for day in inner
        if day.weekday() in days and datetime.combine(day, time(12), tz).astimezone(UTC).astimezone(tz).date() == day
    }
    assert expected <= {one.id for one in pieces}
    for one in pieces:
        assert start < one.due_at_utc <= end
