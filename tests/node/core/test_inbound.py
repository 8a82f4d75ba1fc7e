"""What arrives: obeyed, ignored or counted."""

import pytest
from fakes.box import Box, a_book, an_alarm, uid

from node.core.inbound import FRESH_ALERT_MS, MAX_FROM_ONE, MAX_WAITING, WAIT_MS
from node.core.parts import COUNTER_EVERY_MS
from node.core.records import HeardAlert
from wire.envelope import Arrived
from wire.messages import Answer, Welcome
from wire.signature import Signer
from wire.words import Instant

pytestmark = pytest.mark.pure

KEY, NEIGHBOUR, THIEF = Signer(b"k" * 32), Signer(b"n" * 32), Signer(b"t" * 32)


def linked(**how: object) -> Box:
    box = Box(**how)
    box.link_up()
    return box


def in_keys(hamlet: str = "h2", node: str = "gong-9") -> Box:
    """A box of h2 in a network with keys: gong-2 and gong-3 hang in h1, which h2 relays."""
    book = a_book(
        node_keys={"gong-2": NEIGHBOUR.public, "gong-3": THIEF.public},
        hamlets={"h1": ["gong-2", "gong-3"], "h2": ["gong-9"]},
    )
    return linked(signer=KEY, hamlet=hamlet, node=node, codebook=book)


def fell_silent(box: Box) -> None:
    """Some tenths of a second ago at most."""
    while box.playing is not None:
        box.wait(100)


# -- the set


def test_the_newest_set_sounds() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing == uid(1)


def test_absence_from_a_newer_set_is_the_all_clear() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)))
    box.set_of_alarms()
    box.wait(10_000)
    assert box.playing is None
    assert [proof.ended for proof in box.said("sounded")] == ["all_clear"]


def test_after_the_all_clear_no_older_set_brings_it_back() -> None:
    box = linked()
    old = box.set_of_alarms(an_alarm(uid(1)))
    box.set_of_alarms()
    box.arrive(old)
    assert box.playing is None
    assert box.refused == {"counter": 1}
    box.restart()
    box.link_up()
    box.arrive(old)
    assert box.playing is None


def test_after_the_all_clear_a_newer_set_may_state_it_again() -> None:
    """A set made by hand, or one of a service that had lost its last second, silenced an alarm for good."""
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)))
    box.set_of_alarms()
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing == uid(1)


def test_after_the_all_clear_our_own_press_may_be_stated_again_too() -> None:
    box = linked()
    box.hold("red")
    id_ = box.alerts()[0].id
    box.set_of_alarms(an_alarm(id_))
    box.set_of_alarms()
    assert box.playing is None
    box.set_of_alarms(an_alarm(id_))
    assert box.playing == id_


def test_an_alarm_for_other_hamlets_does_not_sound_here() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), hamlets=("h2", "h3")))
    assert box.playing is None
    box.set_of_alarms(an_alarm(uid(1), hamlets=("h2", "h1")))
    assert box.playing == uid(1)


def test_a_lost_all_clear_ends_with_the_lease_counted_from_when_it_was_issued() -> None:
    box = linked()
    box.arrive(box.a_set(an_alarm(uid(1), lease_s=60), issued_ms=box.wall_ms - 20_000))
    box.wait(39_900)
    assert box.playing == uid(1)
    box.wait(200)
    assert box.playing is None
    assert [proof.ended for proof in box.said("sounded")] == ["lease_over"]


def test_a_clock_that_is_behind_does_not_make_a_lease_longer() -> None:
    box = linked()
    box.arrive(box.a_set(an_alarm(uid(1), lease_s=60), issued_ms=box.wall_ms + 20_000))
    box.wait(60_100)
    assert box.playing is None


