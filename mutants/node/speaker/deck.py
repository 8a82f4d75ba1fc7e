"""What a sink is fed, and when: one clip at a time, on a time line, over a device that may be busy, run dry or vanish.

What must always hold:

- One sounding at a time; each gets one Ended, and one Started before it if a frame of it was heard.
- A clip has its place on the clock. What a fault swallowed is gone; the rest sounds where it would have sounded, so
  that hamlets stay together and an alarm's rhythm is not shifted. Only a clip that never sounded and is barely late
  starts at its head.
- A sound that is wanted is tried again every RETRY_NS until it is stopped or its time has passed.

It knows neither threads nor devices: player.py calls `step` when it is due, a Sink (sink.py) is the device, and the
clock is a function, because opening a device takes time within a step.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Literal

from node.speaker.epoch import Epoch
from node.speaker.errors import SinkTrouble, Underrun
from node.speaker.gain import scaler
from node.speaker.ports import Ended, Health, Reporter, Started
from node.speaker.sink import Sink
from node.speaker.tape import NS_PER_MS as MS
from node.speaker.tape import Tape, frames_in, ns_of
from patterns.clip import Clip

TICK_NS = 7 * MS
"""Between looks while sounding: leaves 33 of 40 ms to a busy processor, and walks through the phases of 10 ms."""
TICK_YOUNG_NS = 2 * MS
"""The same until the clip's first frame was heard: `Started.at_ns` is only as true as the looks before it."""
RETRY_NS = 250 * MS
"""Between tries at a device that is busy or gone: soon enough to be heard, rare enough to cost nothing."""
HEAD_NS = 200 * MS
"""A clip no later than this still starts at its head: its first stroke is worth more than the fifth of a second."""
WARM_NS = 1_000 * MS
"""An armed clip's device is opened this long ahead, and fed silence: time for four tries and a sleepy amplifier."""
NEAR_NS = 150 * MS
"""Nearer than this, an armed clip is placed by the clock alone: the stream's own pace cannot be learned any more."""
UNSEEN_NS = 50 * MS
"""How much sound is believed in without having seen the device move: the queue, and a card's coarse pointer."""
STALL_NS = 1_000 * MS
"""A device that takes frames and does not move for this long is as good as gone,"""
STALL_LOOKS = 20
"""if so many looks saw it: a thread that was away for a second has seen nothing."""
PROBE_NS = 4_000 * MS
"""Between looks at an idle device: a dead one must be known within 5 s."""
PROBE_TROUBLED_NS = 1_000 * MS
"""The same while it is in trouble: good news early."""

_SILENCE = memoryview(bytes(2 * 1920))


class _Sounding:
    """A clip that is wanted."""

    def __init__(self, ref: str, clip: Clip, asked_ns: int) -> None:
        self.ref = ref
        self.tape = Tape(clip)
        self.asked_ns = asked_ns
        self.zero_ns = asked_ns
        self.started = False
        self.heard = 0
        self.strokes = 0


class _Stream:
    """A device from its opening to its loss: `lead` frames of silence, then the clip from its frame `origin` on."""

    def __init__(self, opened_ns: int, lead: int | None, origin: int) -> None:
        self.lead = lead
        self.origin = origin
        self.written = self.heard = self.unmoved = 0
        self.fed_ns = self.moved_ns = opened_ns
        self.epoch = Epoch()


