"""What a speaker is: it sounds one clip at a time, at once or on the millisecond, and says what became of each.

What must always hold, whoever stands behind the port (tests/node/speaker/test_contract.py):

- `play` and `stop` return at once; whatever plays is pre-empted at once, never queued, never mixed.
- Each ref that was played gets exactly one Ended; before it exactly one Started if a sample of it was heard, else none.
- A device that is busy, gone or broken never ends a sound that is still wanted: it is tried again, and Health says so.

It knows nothing of alarms, priorities or leases: the core decides who pre-empts whom, and how long a sound is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from patterns.clip import RATE, Clip

RATE_HZ = RATE
"""The one sample rate of the house: what a Pi's DAC, HDMI and USB cards all do without resampling."""


@dataclass(frozen=True, slots=True)
class Started:
    """The first sample of a clip reached the device."""

    ref: str
    """The caller's name for this sounding."""
    at_ns: int
    """Monotonic ns of that sample, as well as the device lets it be known."""
    late_ms: int
    """How much later than asked: than `at_ms`, or than the call where none was given. Never negative."""
    frame: int = 0
    """Which of the clip's it was: not the first where the device was late."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A sounding is over, and nothing more of it will be heard."""

    ref: str
    """The caller's name for this sounding."""
    how: Literal["finished", "stopped", "pre_empted", "failed"]
    """finished: played to its end. failed: its time passed without a device, or the speaker was closed or stuck."""
    duration_ms: int
    """How long it was heard, holes (a device that was gone) not counted; 0 if never."""
    strokes: int
    """Blows that were begun within what was heard."""
    why: str
    """For `failed`: a code of Health.why and its text; else empty."""


@dataclass(frozen=True, slots=True)
class Health:
    """The state of the device: the first one found, then every change."""

    ok: bool
    """Whether a sound can be heard now, as far as the device tells."""
    why: str
    """"ok", or a code (busy, gone, unknown, io, refused, bug), a colon, and the device's own words."""


Report = Started | Ended | Health
"""What a speaker tells."""

Reporter = Callable[[Report], None]
"""Where it tells it: called on the speaker's own thread; must only put the report into a queue."""


class Speaker(Protocol):
    """One voice. All its methods may be called from any one thread, and none of them waits for the device."""

    def play(self, ref: str, clip: Clip, at_ms: int | None = None) -> None:
        """Sound the clip from monotonic `at_ms` on (None: now), pre-empting at once whatever plays."""
        ...

    def stop(self, ref: str | None = None) -> None:
        """Silence within a period. A ref that no longer plays: nothing happens. None: whatever plays."""
        ...

    def close(self) -> None:
        """Silence, let go of the device, end the thread. Nothing is reported after it returns."""
        ...

    def progress(self) -> int:
        """A counter that moves only while the sounding side truly works; food for a watchdog. Moves within 5 s."""
        ...