@pytest.mark.parametrize("who", ["all", "own", "peer"])
def test_what_has_just_ended_by_its_own_lease_does_not_begin_again_for_a_last_second_that_is_rounded_up(
    who: str,
) -> None:
    box = linked()
    if who == "own":
        box.hold("red")
        id_ = box.alerts()[0].id
    else:
        id_ = uid(1)
        box.arrive(box.a_set(an_alarm(id_, lease_s=5)) if who == "all" else box.a_peer(id_))
    fell_silent(box)
    mark = len(box.sounds())
    for _ in range(3):
        box.set_of_alarms(an_alarm(id_, lease_s=1))
        box.wait(100)
    assert len(box.sounds()) == mark


def test_what_has_ended_by_its_own_lease_begins_again_if_a_set_says_that_it_goes_on() -> None:
    """Somebody insists elsewhere, while the sets do not reach us; or they are made by hand, of short leases."""
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), lease_s=5))
    fell_silent(box)
    box.set_of_alarms(an_alarm(uid(1), lease_s=2))
    assert box.playing == uid(1)
    fell_silent(box)
    box.wait(2_000)
    box.set_of_alarms(an_alarm(uid(1), lease_s=1))
    assert box.playing == uid(1)


def test_what_a_person_ended_is_no_lease_that_was_over() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), lease_s=5))
    box.set_of_alarms()
    box.set_of_alarms(an_alarm(uid(1), lease_s=1))
    assert box.playing == uid(1)


def test_a_lease_that_is_over_on_arrival_sounds_nothing() -> None:
    box = linked()
    box.arrive(box.a_set(an_alarm(uid(1), lease_s=10), issued_ms=box.wall_ms - 15_000))
    assert box.sounds() == []


def test_an_unknown_pattern_in_a_real_alarm_still_sounds() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), pattern="no/such"))
    assert [sound.alarm for sound in box.sounds()] == [True]
    assert box.playing == uid(1)


@pytest.mark.parametrize("book", [None, a_book()])
def test_a_drill_with_an_unknown_pattern_sounds_as_a_drill(book: bytes | None) -> None:
    box = linked(codebook=book)
    box.set_of_alarms(an_alarm(uid(1), pattern="no/such", drill=True))
    assert [(sound.pattern, sound.alarm) for sound in box.sounds()] == [("drill", False)]


def test_a_drill_with_a_known_pattern_sounds_that() -> None:
    box = linked(codebook=a_book())
    box.set_of_alarms(an_alarm(uid(1), pattern="wake", drill=True))
    assert box.sounds()[0].pattern == "wake"


@pytest.mark.parametrize("book", [None, a_book()])
def test_a_drill_never_sounds_as_a_real_alarm_whatever_it_names(book: bytes | None) -> None:
    box = linked(codebook=book)
    box.set_of_alarms(an_alarm(uid(1), pattern="cong-lac/alarm", drill=True))
    assert [(sound.pattern, sound.alarm) for sound in box.sounds()] == [("drill", False)]


def test_a_set_that_states_a_drill_anew_as_real_is_obeyed() -> None:
    """It went on as an exercise."""
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), pattern="drill", drill=True))
    box.set_of_alarms(an_alarm(uid(1)))
    box.wait(2_000)
    assert [(sound.pattern, sound.alarm) for sound in box.sounds()] == [("drill", False), ("alarm", True)]
    assert [(proof.pattern, proof.ended) for proof in box.said("sounded")] == [("drill", "pre_empted")]
    box.set_of_alarms()
    box.wait(2_000)
    assert [(proof.pattern, proof.ended) for proof in box.said("sounded")][1:] == [("alarm", "all_clear")]


def test_a_set_that_names_another_pattern_is_obeyed_and_then_changes_nothing() -> None:
    box = linked()
    for pattern in ("alarm", "wake", "wake", "wake"):
        box.set_of_alarms(an_alarm(uid(1), pattern=pattern))
        box.wait(3_000)
    assert [sound.pattern for sound in box.sounds()] == ["alarm", "wake"]


