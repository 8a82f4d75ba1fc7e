"""Numbers only rise, and cost a row for thousands."""

import pytest
from fakes.service import NOON_MS
from hypothesis import given
from hypothesis import strategies as st

from broker.core.counter import AHEAD_MS, RESERVE, Counter
from broker.core.effects import Append
from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.turn import Turn
from wire.words import MAX_COUNTER

pytestmark = pytest.mark.pure

DAY_MS = 86_400_000


class Numbers:
    """A counter, and the shelf of its reservations."""

    def __init__(self, reserved: int = 0) -> None:
        self.reserved = reserved
        self.rows = 0
        self.start()

    def start(self) -> None:
        self.ledger = Ledger()
        self.counter = Counter(self.reserved, self.ledger)

    def next(self) -> int:
        turn = Turn(0, 0)
        number = self.counter.next(turn)
        self.ledger.flush(turn)
        for effect in turn.effects:
            assert isinstance(effect, Append)
            self.rows += len(effect.entries)
            self.reserved = max(self.reserved, *(int(entry.body["counter"]) for entry in effect.entries))
            self.ledger.committed(effect.token)
        assert number <= self.reserved
        return number


def test_a_restart_goes_on_above() -> None:
    numbers = Numbers(500)
    last = [numbers.next() for _ in range(10)][-1]
    numbers.start()
    assert numbers.next() > last


def test_a_reservation_is_made_before_the_number_goes_out() -> None:
    ledger = Ledger()
    turn = Turn(0, 0)
    Counter(500, ledger).next(turn)
    assert isinstance(turn.effects[0], Append)


def test_thousands_of_orders_cost_a_few_rows() -> None:
    numbers = Numbers()
    for _ in range(RESERVE * 3):
        numbers.next()
    assert numbers.rows <= 7


@given(
    st.lists(
        st.one_of(
            st.just("next"),
            st.just("restart"),
            st.tuples(st.sampled_from(["leap", "foreign", "hello"]), st.integers(0, MAX_COUNTER)),
        ),
        max_size=30,
    )
)
def test_no_number_comes_twice_or_goes_back(acts: list[object]) -> None:
    numbers = Numbers()
    last = 0
    for act in acts:
        match act:
            case "restart":
                numbers.start()
            case ("leap", int(value)):
                numbers.counter.leap(value)
            case ("foreign", int(value)):
                numbers.counter.foreign(value, value)
            case ("hello", int(value)):
                numbers.counter.hello(value, value)
            case _:
                number = numbers.next()
                assert last < number <= MAX_COUNTER or number == MAX_COUNTER
                last = number


def test_orders_are_above_what_others_said_and_the_wall_clock() -> None:
    numbers = Numbers()
    numbers.counter.leap(1_000_000)
    assert numbers.next() == 1_000_000
    assert numbers.counter.foreign(2_000_000, 1_500_000)
    assert numbers.next() == 2_000_001
    numbers.counter.hello(3_000_000, 2_500_000)
    assert numbers.next() == 3_000_001


def test_a_foreign_order_uses_no_numbers_up() -> None:
    numbers = Numbers()
    numbers.counter.leap(8 * DAY_MS)
    assert not numbers.counter.foreign(MAX_COUNTER, wall_ms=8 * DAY_MS)
    assert not numbers.counter.foreign(8 * DAY_MS + AHEAD_MS + 1, wall_ms=8 * DAY_MS)
    assert numbers.next() == 8 * DAY_MS
    assert numbers.counter.foreign(8 * DAY_MS + AHEAD_MS, wall_ms=8 * DAY_MS)
    assert numbers.next() == 8 * DAY_MS + AHEAD_MS + 1


def test_ours_go_on_where_the_clock_was_once_years_ahead() -> None:
    numbers = Numbers(3_000 * DAY_MS)
    assert numbers.counter.foreign(3_000 * DAY_MS + 50, wall_ms=8 * DAY_MS)
    assert numbers.next() == 3_000 * DAY_MS + 51


def test_a_hello_uses_no_numbers_up() -> None:
    numbers = Numbers()
    numbers.counter.hello(10 * DAY_MS, wall_ms=8 * DAY_MS)
    assert numbers.next() == 1
    numbers.counter.hello(9 * DAY_MS - 1, wall_ms=8 * DAY_MS)
    assert numbers.next() == 9 * DAY_MS


def test_at_the_last_number_of_all_orders_go_on_and_no_row_is_written_for_each() -> None:
    numbers = Numbers(MAX_COUNTER - 3)
    assert [numbers.next() for _ in range(50)] == [MAX_COUNTER - 2, MAX_COUNTER - 1] + [MAX_COUNTER] * 48
    assert numbers.rows == 1


def test_half_of_a_reservation_is_left_when_the_next_one_is_made() -> None:
    numbers = Numbers()
    assert (numbers.next(), numbers.reserved, numbers.rows) == (1, 1 + RESERVE, 1)
    numbers.counter.leap(1 + RESERVE // 2)
    assert (numbers.next(), numbers.rows) == (1 + RESERVE // 2, 1)
    assert (numbers.next(), numbers.reserved, numbers.rows) == (2 + RESERVE // 2, 2 + RESERVE // 2 + RESERVE, 2)
    ledger = Ledger()
    Counter(0, ledger).next(turn := Turn(0, NOON_MS))
    (append,) = turn.effects
    assert isinstance(append, Append)
    assert append.entries == (
        Entry(what="counter", subject="counter", by=None, at_ms=NOON_MS, body={"counter": 1 + RESERVE}),
    )


def test_a_node_or_another_service_may_be_a_day_and_a_minute_ahead_of_the_clock_and_no_more() -> None:
    counter = Counter(0, Ledger())
    counter.leap(NOON_MS)
    counter.hello(NOON_MS + AHEAD_MS, NOON_MS)
    assert counter.last == NOON_MS - 1
    counter.hello(NOON_MS + AHEAD_MS - 1, NOON_MS)
    assert counter.last == NOON_MS + AHEAD_MS - 1
    assert not counter.foreign(counter.last + AHEAD_MS + 1, NOON_MS)
    assert counter.foreign(MAX_COUNTER, MAX_COUNTER)
    assert counter.last == MAX_COUNTER - 1  # a number is left for an order of ours


def test_an_order_whose_number_is_reserved_brings_no_row_before_it() -> None:
    counter = Counter(100, Ledger())
    counter.hello(99, NOON_MS)
    assert counter.last == 100
    counter = Counter(0, ledger := Ledger())
    counter.next(turn := Turn(0, NOON_MS))
    ledger.committed(1)
    counter.hello(RESERVE, NOON_MS)
    turn = Turn(0, NOON_MS)
    assert (counter.next(turn), turn.effects) == (1 + RESERVE, [])
