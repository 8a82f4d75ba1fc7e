"""A code book whose chimes are half a day away: tests listen at any hour, and at 22:00 a curfew would sound in them.

What must hold: nothing else of it is changed; no chime of a test's own, which are on full or half hours, is in its way.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from patterns.builtin import DATA

SAMPLE = DATA / "codebooks" / "cong-lac.yaml"
CURFEW = 'at: "22:00"'
AWAY = timedelta(hours=12)
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def without_a_chime_soon(text: str, now: datetime | None = None) -> str:
    """The text of a code book that has the curfew of Vietnam's 22:00; `now` with a zone."""
    then = (datetime.now(VIETNAM) if now is None else now.astimezone(VIETNAM)) + AWAY
    assert text.count(CURFEW) == 1, "another code book than was expected"
    return text.replace(CURFEW, f'at: "{then:%H}:37"')