def test_a_set_that_states_a_real_alarm_anew_as_a_drill_is_obeyed_if_nobody_else_vouches_for_it() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)))
    box.set_of_alarms(an_alarm(uid(1), pattern="drill", drill=True))
    assert [sound.pattern for sound in box.sounds()] == ["alarm", "drill"]


@pytest.mark.parametrize("who", ["own", "peer", "post"])
def test_a_set_does_not_make_a_drill_of_what_a_press_vouches_for(who: str) -> None:
    box = linked()
    if who == "own":
        box.hold("red")
    elif who == "peer":
        box.arrive(box.a_peer(uid(1)))
    else:
        box.set_of_alarms(an_alarm(uid(1)), post=True)
    box.set_of_alarms(an_alarm(box.alerts()[0].id if who == "own" else uid(1), pattern="drill", drill=True))
    assert [sound.pattern for sound in box.sounds()] == ["alarm"]


def test_what_is_stated_anew_lasts_as_long_as_whoever_else_vouches_for_it() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1)))
    box.set_of_alarms(an_alarm(uid(1), pattern="wake", lease_s=60))
    box.wait(70_000)
    assert box.playing == uid(1)


def test_a_test_that_is_stated_anew_as_real_is_not_over() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), kind="test", pattern="test"))
    for _ in range(3):
        box.set_of_alarms(an_alarm(uid(1)))
    box.wait(5_000)
    assert (box.playing, box.memory.over) == (uid(1), ())


def test_a_test_in_the_set_sounds_once_however_often_it_is_stated_even_after_a_restart() -> None:
    """It rang at each restatement, every ten seconds for three minutes."""
    box = linked()
    for _ in range(3):
        box.set_of_alarms(an_alarm(uid(1), kind="test", pattern="test"))
        box.wait(10_000)
    box.restart()
    box.link_up()
    box.set_of_alarms(an_alarm(uid(1), kind="test", pattern="test"))
    assert len(box.sounds()) == 1


def test_at_a_post_the_set_for_it_alone_sounds_and_the_set_for_all_does_not_end_it() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)), post=True)
    box.set_of_alarms()
    assert box.playing == uid(1)
    box.set_of_alarms(post=True)
    assert box.playing is None


def test_at_a_post_our_own_silent_press_does_not_sound() -> None:
    box = linked()
    box.hold("quiet")
    box.set_of_alarms(an_alarm(box.said("silent")[0].id), post=True)
    assert box.sounds() == []


def test_a_set_that_crosses_with_our_cancelling_does_not_sound() -> None:
    box = linked()
    box.hold("red")
    box.hold("cancel", 200)
    box.set_of_alarms(an_alarm(box.alerts()[0].id))
    assert box.playing is None


