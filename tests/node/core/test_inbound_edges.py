"""What arrives, at its edges: the last millisecond, the second of two, what is written down and what is not."""

import pytest
from fakes.box import COMMUNE, CONTACTS, Box, a_book, an_alarm, uid

from node.core.condition import HEARD_WITHIN_MS
from node.core.inbound import FRESH_ALERT_MS, MAX_TAKEN_BACK, MAX_WAITING, Inbound
from node.core.parts import Parts
from node.core.records import CounterObeyed, Memory
from node.core.setup import Setup
from wire.envelope import Arrived
from wire.messages import ActiveAlarm, Alarms
from wire.words import Instant

pytestmark = pytest.mark.pure


def linked(**how: object) -> Box:
    box = Box(**how)
    box.link_up()
    return box


def wall_ms(box: Box) -> int:
    """As the node has it: half a round trip from the truth."""
    wall_ms = box.core._parts.wall_ms(box.now_ms)
    assert wall_ms is not None
    return wall_ms


def counters(box: Box) -> int:
    return sum(isinstance(record, CounterObeyed) for record in box.records)


def with_over(box: Box, over: tuple[str, ...], *alarms: ActiveAlarm) -> Arrived:
    order = Alarms(issued_at=Instant(box.wall_ms), counter=box.next_counter(), alarms=alarms, over=over)
    return box.sent(box.topics.all("alarms"), order)


def a_codebook(box: Box, **changes: object) -> Arrived:
    book = a_book(counter=box.next_counter(), issued_at=str(Instant(box.wall_ms)), **changes)
    return box.sent(box.topics.all("codebook"), book)


def test_before_anything_arrives_nothing_is_asked_and_nobody_was_welcomed() -> None:
    inbound = Inbound(Parts(Setup(COMMUNE, "gong-1", "h1", CONTACTS, "boot", "run", b"seed", Memory())))
    assert (inbound.wants_hello, inbound.welcomed, inbound.deadline_ms) == (False, False, None)


def test_a_lease_ends_to_the_millisecond() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), lease_s=60))
    began_ms = box.now_ms
    box.until(began_ms + 59_999)
    assert box.playing == uid(1)
    box.until(began_ms + 60_000)
    assert box.playing is None


def test_what_is_over_by_the_time_it_comes_neither_sounds_nor_is_proved() -> None:
    box = linked()
    box.arrive(box.a_set(an_alarm(uid(1), lease_s=20), issued_ms=wall_ms(box) - 20_000))
    box.wait(3_000)
    assert (box.sounds(), box.said("sounded")) == ([], [])


def test_an_alarm_for_others_hides_none_for_us() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), hamlets=("h2",)), an_alarm(uid(2)))
    assert box.playing == uid(2)


def test_what_a_person_ended_falls_silent_though_nobody_here_heard_it_stated() -> None:
    box = linked()
    box.hold("red")
    id_ = box.alerts()[0].id
    box.arrive(with_over(box, (uid(9), id_)))
    box.wait(2_000)
    assert box.playing is None
    assert [proof.ended for proof in box.said("sounded")] == ["all_clear"]
    assert box.memory.alerts[id_].quiet


def test_of_orders_that_wait_the_oldest_goes_first_and_none_that_is_obeyed_is_lost() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    for number in range(MAX_WAITING + 1):
        box.set_of_alarms(an_alarm(uid(number)))
    box.arrive(box.a_welcome(box.said("hello")[-1].nonce))
    assert box.memory.heard == tuple(uid(number) for number in range(1, MAX_WAITING))


def test_the_counter_is_written_when_the_set_made_a_difference_and_not_when_it_did_not() -> None:
    box = linked()
    box.set_of_alarms()
    assert counters(box) == 1, "the first of a run"
    for written in (2, 2):
        box.set_of_alarms(an_alarm(uid(1)))
        assert counters(box) == written
    box.arrive(box.a_chime("wake/2026-11-22", box.wall_ms + 60_000))
    assert counters(box) == 2
    box.arrive(a_codebook(box, version=2))
    assert counters(box) == 3
    box.arrive(a_codebook(box, version=2))
    box.set_of_alarms(an_alarm(uid(1)))
    assert counters(box) == 3


@pytest.mark.parametrize("word", ["chime", "codebook", "codebook again"])
def test_whatever_the_commune_says_is_a_word_of_the_commune(word: str) -> None:
    box = linked()
    if word == "codebook again":
        box.arrive(a_codebook(box))
    box.commune = False
    box.wait(HEARD_WITHIN_MS + 100)
    assert box.lamps.link == "unheard"
    box.arrive(box.a_chime("wake/2026-11-22", box.wall_ms + 60_000) if word == "chime" else a_codebook(box))
    assert box.lamps.link == "steady"


