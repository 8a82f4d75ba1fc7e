"""The set by itself."""

import pytest
from msgspec import structs

from broker.core.alarms import MAX_ENDED, MAX_SILENCED, AlarmSet
from broker.core.ledger import Ledger
from broker.core.records import Alarm, Incident
from broker.core.turn import Turn

pytestmark = pytest.mark.pure

FIRE = Alarm(
    id="a", kind="fire", pattern="alarm", drill=False, silent=False, hamlets=("h1",), since_ms=1_000_000, life_s=180
)


QUIET = structs.replace(FIRE, id="q", silent=True)
LEASE_MS = 600_000


def row(id_: str, **changes: object) -> Incident:
    fields: dict[str, object] = {
        "id": id_, "kind": "fire", "hamlet": "h1", "node": "n1", "silent": False, "drill": False, "state": "open",
        "opened_at_ms": 1_000_000, "pressed_at_ms": None,
    }  # fmt: skip
    return Incident(**{**fields, **changes})


def flags(alarms: AlarmSet) -> tuple[bool, bool, bool, bool]:
    told = (alarms.changed, alarms.prolonged, alarms.taken_out, alarms.hidden_changed)
    alarms.changed = alarms.prolonged = alarms.taken_out = alarms.hidden_changed = False
    return told


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
    row = alarms.insist(Turn(1_819_001, 0), "a")
    assert row is not None
    assert row.life_s == 2_000


def test_how_long_it_is_out_is_remembered() -> None:
    alarms = begun(FIRE)
    row = alarms.end(Turn(50, 0), "a")
    assert row is not None
    assert not row.active
    assert alarms.end(Turn(60, 0), "a") is None
    assert alarms.ended_for_ms("a", 80) == 30
    assert alarms.ended_for_ms("b", 80) is None


def test_whoever_widens_writes_it_down_and_the_time_of_the_new_reach_is_known() -> None:
    ledger = Ledger()
    alarms = AlarmSet([], ledger)
    alarms.start(Turn(0, 1_000_000), FIRE)
    flags(alarms)
    alarms.widen(Turn(7, 1_000_007), "a", ("h2",))
    assert flags(alarms) == (True, False, False, False)
    assert alarms.live[0].reached_ms == 7
    turn = Turn(8, 0)
    ledger.flush(turn, urgent=True)
    ((entry,),) = [effect.entries for effect in turn.effects]
    assert (entry.what, entry.subject, entry.by, entry.at_ms) == ("sounding", "a", None, 1_000_007)
    assert entry.alarm == alarms.get("a")
    assert alarms.get("b") is None


def test_a_new_alarm_is_stated_at_once_and_a_silent_one_to_the_posts_alone() -> None:
    assert flags(AlarmSet([], Ledger())) == (False, False, False, False)
    alarms = begun()
    assert flags(alarms) == (True, False, False, False)
    alarms.start(Turn(500, 0), FIRE, age_ms=200)
    assert flags(alarms) == (True, False, False, False)
    assert (alarms.live[0].started_ms, alarms.live[0].reached_ms, alarms.deadline_ms) == (300, 500, 180_300)
    alarms.start(Turn(600, 0), QUIET)
    assert flags(alarms) == (False, False, False, True)
    assert alarms.deadline_ms == 180_300
    assert alarms.live[1].started_ms == 600


def test_insistence_is_stated_soon_and_a_silent_one_to_the_posts_alone() -> None:
    alarms = begun()
    alarms.start(Turn(0, 0), FIRE)
    alarms.start(Turn(0, 0), QUIET)
    flags(alarms)
    alarms.insist(Turn(0, 0), "a")
    assert flags(alarms) == (False, False, False, False), "it had that long anyway"
    alarms.insist(Turn(1, 0), "a")
    assert flags(alarms) == (False, True, False, False)
    alarms.insist(Turn(1, 0), "q")
    assert flags(alarms) == (False, False, False, True)


def test_insistence_never_makes_a_life_shorter() -> None:
    alarms = begun()
    alarms.start(Turn(0, 0), FIRE)
    alarms.insist(Turn(100_000, 0), "a")
    before = alarms.insist(Turn(50_000, 0), "a")
    assert alarms.deadline_ms == 280_000
    assert before is not None
    assert before.life_s == 280