def test_a_counter_is_written_when_it_mattered_and_else_every_hour() -> None:
    box = linked()
    for _ in range(2 * COUNTER_EVERY_MS // 10_000 + 10):
        box.set_of_alarms()
        box.wait(10_000)
    assert len([record for record in box.records if type(record).__name__ == "CounterObeyed"]) == 3


# -- refusals


def put(box: Box, topic: str, payload: bytes, **more: object) -> str:
    """The reason for which it is refused for good."""
    before = dict(box.refused)
    effects = len(box.sounds())
    box.arrive(Arrived(topic, payload, **more))
    box.wait(WAIT_MS + 10)
    assert len(box.sounds()) == effects
    (changed,) = {reason for reason in box.refused if box.refused[reason] != before.get(reason, 0)}
    return changed


def test_each_refusal_is_counted_by_its_reason_and_harms_nothing_after_it() -> None:
    box = linked()
    everybody, mine = box.topics.all("alarms"), box.topics.down("gong-1", "welcome")
    box.set_of_alarms()
    good = box.a_set(an_alarm(uid(1)))
    stale = box.a_set(an_alarm(uid(1)), issued_ms=box.wall_ms - 60_000)
    now = Instant(box.wall_ms)
    unasked = box.sent(mine, Welcome(nonce="x", now=now, issued_at=now, counter=1)).payload
    assert put(box, everybody, b"{}") == "field"
    assert put(box, everybody, b"{") == "json"
    assert put(box, everybody, b'{"a":"\xff"}') == "encoding"
    assert put(box, everybody, b"x" * 9_000) == "oversized"
    assert put(box, everybody, good.payload, retained=True) == "retained"
    assert put(box, everybody, stale.payload) == "stale"
    assert put(box, "keng/1/cong-lac/all/else", b"{}") == "topic"
    assert put(box, "keng/1/elsewhere/all/alarms", good.payload) == "topic"
    assert put(box, box.topics.down("gong-2", "alarms"), good.payload) == "topic"
    assert put(box, box.topics.up("gong-1", "alert"), b"{}") == "topic"
    assert put(box, mine, unasked) == "nonce"
    assert put(box, box.topics.all("codebook"), box.sent("", a_bad_book(box)).payload) == "codebook"
    box.set_of_alarms(an_alarm(uid(2)))
    assert box.playing == uid(2)
    box.arrive(good)
    assert box.refused["counter"] == 1
    assert sum(box.refused.values()) == 13
    box.wait(10_000)
    assert box.status.refused == box.refused


def a_bad_book(box: Box) -> bytes:
    return a_book(zone="Nowhere/At_All", counter=box.next_counter(), issued_at=str(Instant(box.wall_ms)))


def test_where_there_is_a_key_what_is_unsigned_or_ill_signed_is_counted() -> None:
    box = in_keys()
    good = box.a_set(an_alarm(uid(1)))
    assert put(box, good.topic, good.payload) == "unsigned"
    assert put(box, good.topic, good.payload, sig=THIEF.sign(good.topic, good.payload)) == "signature"
    assert put(box, good.topic, good.payload, sig="garbage") == "signature"
    box.arrive(box.a_peer(uid(3), node="gong-7", signer=THIEF))
    assert box.refused["stranger"] == 1


def test_an_empty_retained_message_is_somebody_cleaning_up() -> None:
    box = linked()
    box.arrive(Arrived(box.topics.all("alarms"), b"", retained=True))
    assert box.refused == {}


def test_an_empty_message_that_is_not_retained_is_refused() -> None:
    assert put(linked(), "keng/1/cong-lac/all/alarms", b"") == "json"


# -- waiting for the time


def test_an_order_that_comes_before_the_welcome_is_obeyed_after_it() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing is None
    box.arrive(box.a_welcome(box.said("hello")[-1].nonce))
    assert box.playing == uid(1)
    assert box.refused == {}


def test_orders_that_waited_are_obeyed_in_their_order() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.set_of_alarms(an_alarm(uid(1)))
    box.set_of_alarms()
    box.arrive(box.a_welcome(box.said("hello")[-1].nonce))
    assert box.playing is None


def test_a_clock_that_is_an_hour_wrong_is_set_right_by_one_more_hello_and_the_order_obeyed() -> None:
    box = linked()
    box.wait(2_000)
    box.ahead_ms += 3_600_000
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing is None
    box.wait(20)
    assert box.playing == uid(1)


def test_an_old_order_is_refused_for_good_once_the_time_is_known_to_be_right() -> None:
    box = linked()
    box.wait(2_000)
    box.arrive(box.a_set(an_alarm(uid(1)), issued_ms=box.wall_ms - 7 * 86_400_000))
    hellos = len(box.said("hello"))
    box.wait(20)
    assert len(box.said("hello")) <= hellos + 1
    assert box.refused == {"stale": 1}
    assert box.sounds() == []


def test_an_order_waits_five_seconds_for_a_welcome_and_no_longer() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    box.set_of_alarms(an_alarm(uid(1)))
    box.wait(WAIT_MS - 50)
    assert box.refused == {}
    box.wait(100)
    assert box.refused == {"clock": 1}
    box.arrive(box.a_welcome(box.said("hello")[-1].nonce))
    assert box.playing is None


def test_only_so_many_orders_wait_and_the_newest_do() -> None:
    box = Box()
    box.commune = False
    box.link_up()
    for number in range(MAX_WAITING + 3):
        box.set_of_alarms(an_alarm(uid(number)))
    assert box.refused == {"clock": 3}
    box.arrive(box.a_welcome(box.said("hello")[-1].nonce))
    assert box.playing == uid(MAX_WAITING + 2)


def test_orders_that_look_stale_do_not_make_us_shout() -> None:
    box = linked()
    before = len(box.said("hello"))
    for _ in range(100):
        box.arrive(box.a_set(an_alarm(uid(1)), issued_ms=box.wall_ms - 60_000))
        box.wait(100)
    assert len(box.said("hello")) - before <= 11


def test_a_welcome_from_the_end_of_the_calendar_is_refused() -> None:
    """The reckoning of chimes beyond the year 9999 raised."""
    box = Box(codebook=a_book())
    box.commune = False
    box.link_up()
    late = Instant.parse("9999-12-31T23:59:00Z")
    welcome = Welcome(nonce=box.said("hello")[-1].nonce, now=late, issued_at=late, counter=1)
    box.arrive(box.sent(box.topics.down("gong-1", "welcome"), welcome))
    assert box.refused == {"field": 1}


# -- answers


def test_an_answer_closes_an_alert_and_silences_it() -> None:
    box = linked()
    box.hold("red")
    id_ = box.alerts()[0].id
    box.answer(id_, "closed")
    assert box.playing is None
    assert box.memory.alerts == {}
    box.set_of_alarms(an_alarm(id_))
    assert box.playing is None


def test_an_answer_to_nothing_of_ours_changes_nothing() -> None:
    box = linked()
    written = len(box.records)
    box.answer(uid(9), "closed")
    assert len(box.records) == written
    assert box.refused == {}


# -- neighbours


def test_a_neighbour_s_alert_sounds_without_the_commune() -> None:
    box = linked()
    box.commune = False
    box.arrive(box.a_peer(uid(1)))
    assert box.playing == uid(1)
    box.wait(180_000 - 100)
    assert box.playing == uid(1)
    box.wait(200)
    assert box.playing is None


def test_a_relayed_hamlet_is_heard_and_another_is_not() -> None:
    box = linked(hamlet="h2", node="gong-8", codebook=a_book())
    box.arrive(box.a_peer(uid(1), node="gong-3", hamlet="h3"))
    assert box.playing is None
    box.arrive(box.a_peer(uid(2), node="gong-1", hamlet="h1"))
    assert box.playing == uid(2)


def test_without_a_code_book_only_our_own_hamlet_is_heard() -> None:
    box = linked(hamlet="h2", node="gong-8")
    box.arrive(box.a_peer(uid(1), hamlet="h1"))
    assert box.playing is None


def test_a_test_is_for_its_own_hamlet_alone() -> None:
    box = linked(hamlet="h2", node="gong-8", codebook=a_book())
    box.arrive(box.a_peer(uid(1), node="gong-1", hamlet="h1", kind="test"))
    assert box.sounds() == []


def test_a_neighbour_s_copy_is_no_second_sound() -> None:
    box = linked()
    for _ in range(3):
        box.arrive(box.a_peer(uid(1)))
    assert len(box.sounds()) == 1
    assert box.memory.heard == (uid(1),)


def test_a_neighbour_s_insistence_makes_it_sound_longer_and_a_copy_does_not() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1)))
    box.wait(100_000)
    box.arrive(box.a_peer(uid(1), age_ms=100_000, count=2))
    box.wait(100_000)
    assert box.playing == uid(1)
    box.arrive(box.a_peer(uid(1), age_ms=200_000, count=2))
    box.wait(80_100)
    assert box.playing is None