def test_a_neighbour_that_insisted_may_still_take_it_back() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1)))
    box.arrive(box.a_peer(uid(1), count=2, last_age_ms=0))
    box.arrive(box.a_peer(uid(1), cancelled=True))
    assert box.playing is None


@pytest.mark.parametrize("over_ms", [0, 1])
def test_a_press_of_a_neighbour_is_fresh_for_thirty_seconds(over_ms: int) -> None:
    box = linked()
    age_ms = FRESH_ALERT_MS + over_ms
    box.arrive(box.a_peer(uid(1), age_ms=age_ms, pressed_at=str(Instant(wall_ms(box) - age_ms))))
    assert box.playing == (None if over_ms else uid(1))


@pytest.mark.parametrize("over_ms", [0, 1])
def test_a_signed_time_may_be_thirty_seconds_apart(over_ms: int) -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1), pressed_at=str(Instant(wall_ms(box) - FRESH_ALERT_MS - over_ms)), age_ms=0))
    assert (box.playing, box.refused) == ((None, {"stale": 1}) if over_ms else (uid(1), {}))


@pytest.mark.parametrize(
    ("changes", "sound"),
    [
        ({}, ("alarm", True)),
        ({"drill": True}, ("drill", False)),
        ({"kind": "test"}, ("test", False)),
        ({"kind": "test", "drill": True}, ("drill", False)),
    ],
)
@pytest.mark.parametrize("book", [None, a_book(hamlets={"h1": ["gong-1", "gong-2"]}, relays={})])
def test_a_neighbour_s_exercise_or_test_sounds_as_what_it_is(
    changes: dict[str, object], sound: tuple[str, bool], book: bytes | None
) -> None:
    box = linked(codebook=book)
    box.arrive(box.a_peer(uid(1), **changes))
    assert [(one.pattern, one.alarm) for one in box.sounds()] == [sound]


def test_a_copy_of_what_was_pressed_three_times_makes_it_no_longer() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1), count=3, last_age_ms=0, age_ms=5))
    began_ms = box.now_ms
    box.wait(100_000)
    box.arrive(box.a_peer(uid(1), count=3, last_age_ms=100_000))
    box.until(began_ms + 179_999)
    assert box.playing == uid(1)
    box.until(began_ms + 180_000)
    assert box.playing is None


def test_an_old_press_that_claims_to_be_the_first_and_young_at_once_sounds_nowhere() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1), count=1, age_ms=60_000, last_age_ms=0, pressed_at=str(Instant(box.wall_ms - 60_000))))
    assert box.playing is None


def test_only_so_many_that_were_taken_back_are_remembered() -> None:
    box = linked()
    for number in range(MAX_TAKEN_BACK + 1):
        box.arrive(box.a_peer(uid(number), cancelled=True))
    box.arrive(box.a_peer(uid(1)))
    assert box.playing is None, "its cancelling overtook it"
    box.arrive(box.a_peer(uid(0)))
    assert box.playing == uid(0)


def test_a_cancelling_that_is_said_again_pushes_out_no_other() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(0), cancelled=True))
    for _ in range(MAX_TAKEN_BACK):
        box.arrive(box.a_peer(uid(1), cancelled=True))
    box.arrive(box.a_peer(uid(0)))
    assert box.playing is None


@pytest.mark.parametrize(("age_ms", "sounds"), [(19_999, True), (20_000, False)])
def test_a_press_that_is_older_than_an_alarm_lasts_leaves_nothing_behind(age_ms: int, sounds: bool) -> None:
    book = a_book(alarm_s=20, cancel_s=10, hamlets={"h1": ["gong-1", "gong-2"]}, relays={})
    box = linked(codebook=book)
    box.arrive(box.a_peer(uid(1), age_ms=age_ms, pressed_at=str(Instant(wall_ms(box) - age_ms))))
    assert len(box.sounds()) == sounds
    assert box.memory.heard == ((uid(1),) if sounds else ())


def test_of_two_neighbours_the_later_press_sounds() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(2)))
    box.wait(100)
    box.arrive(box.a_peer(uid(1), node="gong-3"))
    assert box.playing == uid(1)


def test_another_box_s_copy_of_what_the_set_calls_over_does_not_sound_and_a_new_press_does() -> None:
    box = linked()
    box.arrive(with_over(box, (uid(7),)))
    box.arrive(box.a_peer(uid(7)))
    assert box.playing is None
    box.arrive(box.a_peer(uid(8)))
    assert box.playing == uid(8)
