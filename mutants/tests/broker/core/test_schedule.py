"""Chimes: ahead, once, never by a clock that cannot be right."""

import json

import pytest
from fakes.service import NOON_MS, Service, codebook
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.core.book import Book
from broker.core.counter import Counter
from broker.core.effects import Order
from broker.core.ledger import Ledger
from broker.core.proofs import PROOF_MS, Proofs
from broker.core.records import MAX_CHIMES, Entry
from broker.core.schedule import LOOK_AGAIN_MS, Schedule, moment
from broker.core.troubles import Troubles
from broker.core.turn import Turn
from broker.core.witnesses import Witnesses
from patterns.chimes import Due
from wire.envelope import LinkDown, LinkUp
from wire.topics import Topics
from wire.words import Instant

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


def test_what_was_ordered_is_remembered_for_a_year_and_no_longer() -> None:
    past = [f"curfew/{number:04}-01-01" for number in range(MAX_CHIMES)]
    ledger, book = Ledger(), Book("cong-lac")
    proofs = Proofs(book, Troubles((), ledger), ledger)
    schedule = Schedule(
        Topics("cong-lac"), book, Counter(0, ledger), ledger, proofs, Witnesses(None, Troubles((), ledger)), past
    )
    due = Due("curfew/new", "curfew", "curfew", ("all",), moment(NOON_MS))
    schedule.order(Turn(0, NOON_MS), due, 60_000, by=None)
    assert [id_ for id_ in (*past, due.id) if schedule.was_ordered(id_)] == [*past[1:], due.id]
    room = Schedule(
        Topics("cong-lac"), book, Counter(0, ledger), ledger, proofs, Witnesses(None, Troubles((), ledger)), past[1:]
    )
    room.order(turn := Turn(0, NOON_MS), due, 60_000, by=None)
    assert all(room.was_ordered(id_) for id_ in (*past[1:], due.id))
    assert b'"grace_s":60,' in turn.effects[-1].payload  # whole seconds, as the contract has them


class Night:
    """A schedule by itself, a code book, and what it said."""

    def __init__(self, **book: object) -> None:
        self.ledger, self.book = Ledger(), Book("cong-lac")
        self.book.adopt(codebook(**book))
        self.proofs = Proofs(self.book, Troubles((), self.ledger), self.ledger)
        counter = Counter(NOON_MS, self.ledger)
        self.schedule = Schedule(
            Topics("cong-lac"),
            self.book,
            counter,
            self.ledger,
            self.proofs,
            Witnesses(None, Troubles((), self.ledger)),
            (),
        )

    def run(self, now_ms: int, wall_ms: int, *, linked: bool = True) -> list[dict[str, object]]:
        turn = Turn(now_ms, wall_ms)
        self.schedule.run(turn, linked=linked)
        return [json.loads(one.payload) for one in turn.effects if isinstance(one, Order)]


def test_an_order_says_all_that_a_node_must_know_and_is_written_down() -> None:
    night = Night()
    (chime,) = night.run(5_000, TEN_MS - 60_000)
    assert chime == {
        "id": "curfew/2026-11-21",
        "pattern": "curfew",
        "hamlets": ["all"],
        "due_at": "2026-11-21T15:00:00.000Z",
        "grace_s": 60,
        "issued_at": "2026-11-21T14:59:00.000Z",
        "counter": NOON_MS + 1,
    }
    body = {"pattern": "curfew", "hamlets": ["all"], "due_at_ms": TEN_MS}
    assert [entry for entry in night.ledger._queue if entry.what == "chime"] == [
        Entry(what="chime", subject="curfew/2026-11-21", by=None, at_ms=TEN_MS - 60_000, body=body)
    ]
    assert night.proofs.deadline_ms == 5_000 + 60_000 + PROOF_MS


def test_it_looks_again_a_minute_before_the_next_is_due_and_in_an_hour_at_the_latest() -> None:
    night = Night()
    assert night.run(0, TEN_MS - 90 * 60_000) == []
    assert night.schedule.deadline_ms == LOOK_AGAIN_MS
    assert night.run(LOOK_AGAIN_MS, TEN_MS - 30 * 60_000) == []
    assert night.schedule.deadline_ms == LOOK_AGAIN_MS + 29 * 60_000
    assert night.run(LOOK_AGAIN_MS + 29 * 60_000 - 1, TEN_MS - 60_001) == []
    assert len(night.run(LOOK_AGAIN_MS + 29 * 60_000, TEN_MS - 60_000)) == 1
    assert night.schedule.deadline_ms == 2 * LOOK_AGAIN_MS + 29 * 60_000
    assert night.run(2 * LOOK_AGAIN_MS + 29 * 60_000, TEN_MS - 60_000 + LOOK_AGAIN_MS) == []


