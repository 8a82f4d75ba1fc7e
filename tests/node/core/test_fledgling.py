"""What a new box decides in its first hour, from its facts and the time alone; test_firstboot.py hears it do so."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.core.firstboot import (
    APART_MS,
    ASKED_MS,
    BEFORE_CHIME_MS,
    HOUR_STEPS,
    QUIET_MS,
    STEP_MS,
    STOOD_MS,
    SURE_MS,
    TIMES,
    Facts,
    Fledgling,
    Say,
    Strike,
)
from node.core.records import FirstBoot
from wire.blinks import BUTTONS, CLOCK, DISK, NETWORK, SPEAKER

pytestmark = pytest.mark.pure
WELL = Facts(hour=9, quiet=True, chime_in_ms=None, ready=True, speaker=True, disk=True, codes=())


def changed(**facts: Any) -> Facts:
    return Facts(**{name: getattr(WELL, name) for name in Facts.__slots__} | facts)


def run(fledgling: Fledgling, facts: Facts, ms: int, from_ms: int = 0) -> list[Any]:
    return [deed for at_ms in range(from_ms, from_ms + ms + 1, 100) for deed in fledgling.step(at_ms, facts)]


def test_a_disk_that_refuses_the_line_within_a_moment_keeps_the_stroke_back_for_good() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
    deeds = run(fledgling, WELL, QUIET_MS)
    assert FirstBoot(1, struck=True) in deeds
    assert not fledgling.step(QUIET_MS + SURE_MS - 1, WELL)  # the disk may still say that it refused
    assert not fledgling.step(QUIET_MS + SURE_MS, changed(disk=False))
    assert not run(fledgling, WELL, 60_000, QUIET_MS + SURE_MS)


def by_itself(fledgling: Fledgling, facts: Facts) -> list[tuple[int, Any]]:
    """What it does and when, stepped at no moment but those that it asks for."""
    done, at_ms = [], 0
    for _ in range(100):
        done += [(at_ms, deed) for deed in fledgling.step(at_ms, facts)]
        due_ms = fledgling.deadline_ms(at_ms)
        if due_ms is None:
            return done
        at_ms = due_ms
    raise AssertionError("its first hour has no end")


def test_every_deed_of_the_first_hour_comes_at_the_very_moment_that_it_is_due() -> None:
    steps = [(step * STEP_MS, FirstBoot(step + 1, struck=step > 0)) for step in range(HOUR_STEPS + 1)]
    stroke = [(QUIET_MS, FirstBoot(1, struck=True)), (QUIET_MS + SURE_MS, Strike())]
    assert by_itself(Fledgling(new=True, past=FirstBoot(), now_ms=0), WELL) == [steps[0], *stroke, *steps[1:]]
    steps = [(step * STEP_MS, FirstBoot(step + 1)) for step in range(HOUR_STEPS + 1)]
    said = [(STOOD_MS + time * APART_MS, Say(DISK)) for time in range(TIMES)]
    full = changed(disk=False, codes=(DISK,))
    fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
    assert by_itself(fledgling, full) == [steps[0], *said, *steps[1:]]
    assert fledgling.deadline_ms(HOUR_STEPS * STEP_MS) is None, "then it wants nothing any more"
    old = Fledgling(new=False, past=FirstBoot(), now_ms=0)
    assert (by_itself(old, full), old.deadline_ms(0)) == ([], None)


def test_what_becomes_well_in_the_last_minute_of_the_first_hour_still_sounds_and_a_minute_later_no_more() -> None:
    for ms, sounds in ((HOUR_STEPS * STEP_MS - 60_000, True), (HOUR_STEPS * STEP_MS, False)):
        fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
        run(fledgling, changed(speaker=False), ms)
        assert (Strike() in run(fledgling, WELL, 10_000, ms)) is sounds


def test_the_three_seconds_are_counted_anew_whenever_something_is_not_well() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
    for at_ms, facts in ((0, WELL), (QUIET_MS - 1, changed(quiet=False)), (QUIET_MS, WELL)):
        assert not [deed for deed in fledgling.step(at_ms, facts) if deed != FirstBoot(1)]
    assert fledgling.step(2 * QUIET_MS - 1, WELL) == []
    assert fledgling.step(2 * QUIET_MS, WELL) == [FirstBoot(1, struck=True)]


@pytest.mark.parametrize(
    ("facts", "sounds"),
    [
        ({"chime_in_ms": BEFORE_CHIME_MS}, False),
        ({"chime_in_ms": BEFORE_CHIME_MS + 1}, True),
        ({"ready": False}, False),
        ({"speaker": False}, False),
        ({"disk": False}, False),
        ({"hour": None}, False),
    ],
)
def test_it_needs_a_pattern_a_speaker_a_disk_and_a_minute_without_a_chime(facts: Any, sounds: bool) -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
    assert (Strike() in run(fledgling, changed(**facts), 10_000)) is sounds


@pytest.mark.parametrize(
    ("strokes", "ended", "heard", "first"),
    [
        (1, "finished", None, True),
        (1, "pre_empted", 1, True),
        (0, "finished", None, False),
        (1, "failed", None, False),
        (1, "finished", 0, False),
    ],
)
def test_one_stroke_that_was_not_unheard_is_the_first_sounding(
    strokes: int, ended: str, heard: int | None, first: bool
) -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
    assert fledgling.proved(strokes, ended, heard) is first
    assert (Strike() in run(fledgling, WELL, 10_000)) is not first
    assert not Fledgling(new=False, past=FirstBoot(), now_ms=0).proved(strokes, ended, heard)
    assert not Fledgling(new=True, past=FirstBoot(told=True), now_ms=0).proved(strokes, ended, heard)


def test_that_it_is_told_is_written_once_and_ends_the_waiting_for_a_stroke() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(3), now_ms=0)
    assert fledgling.told() == [FirstBoot(3, told=True)]
    assert fledgling.told() == []
    assert Strike() not in run(fledgling, WELL, 10_000)


def test_an_answer_says_what_was_wrong_at_the_press_and_still_is_and_nothing_after_a_minute() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(HOUR_STEPS + 1), now_ms=0)
    fledgling.asked(0)
    assert fledgling.step(0, changed(codes=(DISK, NETWORK, CLOCK, BUTTONS))) == [Say(DISK)]
    assert fledgling.step(100, changed(quiet=False, codes=(DISK, NETWORK, CLOCK, BUTTONS))) == []
    assert fledgling.step(2_000, changed(codes=(CLOCK, SPEAKER))) == [Say(CLOCK)]
    assert run(fledgling, changed(codes=(CLOCK, SPEAKER)), 5_000, 2_100) == []
    fledgling.asked(10_000)
    assert fledgling.step(10_000 + ASKED_MS, changed(codes=(CLOCK, NETWORK))) == [Say(CLOCK)]
    assert run(fledgling, changed(codes=(CLOCK, NETWORK)), 5_000, 10_001 + ASKED_MS) == []
    fledgling.asked(90_000)  # who presses again is told all of it again
    assert fledgling.step(90_000, changed(codes=(CLOCK,))) == [Say(CLOCK)]
    fledgling.asked(91_000)
    assert fledgling.step(91_000, changed(codes=(CLOCK,))) == [Say(CLOCK)]


def test_an_answer_says_each_fault_in_its_turn() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(HOUR_STEPS + 1), now_ms=0)
    fledgling.asked(0)
    wrong = (DISK, NETWORK, CLOCK, BUTTONS)
    assert run(fledgling, changed(codes=wrong), 2_000) == [Say(code) for code in wrong]


def test_by_an_unknown_time_it_speaks_in_its_very_first_run_and_after_a_night_it_does_not_strike() -> None:
    lost = changed(hour=None, codes=(CLOCK,))
    for past, speaks in ((FirstBoot(), True), (FirstBoot(1), False), (FirstBoot(2), False)):
        fledgling = Fledgling(new=True, past=past, now_ms=0)
        assert (Say(CLOCK) in run(fledgling, lost, 3 * STOOD_MS)) is speaks
        run(fledgling, changed(hour=5), 1_000, 3 * STOOD_MS)
        assert Strike() not in run(fledgling, WELL, 10_000, 4 * STOOD_MS)


def test_what_has_just_gone_wrong_waits_its_half_minute_and_two_faults_are_a_minute_apart() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(1, struck=True), now_ms=0)
    said = [
        (at_ms, deed.code)
        for at_ms in range(0, 200_000, 1_000)
        for deed in fledgling.step(at_ms, changed(codes=() if at_ms < 40_000 else (DISK, CLOCK)))
        if isinstance(deed, Say)
    ]
    first_ms = 40_000 + STOOD_MS
    assert said == [(first_ms, DISK), (first_ms + APART_MS, DISK), (first_ms + 2 * APART_MS, DISK)]


def test_whoever_was_answered_is_left_alone_for_a_minute() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(1), now_ms=0)
    full = changed(disk=False, codes=(DISK,))
    fledgling.asked(0)
    said = [at_ms for at_ms, deed in by_itself(fledgling, full) if deed == Say(DISK)]
    assert said == [0, *(APART_MS * time for time in range(1, TIMES + 1))]


def test_whoever_asks_while_the_stroke_is_due_is_answered_after_it() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
    late = changed(codes=(CLOCK,))
    assert FirstBoot(1, struck=True) in run(fledgling, WELL, QUIET_MS)
    fledgling.asked(QUIET_MS + 1)
    assert fledgling.step(QUIET_MS + 1, late) == []
    assert fledgling.step(QUIET_MS + SURE_MS, late) == [Strike()]
    assert fledgling.step(QUIET_MS + SURE_MS + 1, late) == [Say(CLOCK)]


def test_nothing_is_said_without_a_speaker() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
    fledgling.asked(0)
    assert not [deed for _, deed in by_itself(fledgling, changed(speaker=False, codes=(DISK,))) if deed == Say(DISK)]


def test_that_there_is_no_speaker_is_told_by_the_lamp_alone_and_each_other_fault_three_times() -> None:
    fledgling = Fledgling(new=True, past=FirstBoot(), now_ms=0)
    both = changed(codes=(SPEAKER, DISK, CLOCK), disk=False)
    said = [deed.code for _, deed in by_itself(fledgling, both) if isinstance(deed, Say)]
    assert said == [DISK] * TIMES + [CLOCK] * TIMES


FACTS = st.builds(
    Facts,
    hour=st.none() | st.integers(0, 23),
    quiet=st.booleans(),
    chime_in_ms=st.none() | st.integers(-1_000, 200_000),
    ready=st.booleans(),
    speaker=st.booleans(),
    disk=st.booleans(),
    codes=st.lists(st.sampled_from([NETWORK, CLOCK, SPEAKER, DISK, BUTTONS]), unique=True, max_size=3).map(tuple),
)
LIVES = st.lists(
    st.tuples(
        st.sampled_from(["pass", "pass", "pass", "ask", "reboot"]), st.integers(0, 90_000), FACTS | st.just(WELL)
    ),
    max_size=40,
)


@given(LIVES)
def test_whatever_happens_it_strikes_once_and_nothing_unasked_is_heard_at_night_or_over_a_gong(life: Any) -> None:
    now_ms, written = 0, FirstBoot()
    fledgling = Fledgling(new=True, past=written, now_ms=0)
    struck, asked_ms, runs = 0, None, 1
    for what, ms, facts in life:
        now_ms += ms
        if what == "ask":
            fledgling.asked(now_ms)
            asked_ms = now_ms
        elif what == "reboot":
            fledgling, asked_ms, runs = Fledgling(new=True, past=written, now_ms=now_ms), None, runs + 1
        for deed in fledgling.step(now_ms, facts):
            if isinstance(deed, FirstBoot):
                assert deed.steps >= written.steps and deed.struck >= written.struck
                written = deed
                continue
            assert facts.quiet and facts.speaker
            night = facts.hour is not None and not 6 <= facts.hour < 21
            assert not night
            if isinstance(deed, Strike):
                struck += 1
                assert written.struck and facts.disk and facts.ready and facts.hour is not None
            else:
                asked = asked_ms is not None and now_ms - asked_ms <= ASKED_MS
                assert isinstance(deed, Say) and deed.code in facts.codes
                assert asked or (written.steps <= HOUR_STEPS and (facts.hour is not None or runs == 1))
    assert struck <= 1
    due_ms = fledgling.deadline_ms(now_ms)
    assert due_ms is None or due_ms > now_ms
