"""The tones a gong rings in, and how strongly a block of samples holds each: the ear's only arithmetic. Pure.

Sums of products run in C, one short call at a time: no NumPy on a node, and no call that holds the interpreter for
longer than microseconds while another thread has to feed the sound card.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Iterator, Sequence
from operator import mul

from patterns.clip import RATE, Clip

EAR_HZ = 8_000
"""Frames a second: carries a bar's first three partials (520, 1433, 2810 Hz), at half of what 16 kHz costs."""
BLOCK_MS = 10
"""Blows are told apart at this grain; the fastest roll has 60 ms between them."""
BLOCK = EAR_HZ * BLOCK_MS // 1000
TONES = 3
"""As many partials as such a bar has below half the rate."""
LOWEST_HZ, HIGHEST_HZ, STEP_HZ = 400, 3_600, 100
"""Where they are looked for: above hum and what a horn cannot carry, below half the rate, at the width of a block."""
APART_HZ = 300
"""Nearer ones are the same, seen twice: a block's window is 200 Hz wide on either side."""
LOOKED_AT = 8
"""Blocks after the first stroke that are searched for tones."""
_FOLD = RATE // EAR_HZ


def _product(one: Sequence[float], other: Sequence[float]) -> float:
    total: float = sum(map(mul, one, other))
    return total


dot: Callable[[Sequence[float], Sequence[float]], float] = getattr(math, "sumprod", _product)
"""Of two equally long rows; Python 3.12 brings its own, which is quicker."""

_HANN = [0.5 - 0.5 * math.cos(2 * math.pi * (i + 0.5) / BLOCK) for i in range(BLOCK)]


class Comb:
    """Some tones, to be looked for in blocks."""

    def __init__(self, tones: Sequence[int]) -> None:
        self.tones = tuple(tones)
        self._waves = [(_wave(math.cos, hz), _wave(math.sin, hz)) for hz in tones]

    def __call__(self, block: array[int]) -> list[complex]:
        """Amplitude and phase of each tone."""
        return [complex(dot(block, even), dot(block, odd)) for even, odd in self._waves]


def tones_of(clip: Clip) -> tuple[int, ...]:
    """The strongest tones after its first stroke, Hz; some milliseconds of work."""
    start = clip.strokes[0] if clip.strokes else 0
    heard = folded(clip.pcm[2 * start : 2 * (start + LOOKED_AT * BLOCK * _FOLD)])
    every = Comb(range(LOWEST_HZ, HIGHEST_HZ + 1, STEP_HZ))
    power = [0.0] * len(every.tones)
    for block in blocks(heard):
        power = [sum_ + abs(value) ** 2 for sum_, value in zip(power, every(block), strict=True)]
    found: list[int] = []
    for hz, _ in sorted(zip(every.tones, power, strict=True), key=lambda one: -one[1]):
        if all(abs(hz - other) >= APART_HZ for other in found):
            found.append(hz)
    return tuple(sorted(found[:TONES]))


def folded(pcm: memoryview | bytes) -> array[int]:
    """s16le mono at a clip's rate as the ear would hear it: means of six."""
    wide = array("h", bytes(pcm))
    del wide[len(wide) - len(wide) % _FOLD :]
    return array("h", (sum(six) // _FOLD for six in zip(*[iter(wide)] * _FOLD, strict=True)))


def blocks(samples: array[int]) -> Iterator[array[int]]:
    """Whole blocks, one after the other."""
    for start in range(0, len(samples) - BLOCK + 1, BLOCK):
        yield samples[start : start + BLOCK]


def _wave(turned: Callable[[float], float], hz: int) -> list[float]:
    """One tone's weights over a block, soft at its ends; a full-scale sine comes out as 32,768 by magnitude."""
    turn = 2 * math.pi * hz / EAR_HZ
    weight = 2 / sum(_HANN)
    return [weight * soft * turned(turn * frame) for frame, soft in enumerate(_HANN)]
