"""Chimes: ahead, once, never by a clock that cannot be right."""

import pytest
from fakes.service import NOON_MS, Service, codebook
from hypothesis import given, settings
from hypothesis import strategies as st

from wire.envelope import LinkDown, LinkUp

pytestmark = pytest.mark.pure

HOUR_MS = 3_600_000
TEN_MS = NOON_MS + 10 * HOUR_MS  # 22:00 in Hà Nội


def at(wall_ms: int, **setup: object) -> Service:
    return Service(wall_ms=wall_ms, **setup)


def chimes(service: Service) -> list[dict[str, object]]:
    return [one.fields for one in service.said if one.topic == "all/chime"]


def test_the_curfew_is_ordered_a_minute_ahead_and_once() -> None:
    service = at(TEN_MS - HOUR_MS)
    service.wait(HOUR_MS - 60_001)
    assert chimes(service) == []
    service.wait(1)
    (chime,) = chimes(service)
    assert chime["id"] == "curfew/2026-11-21"
    assert chime["due_at"] == "2026-11-21T15:00:00.000Z"
    assert (chime["pattern"], chime["hamlets"], chime["grace_s"]) == ("curfew", ["all"], 60)
    service.wait(200_000)
    assert len(chimes(service)) == 1
    assert service.journal("chime") == ["curfew/2026-11-21"]


def test_every_night_for_a_week_one_chime() -> None:
    service = at(TEN_MS - 10 * HOUR_MS)
    for _ in range(7):
        service.wait(24 * HOUR_MS)
    assert [one["id"] for one in chimes(service)] == [f"curfew/2026-11-{day}" for day in range(21, 28)]


def test_no_restart_orders_it_again() -> None:
    service = at(TEN_MS - 50_000)
    for _ in range(5):
        service.start()
        service.wait(20_000)
    assert len(chimes(service)) == 1


def test_a_service_that_comes_late_still_orders_it_within_its_grace() -> None:
    assert len(chimes(at(TEN_MS + 59_000))) == 1
    assert chimes(at(TEN_MS + 61_000)) == []


def test_a_chime_waits_for_the_link_and_is_skipped_when_it_is_too_late() -> None:
    for away_ms, ordered in ((100_000, 1), (130_000, 0)):
        service = at(TEN_MS - 61_000)
        service.give(LinkDown())
        service.wait(away_ms)
        assert chimes(service) == []
        service.give(LinkUp())
        assert len(chimes(service)) == ordered


@pytest.mark.parametrize("wall_ms", [10 * HOUR_MS + 8 * HOUR_MS - 30_000, 0, 5 * 10**12])
def test_a_clock_that_cannot_be_right_orders_nothing(wall_ms: int) -> None:
    service = at(wall_ms)
    service.wait(25 * HOUR_MS)
    assert chimes(service) == []
    service.wall_ms = TEN_MS - 30_000
    service.wait(11_000)
    assert len(chimes(service)) == 1


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 40 * 60_000), st.sampled_from([0, 3 * 365 * 24 * HOUR_MS, -3 * 365 * 24 * HOUR_MS, HOUR_MS])
        ),
        max_size=5,
    ),
    st.booleans(),
)
def test_a_clock_that_jumps_away_and_back_loses_no_chime_and_doubles_none(
    jumps: list[tuple[int, int]], restarts: bool
) -> None:
    service = at(TEN_MS - 4 * HOUR_MS)
    for wait_ms, jump_ms in jumps:
        service.wait(wait_ms)
        service.jump(jump_ms)
        if restarts:
            service.start()
        service.wait(15_000)
        service.jump(-jump_ms)
    service.wait(TEN_MS + 10_000 - service.wall_ms)
    ids = [one["id"] for one in chimes(service)]
    assert ids.count("curfew/2026-11-21") == 1
    assert len(ids) == len(set(ids))


def test_a_jump_over_the_hour_skips_and_a_jump_back_before_it_does_not_repeat() -> None:
    service = at(TEN_MS - 30_000)
    service.wait(40_000)
    service.jump(-120_000)
    service.wait(200_000)
    assert len(chimes(service)) == 1
    late = at(TEN_MS - HOUR_MS)
    late.jump(2 * HOUR_MS)
    late.wait(60_000)
    assert chimes(late) == []


def test_a_new_code_books_hours_count_at_once() -> None:
    service = at(TEN_MS - HOUR_MS)
    book = codebook(version=2)
    book["chimes"][0]["at"] = "21:01"
    service.ask("codebook", codebook=book)
    assert [one["due_at"] for one in chimes(service)] == ["2026-11-21T14:01:00.000Z"]
