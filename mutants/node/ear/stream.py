"""A microphone from its opening to its loss: samples in, blocks on the clock out, with the blows in them. Pure."""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass

from node.ear.blows import Blow, Blows
from node.ear.count import HeardBlow
from node.ear.tones import BLOCK, BLOCK_MS, EAR_HZ, Comb, blocks, dot
from node.speaker.epoch import Epoch
from node.speaker.ports import RATE_HZ
from node.speaker.tape import NS_PER_MS

FOLD = RATE_HZ // EAR_HZ


@dataclass(frozen=True, slots=True)
class Bit:
    """One block, heard."""

    at_ms: float
    """Monotonic, of its first frame."""
    power: float
    """Mean square of its samples about their mean, of 32,768²."""
    span: int
    """Between its lowest and its highest sample."""


class Stream:
    """Says when what was heard was heard. A device's word on that is late now and then, never early: see epoch.py."""

    def __init__(self, opened_ns: int, comb: Comb) -> None:
        self.moved_ns = opened_ns
        """When it last gave anything."""
        self.blows: deque[HeardBlow] = deque()
        """Found and not taken away yet, oldest first."""
        self._blows = Blows(comb)
        self._epoch = Epoch()
        self._epoch.look(opened_ns, 0)
        self._read = self._block = 0
        self._rest = array("h")

    @property
    def open_ms(self) -> float:
        """Monotonic time of its first frame."""
        return self._epoch.at_ns / NS_PER_MS

    @property
    def next_ms(self) -> float:
        """Monotonic time of the first frame of the block that comes next: all before it was heard."""
        return self._ms_of(self._block)

    def take(self, now_ns: int, samples: array[int], waiting: int) -> list[Bit]:
        """These were read just now, and so many frames more are there: the blocks that are whole now."""
        self._read += len(samples)
        if samples:
            self.moved_ns = now_ns
            self._epoch.look(now_ns, (self._read + waiting) * FOLD)
        self._rest.extend(samples)
        bits = [self._feed(block) for block in blocks(self._rest)]
        del self._rest[: len(bits) * BLOCK]
        return bits

    def _feed(self, block: array[int]) -> Bit:
        at_ms = self.next_ms
        blow = self._blows.feed(block)
        self._block += 1
        if blow is not None:
            self._note(blow)
        mean = sum(block) / BLOCK
        return Bit(at_ms, dot(block, block) / BLOCK - mean * mean, max(block) - min(block))

    def _note(self, blow: Blow) -> None:
        self.blows.append(HeardBlow(self._ms_of(blow.block), blow.power, blow.opening))

    def _ms_of(self, block: int) -> float:
        return self.open_ms + block * BLOCK_MS