@pytest.mark.parametrize(
    ("late_ms", "ordered", "expected"), [(60_000, 1, True), (60_001, 0, True), (299_999, 0, True), (300_000, 0, False)]
)
def test_to_the_millisecond_when_a_chime_is_too_late_to_order_and_to_ask_about(
    late_ms: int, ordered: int, expected: bool
) -> None:
    night = Night()
    assert len(night.run(0, TEN_MS + late_ms)) == ordered
    assert (night.proofs.deadline_ms is not None) is expected


def test_without_a_link_nothing_is_ordered_and_the_proofs_are_expected_all_the_same() -> None:
    night = Night()
    assert night.run(0, TEN_MS - 30_000, linked=False) == []
    assert night.proofs.deadline_ms == 30_000 + PROOF_MS
    assert len(night.run(1_000, TEN_MS - 29_000)) == 1
    assert night.run(2_000, TEN_MS - 28_000) == []


def test_a_link_that_comes_back_is_looked_at_once_and_one_that_holds_is_not() -> None:
    night = Night()
    night.run(0, NOON_MS)
    night.run(1_000, NOON_MS + 1_000)
    assert night.schedule.deadline_ms == LOOK_AGAIN_MS
    night.run(2_000, NOON_MS + 2_000, linked=False)
    assert night.schedule.deadline_ms == LOOK_AGAIN_MS
    night.run(3_000, NOON_MS + 3_000)
    assert night.schedule.deadline_ms == 3_000 + LOOK_AGAIN_MS


def test_a_clock_that_cannot_be_right_is_asked_again_in_an_hour() -> None:
    night = Night()
    assert night.run(7, 1_000) == []
    assert night.schedule.deadline_ms == 7 + LOOK_AGAIN_MS
    night.schedule.forget()
    assert night.schedule.deadline_ms is None
    assert len(night.run(8, TEN_MS)) == 1


def test_every_chime_of_an_evening_is_ordered_in_its_time() -> None:
    chimes = [
        {"name": name, "at": at, "days": "daily", "pattern": "curfew", "hamlets": [hamlet]}
        for name, at, hamlet in (
            ("a", "22:00", "thon-1"),
            ("b", "22:00", "thon-2"),
            ("c", "22:01", "thon-3"),
            ("d", "22:30", "thon-1"),
        )
    ]
    night = Night(chimes=chimes)
    assert [one["id"] for one in night.run(0, TEN_MS)] == [f"{name}/2026-11-21" for name in "abc"]
    assert night.schedule.deadline_ms == 29 * 60_000
    assert [one["id"] for one in night.run(29 * 60_000, TEN_MS + 29 * 60_000)] == ["d/2026-11-21"]


@pytest.mark.parametrize("minutes", [-3 * 60, -61, -60, -59, -30, -2, -1, 0, 1, 30, 59, 60, 61])
def test_every_chime_of_a_week_is_ordered_a_minute_ahead_whenever_the_service_began(minutes: int) -> None:
    night = Night(chimes=[*codebook()["chimes"], {**codebook()["chimes"][0], "name": "dawn", "at": "05:00"}])
    began_ms = TEN_MS + minutes * 60_000
    now_ms, ahead = 0, []
    while now_ms < 5 * 24 * HOUR_MS:
        for chime in night.run(now_ms, began_ms + now_ms):
            ahead.append(Instant.parse(chime["due_at"]).ms - began_ms - now_ms)
        assert night.schedule.deadline_ms is not None and night.schedule.deadline_ms > now_ms
        now_ms = night.schedule.deadline_ms
    assert len(ahead) in {10, 11}
    assert set(ahead[1:]) == {60_000}


@pytest.mark.parametrize("before_s", range(0, 130, 10))
def test_a_chime_that_comes_just_after_what_the_calendar_holds_is_ordered_a_minute_ahead(before_s: int) -> None:
    night = Night(chimes=[{**codebook()["chimes"][0], "days": ["mon"]}])
    began_ms = TEN_MS - before_s * 1_000  # on Saturday; the calendar is asked for two days at a time
    now_ms, ahead = 0, []
    while now_ms < 3 * 24 * HOUR_MS:
        ahead += [TEN_MS + 48 * HOUR_MS - began_ms - now_ms for _ in night.run(now_ms, began_ms + now_ms)]
        assert night.schedule.deadline_ms is not None
        now_ms = night.schedule.deadline_ms
    assert ahead == [60_000]
