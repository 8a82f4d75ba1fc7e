"""Is the amplifier on whenever something sounds, and off some time after?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from fakes.clips import steady
from fakes.pins import FakePin
from fakes.waiting import eventually

from node.speaker.amplifier import Amplified
from node.speaker.player import Player
from node.speaker.ports import Ended, Health, Report, Reporter, Started
from node.speaker.sink import Gauge
from node.speaker.tape import NS_PER_MS, frames_in

LEAD_MS = 150
"""Half of it may pass on a busy machine before a thread has its turn."""


class PacedNothing:
    """A node.speaker.sink.Sink on the real clock that sounds nowhere."""

    def __init__(self) -> None:
        self._start_ns: int | None = None
        self._written = 0

    def open(self) -> None:
        self._start_ns, self._written = None, 0

    def gauge(self) -> Gauge:
        if self._start_ns is None:
            return Gauge(1920, 0, running=False)
        heard = min(self._written, frames_in(time.monotonic_ns() - self._start_ns))
        return Gauge(1920 - (self._written - heard), heard, running=True)

    def write(self, pcm: memoryview) -> int:
        self._start_ns = self._start_ns or time.monotonic_ns()
        self._written += len(pcm) // 2
        return len(pcm) // 2

    def close(self) -> None: ...
    def probe(self) -> None: ...


def player(report: Reporter) -> Player:
    return Player(PacedNothing(), report, realtime=False)


@pytest.fixture
def pin() -> FakePin:
    return FakePin()


@pytest.fixture
def reports() -> list[Report]:
    return []


@pytest.fixture
def amplified(pin: FakePin, reports: list[Report]) -> Iterator[Amplified]:
    amplified = Amplified(player, pin, reports.append, lead_ms=LEAD_MS, hold_ms=100)
    yield amplified
    amplified.close()
    assert not pin.is_on


def ended(reports: list[Report], ref: str) -> Callable[[], bool]:
    return lambda: any(isinstance(r, Ended) and r.ref == ref for r in reports)


def now_ns() -> int:
    return time.monotonic_ns()


def test_an_alarm_does_not_wait_for_it(amplified: Amplified, pin: FakePin, reports: list[Report]) -> None:
    asked_ns = now_ns()
    amplified.play("alarm", steady(100))
    eventually(ended(reports, "alarm"))
    started = next(r for r in reports if isinstance(r, Started))
    assert started.at_ns - asked_ns < LEAD_MS // 2 * NS_PER_MS
    assert pin.switched[0][0] - asked_ns < LEAD_MS // 2 * NS_PER_MS


def test_it_is_on_before_an_armed_chime_and_off_after_its_hold(
    amplified: Amplified, pin: FakePin, reports: list[Report]
) -> None:
    at_ms = now_ns() // NS_PER_MS + 300
    amplified.play("chime", steady(100), at_ms)
    eventually(ended(reports, "chime"))
    over_ns = now_ns()
    eventually(lambda: not pin.is_on)
    (on_ns, off_ns) = pin.pulses()[0]
    assert LEAD_MS // 2 * NS_PER_MS < at_ms * NS_PER_MS - on_ns < (LEAD_MS + 30) * NS_PER_MS
    assert 80 * NS_PER_MS < off_ns - over_ns < 1_000 * NS_PER_MS


def test_it_stays_on_from_one_sound_to_the_next(amplified: Amplified, pin: FakePin, reports: list[Report]) -> None:
    amplified.play("a", steady(400))
    eventually(lambda: pin.is_on)
    amplified.play("a", steady(400))
    eventually(lambda: len([r for r in reports if isinstance(r, Ended)]) == 2)
    amplified.play("b", steady(50))
    eventually(ended(reports, "b"))
    eventually(lambda: not pin.is_on)
    assert len(pin.pulses()) == 1


def test_a_dead_relay_is_told_and_silences_nobody(pin: FakePin, reports: list[Report]) -> None:
    pin.broken = True
    amplified = Amplified(player, pin, reports.append)
    amplified.play("alarm", steady(60))
    eventually(ended(reports, "alarm"))
    assert [r.why for r in reports if isinstance(r, Health) and not r.ok] == ["io: relay: no permission for the pin"]
    assert any(isinstance(r, Started) for r in reports)
    amplified.close()


def test_pins_that_were_opened_anew_in_the_middle_of_an_alarm_drive_it_again(
    amplified: Amplified, pin: FakePin
) -> None:
    """They are off then: an alarm went on without its amplifier to its end."""
    amplified.play("alarm", steady(100, loop_ms=(0, 100)))
    eventually(lambda: pin.is_on)
    pin.off()
    amplified.renew()
    eventually(lambda: pin.is_on)


def test_a_relay_that_does_not_obey_is_tried_again_until_it_does(pin: FakePin, reports: list[Report]) -> None:
    """Pins that were away at the moment of the press left it off for the whole alarm."""
    amplified = Amplified(player, pin, reports.append, hold_ms=50)
    eventually(lambda: Health(True, "ok") in reports)
    pin.broken = True
    amplified.play("alarm", steady(100, loop_ms=(0, 100)))
    eventually(lambda: any(isinstance(r, Health) and not r.ok for r in reports))
    pin.broken = False
    eventually(lambda: pin.is_on)
    eventually(lambda: [r for r in reports if isinstance(r, Health)][-1] == Health(True, "ok"))
    pin.broken = True
    amplified.stop()
    eventually(lambda: not [r for r in reports if isinstance(r, Health)][-1].ok)
    pin.broken = False
    eventually(lambda: not pin.is_on)
    amplified.close()


@pytest.mark.parametrize("wrong", [{"lead_ms": -1}, {"lead_ms": 5_001}, {"hold_ms": 600_001}])
def test_times_no_amplifier_needs_are_refused(pin: FakePin, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="out of range"):
        Amplified(player, pin, lambda _: None, **wrong)
