"""Whether the nightly backup is made: `keng backup` writes how it went beside the register, and the service looks.

What must hold: a backup that failed, or that nobody has made for OLD_MS, is a trouble as any other, where officers
look; a machine that never made one (the demo, a developer's) has none. A file that cannot be read ends no service.
It does not know how backups are made, nor what is in them: broker/enrolment/backup.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from broker.core.items import BackupLooked
from broker.core.turn import said

STATE = "backup.json"
"""In the service's home."""
EVERY_MS = 600_000
"""A person who has mended it wants to see that soon; the file is one line."""
OLD_MS = 2 * 86_400_000
"""Two nights: one may fall into a power cut."""


class Upkeep:
    """Beaten by the loop after each step."""

    def __init__(self, home: Path, tell: Callable[[BackupLooked], None], wall_ms: Callable[[], int]) -> None:
        self._state = home / STATE
        self._tell = tell
        self._wall_ms = wall_ms
        self._due_ms = 0
        self._told: tuple[str | None] | None = None
        """None: not looked yet; what the last run left open must be ended, too."""

    def beat(self, now_ms: int) -> None:
        """The loop has come round."""
        if now_ms < self._due_ms:
            return
        self._due_ms = now_ms + EVERY_MS
        with suppress(OSError, ValueError, KeyError, TypeError):
            told = json.loads(self._state.read_text("utf-8"))
            made_ms = int(datetime.fromisoformat(told["at"]).timestamp() * 1000)
            why = _why(told, self._wall_ms() - made_ms)
            if self._told != (why,):
                self._told = (why,)
                self._tell(BackupLooked(why))


def _why(told: dict[str, object], age_ms: int) -> str | None:
    if told["ok"] is not True:
        first, *rest = str(told["why"]).splitlines()
        return said(f"Sao lưu đêm qua không được: {first}", f"the last backup failed: {(rest or [first])[0]}")
    if age_ms > OLD_MS:
        days = age_ms // 86_400_000
        return said(
            f"Đã {days} ngày chưa sao lưu, hãy xem: systemctl status keng-backup.timer; làm ngay: sudo keng backup",
            f"no backup for {days} days: systemctl status keng-backup.timer; at once: sudo keng backup",
        )
    return None
