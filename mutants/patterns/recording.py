"""One stroke from a hamlet's own recording of its own gong, in any format that pydub reads.

What must always hold: mono, 48 kHz, the blow within 2 ms of the start, at most MAX_STROKE_S, the end faded, the peak 1;
whatever the file is, it ends with samples or with a RecordingError. WAV needs no other program; the rest needs ffmpeg,
and the error says so.

Does not know: voices' files (voice.py), scores.
"""

from __future__ import annotations

import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from patterns.errors import RecordingError
from patterns.strike import RATE, Samples, settled
from patterns.voice import Recording

MAX_READ_S = 60
"""What is decoded at all; a compressed file may claim hours."""
MAX_STROKE_S = 8
"""No gong rings longer; every stroke of a score carries it."""
MIN_STROKE_S = 0.05
"""Shorter is a click."""
ONSET_DB = -34.0
"""The blow starts where the sound first comes this near to the peak; hiss and handling lie below."""
LEAD_MS = 1
"""Kept before it, so that the onset itself is whole."""
SILENCE_PEAK = 0.003
"""A recording that never gets louder (-50 dB) has no stroke in it."""


def recorded_stroke(recording: Recording) -> Samples:
    """The stroke at 48 kHz, peak 1. Raises RecordingError."""
    return trimmed(_decoded(Path(recording.path)), recording.path)


def trimmed(samples: Samples, name: str) -> Samples:
    """From the blow on, at most MAX_STROKE_S, faded, peak 1. Raises RecordingError if there is no blow."""
    loudness = np.abs(samples)
    peak = float(np.max(loudness, initial=0.0))
    if peak < SILENCE_PEAK:
        raise RecordingError(
            f"{name}: không nghe thấy tiếng kẻng nào. Hãy ghi lại gần hơn.",
            f"{name}: no stroke to be heard. Record it from nearer.",
        )
    onset = int(np.argmax(loudness >= peak * 10 ** (ONSET_DB / 20)))
    stroke = samples[max(0, onset - RATE * LEAD_MS // 1000) :][: MAX_STROKE_S * RATE]
    if len(stroke) < MIN_STROKE_S * RATE:
        raise RecordingError(
            f"{name}: tiếng kẻng quá ngắn. Hãy ghi cả lúc ngân.",
            f"{name}: the stroke is too short. Record its ringing too.",
        )
    return settled(stroke)


def _decoded(path: Path) -> Samples:
    if not path.is_file():
        raise RecordingError(f"{path}: không có tệp ghi âm này.", f"{path}: no such recording.")
    segment = _segment(path.resolve())
    mono = segment.set_channels(1).set_frame_rate(RATE)
    scale = float(1 << (8 * mono.sample_width - 1))
    return np.asarray(mono.get_array_of_samples(), dtype=np.float64) / scale


def _segment(path: Path) -> Any:
    """pydub's AudioSegment of the file's first MAX_READ_S."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that ffmpeg is missing is said below, when it matters
            from pydub import AudioSegment

            return AudioSegment.from_file(str(path), duration=MAX_READ_S)
    except ImportError as error:
        raise RecordingError(
            f"{path}: cần pydub để đọc bản ghi âm: pip install 'keng[render]'.",
            f"{path}: reading a recording needs pydub: pip install 'keng[render]'.",
        ) from error
    except Exception as error:  # pydub, wave, audioop and ffmpeg's answers each raise their own; all mean the same here
        if shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None:
            raise RecordingError(
                f"{path}: không phải WAV mà máy chưa có ffmpeg. Hãy cài (sudo apt install ffmpeg) hoặc đổi sang WAV.",
                f"{path}: no WAV, and ffmpeg is missing. Install it (sudo apt install ffmpeg) or convert to WAV.",
            ) from error
        raise RecordingError(
            f"{path}: không đọc được bản ghi âm. Hãy thử mở bằng máy nghe nhạc, hoặc đổi sang WAV.",
            f"{path}: not a recording that can be read. Try it in a player, or convert it to WAV.",
        ) from error
