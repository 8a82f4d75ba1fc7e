"""Chimes: each once, ever; never late; never by an unsure clock."""

from datetime import timedelta
from json import loads

import pytest
from fakes.box import CURFEW, EVENING_MS, Box, a_book, an_alarm
from fakes.journal import PowerCut
from hypothesis import given, settings
from hypothesis import strategies as st

from node.core.chimes import (
    ARM_MS,
    GRACE_MS,
    JUMP_MS,
    LOOK_AGAIN_MS,
    LOOK_AHEAD_MS,
    MAX_ORDERED,
    MAX_TOLD,
    Calendar,
)
from node.core.effects import Sound, Write
from node.core.records import ChimeDone
from patterns.codebook import codebook_from_message
from wire.messages import Chime, Witness
from wire.words import EPOCH, Instant

pytestmark = pytest.mark.pure

TONIGHT = "curfew/2026-11-21"
TEN_MS = EVENING_MS + 3_600_000
BOOK = a_book(chimes=[CURFEW])


def evening(**how: object) -> Box:
    """A linked box at 21:00 with a curfew at 22:00."""
    box = Box(codebook=BOOK, **how)
    box.link_up()
    return box


def chimes(box: Box) -> list[tuple[int, str]]:
    """When each chime began to be heard, by the hamlet's wall clock, in ms after 22:00."""
    sounding = box.speaker.sounding
    assert sounding is None or box.playing is not None
    return [(heard.start_ms + box.ahead_ms - TEN_MS, heard.pattern) for heard in box.heard]


def test_a_chime_sounds_on_the_second_from_our_own_code_book() -> None:
    box = evening()
    box.at("22:30")
    ((after_ms, pattern),) = chimes(box)
    assert pattern == "curfew"
    assert abs(after_ms) <= 10
    assert [(proof.id, proof.ended, proof.late_ms) for proof in box.said("sounded")] == [(TONIGHT, "finished", 0)]


def test_it_is_written_down_before_it_sounds() -> None:
    box = evening()
    box.at("22:00:05")
    order = [effect for _, effect in box.effects if isinstance(effect, Sound | Write)]
    assert isinstance(order[-2], Write)
    assert order[-2].record == ChimeDone(TONIGHT)
    assert isinstance(order[-1], Sound)


def test_every_night_once() -> None:
    box = evening()
    for _ in range(3):
        box.at("22:30")
    assert len(chimes(box)) == 3


def test_it_sounds_with_the_broker_down_too() -> None:
    box = evening()
    box.link_down()
    box.at("22:30")
    assert len(chimes(box)) == 1


def test_by_an_unsure_clock_nothing_is_due() -> None:
    box = Box(codebook=BOOK)
    box.wait(3 * 86_400_000)
    assert box.sounds() == []


def test_the_machine_s_clock_will_do_when_it_is_kept_in_step_and_else_not() -> None:
    from node.core.items import SystemClock

    box = Box(codebook=BOOK)
    box.step(SystemClock(TEN_MS, in_step=False))
    box.wait(1)
    assert box.sounds() == []
    box.step(SystemClock(TEN_MS, in_step=True))
    box.wait(1)
    assert len(box.sounds()) == 1


@pytest.mark.parametrize("again", ["restart", "power_on"])
@pytest.mark.parametrize("when", ["21:59:59", "22:00:03", "22:00:40"])
def test_a_restart_around_the_hour_does_not_sound_it_twice(when: str, again: str) -> None:
    box = evening()
    box.at(when)
    getattr(box, again)()
    box.link_up()
    box.at("22:30")
    assert len([heard for heard in box.heard if heard.pattern == "curfew"]) <= 1


def test_a_node_that_comes_up_within_the_grace_makes_it_up_and_says_how_late() -> None:
    box = Box(codebook=BOOK)
    box.at("22:00:50")
    box.link_up()
    box.wait(60_000)
    assert [(proof.id, 49_900 < proof.late_ms < 50_100) for proof in box.said("sounded")] == [(TONIGHT, True)]


def test_beyond_its_grace_it_is_not_made_up() -> None:
    box = Box(codebook=BOOK)
    box.at("22:01:01")
    box.link_up()
    box.wait(3_600_000)
    assert box.sounds() == []


