"""Is the WAV file true at any moment, cheap on disk, and never written over what was there?"""

from __future__ import annotations

import wave
from array import array
from pathlib import Path

import pytest
from fakes.onsets import read_wav
from fakes.sink import VirtualClock

from node.speaker.deck import MS, Deck
from node.speaker.errors import SinkTrouble
from node.speaker.ports import Ended, Report
from node.speaker.wavfile import LIMIT_S, WavFile
from patterns.clip import Clip

HOUR_NS = 3600 * 1_000_000_000


class Bench:
    def __init__(self, path: Path) -> None:
        self.clock = VirtualClock()
        self.reports: list[Report] = []
        self.start(path)

    def start(self, path: Path) -> None:
        self.sink = WavFile(path, self.clock)
        self.deck = Deck(self.sink, self.reports.append, self.clock)
        self.run(1)

    def run(self, ms: int) -> None:
        end_ns = self.clock.now_ns + ms * MS
        while (due_ns := self.deck.step()) < end_ns:
            self.clock.now_ns = max(self.clock.now_ns, due_ns) + 20_000
        self.clock.now_ns = end_ns


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "deep" / "gong.wav")


def tone(ms: int, loop: bool = False) -> Clip:
    frames = ms * 48
    pcm = memoryview(array("h", range(1, frames + 1)).tobytes())
    return Clip("tone", 48_000, pcm, frames, 0 if loop else None, frames if loop else None, (0,))


def test_any_program_can_read_it_at_any_moment(bench: Bench) -> None:
    bench.deck.play("a", tone(300), bench.clock())
    for _ in range(12):
        bench.run(30)
        with wave.open(str(bench.sink.path)) as file:
            assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (1, 48_000, 2)
            assert len(file.readframes(file.getnframes())) == 2 * file.getnframes()
        assert bench.sink.path.stat().st_size == 192 + 2 * file.getnframes()


def test_sample_k_sounded_at_its_zero_plus_k(bench: Bench) -> None:
    bench.run(700)
    asked_ns = bench.clock.now_ns
    bench.deck.play("a", tone(100), asked_ns)
    bench.run(200)
    recording = read_wav(bench.sink.path)
    assert recording.zero_ns is not None
    first = int(recording.pcm.argmax()) - 4799
    assert abs(recording.zero_ns + first * 1_000_000_000 // 48_000 - asked_ns) < MS
    assert list(recording.pcm[first : first + 4800]) == list(range(1, 4801))


def test_what_was_stopped_is_not_in_it(bench: Bench) -> None:
    bench.deck.play("a", tone(500, loop=True), bench.clock())
    bench.run(200)
    bench.deck.stop("a")
    bench.run(5000)
    sounded = int((read_wav(bench.sink.path).pcm != 0).sum())
    ended = bench.reports[-1]
    assert isinstance(ended, Ended)
    assert sounded / 48 == pytest.approx(ended.duration_ms, abs=1)


def test_a_quiet_hour_costs_no_disk(bench: Bench) -> None:
    bench.clock.now_ns += HOUR_NS
    bench.run(10)
    status = bench.sink.path.stat()
    assert status.st_size > 3600 * 96_000
    assert status.st_blocks * 512 <= 16_384


def test_after_six_hours_it_goes_on_in_a_new_file(bench: Bench) -> None:
    first = bench.sink.path
    bench.clock.now_ns += LIMIT_S * 1_000_000_000 - 300 * MS
    bench.deck.play("a", tone(600), bench.clock())
    bench.run(800)
    assert bench.sink.path.name == "gong-2.wav"
    assert bench.reports[-1] == Ended("a", "finished", 600, 1, "")
    assert first.stat().st_size <= 192 + LIMIT_S * 96_000
    rest = read_wav(bench.sink.path).pcm
    assert int((rest != 0).sum()) / 48 == pytest.approx(300, abs=45)


def test_a_restart_goes_on_in_the_same_file(bench: Bench) -> None:
    bench.deck.play("a", tone(100), bench.clock())
    bench.run(200)
    path, zero_ns = bench.sink.path, read_wav(bench.sink.path).zero_ns
    bench.clock.now_ns += 3000 * MS
    bench.start(path)
    bench.deck.play("b", tone(100), bench.clock())
    bench.run(200)
    recording = read_wav(path)
    assert (bench.sink.path, recording.zero_ns) == (path, zero_ns)
    assert int((recording.pcm != 0).sum()) == 9600


def test_somebody_elses_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "gong.wav"
    path.write_bytes(b"a recording of the old gong")
    bench = Bench(path)
    assert bench.sink.path.name == "gong-2.wav"
    assert path.read_bytes() == b"a recording of the old gong"


def test_a_place_that_cannot_be_written_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "gong").write_text("a file where a folder should be")
    with pytest.raises(SinkTrouble, match="gong"):
        WavFile(tmp_path / "gong" / "gong.wav").probe()