def test_insistence_adds_what_a_press_of_the_commune_gives_over_a_restart_too() -> None:
    alarms = begun(structs.replace(FIRE, life_s=300), wall_ms=1_100_000)
    row = alarms.insist(Turn(100_000, 0), "a")
    assert alarms.deadline_ms == 280_000
    assert row is not None
    assert row.life_s == 380


def test_what_a_person_ends_is_told_apart_from_what_ended_by_itself() -> None:
    alarms = begun(FIRE, QUIET)
    flags(alarms)
    alarms.run(Turn(179_999, 0))
    assert len(alarms.all) == 2
    alarms.end(Turn(179_999, 0), "a")
    assert flags(alarms) == (True, False, True, False)
    alarms.run(Turn(180_000, 0))
    assert alarms.all == ()
    assert flags(alarms) == (False, False, False, True)
    assert alarms.silenced(180_000, silent=True) == ("a",)
    assert alarms.ended_for_ms("q", 180_000) == 0


def test_that_one_was_taken_out_is_known_until_it_is_on_the_disk() -> None:
    alarms = begun(FIRE, QUIET)
    alarms.end(Turn(5, 0), "a")
    alarms.run(Turn(180_000, 0))
    assert alarms.taken_out


def test_what_fell_silent_by_itself_is_written_down() -> None:
    ledger = Ledger()
    alarms = AlarmSet([FIRE], ledger)
    alarms.begin(Turn(0, 1_000_000), 180)
    alarms.run(Turn(180_000, 1_180_000))
    turn = Turn(0, 0)
    ledger.flush(turn, urgent=True)
    ((entry,),) = [effect.entries for effect in turn.effects]
    assert (entry.what, entry.subject, entry.by, entry.at_ms) == ("silenced", "a", None, 1_180_000)
    assert entry.alarm == structs.replace(FIRE, active=False)


def test_what_was_silenced_is_named_within_the_longest_lease_and_a_silent_one_only_to_the_posts() -> None:
    alarms = begun(FIRE, QUIET)
    alarms.end(Turn(10, 0), "q")
    alarms.end(Turn(20, 0), "a")
    assert alarms.silenced(20, silent=False) == ("a",)
    assert alarms.silenced(20, silent=True) == ("q", "a")
    assert alarms.silenced(10 + LEASE_MS, silent=True) == ("q", "a")
    assert alarms.silenced(11 + LEASE_MS, silent=True) == ("a",)
    assert alarms.silenced(21 + LEASE_MS, silent=True) == ()


def test_of_many_that_were_silenced_the_latest_are_named_and_only_so_many_remembered() -> None:
    alarms = begun()
    ids = [f"a{number}" for number in range(MAX_ENDED + 2)]
    for id_ in ids:
        alarms.start(Turn(0, 0), structs.replace(FIRE, id=id_))
        alarms.end(Turn(1, 0), id_)
    assert alarms.silenced(2, silent=False) == tuple(ids[-MAX_SILENCED:])
    assert [id_ for id_ in ids if alarms.ended_for_ms(id_, 2) is None] == ids[:2]
    assert len(alarms._silenced) == MAX_ENDED


def test_a_new_run_knows_what_somebody_ended_while_its_time_was_not_over() -> None:
    alarms = begun(FIRE)
    rows = [
        row("a"),  # still in the set
        row("ended"),
        row("quiet", silent=True),
        row("pressed", pressed_at_ms=900_000, opened_at_ms=1_000_000),
        row("over", opened_at_ms=1_000_000 - 180_000),
        row("just", opened_at_ms=1_000_001 - 180_000),
        row("late", pressed_at_ms=1_000_000 - 180_000, opened_at_ms=1_000_000),
    ]
    alarms.recall(Turn(40, 1_000_000), rows, 180)
    assert alarms.silenced(50, silent=False) == ("ended", "pressed", "just")
    assert alarms.silenced(50, silent=True) == ("ended", "quiet", "pressed", "just")
    assert alarms.ended_for_ms("ended", 50) == 10
    assert alarms.ended_for_ms("a", 50) is None
    assert alarms.ended_for_ms("over", 50) is None


def test_a_restart_keeps_when_it_began_and_asks_the_past_once() -> None:
    alarms = begun(FIRE, wall_ms=1_100_000)
    assert (alarms.live[0].started_ms, alarms.live[0].reached_ms) == (-100_000, 0)
    assert alarms.changed
    alarms.end(Turn(1, 0), "a")
    alarms.begin(Turn(2, 1_100_000), 180)
    assert alarms.all == ()
