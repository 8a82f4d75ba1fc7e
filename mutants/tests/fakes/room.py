"""A place with a microphone, on virtual time: gongs near and far, echo, hum, rain, voices. NumPy; seeded.

    room = Room(20)                                  # seconds, from monotonic 0
    room.rain(30); room.gong(clip, 1.0, 6.0)         # the loudspeaker sounds from 1 s to 7 s
    room.hear(("a", clip, 1.0, 6.0))                 # what an ear says of that sounding, and its healths

What must hold: levels are of 32,768; what is heard is clipped to 16 bit as a converter clips.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from node.ear.count import strokes_of
from node.ear.ear import Ear
from node.ear.ports import EarHealth, EarReport, Verdict
from node.ear.tones import EAR_HZ
from node.speaker.errors import SinkTrouble, Underrun
from patterns.clip import RATE, Clip

MS = 1_000_000
FOLD = RATE // EAR_HZ
Sounding = tuple[str, Clip, float, float]
"""Ref, clip, when it began, for how long, s."""


@dataclass(slots=True)
class RoomMicrophone:
    """A microphone in a room. `trouble`: what it raises, if anything."""

    room: Room
    trouble: SinkTrouble | None = None
    mute: bool = False
    stuck: bool = False
    """Open, and gives nothing."""
    overrun: bool = False
    """Once: it was not read in time."""
    opens: int = 0
    probes: int = 0
    opened_ns: int | None = None
    read_so_far: int = 0

    def open(self) -> None:
        assert self.opened_ns is None
        self._check()
        self.opens += 1
        self.opened_ns, self.read_so_far = self.room.now_ns, 0

    def waiting(self) -> int:
        self._check()
        assert self.opened_ns is not None
        if self.overrun:
            self.overrun = False
            raise Underrun
        return 0 if self.stuck else self._there() - self._first() - self.read_so_far

    def read(self, frames: int) -> array[int]:
        self._check()
        start = self._first() + self.read_so_far
        self.read_so_far += frames
        heard = self.room.samples()[start : start + frames]
        return array("h", (np.zeros_like(heard) if self.mute else heard).tobytes())

    def close(self) -> None:
        self.opened_ns = None

    def probe(self) -> None:
        assert self.opened_ns is None
        self.probes += 1
        self._check()

    def _check(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def _there(self) -> int:
        return self.room.now_ns * EAR_HZ // 1_000_000_000

    def _first(self) -> int:
        assert self.opened_ns is not None
        return self.opened_ns * EAR_HZ // 1_000_000_000


class Room:
    """See the module."""

    def __init__(self, seconds: float, seed: int = 1) -> None:
        self.air: NDArray[np.float64] = np.zeros(round(seconds * EAR_HZ))
        self.dice = np.random.default_rng(seed)
        self.now_ns = 0
        self.microphone = RoomMicrophone(self)
        self.told: list[EarReport] = []
        self.ear = Ear(self.microphone, self.told.append, lambda: self.now_ns)
        self._samples: NDArray[np.int16] | None = None

    def gong(self, clip: Clip, at_s: float, for_s: float, gain: float = 0.3, delay_ms: float = 20) -> None:
        """A loudspeaker; `delay_ms` of air."""
        wide = np.frombuffer(clip.played(round(for_s * RATE)), dtype="<i2").astype(np.float64)
        heard = wide[: len(wide) // FOLD * FOLD].reshape(-1, FOLD).mean(axis=1) * gain
        self._add(at_s + delay_ms / 1000, heard)

    def rain(self, level: float) -> None:
        """White noise, standard deviation `level`."""
        self._add(0, self.dice.normal(0, level, len(self.air)))

    def hum(self, level: float, hz: float = 50) -> None:
        """A mains hum with its harmonics."""
        t = np.arange(len(self.air)) / EAR_HZ
        self._add(0, sum(level / n * np.sin(2 * np.pi * hz * n * t) for n in range(1, 12)))

    def voices(self, level: float, from_s: float = 0) -> None:
        """Somebody talks: syllables of gliding pitch, two formants, hisses between."""
        at_s = from_s
        while at_s < len(self.air) / EAR_HZ:
            length = self.dice.uniform(0.06, 0.3)
            t = np.arange(round(length * EAR_HZ)) / EAR_HZ
            pitch = self.dice.uniform(90, 260) * (1 + self.dice.uniform(-1, 1) * t)
            phase = 2 * np.pi * np.cumsum(pitch) / EAR_HZ
            formants = self.dice.uniform(300, 900), self.dice.uniform(900, 3000)
            wave = np.zeros(len(t))
            for n in range(1, 25):
                hz = n * float(pitch.mean())
                if hz < 3900:
                    wave += sum(1 / (1 + ((hz - f) / 150) ** 2) for f in formants) * np.sin(n * phase)
            wave *= np.minimum(1, t / 0.015) * np.minimum(1, (length - t) / 0.04)
            self._add(at_s, wave / max(1e-9, np.abs(wave).max()) * level * self.dice.uniform(0.3, 1))
            if self.dice.random() < 0.4:
                hiss = np.diff(self.dice.normal(0, 1, round(0.06 * EAR_HZ)), n=2)
                self._add(at_s + length, hiss / np.abs(hiss).max() * level * 0.3)
            at_s += length + self.dice.choice([0.03, 0.08, 0.5], p=[0.5, 0.4, 0.1])

    def echo(self, delay_ms: float, gain: float) -> None:
        """A wall: everything so far once more."""
        self._add(delay_ms / 1000, self.air.copy() * gain)

    def hear(self, *soundings: Sounding, until_s: float | None = None) -> dict[str, Verdict]:
        """Live through it all; what the ear said of each."""
        happenings: list[tuple[int, int, Sounding]] = []
        for one in soundings:
            happenings += [(round(one[2] * 1e9) + 2 * MS, 0, one), (round((one[2] + one[3]) * 1e9) + MS, 1, one)]
        end_ns = round((until_s or len(self.air) / EAR_HZ) * 1e9)
        for at_ns, over, (ref, clip, from_s, for_s) in sorted(happenings, key=lambda one: one[:2]):
            self.pass_until(at_ns)
            if over:
                played = sum(1 for _ in _until(clip, 1000 * for_s))
                self.ear.ended(ref, played)
            else:
                self.ear.began(ref, clip, round(from_s * 1e9), 0)
            self.next_ns = self.ear.step()
        self.pass_until(end_ns)
        return {one.ref: one for one in self.told if isinstance(one, Verdict)}

    next_ns = 0

    def pass_until(self, until_ns: int) -> None:
        """Let time pass."""
        while self.next_ns <= until_ns:
            self.now_ns = max(self.now_ns, self.next_ns)
            self.next_ns = max(self.ear.step(), self.now_ns + MS)
        self.now_ns = until_ns

    @property
    def healths(self) -> list[str]:
        """What the ear said of itself."""
        return [one.why for one in self.told if isinstance(one, EarHealth)]

    def samples(self) -> NDArray[np.int16]:
        """What the microphone gives."""
        if self._samples is None:
            self._samples = np.clip(np.round(self.air), -32_768, 32_767).astype("<i2")
        return self._samples

    def _add(self, at_s: float, sound: NDArray[np.float64] | float) -> None:
        self._samples = None
        start = round(at_s * EAR_HZ)
        part = np.asarray(sound)[: max(0, len(self.air) - start)]
        self.air[start : start + len(part)] += part


def strokes_within(clip: Clip, ms: float) -> int:
    """Strokes that begin in so many ms of it."""
    return sum(1 for _ in _until(clip, ms))


def _until(clip: Clip, ms: float) -> Sequence[float]:
    found: list[float] = []
    for at_ms in strokes_of(clip):
        if at_ms >= ms:
            break
        found.append(at_ms)
    return found
