"""When the microphone is open, and what becomes of what it gives.

What must always hold:

- It is open only while something sounds, is about to, or has just ended; but for a look now and then, like the deck's.
- Each sounding that has ended gets one Verdict, at most TAIL_MS after its end, whatever the microphone does.
- A microphone that is busy, gone or broken is tried again as long as there is something to hear; what was sounded
  meanwhile was not listened to, which is not the same as unheard.

It knows neither threads nor devices: eared.py calls `step` when it is due, and the clock is a function.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from node.ear.count import DELAY_MS, WITHIN_MS, Count
from node.ear.ports import EarHealth, EarReporter, Microphone, Verdict
from node.ear.stream import Bit, Stream
from node.ear.tones import Comb, tones_of
from node.speaker.errors import SinkTrouble, Underrun
from node.speaker.tape import NS_PER_MS as MS
from patterns.clip import Clip

LEAD_NS = 400 * MS
"""A chime's microphone is opened this long ahead: some USB ones need a fifth of a second."""
OVERDUE_NS = 1_000 * MS
"""One that has not begun so long after its time has a card in trouble: the microphone does not stay open for it."""
READ_NS = 50 * MS
"""Between readings: a quarter of what the device holds for us."""
TAIL_MS = 400
"""After a sounding's end: the longest way of its last stroke, two readings, and the rest for a busy processor."""
RETRY_NS = 250 * MS
"""Between tries at a microphone that is busy or gone."""
STALL_NS = 1_000 * MS
"""A device that is open and gives nothing for this long is as good as gone."""
PROBE_NS = 4_000 * MS
"""Between looks at an idle one: a missing one must be known within 5 s."""
PROBE_TROUBLED_NS = 1_000 * MS
"""The same while it is in trouble: good news early."""
DEAF_SPAN = 4
"""Between the lowest and the highest sample of any block: less than any microphone's own noise, but a muted one's."""
SILENT_DB = -120.0
"""Of digital silence, which has no logarithm."""
FULL_SCALE = 32_768
MAX_SOUNDINGS = 64
"""That wait for their end: more means that a speaker has lost its reports."""


@dataclass(slots=True)
class _Sounding:
    """A sounding that began. Mutable, and owned by the ear."""

    ref: str
    count: Count
    ended_ms: float | None = None
    strokes: int = 0
    """Played, as the speaker says at its end."""
    bits: int = 0
    power: float = 0.0
    """Sum over those bits."""
    span: int = 0
    """The widest of them."""

    def hear(self, bit: Bit) -> None:
        """A block, if it was heard while this sounded."""
        if self.count.from_ms <= bit.at_ms < (math.inf if self.ended_ms is None else self.ended_ms):
            self.bits, self.power, self.span = self.bits + 1, self.power + bit.power, max(self.span, bit.span)

    @property
    def deaf(self) -> bool:
        """Whether the microphone gave nothing but silence."""
        return self.span <= DEAF_SPAN

    def verdict(self) -> Verdict:
        """What was heard of it."""
        if not self.bits:
            return Verdict(self.ref, None, None)
        tally = self.count.tally
        listened = tally.listened > 0 and not self.deaf
        strokes = min(tally.heard, self.strokes) if listened else None
        return Verdict(self.ref, strokes, level_of(self.power / self.bits))


def level_of(power: float) -> float:
    """A mean square as decibels of full scale, to a tenth."""
    ratio = power / FULL_SCALE**2
    return max(SILENT_DB, round(10 * math.log10(ratio), 1)) if ratio > 0 else SILENT_DB


