"""Loudness: a clip is rendered once, as loud as it goes; a horn near a bedroom window is turned down here. Pure."""

from __future__ import annotations

from array import array
from collections.abc import Callable

GAIN_MIN_DB = -60.0
"""Below this nobody hears it: a mistake in the settings, not a wish."""
GAIN_MAX_DB = 0.0
"""Clips are normalised: anything above would clip."""


def scaler(gain_db: float) -> Callable[[memoryview], memoryview]:
    """What turns s16le bytes down by `gain_db`; costs nothing at 0 dB. ValueError outside GAIN_MIN_DB..GAIN_MAX_DB."""
    if not GAIN_MIN_DB <= gain_db <= GAIN_MAX_DB:
        raise ValueError(f"gain_db {gain_db} is not within {GAIN_MIN_DB:g} to {GAIN_MAX_DB:g}")
    if gain_db == 0:
        return lambda pcm: pcm
    factor = 10 ** (gain_db / 20)

    def scaled(pcm: memoryview) -> memoryview:
        return memoryview(array("h", [int(s * factor) for s in pcm.cast("B").cast("h")])).cast("B")

    return scaled