def test_a_machine_that_slept_over_it_skips_it_and_says_so() -> None:
    box = evening()
    box.at("21:50")
    box.ahead_ms += 3_600_000
    box.wait(600_000)
    assert box.sounds() == []
    ((proof),) = box.said("sounded")
    assert (proof.id, proof.ended, proof.started_at) == (TONIGHT, "failed", None)
    assert 2_900_000 < proof.late_ms < 3_600_000
    assert proof.why.startswith("Muộn ")


def test_a_clock_that_steps_over_the_hour_and_back_still_chimes_once() -> None:
    """What was too late by a wrong clock was written down as done: the night stayed silent."""
    box = evening()
    box.ahead_ms += 4 * 3_600_000
    box.wait(600_000)
    box.ahead_ms -= 4 * 3_600_000
    box.wait(600_000)
    assert box.sounds() == []
    box.at("22:30")
    assert len(chimes(box)) == 1


def test_a_clock_that_goes_back_over_the_hour_does_not_chime_again() -> None:
    box = evening()
    box.at("22:10")
    box.ahead_ms -= 1_800_000
    box.wait(7_200_000)
    assert len(box.heard) == 1


def test_a_chime_missed_while_the_clock_was_unsure_is_said_to_be_missed() -> None:
    calendar = Calendar("h1", ())
    calendar.use(codebook_from_message(loads(BOOK)))
    assert calendar.due(0, TEN_MS - 60_000) == ([], [])
    assert calendar.due(10_000, None) == ([], [])
    ready, late = calendar.due(600_000, TEN_MS + 540_000)
    assert ready == []
    assert [chime.id for chime in late] == [TONIGHT]
    assert calendar.due(600_001, TEN_MS + 540_001) == ([], [])


def test_the_commune_s_order_and_our_own_book_are_one_chime() -> None:
    box = evening()
    box.at("21:59:10")
    box.arrive(box.a_chime(TONIGHT, TEN_MS))
    box.arrive(box.a_chime(TONIGHT, TEN_MS))
    box.at("22:30")
    assert len(chimes(box)) == 1
    assert len(box.said("sounded")) == 1


HEAD = Witness(seq=41, hash="ab" * 32)


def test_the_head_that_comes_with_an_order_is_written_with_its_chime_and_given_back_with_each_hello() -> None:
    box = evening()
    assert not isinstance(box.said("hello")[-1].witness, Witness)
    box.at("21:59:10")
    box.arrive(box.a_chime(TONIGHT, TEN_MS, witness=HEAD))
    before = len(box.records)
    box.at("22:00:05")
    assert box.records[before:] == [ChimeDone(TONIGHT, HEAD)]
    box.at("22:30")
    assert box.said("hello")[-1].witness == HEAD
    box.power_on()
    box.link_up()
    assert box.said("hello")[-1].witness == HEAD


def test_what_is_not_sounded_here_is_not_witnessed_so_that_nothing_is_written_for_it() -> None:
    box = evening()
    box.arrive(box.a_chime("study/2026-11-21", box.wall_ms + 5_000, hamlets=("elsewhere",), witness=HEAD))
    box.wait(20_000)
    assert not [record for record in box.records if isinstance(record, ChimeDone)]
    assert not isinstance(box.said("hello")[-1].witness, Witness)


def test_a_chime_of_an_older_commune_bears_no_head() -> None:
    box = evening()
    box.arrive(box.a_chime("a/2026-11-21", box.wall_ms + 5_000, witness=HEAD))
    box.wait(20_000)
    box.arrive(box.a_chime("b/2026-11-21", box.wall_ms + 5_000))
    box.wait(20_000)
    box.link_down()
    box.link_up()
    assert box.said("hello")[-1].witness == HEAD
    assert ChimeDone("b/2026-11-21") in box.records


def test_a_chime_that_is_late_by_order_and_by_book_is_told_once() -> None:
    box = evening()
    box.at("21:59:10")
    box.arrive(box.a_chime(TONIGHT, TEN_MS))
    box.ahead_ms += 600_000
    box.wait(600_000)
    assert len(box.said("sounded")) == 1
    assert box.sounds() == []


