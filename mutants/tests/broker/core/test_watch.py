"""The watch over the broker by itself: what it says, writes down and asks for, to the millisecond."""

import pytest

from broker.core.beacon import BUSY_MS, EVERY_MS, FIRST_REST_MS, LONGEST_REST_MS, MAX_OUT, MISSES, STEADY_MS, Watch
from broker.core.effects import RestartBroker, Tell
from broker.core.ledger import Ledger
from broker.core.records import Entry, Trouble
from broker.core.troubles import Troubles
from broker.core.turn import Turn
from wire.codec import decode
from wire.messages import Beacon
from wire.topics import Topics

pytestmark = pytest.mark.pure

TOPICS = Topics("cong-lac")
WALL_MS = 1_800_000_000_000
HANGS = "MQTT (Mosquitto) đứng, không chuyển tin; hãy xem máy xã / MQTT (Mosquitto) hangs and delivers nothing"


class Watched:
    """A watch whose link is up."""

    def __init__(self, past: tuple[Trouble, ...] = ()) -> None:
        self.ledger = Ledger()
        self.troubles = Troubles(past, self.ledger)
        self.watch = Watch(TOPICS, "me", self.troubles, self.ledger, on=True, mends=True)
        self.now_ms = 1_000
        self.said: list[Beacon] = []
        self.restarts: list[tuple[int, str]] = []

    def turn(self) -> Turn:
        return Turn(self.now_ms, WALL_MS)

    def link(self, *, up: bool = True, mute: bool = False) -> None:
        turn = self.turn()
        self.watch.link(turn, up=up, mute=mute)
        self.take(turn)

    def run(self, after_ms: int = 0, *, idle: bool = True) -> None:
        self.now_ms += after_ms
        turn = self.turn()
        self.watch.run(turn, idle=idle)
        self.take(turn)

    def back(self, number: int = 0, by: str = "me") -> None:
        self.watch.take(self.turn(), Beacon(by=by, number=number or self.said[-1].number))

    def take(self, turn: Turn) -> None:
        for effect in turn.effects:
            if isinstance(effect, RestartBroker):
                self.restarts.append((self.now_ms, effect.why))
            else:
                assert isinstance(effect, Tell)
                assert effect.topic == TOPICS.beacon
                self.said.append(decode(effect.payload, Beacon))

    def written(self) -> list[Entry]:
        turn = self.turn()
        self.ledger.flush(turn, urgent=True)
        return [entry for effect in turn.effects for entry in effect.entries]


def linked() -> Watched:
    rig = Watched()
    rig.link()
    return rig


def hung() -> Watched:
    rig = linked()
    rig.run()
    for _ in range(MISSES):
        rig.run(EVERY_MS)
    return rig


def test_a_beacon_is_said_at_the_link_and_every_two_seconds_under_our_word_and_a_new_number() -> None:
    assert Watched().watch.deadline_ms is None
    rig = linked()
    assert rig.watch.deadline_ms == 1_000
    rig.run()
    rig.back()
    rig.run(EVERY_MS - 1)
    assert rig.watch.deadline_ms == 1_000 + EVERY_MS
    rig.run(1)
    assert rig.said == [Beacon(by="me", number=1), Beacon(by="me", number=2)]


def test_one_that_hangs_is_told_in_both_languages_and_written_down_with_what_comes_next() -> None:
    rig = hung()
    assert rig.restarts == [(7_000, HANGS)]
    assert [(one.kind, one.about, one.why) for one in rig.troubles.all] == [("broker", "commune", HANGS)]
    trouble, restarted = rig.written()
    assert trouble.what == "trouble"
    assert (restarted.what, restarted.subject, restarted.by, restarted.at_ms) == ("restarted", "commune", None, WALL_MS)
    assert restarted.body == {"misses": MISSES, "next_ms": FIRST_REST_MS}
    assert (rig.watch.restarts, rig.watch.round_trip_ms) == (1, None)


def test_each_restart_that_did_not_help_doubles_the_rest_up_to_an_hour() -> None:
    rig = hung()
    while len(rig.restarts) < 9:
        rig.run(EVERY_MS)
    rests = [later - earlier for (earlier, _), (later, _) in zip(rig.restarts, rig.restarts[1:], strict=False)]
    doubled = [FIRST_REST_MS * 2**number for number in range(8)]
    assert rests == [min(rest, LONGEST_REST_MS) for rest in doubled]
    assert rig.watch.restarts == 9


def test_while_it_does_not_deliver_no_round_trip_is_told_and_the_next_that_comes_back_ends_it() -> None:
    rig = hung()
    rig.now_ms += 30
    rig.back()
    assert (rig.watch.round_trip_ms, rig.watch.misses) == (30, 0)
    assert rig.troubles.all == ()


