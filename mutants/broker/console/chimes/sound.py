"""A pattern as a WAV for the ear of whoever plans: rendered once into the console's home."""

from __future__ import annotations

import threading
from pathlib import Path

from patterns.cache import key
from patterns.prepare import prepare
from patterns.score import Score
from patterns.voice import DEFAULT_VOICE

_lock = threading.Lock()


def wav_of(score: Score, cache: Path) -> bytes:
    """Head and one pass of the loop. PatternsError, OSError."""
    with _lock:  # two listeners must not render the same at once
        prepare([score], DEFAULT_VOICE, cache)
    return (cache / f"{key(score, DEFAULT_VOICE)}.wav").read_bytes()
