"""The commune's own wall clock, distrusted: it is held against the monotonic one at every step.

What must hold: nothing that sounds or is kept depends on it but the hour of a chime; a jump is written down.
"""

from __future__ import annotations

from broker.core.ledger import Ledger
from broker.core.records import Entry
from broker.core.troubles import Troubles
from broker.core.turn import Turn, said

JUMP_MS = 2_000  # NTP slews smaller steps; a chime two seconds off is still that chime
NOTED_EVERY_MS = 10_000  # a clock that flutters must not fill the register
ABOUT = "commune"


class WallClock:
    """Sees jumps."""

    def __init__(self, last_at_ms: int, ledger: Ledger, troubles: Troubles) -> None:
        self._last_at_ms = last_at_ms
        self._offset_ms: int | None = None
        self._noted_ms: int | None = None
        self._ledger = ledger
        self._troubles = troubles

    def see(self, turn: Turn) -> bool:
        """Compare the two clocks of this step; whether the wall clock has jumped since the last."""
        offset_ms = turn.wall_ms - turn.now_ms
        # The last run's entries are all that a new one can hold the clock against: it may only have gone on.
        since_last_run_ms = min(0, turn.wall_ms - self._last_at_ms)
        jumped_ms = since_last_run_ms if self._offset_ms is None else offset_ms - self._offset_ms
        self._offset_ms = offset_ms
        if abs(jumped_ms) <= JUMP_MS:
            return False
        self._note(turn, jumped_ms)
        return True

    def _note(self, turn: Turn, jumped_ms: int) -> None:
        seconds = f"{jumped_ms / 1000:+.0f}"
        why = said(f"Đồng hồ máy xã nhảy {seconds} giây, hãy kiểm tra giờ", f"the commune's clock jumped {seconds} s")
        self._troubles.hold(turn, "clock_jump", ABOUT, why)
        if self._noted_ms is not None and turn.now_ms - self._noted_ms < NOTED_EVERY_MS:
            return
        self._noted_ms = turn.now_ms
        body = {"from_ms": turn.wall_ms - jumped_ms, "to_ms": turn.wall_ms, "jumped_ms": jumped_ms}
        self._ledger.note(Entry(what="jumped", subject=ABOUT, by=None, at_ms=turn.wall_ms, body=body))