def test_a_late_order_that_is_said_again_is_told_once() -> None:
    box = Box()
    box.link_up()
    for _ in range(3):
        box.arrive(box.a_chime(TONIGHT, box.wall_ms - 100_000))
    assert len(box.said("sounded")) == 1


def test_an_order_for_what_has_sounded_is_nothing() -> None:
    box = Box()
    box.link_up()
    for _ in range(3):
        box.arrive(box.a_chime(TONIGHT, box.wall_ms))
        box.wait(20_000)
        box.restart()
        box.link_up()
    assert len(box.sounds()) == 1


def test_without_a_code_book_the_commune_s_order_is_enough() -> None:
    box = Box()
    box.link_up()
    box.arrive(box.a_chime(TONIGHT, EVENING_MS + 60_000, pattern="wake"))
    box.wait(120_000)
    assert [heard.pattern for heard in box.heard] == ["wake"]


def test_the_order_s_own_grace_counts() -> None:
    box = Box()
    box.link_up()
    box.arrive(box.a_chime("a/2026-11-21", box.wall_ms - 90_000, grace_s=120))
    box.wait(60_000)
    box.arrive(box.a_chime("b/2026-11-21", box.wall_ms - 90_000, grace_s=60))
    box.wait(60_000)
    assert [proof.id for proof in box.said("sounded")] == ["a/2026-11-21", "b/2026-11-21"]
    assert len(box.sounds()) == 1


def test_a_chime_for_other_hamlets_is_not_for_us() -> None:
    box = Box(codebook=a_book(chimes=[CURFEW | {"hamlets": ["h2"]}]))
    box.link_up()
    box.at("22:30")
    assert box.sounds() == []
    calendar = Calendar("h1", ())
    order = Chime(
        id=TONIGHT, pattern="curfew", hamlets=("h2",), due_at=Instant(5), grace_s=1, issued_at=Instant(0), counter=1
    )
    calendar.order(order)
    assert calendar.next_wall_ms() is None


def test_only_so_many_orders_are_kept() -> None:
    calendar = Calendar("h1", ())
    for number in range(MAX_ORDERED + 5):
        calendar.order(
            Chime(
                id=f"c{number}/2026-11-21",
                pattern="curfew",
                hamlets=("all",),
                due_at=Instant(1_000_000 + number),
                grace_s=1,
                issued_at=Instant(0),
                counter=1,
            )
        )
    assert calendar.next_wall_ms() == 1_000_005


def test_an_alarm_takes_over_from_a_chime_which_is_not_resumed() -> None:
    box = evening()
    box.at("22:00:05")
    box.set_of_alarms(an_alarm("0193a1de-0000-7000-8000-000000000001"))
    box.set_of_alarms()
    box.wait(60_000)
    assert next((proof.ended, proof.why[:4]) for proof in box.said("sounded")) == ("pre_empted", "0193")
    assert [heard.pattern for heard in box.heard] == ["curfew", "alarm"]


@pytest.mark.parametrize("drill", [True, False])
def test_a_chime_due_during_an_alarm_or_a_drill_is_skipped_and_reported(drill: bool) -> None:
    box = evening()
    box.at("21:59:30")
    box.set_of_alarms(an_alarm("0193a1de-0000-7000-8000-000000000001", drill=drill))
    box.at("22:10")
    skipped = [proof for proof in box.said("sounded") if proof.id == TONIGHT]
    assert [(proof.ended, proof.started_at) for proof in skipped] == [("pre_empted", None)]
    assert all(heard.pattern != "curfew" for heard in box.heard)


def test_the_time_is_proved_once_more_shortly_before_a_chime() -> None:
    box = evening()
    box.at("21:59:10")
    before = len(box.said("hello"))
    box.at("21:59:20")
    assert len(box.said("hello")) == before + 1
    box.at("21:59:59")
    assert len(box.said("hello")) == before + 1


def test_grace_of_our_own_book_is_a_minute() -> None:
    assert GRACE_MS == 60_000


CHAOS = st.lists(
    st.tuples(
        st.sampled_from(["wait", "step", "restart", "reboot", "cut", "link", "unlink", "order"]),
        st.integers(-5_400_000, 5_400_000),
    ),
    max_size=12,
)


