"""Whether it is quiet at this node: what is against touching its program now.

Rule. Not from BEFORE_MIN before 21:00 until 23:00 by the commune's proved time, nor by an unproved one; not with an
alert that is not over, silent ones too, nor with anything sounding, due soon, or played and not told; nor while the
commune is not heard: it could not see what became of it.
"""

from __future__ import annotations

from node.core.condition import heard
from node.core.parts import Parts
from patterns.evening import is_evening

BEFORE_MIN = 30  # a trial of a new version, and its end, take twenty minutes at the most
CHIME_MS = 1_200_000  # for the same reason before any other chime


def against(parts: Parts, now_ms: int) -> str:
    """In one word; empty if nothing is."""
    wall_ms, book = parts.wall_ms(now_ms), parts.book
    if not heard(parts, now_ms):
        return "link"
    if wall_ms is None or book is None or not parts.clock.proved(now_ms):
        return "clock"
    if parts.alerts.all() or parts.stage.busy:
        return "alarm"
    if is_evening(wall_ms, book.zone, BEFORE_MIN):
        return "hours"
    chime_ms = parts.calendar.next_wall_ms()
    return "chime" if chime_ms is not None and chime_ms - wall_ms < CHIME_MS else ""
