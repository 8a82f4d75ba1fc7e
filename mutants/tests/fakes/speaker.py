"""A speaker on virtual time, for simulators: what the real ones do, without devices, threads or waiting. Pure.

`advance(now_ms)` lets time pass: everything due on the way is reported, in order, with its own time. It passes the
same contract as the real ones (tests/node/speaker/test_contract.py). It is better than a real one in one way only: it
starts, stops and comes back in no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from node.speaker.deck import HEAD_NS
from node.speaker.ports import Ended, Health, Reporter, Started
from node.speaker.tape import NS_PER_MS, Tape
from patterns.clip import Clip

FRAMES_PER_MS = 48
HEAD_MS = HEAD_NS // NS_PER_MS


@dataclass(frozen=True, slots=True)
class Heard:
    """A stretch of a clip that sounded without a break."""

    ref: str
    pattern: str
    """The clip's name."""
    start_ms: int
    end_ms: int
    first_frame: int
    """Frame of the clip's timeline at start_ms."""


class _Wanted:
    def __init__(self, ref: str, clip: Clip, asked_ms: int) -> None:
        self.ref, self.tape, self.asked_ms, self.zero_ms = ref, Tape(clip), asked_ms, asked_ms
        self.pattern = clip.name
        self.since_ms: int | None = None
        self.origin = self.heard = self.strokes = 0
        self.started = False


class FakeSpeaker:
    """A node.speaker.ports.Speaker."""

    def __init__(self, report: Reporter, now_ms: int = 0) -> None:
        self._report = report
        self._now_ms = now_ms
        self._wanted: _Wanted | None = None
        self._trouble = ""
        self._closed = False
        self._turns = 0
        self.heard: list[Heard] = []
        """What sounded, in order; the stretch that still sounds is not in it yet."""
        report(Health(ok=True, why="ok"))

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        if self._closed:
            self._report(Ended(ref, "failed", 0, 0, "io: the speaker is closed"))
            return
        self._end("pre_empted")
        self._wanted = _Wanted(ref, clip, self._now_ms if at_ms is None else at_ms)
        self._settle()

    def stop(self, ref: str | None = None) -> None:
        if self._wanted and ref in (None, self._wanted.ref):
            self._end("stopped")

    def close(self) -> None:
        self._end("stopped")
        self._closed = True

    def progress(self) -> int:
        return self._turns

    @property
    def sounding(self) -> str | None:
        """The ref that is heard right now."""
        return self._wanted.ref if self._wanted and self._wanted.since_ms is not None else None

    @property
    def deadline_ms(self) -> int | None:
        """When something happens by itself; None: nothing will."""
        wanted = self._wanted
        if wanted is None:
            return None
        if wanted.since_ms is None and not self._trouble:
            return wanted.asked_ms
        length = wanted.tape.length
        return None if length is None else self._over_ms(wanted, length)

    def advance(self, now_ms: int) -> None:
        """Let time pass until `now_ms`; ValueError if that is in the past."""
        if now_ms < self._now_ms:
            raise ValueError(f"time does not go back from {self._now_ms} to {now_ms} ms")
        self._turns += 1
        while (due_ms := self.deadline_ms) is not None and due_ms <= now_ms:
            self._now_ms = max(self._now_ms, due_ms)
            self._settle()
        self._now_ms = now_ms

    def fail(self, why: str = "gone: no such device") -> None:
        """The device is gone or busy from now on."""
        self._interrupt()
        self._trouble = why
        self._report(Health(ok=False, why=why))

    def recover(self) -> None:
        """It is back."""
        self._trouble = ""
        self._report(Health(ok=True, why="ok"))
        self._settle()

    def _over_ms(self, wanted: _Wanted, length: int) -> int:
        return wanted.zero_ms + -(-length // FRAMES_PER_MS)

    def _settle(self) -> None:
        """Start what is due, end what is over."""
        wanted = self._wanted
        if wanted is None or self._now_ms < wanted.asked_ms:
            return
        if wanted.since_ms is None and not self._trouble:
            late_ms = self._now_ms - wanted.asked_ms
            if not wanted.started and late_ms <= HEAD_MS:
                wanted.zero_ms = self._now_ms
            wanted.origin = (self._now_ms - wanted.zero_ms) * FRAMES_PER_MS
            if not wanted.tape.over(wanted.origin):
                wanted.since_ms = self._now_ms
                if not wanted.started:
                    wanted.started = True
                    self._report(Started(wanted.ref, self._now_ms * NS_PER_MS, late_ms))
        if wanted.tape.over((self._now_ms - wanted.zero_ms) * FRAMES_PER_MS):
            if wanted.since_ms is None:
                self._end("failed", self._trouble or "io: the sound's time passed unheard")
            else:
                self._end("finished")

    def _interrupt(self) -> None:
        """Nothing more is heard; what was, is written down."""
        wanted = self._wanted
        if wanted is None or wanted.since_ms is None:
            return
        heard = (self._now_ms - wanted.since_ms) * FRAMES_PER_MS
        if wanted.tape.length is not None:
            heard = min(heard, wanted.tape.length - wanted.origin)
        wanted.heard += heard
        wanted.strokes += wanted.tape.strokes_between(wanted.origin, wanted.origin + heard)
        self.heard.append(Heard(wanted.ref, wanted.pattern, wanted.since_ms, self._now_ms, wanted.origin))
        wanted.since_ms = None

    def _end(self, how: Literal["finished", "stopped", "pre_empted", "failed"], why: str = "") -> None:
        self._interrupt()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self._report(Ended(wanted.ref, how, wanted.heard // FRAMES_PER_MS, wanted.strokes, why))