@settings(max_examples=150, deadline=None)
@given(CHAOS)
def test_whatever_clocks_and_power_do_a_chime_sounds_at_most_once_and_never_late(chaos: list[tuple[str, int]]) -> None:
    box = evening()
    for what, ms in chaos:
        try:
            match what:
                case "wait":
                    box.wait(abs(ms))
                case "step":
                    box.ahead_ms += ms
                case "restart":
                    box.restart()
                case "reboot":
                    box.power_on()
                case "cut":
                    box.cut_after = abs(ms) % 7
                    box.wait(600_000)
                case "order":
                    box.arrive(box.a_chime(TONIGHT, TEN_MS))
                case "unlink":
                    box.link_down()
            if what == "link":
                box.link_up()
        except PowerCut:
            box.power_on()
    box.cut_after = None  # one that was planned and has not come yet is off
    box.wait(1_000)
    ids: dict[str, set[str]] = {}
    for _, effect in box.effects:
        if isinstance(effect, Sound):
            ids.setdefault(effect.pattern, set()).add(effect.ref)
    nights = [record.id for record in box.records if isinstance(record, ChimeDone)]
    assert len(nights) == len(set(nights))
    assert len(ids.get("curfew", ())) <= len(nights)
    assert all(proof.late_ms <= GRACE_MS + 500 for proof in box.said("sounded") if proof.started_at is not None)


@settings(max_examples=100, deadline=None)
@given(st.integers(-7_200_000, 7_200_000), st.integers(1, 3_000_000), st.integers(120_500, 1_800_000))
def test_exactly_once_if_the_clock_was_right_two_minutes_before(step_ms: int, away_ms: int, before_ms: int) -> None:
    box = evening()
    box.ahead_ms += step_ms
    box.wait(away_ms)
    # Whatever it thought before: from here on the time is right, and a restart makes it ask.
    box.ahead_ms = TEN_MS - before_ms - box.now_ms + 86_400_000
    box.restart()
    box.link_up()
    mark = len(box.sounds())
    box.wait(before_ms + 60_000)
    assert [sound.pattern for sound in box.sounds()[mark:]] == ["curfew"]


@pytest.mark.parametrize("wall_ms", [0, 86_400_000 * 300, 5 * 10**12])
def test_by_a_clock_that_cannot_be_right_nothing_is_due(wall_ms: int) -> None:
    """A commune's machine without a clock says 1970, and proves it."""
    calendar = Calendar("h1", ())
    calendar.use(codebook_from_message(loads(a_book(chimes=[CURFEW]))))
    for hour in range(48):
        assert calendar.due(hour, wall_ms + hour * 3_600_000) == ([], [])
        assert calendar.deadline_ms(hour, wall_ms + hour * 3_600_000) is None


