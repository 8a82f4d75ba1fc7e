"""The amplifier's relay: on before a sound, off some time after the last one. A Speaker around a Speaker.

What must always hold: a sound that cannot wait never waits for the relay (`lead_ms` only moves the switching of armed
clips forward); the relay is never switched off while something sounds or is about to; a relay that fails silences
nobody, it is told as trouble, and tried again until it is as it should be.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from typing import Protocol

from node.speaker.ports import Ended, Health, Report, Reporter, Speaker
from patterns.clip import Clip

_log = logging.getLogger(__name__)

LEAD_MS_MAX = 5_000
"""Longer than any amplifier needs to wake."""
HOLD_MS_MAX = 600_000
"""Ten minutes: after that the amplifier is heating the hamlet."""
RETRY_MS = 1_000
"""Between tries at a relay that does not obey: as soon as lost pins can be back."""


class Relay(Protocol):
    """The pin that powers the amplifier."""

    def on(self) -> None:
        """Power it."""
        ...

    def off(self) -> None:
        """Let it sleep."""
        ...


class Amplified:
    """A Speaker whose amplifier is switched."""

    def __init__(
        self,
        make: Callable[[Reporter], Speaker],
        relay: Relay,
        report: Reporter,
        lead_ms: int = 0,
        hold_ms: int = 2_000,
    ) -> None:
        """`make` builds the speaker around the reporter it is given. ValueError outside the limits above.

        lead_ms: how long before an armed clip the relay closes; hold_ms: how long after the last sound it opens.
        """
        if not 0 <= lead_ms <= LEAD_MS_MAX or not 0 <= hold_ms <= HOLD_MS_MAX:
            raise ValueError(f"lead_ms {lead_ms} or hold_ms {hold_ms} out of range")
        self._relay, self._report, self._lead_ms, self._hold_ms = relay, report, lead_ms, hold_ms
        self._change = threading.Condition()
        self._wanted: list[tuple[str, int]] = []
        self._quiet_ms = 0
        self._shall = False
        self._driven: bool | None = None
        self._healthy = True
        self._speaker_health: Health | None = None
        self._closed = False
        self._speaker = make(self._heard)
        self._thread = threading.Thread(target=self._run, name="amplifier", daemon=True)
        self._thread.start()

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        with self._change:
            self._wanted.append((ref, _now_ms() if at_ms is None else at_ms - self._lead_ms))
            self._change.notify()
        self._speaker.play(ref, clip, at_ms)

    def stop(self, ref: str | None = None) -> None:
        self._speaker.stop(ref)

    def close(self) -> None:
        self._speaker.close()
        with self._change:
            self._closed = True
            self._change.notify()
        self._thread.join(1.0)

    def progress(self) -> int:
        return self._speaker.progress()

    def renew(self) -> None:
        """The pins were opened anew, and are off: drive the relay again."""
        with self._change:
            self._driven = None
            self._change.notify()

    def _heard(self, report: Report) -> None:
        """On the speaker's thread."""
        if isinstance(report, Ended):
            with self._change:
                # A ref may be played twice: its first end is not the second's.
                ended = next((i for i, (ref, _) in enumerate(self._wanted) if ref == report.ref), None)
                if ended is not None:
                    del self._wanted[ended]
                self._quiet_ms = _now_ms()
                self._change.notify()
        if isinstance(report, Health):
            self._speaker_health = report
            if report.ok and not self._healthy:
                return  # the sound device is well, the relay is not
        self._report(report)

    def _run(self) -> None:
        with self._change:
            while not self._closed:
                now_ms = _now_ms()
                times = self._wish(now_ms)
                if self._driven != self._shall:
                    self._switch(self._shall)
                times += [now_ms + RETRY_MS] if self._driven != self._shall else []
                self._change.wait(None if not times else max(0, min(times) - now_ms) / 1000)
            self._switch(on=False)

    def _wish(self, now_ms: int) -> list[int]:
        """Decide whether the relay shall be on now; when that may change."""
        first_ms = min((at_ms for _, at_ms in self._wanted), default=None)
        if first_ms is not None and first_ms <= now_ms:
            self._shall = True
            return []
        over_ms = self._quiet_ms + self._hold_ms
        self._shall = self._shall and now_ms < over_ms
        return [*([first_ms] if first_ms is not None else []), *([over_ms] if self._shall else [])]

    def _switch(self, on: bool) -> None:
        try:
            (self._relay.on if on else self._relay.off)()
        except Exception as fault:
            if self._healthy:
                _log.error("the amplifier's relay does not obey: %s", fault, exc_info=not isinstance(fault, OSError))
                self._healthy = False
                self._report(Health(False, f"io: relay: {fault}"))
        else:
            self._driven = on
            if not self._healthy:
                self._healthy = True
                self._report(self._speaker_health or Health(True, "ok"))


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
