"""A hamlet's own recording becomes a stroke, or a sentence."""

import shutil
import subprocess
import wave
from pathlib import Path

import numpy as np
import pytest

from patterns.errors import RecordingError
from patterns.recording import MAX_STROKE_S, recorded_stroke
from patterns.strike import RATE, strike
from patterns.voice import DEFAULT_VOICE, Recording


def write_wav(path: Path, samples: np.ndarray, rate: int = 44_100, channels: int = 2, width: int = 2) -> Recording:
    whole = np.round(np.repeat(samples[:, None], channels, axis=1) * (2 ** (8 * width - 1) - 1))
    kind = {2: "<i2", 4: "<i4"}[width]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(whole.astype(kind).tobytes())
    return Recording(str(path), "0" * 64)


def gong(lead_s: float, rate: int = 44_100, level: float = 0.5, ring_s: float = 2.0) -> np.ndarray:
    t = np.arange(round(ring_s * rate)) / rate
    hiss = np.random.default_rng(1).normal(0, 0.001, round(lead_s * rate))
    return np.concatenate([hiss, level * np.exp(-3 * t) * np.sin(2 * np.pi * 600 * t)])


@pytest.mark.parametrize(("rate", "channels", "width"), [(44_100, 2, 2), (48_000, 1, 2), (8_000, 1, 2), (96_000, 2, 4)])
def test_silence_before_the_blow_is_cut_and_the_peak_is_one(tmp_path, rate: int, channels: int, width: int) -> None:
    stroke = recorded_stroke(write_wav(tmp_path / "g.wav", gong(0.7, rate), rate, channels, width))
    assert np.max(np.abs(stroke)) == pytest.approx(1)
    assert np.argmax(np.abs(stroke) > 0.1) < 2 * RATE // 1000
    assert len(stroke) == pytest.approx(2 * RATE, abs=RATE // 100)
    assert abs(stroke[-1]) < 1e-6
    assert np.argmax(np.abs(np.fft.rfft(stroke[:RATE]))) == pytest.approx(600, abs=2)  # Hz, still, at the new rate


def test_a_long_recording_is_cut(tmp_path) -> None:
    assert len(recorded_stroke(write_wav(tmp_path / "g.wav", gong(0.1, ring_s=12)))) == MAX_STROKE_S * RATE


def test_silence_is_refused(tmp_path) -> None:
    with pytest.raises(RecordingError, match="no stroke to be heard"):
        recorded_stroke(write_wav(tmp_path / "g.wav", np.zeros(44_100)))


def test_a_click_is_refused(tmp_path) -> None:
    with pytest.raises(RecordingError, match="too short"):
        recorded_stroke(write_wav(tmp_path / "g.wav", gong(0.5, ring_s=0.02)))


def test_a_missing_file_is_said(tmp_path) -> None:
    with pytest.raises(RecordingError, match="no such recording"):
        recorded_stroke(Recording(str(tmp_path / "none.wav"), ""))


@pytest.mark.parametrize("name", ["g.wav", "g.mp3", "-i.ogg"])
@pytest.mark.parametrize("content", [b"", b"RIFF", b"not sound at all" * 100])
def test_what_is_no_sound_is_refused_with_a_sentence(tmp_path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordingError, match=r"Hãy"):
        recorded_stroke(Recording(str(tmp_path / name), ""))


@pytest.mark.skipif(shutil.which("ffmpeg") is not None, reason="ffmpeg is here")
def test_without_ffmpeg_other_formats_are_refused_with_what_to_install(tmp_path) -> None:
    (tmp_path / "g.mp3").write_bytes(b"ID3" + bytes(1000))
    with pytest.raises(RecordingError, match="apt install ffmpeg"):
        recorded_stroke(Recording(str(tmp_path / "g.mp3"), ""))


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not here")
@pytest.mark.parametrize("suffix", ["mp3", "ogg", "m4a", "flac"])
def test_with_ffmpeg_a_telephones_formats_are_read(tmp_path, suffix: str) -> None:
    write_wav(tmp_path / "g.wav", gong(0.5))
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", "g.wav", f"g.{suffix}"], cwd=tmp_path, check=True)
    stroke = recorded_stroke(Recording(str(tmp_path / f"g.{suffix}"), ""))
    assert np.argmax(np.abs(stroke) > 0.1) < 3 * RATE // 1000
    assert 1.5 * RATE < len(stroke) < 2.5 * RATE


def test_a_synthesised_stroke_survives_being_recorded(tmp_path) -> None:
    stroke = recorded_stroke(write_wav(tmp_path / "g.wav", strike(DEFAULT_VOICE) * 0.9, RATE, 1))
    assert stroke[: RATE // 2] == pytest.approx(strike(DEFAULT_VOICE)[: RATE // 2], abs=0.02)
