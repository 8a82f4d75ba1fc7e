"""A sink on virtual time that remembers every frame it sounded, and when. Pure.

Faults are named: `break_with(code)` and `mend()`, `coarse_frames` (a card that moves its pointer once a period),
`stuck` (takes frames, sounds none), and running dry, which it does by itself when it is fed late.
"""

from __future__ import annotations

from array import array

from node.speaker.errors import SinkTrouble, Underrun
from node.speaker.sink import Gauge
from node.speaker.tape import frames_in, ns_of

BUFFER_FRAMES = 1920


class VirtualClock:
    """Monotonic ns that moves when told."""

    def __init__(self) -> None:
        self.now_ns = 1_000_000_000

    def __call__(self) -> int:
        return self.now_ns


class VirtualSink:
    """A node.speaker.sink.Sink."""

    def __init__(self, clock: VirtualClock, open_ns: int = 300_000, coarse_frames: int = 1) -> None:
        self.clock, self.open_ns, self.coarse_frames = clock, open_ns, coarse_frames
        self.runs: list[tuple[int, array[int]]] = []
        """(when its first frame sounded, the frames that sounded) of each run that is over."""
        self.opens = self.probes = 0
        self.held = False
        self.stuck = False
        self._fault: str | None = None
        self._start_ns: int | None = None
        self._queued: array[int] = array("h")

    def break_with(self, code: str) -> None:
        """From now on everything fails with that code; what sounds, sounds no more."""
        self._silence()
        self._fault = code

    def mend(self) -> None:
        self._fault = None

    def open(self) -> None:
        self._silence()
        self.opens += 1
        self.clock.now_ns += self.open_ns
        self._refuse()
        self.held = True

    def gauge(self) -> Gauge:
        self._refuse()
        if self._start_ns is None:
            return Gauge(BUFFER_FRAMES, 0, running=False)
        heard = self._heard()
        if heard > len(self._queued):
            raise Underrun
        coarse = heard // self.coarse_frames * self.coarse_frames
        return Gauge(BUFFER_FRAMES - (len(self._queued) - coarse), coarse, running=True)

    def write(self, pcm: memoryview) -> int:
        self._refuse()
        assert self.held, "written to while closed"
        if self._start_ns is None:
            self._start_ns = self.clock.now_ns
        self._queued.frombytes(pcm)
        return len(pcm) // 2

    def close(self) -> None:
        self._silence()
        self.held = False

    def probe(self) -> None:
        assert not self.held, "probed while open"
        self.probes += 1
        self._refuse()

    def _refuse(self) -> None:
        if self._fault:
            raise SinkTrouble(self._fault, "as told")

    def _heard(self) -> int:
        return 0 if self._start_ns is None or self.stuck else frames_in(self.clock.now_ns - self._start_ns)

    def _silence(self) -> None:
        if self._start_ns is not None:
            self.runs.append((self._start_ns, self._queued[: self._heard()]))
        self._start_ns, self._queued = None, array("h")

    def sounded(self) -> list[tuple[int, int]]:
        """(ns, value) of each frame that sounded and was not silence, in order."""
        return [(start + ns_of(i), v) for start, frames in self.runs for i, v in enumerate(frames) if v]