def test_a_stale_alert_sounds_nowhere() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1), age_ms=FRESH_ALERT_MS + 1))
    assert box.sounds() == []


def test_an_alert_is_refused_whose_age_was_told_anew() -> None:
    box = linked()
    pressed = str(Instant(box.wall_ms - FRESH_ALERT_MS - 100))
    box.arrive(box.a_peer(uid(1), pressed_at=pressed))
    assert box.sounds() == []
    assert box.refused == {"stale": 1}
    box.arrive(box.a_peer(uid(1), pressed_at=pressed, clock="unsure"))
    assert box.playing == uid(1)


def insisted(box: Box, age_ms: int, last_age_ms: int, **changes: object) -> Arrived:
    """A neighbour pressed again: first and last press so long ago."""
    pressed_at = str(Instant(box.wall_ms - age_ms))
    return box.a_peer(uid(1), count=2, age_ms=age_ms, last_age_ms=last_age_ms, pressed_at=pressed_at, **changes)


def test_an_insistence_sounds_at_a_gong_that_missed_the_first_half_minute() -> None:
    """With the commune's service down nothing else could have made it sound."""
    box = linked()
    box.arrive(insisted(box, 60_000, 2_000))
    assert box.playing == uid(1)
    box.wait(177_000)
    assert box.playing == uid(1)
    box.wait(2_000)
    assert box.playing is None


