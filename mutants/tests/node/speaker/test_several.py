"""Do several voices tell one story?"""

from __future__ import annotations

import pytest
from fakes.clips import bursts, steady
from fakes.speaker import FakeSpeaker

from node.speaker.ports import Ended, Health, Report, Reporter, Started
from node.speaker.several import Several

pytestmark = pytest.mark.pure


class Bench:
    def __init__(self) -> None:
        self.voices: list[FakeSpeaker] = []
        self.reports: list[Report] = []
        self.several = Several([self.make, self.make], self.reports.append)

    def make(self, report: Reporter) -> FakeSpeaker:
        self.voices.append(FakeSpeaker(report))
        return self.voices[-1]

    def advance(self, now_ms: int) -> None:
        for voice in self.voices:
            voice.advance(now_ms)


def test_one_start_one_end_one_health() -> None:
    bench = Bench()
    bench.several.play("a", bursts(200))
    bench.advance(300)
    assert bench.reports == [Health(True, "ok"), Started("a", 0, 0), Ended("a", "finished", 200, 2, "")]


def test_the_same_ref_again_is_told_again() -> None:
    bench = Bench()
    bench.several.play("a", steady(200))
    bench.advance(50)
    bench.several.play("a", steady(200))
    bench.advance(400)
    told = [(type(r), getattr(r, "how", "")) for r in bench.reports[1:] if not isinstance(r, Health)]
    assert told == [(Started, ""), (Ended, "pre_empted"), (Started, ""), (Ended, "finished")]


def test_the_same_ref_again_is_told_again_while_one_voice_is_sick() -> None:
    bench = Bench()
    bench.several.play("a", steady(200))
    bench.voices[1].fail()
    bench.advance(50)
    bench.several.play("a", steady(200))
    bench.advance(400)
    told = [(type(r), getattr(r, "how", "")) for r in bench.reports[1:] if not isinstance(r, Health)]
    assert told == [(Started, ""), (Ended, "pre_empted"), (Started, ""), (Ended, "finished")]


def test_one_sick_voice_makes_it_sick_but_not_silent() -> None:
    bench = Bench()
    bench.voices[0].fail("gone: pulled out")
    bench.several.play("a", bursts(200))
    bench.advance(300)
    bench.voices[0].recover()
    assert bench.reports[1:] == [
        Health(False, "gone: pulled out"),
        Started("a", 0, 0),
        Ended("a", "finished", 200, 2, ""),
        Health(True, "ok"),
    ]


def test_one_stuck_voice_stops_the_progress() -> None:
    bench = Bench()
    before = bench.several.progress()
    bench.voices[0].advance(10)
    assert bench.several.progress() == before
    bench.voices[1].advance(10)
    assert bench.several.progress() > before
