"""The set by itself."""

import pytest
from msgspec import structs

from broker.core.alarms import AlarmSet
from broker.core.ledger import Ledger
from broker.core.records import Alarm
from broker.core.turn import Turn

pytestmark = pytest.mark.pure

FIRE = Alarm(
    id="a", kind="fire", pattern="alarm", drill=False, silent=False, hamlets=("h1",), since_ms=1_000_000, life_s=180
)


def begun(*past: Alarm, wall_ms: int = 1_000_000) -> AlarmSet:
    alarms = AlarmSet(past, Ledger())
    alarms.begin(Turn(0, wall_ms), 180)
    return alarms


def test_reach_grows_and_never_shrinks() -> None:
    alarms = begun(FIRE)
    alarms.widen(Turn(1, 0), "a", ("h2", "h1"))
    assert alarms.all[0].hamlets == ("h1", "h2")
    alarms.widen(Turn(1, 0), "a", ("all",))
    alarms.widen(Turn(1, 0), "a", ("h3",))
    assert alarms.all[0].hamlets == ("all",)


def test_widening_to_nothing_new_is_no_change() -> None:
    alarms = begun(FIRE)
    alarms.changed = False
    alarms.widen(Turn(1, 0), "a", ("h1",))
    alarms.widen(Turn(1, 0), "b", ("h1",))
    assert not alarms.changed


@pytest.mark.parametrize(
    ("wall_ms", "left_ms"), [(1_000_000, 180_000), (1_100_000, 80_000), (900_000, 180_000), (0, 180_000)]
)
def test_after_a_restart_the_rest_of_its_life_is_left_and_never_more_than_a_life(wall_ms: int, left_ms: int) -> None:
    assert begun(FIRE, wall_ms=wall_ms).deadline_ms == left_ms


def test_a_life_grown_by_insistence_is_held_to_a_lease_after_a_jump_back() -> None:
    grown = structs.replace(FIRE, life_s=5_000)
    assert begun(grown, wall_ms=0).deadline_ms == 600_000


def test_insistence_adds_a_whole_life_and_the_row_says_so() -> None:
    alarms = begun()
    alarms.start(Turn(0, 1_000_000), FIRE)
    row = alarms.insist(Turn(100_500, 0), "a")
    assert row is not None
    assert row.life_s == 281
    assert alarms.deadline_ms == 280_500
    assert alarms.insist(Turn(0, 0), "b") is None


def test_how_long_it_is_out_is_remembered() -> None:
    alarms = begun(FIRE)
    row = alarms.end(Turn(50, 0), "a")
    assert row is not None
    assert not row.active
    assert alarms.end(Turn(60, 0), "a") is None
    assert alarms.ended_for_ms("a", 80) == 30
    assert alarms.ended_for_ms("b", 80) is None
