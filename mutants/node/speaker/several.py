"""Several voices as one: a loudspeaker and a striker that sound the same score together.

What must always hold: one Started and one Ended a ref, as the port promises, although each voice tells its own; sick
if any voice is sick; `progress` moves only when every voice moves, so that none can be stuck unseen.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from node.speaker.ports import Ended, Health, Report, Reporter, Speaker, Started
from patterns.clip import Clip

ROUNDS_MAX = 128
"""Soundings whose end some voice still owes: more are owed only by one that is stuck, and progress shows that."""


@dataclass(slots=True, eq=False)
class _Round:
    """One `play`, until every voice has ended it."""

    ref: str
    ends: list[Ended | None]
    """Each voice's, as far as told."""
    started: bool = False
    told: bool = False

    def tell(self) -> list[Report]:
        """Its end, once. A voice that failed does not unsay what another one sounded."""
        ends = [end for end in self.ends if end is not None]
        if self.told or not ends:
            return []
        self.told = True
        return [next((end for end in ends if end.how != "failed"), ends[0])]


class Several:
    """A Speaker made of speakers; what the first one heard is what is told."""

    def __init__(self, makes: Sequence[Callable[[Reporter], Speaker]], report: Reporter) -> None:
        """Each of `makes` builds a voice around the reporter it is given."""
        self._report = report
        self._lock = threading.Lock()
        self._rounds: list[_Round] = []
        self._healths: list[Health | None] = [None] * len(makes)
        self._health: Health | None = None
        self._voices = [make(self._listener(i)) for i, make in enumerate(makes)]
        self._seen = [0] * len(makes)
        self._moves = 0

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        with self._lock:
            self._rounds = [*self._rounds[1 - ROUNDS_MAX :], _Round(ref, [None] * len(self._healths))]
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
                for told in self._merge(voice, report):
                    self._report(told)

        return hear

    def _merge(self, voice: int, report: Report) -> list[Report]:
        if isinstance(report, Health):
            self._healths[voice] = report
            sick = next((h for h in self._healths if h and not h.ok), None)
            told = sick or (report if all(self._healths) else None)
            if told is None or told == self._health:
                return []
            self._health = told
            return [told]
        # A ref may be played twice: a voice speaks of the first round that it has not ended.
        now = next((r for r in self._rounds if r.ref == report.ref and r.ends[voice] is None), None)
        if now is None:
            return []
        if isinstance(report, Started):
            if now.started:
                return []
            now.started = True
            # Whoever begins has ended what came before; the others' word on that is no longer waited for.
            before = self._rounds[: self._rounds.index(now)]
            return [*(end for r in before for end in r.tell()), report]
        now.ends[voice] = report
        if None in now.ends:
            return []
        self._rounds.remove(now)
        return now.tell()
