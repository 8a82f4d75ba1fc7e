"""One stroke of a bar, synthesised: what a *kẻng* is, a struck piece of steel.

A free bar's bending modes stand as 1 : 2.756 : 5.404 : 8.933, which is why it clangs and does not sing. Struck at its
end, all modes are excited; the hammer's contact, a half-sine push, takes the edge off those that are quicker than it.
Each decays at its own pace.

What must always hold: the same bar gives the same samples; the peak is 1; it is audible within 2 ms, starts and ends at
silence. Does not know: scores, or how loud it will be.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from patterns.voice import PARTIALS, Bar

RATE = 48_000
"""Frames a second, everywhere: what every DAC and every browser plays without resampling."""
FADE_MS = 60
"""At -60 dB the rest is faded out: no click at the end."""
SILENT_DB = -60.0
"""Where a partial counts as gone."""
MAX_PARTIAL_HZ = 20_000
"""Higher ones are not heard, and would fold back near half the rate."""

TWIN_LEVEL = 0.4
"""Of each partial's slightly higher twin: it wavers by 7 dB and never vanishes, as it would if both were equal."""
TWIN_SPREAD = 0.3
"""Twins stand further apart at high partials, so that they do not all waver together."""

Samples = npt.NDArray[np.float64]
"""Mono, one float a frame, full scale 1."""


def strike(bar: Bar) -> Samples:
    """One stroke at 48 kHz, as long as its lowest partial rings; peak 1."""
    frames = round(bar.ring_s * RATE)
    t = np.arange(frames) / RATE
    stroke = np.zeros(frames)
    for ratio, level in zip(PARTIALS, bar.levels, strict=True):
        hz = bar.fundamental_hz * ratio
        if hz >= MAX_PARTIAL_HZ:
            continue
        ring_s = bar.ring_s / ratio**bar.damping
        decay = 10 ** (SILENT_DB / 20 * t / ring_s)
        twin_hz = hz + bar.beat_hz * ratio**TWIN_SPREAD
        stroke += level * decay * (np.sin(2 * np.pi * hz * t) + TWIN_LEVEL * np.sin(2 * np.pi * twin_hz * t))
    return settled(np.convolve(stroke, _push(bar.mallet_ms))[:frames])


def settled(stroke: Samples) -> Samples:
    """A stroke with its end faded to silence and its peak at 1."""
    fade = min(len(stroke), RATE * FADE_MS // 1000)
    faded = stroke.copy()
    faded[len(stroke) - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade)) ** 2
    peak = float(np.max(np.abs(faded), initial=0.0))
    return faded / peak if peak > 0 else faded


def _push(mallet_ms: float) -> Samples:
    """The hammer's push: half a sine over its contact."""
    frames = max(1, round(mallet_ms * RATE / 1000))
    return np.sin(np.pi * (np.arange(frames) + 0.5) / frames)
