"""When it is evening."""

import pytest

from patterns.evening import is_evening
from wire.words import MAX_WALL_MS, Instant

pytestmark = pytest.mark.pure

ZONE = "Asia/Ho_Chi_Minh"


def at(local: str) -> int:
    """A winter's day; Vietnam is seven hours ahead."""
    return Instant.parse(f"2026-11-21T{local}:00Z").ms - 7 * 3_600_000


@pytest.mark.parametrize(
    ("local", "before_min", "evening"),
    [
        ("20:59", 0, False),
        ("21:00", 0, True),
        ("22:59", 0, True),
        ("23:00", 0, False),
        ("20:30", 30, True),
        ("20:29", 30, False),
        ("03:00", 30, False),
    ],
)
def test_it_is_evening_from_nine_to_eleven(local: str, before_min: int, evening: bool) -> None:
    assert is_evening(at(local), ZONE, before_min) is evening
    if not before_min:
        assert is_evening(at(local), ZONE) is evening


@pytest.mark.parametrize(("wall_ms", "zone"), [(MAX_WALL_MS * 9, ZONE), (0, "Nowhere/Else"), (0, "../etc")])
def test_by_a_clock_or_in_a_zone_that_cannot_be_it_is_always_evening(wall_ms: int, zone: str) -> None:
    assert is_evening(wall_ms, zone)