class Deck:
    """The one place that decides what is fed to a sink."""

    def __init__(self, sink: Sink, report: Reporter, clock: Callable[[], int], gain_db: float = 0.0) -> None:
        self._sink = sink
        self._report = report
        self._clock = clock
        self._scaled = scaler(gain_db)
        self._now: _Sounding | None = None
        self._stream: _Stream | None = None
        self._retry_ns = 0
        self._probe_ns = 0
        self._doubted = False
        self._stalled = False
        self._health: Health | None = None
        self.progress = 0
        """Moves with each answer of the device: a probe, an opening, frames that sounded."""

    def play(self, ref: str, clip: Clip, asked_ns: int) -> None:
        """From `asked_ns` on, sound this, and nothing else any more."""
        self._last_look()
        self._end("pre_empted")
        if asked_ns - self._clock() > WARM_NS:
            self._sink.close()
        self._now = _Sounding(ref, clip, asked_ns)
        self._retry_ns = 0

    def stop(self, ref: str | None) -> None:
        """Silence, if that ref (None: anything) plays."""
        if self._now and ref in (None, self._now.ref):
            self._last_look()
            self._sink.close()
            self._end("stopped")

    def fail(self, why: str) -> None:
        """Our own mistake: let go of everything, say so."""
        self._sink.close()
        self._end("failed", why)
        self._tell(Health(ok=False, why=why))

    def step(self) -> int:
        """Do what is due; when to come back, in monotonic ns."""
        now_ns = self._clock()
        if self._now is None:
            return self._idle(now_ns)
        try:
            return self._begin(self._now, now_ns) if self._stream is None else self._feed(self._now, self._stream)
        except SinkTrouble as fault:
            if isinstance(fault, Underrun) and self._ran_dry(now_ns):
                return now_ns
            return self._lose(fault, now_ns)

    def _idle(self, now_ns: int) -> int:
        if now_ns < self._probe_ns:
            return self._probe_ns
        try:
            self._sink.probe()
        except SinkTrouble as fault:
            doubtful = fault.code == "busy" and not self._doubted
            self._doubted = True
            # Another program's own short look at the card is no trouble yet.
            if not doubtful:
                self._stalled = False
                self._tell(Health(ok=False, why=str(fault)))
            self._probe_ns = now_ns + (RETRY_NS if doubtful else PROBE_TROUBLED_NS)
        else:
            self._doubted = False
            if not self._stalled:
                self._tell(Health(ok=True, why="ok"))
            self._probe_ns = now_ns + PROBE_NS
        self.progress += 1
        return self._probe_ns

    def _begin(self, now: _Sounding, now_ns: int) -> int:
        if now_ns < now.asked_ns - WARM_NS:
            return min(now.asked_ns - WARM_NS, self._idle(now_ns))
        if now_ns < self._retry_ns:
            return self._retry_ns
        if now.tape.over(frames_in(now_ns - now.zero_ns)):
            return self._give_up(now_ns)
        self._sink.open()
        self.progress += 1
        opened_ns = self._clock()
        ahead_ns = now.asked_ns - opened_ns
        if ahead_ns > NEAR_NS:
            self._stream = _Stream(opened_ns, None, 0)
        elif ahead_ns > 0:
            self._stream = _Stream(opened_ns, frames_in(ahead_ns), 0)
        else:
            head = not now.started and -ahead_ns <= HEAD_NS
            self._stream = _Stream(opened_ns, 0, 0 if head else frames_in(opened_ns - now.zero_ns))
        return self._feed(now, self._stream)

    def _feed(self, now: _Sounding, stream: _Stream) -> int:
        room = self._look(now, stream)
        now_ns = self._clock()
        if now_ns - stream.moved_ns > STALL_NS and stream.unmoved > STALL_LOOKS:
            self._stalled = True
            raise SinkTrouble("io", "the device takes sound but does not move")
        if self._finish(now, stream):
            return now_ns
        first = stream.written == 0
        stream.fed_ns = now_ns if first else stream.fed_ns
        self._fill(now, stream, room)
        if first:
            return now_ns
        return now_ns + (TICK_NS if now.started else TICK_YOUNG_NS)

    def _finish(self, now: _Sounding, stream: _Stream) -> bool:
        if stream.lead is None or not now.tape.over(stream.origin + stream.heard - stream.lead):
            return False
        self._sink.close()
        self._end("finished")
        return True

    def _look(self, now: _Sounding, stream: _Stream) -> int:
        """See how far the device is; the room in it."""
        gauge = self._sink.gauge()
        now_ns = self._clock()
        stream.unmoved += 1
        if gauge.running:
            stream.epoch.look(now_ns, gauge.heard)
        if gauge.heard > stream.heard:
            stream.heard, stream.moved_ns, stream.unmoved = gauge.heard, now_ns, 0
            self.progress += 1
            self._stalled = False
            self._tell(Health(ok=True, why="ok"))
            self._start(now, stream)
        return gauge.room

    def _fill(self, now: _Sounding, stream: _Stream, room: int) -> None:
        while room > 0:
            taken = self._sink.write(self._next(now, stream, room))
            if taken <= 0:
                return
            stream.written += taken
            room -= taken

    def _next(self, now: _Sounding, stream: _Stream, room: int) -> memoryview:
        if stream.lead is None:
            wait = frames_in(now.asked_ns - stream.epoch.at_ns) - stream.written if stream.epoch.known else room
            if wait >= room:
                return _SILENCE[: 2 * room]
            stream.lead = stream.written + max(0, wait)
        if stream.written < stream.lead:
            return _SILENCE[: 2 * min(room, stream.lead - stream.written)]
        pcm = now.tape.read(stream.origin + stream.written - stream.lead, room)
        return self._scaled(pcm) if pcm else _SILENCE[: 2 * room]

    def _start(self, now: _Sounding, stream: _Stream) -> None:
        if now.started or stream.lead is None or stream.heard <= stream.lead:
            return
        now.started = True
        at_ns = stream.epoch.at_ns + ns_of(stream.lead)
        now.zero_ns = at_ns - ns_of(stream.origin)
        self._report(Started(now.ref, at_ns, max(0, at_ns - now.asked_ns) // MS, stream.origin))

    def _ran_dry(self, now_ns: int) -> bool:
        """Whether an underrun is believable: then all that was written was heard, and it only has to go on."""
        now, stream = self._now, self._stream
        if now is None or stream is None or now_ns - stream.fed_ns < ns_of(stream.written):
            return False
        if not stream.epoch.known:
            stream.epoch.look(stream.fed_ns, 0)
        stream.heard = stream.written
        self.progress += 1
        self._start(now, stream)
        if not self._finish(now, stream):
            self._account()
        return True

    def _last_look(self) -> None:
        """Before a sound is cut: microseconds, for true books."""
        if self._now and self._stream:
            with suppress(SinkTrouble):
                self._look(self._now, self._stream)

    def _account(self) -> None:
        """Close the stream's books: what of the clip was heard through it."""
        now, stream = self._now, self._stream
        self._stream = None
        if now is None or stream is None or stream.lead is None or not stream.heard:
            return
        # It sounded on since the last look, but nobody knows that of a device that has stopped moving.
        since = min(stream.epoch.frame_at(self._clock()), stream.heard + frames_in(UNSEEN_NS), stream.written)
        stream.heard = max(stream.heard, since)
        self._start(now, stream)
        heard = max(0, stream.heard - stream.lead)
        if now.tape.length is not None:
            heard = min(heard, now.tape.length - stream.origin)
        now.heard += heard
        now.strokes += now.tape.strokes_between(stream.origin, stream.origin + heard)

    def _end(self, how: Literal["finished", "stopped", "pre_empted", "failed"], why: str = "") -> None:
        if self._now is None:
            return
        self._account()
        self._report(Ended(self._now.ref, how, ns_of(self._now.heard) // MS, self._now.strokes, why))
        self._now = None
        self._probe_ns = self._clock() + PROBE_NS

    def _lose(self, fault: SinkTrouble, now_ns: int) -> int:
        sounded = self._stream is not None and self._stream.heard > 0
        self._account()
        self._sink.close()
        self.progress += 1
        self._tell(Health(ok=False, why=str(fault)))
        # A card that was just heard is worth one try at once.
        self._retry_ns = now_ns if sounded else now_ns + RETRY_NS
        return self._retry_ns

    def _give_up(self, now_ns: int) -> int:
        why = self._health.why if self._health and not self._health.ok else "io: the sound's time passed unheard"
        self._sink.close()
        self._end("failed", why)
        return now_ns

    def _tell(self, health: Health) -> None:
        if health != self._health:
            self._health = health
            self._report(health)