def test_one_that_comes_back_late_counts_for_all_before_it_and_not_for_those_after_it() -> None:
    rig = linked()
    for _ in range(3):
        rig.run(EVERY_MS)
    assert rig.watch.misses == 2
    rig.back(2)
    assert (rig.watch.misses, rig.watch.round_trip_ms) == (0, EVERY_MS)
    rig.now_ms += 5
    rig.back(2)
    rig.back(1)
    assert rig.watch.round_trip_ms == EVERY_MS
    rig.run(EVERY_MS)
    assert rig.watch.misses == 1, "the third is still out"
    rig.back(3)
    assert rig.watch.round_trip_ms == EVERY_MS + 5


def test_while_something_waits_to_be_taken_nothing_is_missed_and_it_is_soon_looked_at_again() -> None:
    rig = linked()
    rig.run(idle=False)
    assert len(rig.said) == 1, "nothing is out yet: there is nothing to wait for"
    rig.run(EVERY_MS, idle=False)
    assert rig.watch.deadline_ms == rig.now_ms + BUSY_MS
    assert (len(rig.said), rig.watch.misses) == (1, 0)
    rig.run(BUSY_MS)
    assert (len(rig.said), rig.watch.misses) == (2, 1)


def test_only_so_many_are_remembered_and_the_latest_are() -> None:
    rig = linked()
    for _ in range(MAX_OUT + 1):
        rig.run(EVERY_MS)
    rig.back(1)
    assert rig.watch.misses > 0
    rig.back(2)
    assert rig.watch.misses == 0


def test_a_link_that_falls_forgets_what_was_out_and_asks_for_nothing() -> None:
    rig = linked()
    rig.run()
    rig.run(EVERY_MS)
    assert rig.watch.misses == 1
    rig.watch.link(rig.turn(), up=False)
    assert (rig.watch.deadline_ms, rig.watch.misses) == (None, 0)
    rig.back(1)
    assert rig.watch.round_trip_ms is None
    rig.link()
    rig.run()
    assert (rig.watch.misses, len(rig.said)) == (0, 3)


def test_a_mute_broker_is_counted_in_a_row_and_what_is_up_again_breaks_the_row() -> None:
    rig = linked()
    rig.link(up=False, mute=True)
    rig.link(up=False, mute=True)
    assert rig.watch.misses == 2
    rig.link()
    assert (rig.watch.misses, rig.restarts) == (0, [])
    for _ in range(MISSES):
        rig.link(up=False, mute=True)
    assert rig.restarts == [(1_000, HANGS)]


def test_after_ten_steady_minutes_the_next_restart_is_the_first_again_and_not_before() -> None:
    for steady_ms, helped in ((STEADY_MS, True), (STEADY_MS - 1, False)):
        rig = hung()
        rig.now_ms += FIRST_REST_MS
        rig.run()
        assert len(rig.restarts) == 2
        rig.link()
        rig.run()
        rig.back()
        rig.now_ms += steady_ms - EVERY_MS
        rig.run()
        rig.now_ms += EVERY_MS
        rig.back()
        rests = (rig.watch._rest_ms, rig.watch._not_before_ms is None)
        assert rests == ((FIRST_REST_MS, True) if helped else (4 * FIRST_REST_MS, False))


def test_a_miss_begins_the_steady_time_anew() -> None:
    rig = hung()
    rig.back()
    rig.run(EVERY_MS)
    rig.run(EVERY_MS)
    rig.back()
    rig.now_ms += STEADY_MS - EVERY_MS
    rig.run()
    rig.back()
    assert rig.watch._not_before_ms is not None


def test_a_run_that_begins_in_trouble_rests_first_and_one_that_does_not_restarts_at_once() -> None:
    old = Trouble(kind="broker", about="commune", why=HANGS, since_ms=0)
    rig = Watched((old,))
    rig.watch.begin(rig.turn())
    rig.link()
    rig.run()
    for _ in range(MISSES):
        rig.run(EVERY_MS)
    assert rig.restarts == []
    while not rig.restarts:
        rig.run(EVERY_MS)
    assert rig.restarts[0][0] == 1_000 + FIRST_REST_MS
    fresh = Watched()
    fresh.watch.begin(fresh.turn())
    assert fresh.watch._not_before_ms is None
    assert (fresh.watch.misses, fresh.watch.restarts, fresh.watch.round_trip_ms) == (0, 0, None)


def test_a_second_service_is_told_by_its_second_word_in_both_languages() -> None:
    rig = linked()
    rig.back(5, by="other")
    rig.back(5, by="other")
    rig.back(6, by="third")
    rig.back(4, by="other")
    assert rig.troubles.all == ()
    rig.back(5, by="other")
    assert [(one.kind, one.about, one.why) for one in rig.troubles.all] == [
        (
            "foreign_service",
            "beacon",
            "Có hai dịch vụ của xã cùng chạy, hãy tắt một / two services of this commune run; stop one",
        )
    ]
