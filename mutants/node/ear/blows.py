"""Blows in what a microphone gives: a tone that is suddenly there and was not foreseen. Pure.

A struck bar rings on for seconds, and a new blow may as well weaken as strengthen what still rings: its loudness tells
little. But ringing can be foreseen: a tone's next block is its last one, turned and shrunk as it was before. What a
blow adds cannot, whatever its phase. So the ear measures what was not foreseen, over a few tones, and hum is foreseen
as well.

What must always hold: a steady sound, however loud, holds no blow; the cost of a block is the same for any sound.
It does not know when blows were struck: count.py holds them against each other.
"""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass

from node.ear.tones import Comb

KEEPS = 0.9
"""Of what is known about a tone's turning, from block to block: a memory of 100 ms."""
PAST = 4
"""Blocks beside a blow that must be calmer: the blow itself falls into two, the fastest roll has six to the next."""
RISE = 4.0
"""How much more unforeseen power a blow has than any of those: 6 dB, which steady noise exceeds once in seconds."""
FAINTEST = 104.0
"""Amplitude, of 32,768, below which nothing is a blow (-50 dB): a horn some metres off is a hundred times as loud, one
three hundred metres off is not."""
EDGE = 0.02
"""Of that power: what the first of a blow's two blocks holds of it at the least, or the second rises by itself."""


@dataclass(frozen=True, slots=True)
class Blow:
    """Something that began suddenly."""

    block: int
    """In which it began, from the first one heard."""
    power: float
    """Of what was not foreseen: amplitude squared."""
    opening: bool = False
    """It rang already in the first block: it was struck before."""


class Blows:
    """Block after block in, blows out, one block late (the opening one PAST + 2)."""

    def __init__(self, comb: Comb) -> None:
        self._comb = comb
        self._last = [0j] * len(comb.tones)
        self._turning = [0j] * len(comb.tones)
        self._weight = [1e-9] * len(comb.tones)
        self._past: deque[float] = deque(maxlen=PAST)
        self._block = -1
        self._first = 0.0
        self._rising: Blow | None = None

    def feed(self, block: array[int]) -> Blow | None:
        """One block; the blow that is now known of."""
        power = self._unforeseen(block)
        self._block += 1
        if self._block == 0:
            self._first = power
        rising, self._rising = self._rising, None
        peak = 0.0 if rising is None else max(rising.power, power)
        found = Blow(rising.block, peak) if rising is not None and peak > FAINTEST**2 else None
        # The first of its two blocks may hold but the edge of a blow: how loud it is, the second tells.
        if found is None and self._past and power > EDGE * FAINTEST**2 and power > RISE * max(self._past):
            self._rising = Blow(self._block, power)
        self._past.append(power)
        if self._block == PAST + 1 and self._first > FAINTEST**2 and self._first > RISE * max(self._past):
            return Blow(0, self._first, opening=True)
        return found

    def _unforeseen(self, block: array[int]) -> float:
        """Each tone's best guess is its last block times how such blocks turned and shrank of late (least squares)."""
        power = 0.0
        for tone, now in enumerate(self._comb(block)):
            last = self._last[tone]
            missed = now - last * self._turning[tone] / self._weight[tone]
            power += missed.real * missed.real + missed.imag * missed.imag
            self._turning[tone] = KEEPS * self._turning[tone] + now * last.conjugate()
            self._weight[tone] = KEEPS * self._weight[tone] + last.real * last.real + last.imag * last.imag
            self._last[tone] = now
        return power
