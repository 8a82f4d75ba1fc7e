"""A Speaker that is listened to: it passes everything on, and has an ear, on a thread of its own, told afterwards.

What must always hold: of a sound that shall begin at once the ear hears only when it has begun, and the speaker's
reports are passed on before the ear hears of them, so that no sound and no report of one ever waits for a microphone;
each Ended is followed by one Verdict.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from node.ear.ear import MAX_SOUNDINGS, Ear
from node.ear.ports import EarHealth, EarReport, EarReporter, Microphone, Verdict
from node.speaker.ports import Ended, Report, Reporter, Speaker, Started
from node.speaker.tape import NS_PER_MS
from node.speaker.turns import Letter, Turns
from patterns.clip import Clip

_log = logging.getLogger(__name__)


class Eared:
    """A Speaker around a Speaker."""

    def __init__(
        self, make: Callable[[Reporter], Speaker], microphone: Microphone, report: Reporter, heard: EarReporter
    ) -> None:
        """`make` builds the speaker around the reporter it is given; `heard` gets what the ear tells."""
        self._report = report
        self._tell = _guarded(heard)
        self._lock = threading.Lock()
        self._clips: dict[str, Clip] = {}
        self._ear = ear = Ear(microphone, self._tell, time.monotonic_ns)
        self._turns = Turns("ear", ear.step, ear.close, ear.fail)
        self._speaker = make(self._listen)

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        if not clip.strokes:  # words: nothing that the ear could recognise
            self._speaker.play(ref, clip, at_ms)
            return
        with self._lock:
            self._clips[ref] = clip
            if len(self._clips) > MAX_SOUNDINGS:
                del self._clips[next(iter(self._clips))]
        if at_ms is not None:  # before the speaker may have ended it: a letter costs microseconds, and it is to wait
            self._post(lambda: self._ear.due(ref, clip, at_ms * NS_PER_MS))
        self._speaker.play(ref, clip, at_ms)

    def stop(self, ref: str | None = None) -> None:
        self._speaker.stop(ref)

    def close(self) -> None:
        self._speaker.close()
        self._turns.close()

    def progress(self) -> int:
        """The speaker's: a microphone that hangs is no reason to start a node again."""
        return self._speaker.progress()

    def _listen(self, report: Report) -> None:
        """On the speaker's thread."""
        self._report(report)
        match report:
            case Started():
                with self._lock:
                    clip = self._clips.get(report.ref)
                if clip is not None:
                    self._post(lambda: self._ear.began(report.ref, clip, report.at_ns, report.frame))
            case Ended():
                with self._lock:
                    self._clips.pop(report.ref, None)
                if not self._post(lambda: self._ear.ended(report.ref, report.strokes)):
                    self._tell(Verdict(report.ref, None, None))
            case _:
                pass

    def _post(self, letter: Letter) -> bool:
        posted = self._turns.post(letter)
        if not posted and not self._turns.closed:
            self._tell(EarHealth(False, "io: the microphone's driver is stuck"))
        return posted


def _guarded(heard: EarReporter) -> EarReporter:
    def tell(report: EarReport) -> None:
        with suppress(Exception):
            heard(report)
            return
        _log.error("what was heard was refused: %r", report)

    return tell