@pytest.mark.parametrize(("last_age_ms", "count"), [(FRESH_ALERT_MS + 1, 2), (2_000, 1)])
def test_an_old_insistence_or_a_single_press_does_not(last_age_ms: int, count: int) -> None:
    box = linked()
    box.arrive(
        insisted(box, 60_000, last_age_ms) if count == 2 else box.a_peer(uid(1), age_ms=60_000, last_age_ms=2_000)
    )
    assert box.sounds() == []


def test_a_replayed_insistence_is_known_by_its_signed_times() -> None:
    box = linked()
    captured = insisted(box, 60_000, 2_000)
    box.wait(FRESH_ALERT_MS)
    box.arrive(captured)
    assert box.sounds() == []
    assert box.refused == {"stale": 1}


def test_a_replayed_alert_does_not_sound_even_after_a_restart_or_a_reboot() -> None:
    box = linked()
    alert = box.a_peer(uid(1), clock="unsure")
    box.arrive(alert)
    for again in (box.restart, box.power_on):
        again()
        box.link_up()
        box.arrive(alert)
    assert len(box.sounds()) == 1


def test_an_alert_that_was_cleared_before_it_came_does_not_sound() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)))
    box.set_of_alarms()
    box.arrive(box.a_peer(uid(1)))
    assert box.playing is None


def test_a_neighbour_may_take_back_its_alert() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1)))
    box.arrive(box.a_peer(uid(1), cancelled=True))
    assert box.playing is None
    assert box.memory.over == (uid(1),)
    box.set_of_alarms(an_alarm(uid(1)))
    assert box.playing is None


def test_nobody_takes_back_another_s_alert() -> None:
    """A stolen node could silence its neighbours' alerts for good."""
    box = in_keys()
    box.arrive(box.a_peer(uid(1), signer=NEIGHBOUR))
    assert box.playing == uid(1)
    box.arrive(box.a_peer(uid(1), node="gong-3", signer=THIEF, cancelled=True))
    assert box.playing == uid(1)
    assert box.memory.over == ()


def test_nobody_insists_on_another_s_alert() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1)))
    box.wait(170_000)
    box.arrive(box.a_peer(uid(1), node="gong-3", count=9))
    box.wait(10_100)
    assert box.playing is None


def test_nobody_insists_on_ours() -> None:
    box = linked()
    box.hold("red")
    box.wait(170_000)
    box.arrive(box.a_peer(box.alerts()[0].id, count=9))
    box.wait(10_100)
    assert box.playing is None


