"""Who sounded the curfew, and who did not."""

import pytest
from fakes.service import NOON_MS, Service

pytestmark = pytest.mark.pure

TEN_MS = NOON_MS + 10 * 3_600_000
NODES = ("thon-1", "thon-2", "thon-3", "thon-4", "thon-5")


def sound(service: Service, node: str, day: int, ended: str = "finished", strokes: int = 24) -> None:
    service.hear(
        f"up/{node}/sounded",
        {
            "id": f"curfew/2026-11-{day}",
            "pattern": "curfew",
            "started_at": "2026-11-21T15:00:00.002Z",
            "late_ms": 2,
            "duration_ms": 12_000,
            "strokes": strokes,
            "ended": ended,
        },
    )


def missed(service: Service) -> set[str]:
    return {about for kind, about in service.troubles() if kind == "chime_missed"}


def test_who_did_not_sound_is_named_five_minutes_later_until_it_sounds_again() -> None:
    service = Service(wall_ms=TEN_MS - 90_000)
    service.wait(100_000)
    for node in ("thon-1", "thon-2", "thon-3"):
        sound(service, node, 21, "pre_empted" if node == "thon-1" else "finished")
    sound(service, "thon-4", 21, "failed")
    service.wait(280_000)
    assert missed(service) == set()
    service.wait(15_000)
    assert missed(service) == {"thon-4", "thon-5"}
    service.wait(TEN_MS + 86_400_000 + 5_000 - service.wall_ms)
    sound(service, "thon-4", 22)
    assert missed(service) == {"thon-5"}


def test_an_early_proof_counts() -> None:
    service = Service(wall_ms=TEN_MS - 30_000)
    for node in NODES:
        sound(service, node, 21)
    service.wait(400_000)
    assert missed(service) == set()


def test_proofs_are_in_the_journal_and_cannot_flood_it() -> None:
    service = Service()
    for number in range(200):
        sound(service, "thon-1", 20, strokes=24 + number)
    assert service.journal("sounded") == ["curfew/2026-11-20"] * 60
    assert service.core.refused["thon-1"] == {"flood": 140}
    body = next(entry.body for entry in service.shelf.journal if entry.what == "sounded")
    assert (body["late_ms"], body["strokes"], body["ended"]) == (2, 24, "finished")
    assert body["started_at_ms"] == NOON_MS + 36_000_002


def test_a_proof_that_is_said_again_is_one_and_another_sounding_of_the_same_alarm_is_another() -> None:
    """A node says again what a dying link may have lost."""
    service = Service()
    for strokes in (24, 24, 30, 24):
        sound(service, "thon-1", 20, strokes=strokes)
    sound(service, "thon-2", 20)
    assert service.journal("sounded") == ["curfew/2026-11-20"] * 3
    for _ in range(100):
        sound(service, "thon-1", 20)
    assert not service.core.refused
