"""When blows begin in what was recorded: the ear of tests and bench. NumPy; never imported by a node.

An onset is where the level rises out of what came before: its energy over 1 ms exceeds both a floor and a multiple of
the mean of the 20 ms before it. Accurate to about a millisecond for strokes with a hard attack, ringing over each
other or not; a stroke at less than `RISE` times what still rings from the last one is not found.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 48_000
WINDOW = RATE_HZ // 1000
"""One ms."""
PAST = 20
"""Windows that make up "what came before"."""
RISE = 2.0
"""How much louder, as amplitude, a blow must be than what still rings."""
FLOOR = 0.01
"""Of full scale: below this is silence."""
APART_MS = 40
"""The same blow is not found twice; the fastest roll has 60 ms between blows."""


def onsets(pcm: bytes | NDArray[np.int16], floor: float = FLOOR, apart_ms: int = APART_MS) -> list[int]:
    """Frames at which blows begin in s16le mono 48 kHz."""
    raw = np.frombuffer(pcm, dtype="<i2") if isinstance(pcm, bytes | bytearray | memoryview) else pcm
    sound = np.abs(raw.astype(np.float64)) / 32768
    count = len(sound) // WINDOW
    if not count:
        return []
    level = np.sqrt((sound[: count * WINDOW].reshape(count, WINDOW) ** 2).mean(axis=1))
    padded = np.concatenate([np.zeros(PAST), np.cumsum(np.concatenate([[0.0], level]))])
    before = (padded[PAST : PAST + count] - padded[:count]) / PAST
    found: list[int] = []
    for window in np.flatnonzero((level > floor) & (level > RISE * before)):
        if not found or (window * WINDOW - found[-1]) > apart_ms * WINDOW:
            found.append(_edge(sound, int(window), floor))
    return found


def _edge(sound: NDArray[np.float64], window: int, floor: float) -> int:
    """The very frame, within the window and the one before it, at which the rise begins."""
    first = max(0, (window - 1) * WINDOW)
    stretch = sound[first : (window + 1) * WINDOW]
    rung = sound[max(0, first - PAST * WINDOW) : first].max(initial=0.0)
    over = np.flatnonzero(stretch > max(floor, min(rung * 1.05, 0.5 * stretch.max())))
    return first + int(over[0]) if len(over) else window * WINDOW


@dataclass(frozen=True, slots=True)
class Recording:
    """A WAV file of the wavfile sink."""

    pcm: NDArray[np.int16]
    """Its samples, mono."""
    zero_ns: int | None
    """Monotonic ns of its first sample, where the file says so."""

    def onsets_ns(self) -> list[int]:
        """When blows were heard, monotonic ns (from the file's start where it does not say when that was)."""
        return [(self.zero_ns or 0) + frame * 1_000_000_000 // RATE_HZ for frame in onsets(self.pcm)]


def read_wav(path: Path) -> Recording:
    """Read a mono 48 kHz 16-bit WAV, also one that is still being written."""
    with path.open("rb") as file:
        body = file.read()
    assert body[:4] == b"RIFF" and body[8:12] == b"WAVE", f"{path} is no WAV file"
    zero_ns, at = None, 12
    while at + 8 <= len(body):
        name, size = body[at : at + 4], struct.unpack_from("<I", body, at + 4)[0]
        inside = body[at + 8 : at + 8 + size]
        if name == b"LIST" and b"monotonic_ns=" in inside:
            zero_ns = int(inside.split(b"monotonic_ns=")[1].split()[0].rstrip(b"\0"))
        if name == b"data":
            return Recording(np.frombuffer(inside[: len(inside) // 2 * 2], dtype="<i2"), zero_ns)
        at += 8 + size + size % 2
    raise AssertionError(f"{path} has no samples")