class Counted:
    """A code book that is asked what is due, and by when."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def due_between(self, begin, until):
        self.asked.append(tuple((at - EPOCH) // timedelta(milliseconds=1) for at in (begin, until)))
        return []


def an_order(number: int = 1, due_ms: int = TEN_MS, grace_s: int = 60, hamlets: tuple[str, ...] = ("h1",)) -> Chime:
    return Chime(
        id=f"c/{number}", pattern="curfew", hamlets=hamlets, due_at=Instant(due_ms), grace_s=grace_s,
        issued_at=Instant(EVENING_MS), counter=1,
    )  # fmt: skip


def due(calendar: Calendar, now_ms: int, wall_ms: int | None) -> tuple[list[str], list[str]]:
    ready, late = calendar.due(now_ms, wall_ms)
    return [chime.id for chime in ready], [chime.id for chime in late]


UP_MS = 50_000_000
"""A box that has been up for half a day."""


def test_the_list_is_made_anew_every_six_hours_and_when_a_clock_jumps_either_way_and_else_not() -> None:
    book = Counted()
    calendar = Calendar("h1", ())
    assert due(calendar, UP_MS, EVENING_MS) == ([], []), "there may be no code book yet"
    calendar.use(book)
    for now_ms, drift_ms in (
        (0, 0),
        (1_000, JUMP_MS - 1),
        (2_000, 1 - JUMP_MS),
        (LOOK_AGAIN_MS - 1, 0),
    ):
        calendar.due(UP_MS + now_ms, EVENING_MS + now_ms + drift_ms)
    assert book.asked == [(EVENING_MS - GRACE_MS, EVENING_MS + LOOK_AHEAD_MS)]
    assert calendar.deadline_ms(UP_MS, EVENING_MS) == UP_MS + LOOK_AGAIN_MS
    calendar.due(UP_MS + LOOK_AGAIN_MS, EVENING_MS + LOOK_AGAIN_MS)
    assert len(book.asked) == 2
    calendar.due(UP_MS + LOOK_AGAIN_MS + 1, EVENING_MS + LOOK_AGAIN_MS + 1 + JUMP_MS)
    assert len(book.asked) == 3
    calendar.due(UP_MS + LOOK_AGAIN_MS + 2, EVENING_MS + LOOK_AGAIN_MS + 2)
    assert len(book.asked) == 4
    calendar.due(UP_MS + LOOK_AGAIN_MS + 3, None)
    calendar.due(UP_MS + LOOK_AGAIN_MS + 4, EVENING_MS + LOOK_AGAIN_MS + 4)
    assert len(book.asked) == 5, "a clock that was unsure may be another now"
    calendar.use(book)
    calendar.due(UP_MS + LOOK_AGAIN_MS + 5, EVENING_MS + LOOK_AGAIN_MS + 5)
    assert len(book.asked) == 6


def test_an_ordered_chime_is_armed_a_moment_ahead_and_made_up_to_the_last_moment_of_its_grace() -> None:
    for wall_ms, expected in (
        (TEN_MS - ARM_MS - 1, ([], [])),
        (TEN_MS - ARM_MS, (["c/1"], [])),
        (TEN_MS + 60_000, (["c/1"], [])),
        (TEN_MS + 60_001, ([], ["c/1"])),
    ):
        calendar = Calendar("h1", ())
        calendar.order(an_order())
        assert calendar.deadline_ms(7, TEN_MS - 100_000) == 7 + 100_000 - ARM_MS
        assert due(calendar, 0, wall_ms) == expected
        assert due(calendar, 0, wall_ms) == (([], []) if expected != ([], []) else expected)


def test_a_chime_for_another_hamlet_or_that_is_done_is_not_listed() -> None:
    calendar = Calendar("h1", ("c/3",))
    calendar.order(an_order(1, hamlets=("h2", "h3")))
    calendar.order(an_order(3))
    assert calendar.next_wall_ms() is None
    calendar.done("c/5")
    calendar.order(an_order(5))
    assert calendar.next_wall_ms() is None
    calendar.order(an_order(2, hamlets=("h2", "h1")))
    calendar.order(an_order(4, TEN_MS + 5, hamlets=("all",)))
    assert calendar.next_wall_ms() == TEN_MS
    book = codebook_from_message(loads(a_book(chimes=[{**CURFEW, "hamlets": ["h2"]}])))
    for hamlet, expected in (("h1", None), ("h2", TEN_MS)):
        calendar = Calendar(hamlet, ())
        calendar.use(book)
        calendar.due(0, EVENING_MS)
        assert calendar.next_wall_ms() == expected


def test_one_that_is_not_due_keeps_no_other_waiting() -> None:
    calendar = Calendar("h1", ())
    calendar.order(an_order(1, TEN_MS + 3_600_000))
    calendar.order(an_order(2))
    assert due(calendar, 0, TEN_MS) == (["c/2"], [])
    assert calendar.next_wall_ms() == TEN_MS + 3_600_000


def test_each_that_is_too_late_is_told_once_and_only_so_many_are_remembered() -> None:
    calendar = Calendar("h1", ())
    for number, told in [*((number, True) for number in range(MAX_TOLD + 1)), (MAX_TOLD, False), (0, True)]:
        calendar.order(an_order(number))
        assert due(calendar, 0, TEN_MS + 100_000) == ([], [f"c/{number}"] if told else [])


@pytest.mark.parametrize(("start", "sounds"), [("22:00:30", 0), ("21:58:00", 1)])
def test_who_has_forgotten_everything_makes_up_for_no_chime_from_before_its_start(start: str, sounds: int) -> None:
    box = Box(codebook=BOOK, forgetful=True)
    box.at(start)
    box.power_on()
    box.link_up()
    box.at("22:05")
    assert len(chimes(box)) == sounds
    assert [proof.ended for proof in box.said("sounded")] == (["finished"] if sounds else ["failed"])
