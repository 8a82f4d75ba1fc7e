"""A speaker that is listened to is the same speaker, and its ear hears of everything afterwards."""

from __future__ import annotations

import threading
from array import array

import pytest
from fakes.clips import bursts
from fakes.speaker import FakeSpeaker
from fakes.waiting import eventually

from node.ear.eared import Eared
from node.ear.ports import EarHealth, EarReport, Verdict
from node.speaker.errors import SinkTrouble
from node.speaker.ports import Ended, Report, Reporter, Started


class Bench:
    """A fake speaker with an ear, and all that both say, in one order."""

    def __init__(self, microphone: Silent) -> None:
        self.told: list[Report | EarReport] = []
        self.eared = Eared(self._make, microphone, self.told.append, self.told.append)

    def _make(self, report: Reporter) -> FakeSpeaker:
        self.fake = FakeSpeaker(report, 1_000)
        return self.fake

    def verdicts(self) -> list[str]:
        return [one.ref for one in self.told if isinstance(one, Verdict)]


class Silent:
    """A microphone that gives nothing. `hangs`: its driver never comes back from opening, until that is set."""

    def __init__(self, hangs: threading.Event | None = None, broken: Exception | None = None) -> None:
        self.hangs, self.broken = hangs, broken

    def open(self) -> None:
        if self.hangs is not None:
            self.hangs.wait(20)
        if self.broken is not None:
            raise self.broken

    def waiting(self) -> int:
        return 0

    def read(self, frames: int) -> array:
        return array("h")

    def close(self) -> None:
        pass

    def probe(self) -> None:
        pass


def test_each_end_is_followed_by_one_verdict_even_of_what_never_sounded() -> None:
    bench = Bench(Silent(broken=SinkTrouble("busy", "Device or resource busy")))
    bench.eared.play("a", bursts(400))
    bench.fake.advance(1_200)
    bench.eared.play("b", bursts(400), 9_000)
    bench.eared.stop("b")
    eventually(lambda: sorted(bench.verdicts()) == ["a", "b"])
    bench.eared.close()
    kinds = [type(one) for one in bench.told if getattr(one, "ref", "") == "a"]
    assert kinds == [Started, Ended, Verdict]
    assert any(isinstance(one, EarHealth) and one.why.startswith("busy") for one in bench.told)


@pytest.mark.parametrize("soundings", [1, 200])
def test_a_microphone_whose_driver_hangs_delays_neither_sounds_nor_reports(soundings: int) -> None:
    hangs = threading.Event()
    bench = Bench(Silent(hangs))
    for number in range(soundings):
        bench.eared.play(f"{number}", bursts(400))
        bench.fake.advance(1_000 + (number + 1) * 500)
    ends = [one for one in bench.told if isinstance(one, Ended)]
    assert [one.how for one in ends] == ["finished"] * soundings
    if soundings == 200:
        assert EarHealth(False, "io: the microphone's driver is stuck") in bench.told
        assert len(bench.verdicts()) > 100
    hangs.set()
    bench.eared.close()


def test_an_ear_that_stumbles_leaves_the_speaker_alone_and_says_so() -> None:
    bench = Bench(Silent(broken=ValueError("ours")))
    bench.eared.play("a", bursts(400))
    bench.fake.advance(1_500)
    eventually(lambda: bench.verdicts() == ["a"])
    eventually(lambda: EarHealth(False, "bug: ValueError: ours") in bench.told)
    bench.eared.play("b", bursts(400))
    bench.fake.advance(2_000)
    eventually(lambda: bench.verdicts() == ["a", "b"])
    bench.eared.close()
