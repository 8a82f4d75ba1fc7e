"""Several voices as one: a loudspeaker and a striker that sound the same score together.

What must always hold: one Started and one Ended a ref, as the port promises, although each voice tells its own; sick
if any voice is sick; `progress` moves only when every voice moves, so that none can be stuck unseen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from node.speaker.ports import Ended, Health, Report, Reporter, Speaker, Started
from patterns.clip import Clip


class Several:
    """A Speaker made of speakers; what the first one heard is what is told."""

    def __init__(self, makes: Sequence[Callable[[Reporter], Speaker]], report: Reporter) -> None:
        """Each of `makes` builds a voice around the reporter it is given."""
        self._report = report
        self._lock = threading.Lock()
        self._ends: dict[str, list[list[Ended | None]]] = {}
        self._started: set[str] = set()
        self._healths: list[Health | None] = [None] * len(makes)
        self._health: Health | None = None
        self._voices = [make(self._listener(i)) for i, make in enumerate(makes)]
        self._seen = [0] * len(makes)
        self._moves = 0

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        with self._lock:
            self._ends.setdefault(ref, []).append([None] * len(self._healths))
        for voice in self._voices:
            voice.play(ref, clip, at_ms)

    def stop(self, ref: str | None = None) -> None:
        for voice in self._voices:
            voice.stop(ref)

    def close(self) -> None:
        for voice in self._voices:
            voice.close()

    def progress(self) -> int:
        now = [voice.progress() for voice in self._voices]
        if all(new != old for new, old in zip(now, self._seen, strict=True)):
            self._seen = now
            self._moves += 1
        return self._moves

    def _listener(self, voice: int) -> Reporter:
        def hear(report: Report) -> None:
            with self._lock:
                told = self._merge(voice, report)
            if told is not None:
                self._report(told)

        return hear

    def _merge(self, voice: int, report: Report) -> Report | None:
        if isinstance(report, Health):
            self._healths[voice] = report
            sick = next((h for h in self._healths if h and not h.ok), None)
            told = sick or (report if all(self._healths) else None)
            if told in (None, self._health):
                return None
            self._health = told
            return told
        if isinstance(report, Started):
            if report.ref in self._started:
                return None
            self._started.add(report.ref)
            return report
        rounds = self._ends.get(report.ref, [])
        ends = next((ends for ends in rounds if ends[voice] is None), None)
        if ends is None:
            return None
        ends[voice] = report
        heard = [end for end in ends if end is not None]
        if len(heard) < len(ends):
            return None
        rounds.remove(ends)
        if not rounds:
            del self._ends[report.ref]
        self._started.discard(report.ref)
        # A voice that failed does not unsay what another one sounded.
        return next((end for end in heard if end.how != "failed"), heard[0])