def test_nobody_makes_our_silent_press_sound_here() -> None:
    box = linked()
    box.hold("quiet")
    box.arrive(box.a_peer(box.said("silent")[0].id))
    assert box.sounds() == []


def test_a_cancelling_that_overtook_its_alert_is_remembered() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1), cancelled=True))
    box.arrive(box.a_peer(uid(2), node="gong-3", cancelled=True))
    box.arrive(box.a_peer(uid(1)))
    assert box.playing is None
    box.arrive(box.a_peer(uid(2)))
    assert box.playing == uid(2)


def test_the_commune_s_word_stands_against_a_neighbour_s_cancelling() -> None:
    box = linked()
    box.arrive(box.a_peer(uid(1)))
    box.set_of_alarms(an_alarm(uid(1)))
    box.arrive(box.a_peer(uid(1), cancelled=True))
    assert box.playing == uid(1)


def test_an_alert_that_the_set_brought_first_may_be_insisted_on_by_whoever_pressed() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1), lease_s=60))
    box.arrive(box.a_peer(uid(1), count=2))
    box.wait(170_000)
    assert box.playing == uid(1)


def test_who_speaks_in_another_s_name_is_refused() -> None:
    box = linked(codebook=a_book())
    forged = box.a_peer(uid(1), node="gong-2", hamlet="h2")
    box.arrive(Arrived(box.topics.up("gong-3", "alert"), forged.payload))
    assert box.refused == {"topic": 1}
    box.arrive(box.a_peer(uid(1), node="gong-2", hamlet="h1"))
    assert box.refused == {"topic": 1, "stranger": 1}
    assert box.sounds() == []


def test_a_book_that_says_no_homes_makes_nobody_a_stranger() -> None:
    """The contract's code book has no hamlets: every signed neighbour was refused."""
    box = linked(
        signer=KEY, hamlet="h2", node="gong-9", codebook=a_book(node_keys={"gong-2": NEIGHBOUR.public}, hamlets=None)
    )
    box.arrive(box.a_peer(uid(1), signer=NEIGHBOUR))
    assert box.playing == uid(1)


def test_a_flood_of_one_neighbour_is_written_down_no_further_than_the_ear_can_tell() -> None:
    box = linked()
    for number in range(100):
        box.arrive(box.a_peer(uid(number), drill=True))
    assert len([record for record in box.records if isinstance(record, HeardAlert)]) == MAX_FROM_ONE
    box.arrive(box.a_peer(uid(200)))
    assert box.playing == uid(200)


# -- the code book


def test_a_code_book_is_kept_and_used() -> None:
    box = linked(hamlet="h2", node="gong-8")
    box.arrive(
        box.sent(box.topics.all("codebook"), a_book(counter=box.next_counter(), issued_at=str(Instant(box.wall_ms))))
    )
    assert box.codebook is not None
    box.arrive(box.a_peer(uid(1), node="gong-1"))
    assert box.playing == uid(1)


def test_a_code_book_that_we_have_is_not_written_again() -> None:
    box = linked(codebook=a_book())
    mine = box.codebook
    box.arrive(
        box.sent(box.topics.all("codebook"), a_book(counter=box.next_counter(), issued_at=str(Instant(box.wall_ms))))
    )
    assert box.codebook is mine


@pytest.mark.parametrize("stored", [b"", b"{", b'{"version":1}', b"\xff", b"[" * 10_000])
def test_a_stored_code_book_that_cannot_be_read_is_as_good_as_none(stored: bytes) -> None:
    box = linked(codebook=stored)
    assert box.refused == {"codebook": 1}
    assert box.said("hello")[0].codebook == 0


def test_what_is_no_set_is_no_all_clear() -> None:
    box = linked()
    box.set_of_alarms(an_alarm(uid(1)))
    box.arrive(box.sent(box.topics.all("alarms"), Answer(id=uid(1), state="closed")))
    assert box.playing == uid(1)
