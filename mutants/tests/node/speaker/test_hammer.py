"""Does the striker hit what the score says, without ever burning its coil?"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest
from fakes.clips import bursts
from fakes.pins import FakePin
from fakes.waiting import eventually
from hypothesis import given
from hypothesis import strategies as st

from node.speaker.hammer import LATE_NS, PULSE_NS, REST_NS, Hammer, next_blow
from node.speaker.ports import Ended, Health, Report, Started
from node.speaker.solenoid import Solenoid
from node.speaker.tape import NS_PER_MS, ns_of
from patterns.clip import Clip

GRACE_NS = 25 * NS_PER_MS


@pytest.fixture
def pin() -> FakePin:
    return FakePin()


@pytest.fixture
def reports() -> list[Report]:
    return []


@pytest.fixture
def solenoid(pin: FakePin, reports: list[Report]) -> Iterator[Solenoid]:
    solenoid = Solenoid(pin, reports.append)
    yield solenoid
    solenoid.close()
    assert not pin.is_on


def ends(reports: list[Report]) -> list[Ended]:
    return [r for r in reports if isinstance(r, Ended)]


@st.composite
def scores(draw: st.DrawFn) -> Clip:
    frames = draw(st.integers(1, 20_000))
    loop = draw(st.none() | st.integers(0, frames - 1))
    strokes = tuple(sorted(draw(st.sets(st.integers(0, frames - 1), max_size=12))))
    return Clip("x", 48_000, memoryview(bytes(2 * frames)), frames, loop, None if loop is None else frames, strokes)


@pytest.mark.pure
@given(scores(), st.integers(0, 60_000))
def test_the_next_blow_is_the_first_one_the_clip_counts(clip: Clip, frame: int) -> None:
    blow = next_blow(clip, frame)
    if blow is None:
        assert clip.strokes_until(frame) == clip.strokes_until(200_000)
    else:
        assert blow >= frame
        assert clip.strokes_until(blow) == clip.strokes_until(frame)
        assert clip.strokes_until(blow + 1) == clip.strokes_until(frame) + 1


@pytest.mark.pure
@given(scores(), st.lists(st.integers(0, 200), min_size=1, max_size=20))
def test_no_blow_is_struck_late_or_before_the_coil_has_rested(clip: Clip, late_ms: list[int]) -> None:
    hammer, rested_ns, lates = Hammer(clip, 0), 0, itertools.cycle(late_ms)
    for _ in range(60):
        blow = next_blow(clip, hammer.frame)
        if blow is None:
            break
        now_ns = hammer.due_ns() + next(lates) * NS_PER_MS
        if hammer.strike(now_ns, rested_ns):
            assert now_ns >= rested_ns
            assert now_ns - ns_of(blow) <= LATE_NS
            rested_ns = now_ns + PULSE_NS + REST_NS
        assert hammer.frame > blow


def test_it_strikes_each_blow_when_it_is_due(solenoid: Solenoid, pin: FakePin, reports: list[Report]) -> None:
    asked_ns = time.monotonic_ns()
    solenoid.play("a", bursts(400, 100))
    eventually(lambda: ends(reports))
    assert (ends(reports)[0].how, ends(reports)[0].strokes) == ("finished", 4)
    for (on_ns, off_ns), due_ms in zip(pin.pulses(), (0, 100, 200, 300), strict=True):
        assert abs(on_ns - asked_ns - due_ms * NS_PER_MS) < GRACE_NS
        assert PULSE_NS <= off_ns - on_ns < PULSE_NS + GRACE_NS


def test_a_roll_too_fast_for_the_coil_loses_blows_not_the_coil(
    solenoid: Solenoid, pin: FakePin, reports: list[Report]
) -> None:
    solenoid.play("a", bursts(300, 10))
    eventually(lambda: ends(reports))
    for (_, off_ns), (on_ns, _) in itertools.pairwise(pin.pulses()):
        assert on_ns - off_ns >= REST_NS
    assert 4 <= ends(reports)[0].strokes <= 6


def test_stop_lets_the_coil_go_at_once(solenoid: Solenoid, pin: FakePin, reports: list[Report]) -> None:
    solenoid.play("a", bursts(300, 100, (100, 300)))
    eventually(lambda: pin.is_on)
    solenoid.stop("a")
    eventually(lambda: ends(reports))
    assert ends(reports) == [Ended("a", "stopped", ends(reports)[0].duration_ms, 1, "")]
    assert not pin.is_on


def test_a_new_score_takes_over_and_a_loop_goes_on(solenoid: Solenoid, pin: FakePin, reports: list[Report]) -> None:
    solenoid.play("chime", bursts(2000, 500))
    eventually(lambda: [r for r in reports if isinstance(r, Started)])
    solenoid.play("alarm", bursts(200, 100, (100, 200)))
    eventually(lambda: len(pin.pulses()) >= 6)
    solenoid.stop()
    eventually(lambda: len(ends(reports)) == 2)
    assert [(e.ref, e.how) for e in ends(reports)] == [("chime", "pre_empted"), ("alarm", "stopped")]


def test_a_pin_that_does_not_obey_is_trouble_and_fails_the_score(
    solenoid: Solenoid, pin: FakePin, reports: list[Report]
) -> None:
    eventually(lambda: reports == [Health(True, "ok")])
    pin.broken = True
    solenoid.play("a", bursts(100, 50))
    eventually(lambda: ends(reports))
    pin.broken = False
    assert reports[1] == Health(False, "io: no permission for the pin")
    assert ends(reports)[0].how == "failed"
    assert not [r for r in reports if isinstance(r, Started)]