class Ear:
    """The one place that decides what was heard."""

    def __init__(self, microphone: Microphone, report: EarReporter, clock: Callable[[], int]) -> None:
        self._microphone = microphone
        self._report = report
        self._clock = clock
        self._soundings: list[_Sounding] = []
        self._due: dict[str, int] = {}
        self._comb: Comb | None = None
        self._stream: Stream | None = None
        self._next_ns = 0
        """When to come back: to read, to try again, or to look at an idle device."""
        self._retry_ns = 0
        self._trouble = ""
        self._judged = ""
        self._health: EarHealth | None = None

    def due(self, ref: str, clip: Clip, at_ns: int) -> None:
        """It will sound from then on: be there before."""
        self._know(clip)
        self._due[ref] = at_ns
        if len(self._due) > MAX_SOUNDINGS:
            del self._due[next(iter(self._due))]

    def began(self, ref: str, clip: Clip, at_ns: int, frame: int) -> None:
        """At that moment that frame of it was the first to sound."""
        self._know(clip)
        self._due.pop(ref, None)
        count = Count(clip, at_ns / MS - 1000 * frame / clip.rate, at_ns / MS)
        self._soundings = [*self._soundings[1 - MAX_SOUNDINGS :], _Sounding(ref, count)]
        self._next_ns = self._clock()

    def ended(self, ref: str, strokes: int) -> None:
        """It is over, just now, with so many strokes played; perhaps it never began."""
        self._due.pop(ref, None)
        one = next((one for one in self._soundings if one.ref == ref and one.ended_ms is None), None)
        if one is None:
            self._report(Verdict(ref, None, None))
        else:
            one.ended_ms, one.strokes = self._clock() / MS, strokes

    def step(self) -> int:
        """Do what is due; when to come back, in monotonic ns."""
        now_ns = self._clock()
        self._due = {ref: at_ns for ref, at_ns in self._due.items() if now_ns < at_ns + OVERDUE_NS}
        try:
            if self._wanted(now_ns):
                self._listen(now_ns)
            elif self._stream is not None:
                self._stop()
            elif now_ns >= self._next_ns:
                self._microphone.probe()
                self._say("", now_ns + PROBE_NS)
        except SinkTrouble as fault:
            self._lose(fault, now_ns)
        self._conclude(now_ns)
        return min([self._next_ns, *(at_ns - LEAD_NS for at_ns in self._due.values() if at_ns - LEAD_NS > now_ns)])

    def fail(self, why: str) -> None:
        """Our own mistake: let go of the device, judge nothing of what sounds, say so."""
        self._stop()
        dropped, self._soundings = self._soundings, []
        for one in dropped:
            if one.ended_ms is not None:
                self._report(Verdict(one.ref, None, None))
        self._say(why, self._clock() + PROBE_TROUBLED_NS)

    def close(self) -> None:
        """Let go of everything, say nothing more."""
        self._soundings, self._due = [], {}
        self._stop()

    def _know(self, clip: Clip) -> None:
        """The first clip tells the gong's tones: a node has one voice."""
        if self._comb is None:
            self._comb = Comb(tones_of(clip))

    def _wanted(self, now_ns: int) -> bool:
        return bool(self._soundings) or any(at_ns - LEAD_NS <= now_ns for at_ns in self._due.values())

    def _listen(self, now_ns: int) -> None:
        if self._stream is None:
            if now_ns < self._retry_ns or self._comb is None:
                self._next_ns = self._retry_ns
                return
            self._microphone.open()
            self._stream = Stream(self._clock(), self._comb)
        self._next_ns = now_ns + READ_NS
        self._hear(self._stream)

    def _hear(self, stream: Stream) -> None:
        """Read all there is, and hold it against what sounds."""
        samples = self._microphone.read(self._microphone.waiting())
        now_ns = self._clock()
        if samples:
            self._say("", self._next_ns)
        elif now_ns - stream.moved_ns > STALL_NS:
            raise SinkTrouble("io", "the microphone is open and gives nothing")
        for bit in stream.take(now_ns, samples, self._microphone.waiting()):
            for one in self._soundings:
                one.hear(bit)
        for one in self._soundings:
            if one.ended_ms is None and one.count.judge(stream.blows, stream.next_ms, stream.open_ms):
                self._judge(one)
        # What rang half a second before a sounding may still be asked for by it, if it is told late.
        since_ms = [one.count.since_ms for one in self._soundings] or [stream.next_ms - DELAY_MS]
        while stream.blows and stream.blows[0].at_ms < min(since_ms):
            stream.blows.popleft()

    def _conclude(self, now_ns: int) -> None:
        """Give each sounding that has ended its verdict, as soon as all of it was heard, or had its time."""
        for one in list(self._soundings):
            if one.ended_ms is None:
                continue
            heard_ms = -math.inf if self._stream is None else self._stream.next_ms
            if heard_ms < one.ended_ms + DELAY_MS + WITHIN_MS and now_ns / MS < one.ended_ms + TAIL_MS:
                continue
            self._soundings.remove(one)
            if self._stream is not None:
                self._end(one, self._stream, one.ended_ms)
            self._judge(one)
            self._report(one.verdict())

    @staticmethod
    def _end(one: _Sounding, stream: Stream, at_ms: float) -> None:
        one.count.end(stream.blows, min(at_ms, stream.next_ms - DELAY_MS), stream.open_ms)

    def _judge(self, one: _Sounding) -> None:
        """The newest word on whether we can be heard."""
        if one.bits and one.count.tally.ours is not None:
            self._judged = "deaf" if one.deaf else "" if one.count.tally.ours else "unheard"
            self._say(self._trouble, self._next_ns)

    def _lose(self, fault: SinkTrouble, now_ns: int) -> None:
        """What was heard so far is judged: what sounds from now on is not listened to."""
        if self._stream is not None:
            for one in self._soundings:
                self._end(one, self._stream, math.inf)
        self._stop()
        if isinstance(fault, Underrun):
            self._next_ns = now_ns
            return
        self._retry_ns = now_ns + RETRY_NS
        self._say(str(fault), self._retry_ns if self._wanted(now_ns) else now_ns + PROBE_TROUBLED_NS)

    def _stop(self) -> None:
        self._microphone.close()
        self._stream = None
        self._next_ns = self._clock() + PROBE_NS

    def _say(self, trouble: str, next_ns: int) -> None:
        """How the device is, and when to look again; its trouble hides what was last heard through it."""
        self._trouble, self._next_ns = trouble, next_ns
        why = trouble or self._judged or "ok"
        health = EarHealth(why == "ok", why)
        if health != self._health:
            self._health = health
            self._report(health)
