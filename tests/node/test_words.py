"""The spoken sentences: each code has its recording, ready without arithmetic; no ear or hammer takes it for blows."""

import wave
from array import array
from io import BytesIO
from pathlib import Path

import pytest
from fakes.clips import steady

import node.words
from node.core.beginning import SAID
from node.words import WELL_WORD, WordShelf, recording
from patterns.clip import RATE, Clip
from wire.blinks import BLINKS

pytestmark = pytest.mark.pure
WORDS = [*(blink.word for blink in BLINKS), WELL_WORD]
FOLDER = Path(node.words.__file__).parent.parent / "patterns/data/words"


class Patterns:
    """A shelf with one pattern."""

    def get(self, name: str, *, alarm: bool) -> Clip | None:
        return steady(10) if name == "alarm" or alarm else None


@pytest.mark.parametrize("word", WORDS)
def test_every_code_has_a_sentence_that_is_short_loud_enough_and_clips_nowhere(word: str) -> None:
    clip = recording(word)
    assert clip is not None and clip.strokes == () and clip.loop_start is None
    samples = array("h", bytes(clip.pcm))
    assert len(samples) == clip.frames
    assert 1.2 < clip.frames / RATE < 4
    assert 20_000 < max(map(abs, samples)) < 32_700
    assert samples[0::2] == samples[1::2]  # 24 kHz, each sample twice
    assert sum(map(abs, samples)) / len(samples) > 1_000


def test_there_is_no_recording_that_nobody_says() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(WORDS)
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 700_000


def test_u_law_is_read_as_the_standard_says() -> None:
    # G.711, table 2a: the ends of both halves, and the steps beside zero.
    codes = {0x80: 32_124, 0x00: -32_124, 0xFF: 0, 0x7F: 0, 0xFE: 8, 0xF0: 120, 0xEF: 132, 0x6F: -132}
    assert {code: node.words._linear(code) for code in codes} == codes


def test_a_recording_that_is_missing_or_not_ours_is_none() -> None:
    assert recording("nothing") is None
    assert recording("../voices/rail") is None
    assert recording("\0") is None


def test_a_plain_wav_is_not_taken_for_one(tmp_path: Path) -> None:
    plain = BytesIO()
    with wave.open(plain, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(24_000)
        file.writeframes(b"\0\0" * 100)
    assert node.words.read(plain.getvalue(), "x") is None
    whole = (FOLDER / "clock.wav").read_bytes()
    assert node.words.read(whole, "clock") is not None
    assert node.words.read(whole[:50], "clock") is None
    assert node.words.read(b"", "clock") is None
    assert node.words.read(whole + b"\0" * node.words.MAX_BYTES, "clock") is None


def test_an_alarm_is_never_a_sentence_and_a_pattern_is_the_other_shelf_s() -> None:
    shelf = WordShelf(Patterns())
    said = shelf.get(f"{SAID}clock", alarm=False)
    assert said is not None and said.name == f"{SAID}clock"
    alarm = shelf.get(f"{SAID}clock", alarm=True)
    assert alarm is not None and not alarm.name.startswith(SAID)
    assert shelf.get("curfew", alarm=False) is None
