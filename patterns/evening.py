"""The evening, in which nobody touches a gong: from some time before the curfew until everybody is at home.

Rule. By a clock that shows what no clock can show, or in a zone that nobody knows, it is always evening.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FROM, UNTIL = time(21, 0), time(23, 0)
"""Local: an hour on each side of the curfew at 22:00."""


def is_evening(wall_ms: int, zone: str, before_min: int = 0) -> bool:
    """Whether it is, or begins within so many minutes. `zone`: IANA."""
    try:
        local = datetime.fromtimestamp(wall_ms / 1000, UTC).astimezone(ZoneInfo(zone))
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        return True
    minute = local.hour * 60 + local.minute
    return FROM.hour * 60 - before_min <= minute < UNTIL.hour * 60
