"""Who sounded the curfew, and who did not."""

from typing import Any

import pytest
from fakes.service import NOON_MS, Service, codebook
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.core.book import Book
from broker.core.ledger import Ledger
from broker.core.proofs import AHEAD_MS, MAX_EXPECTED, MAX_SUMMED, OLD_MS, PROOF_MS, Proofs
from broker.core.records import ChimeRow, Entry
from broker.core.schedule import moment
from broker.core.troubles import Troubles
from broker.core.turn import Turn
from patterns.chimes import Due
from wire.envelope import LinkDown, LinkUp
from wire.messages import Sounded

pytestmark = pytest.mark.pure

TEN_MS = NOON_MS + 10 * 3_600_000
NODES = ("thon-1", "thon-2", "thon-3", "thon-4", "thon-5")


def sound(
    service: Service, node: str, day: int, ended: str = "finished", strokes: int = 24, heard: int | None = None
) -> None:
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
            **({} if heard is None else {"strokes_heard": heard, "level_db": -20.5}),
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


def summed(service: Service) -> list[dict[str, Any]]:
    """What the journal says of each chime, five minutes later."""
    return [{"id": one.subject, **one.body} for one in service.shelf.journal if one.what == "proved"]


def told(service: Service) -> dict[str, str]:
    """What `keng status` tells of the last chime, by hamlet."""
    rows = service.ask("status")["result"]["last_chime"]
    return {row["hamlet"]: row["state"] for row in rows}


def tonight(*sounded: str) -> Service:
    """A night in which these sounded, ten seconds after the hour."""
    service = Service(wall_ms=TEN_MS - 90_000)
    service.wait(100_000)
    for node in sounded:
        sound(service, node, 21)
    return service


def test_at_22_05_the_register_knows_by_hamlet_who_sounded_and_who_did_not_in_one_entry() -> None:
    service = tonight("thon-1", "thon-3")
    service.wait(PROOF_MS - 10_001)
    assert summed(service) == []
    service.wait(1)
    assert summed(service) == [
        {
            "id": "curfew/2026-11-21",
            "due_at_ms": TEN_MS,
            "sounded": ["thon-1", "thon-3"],
            "missed": ["thon-2", "thon-4", "thon-5"],
            "silent_gongs": ["thon-2", "thon-4", "thon-5"],
            "deaf": False,
        }
    ]
    assert missed(service) == {"thon-2", "thon-4", "thon-5"}
    service.wait(3_600_000)
    assert len(summed(service)) == 1


def test_a_hamlet_sounded_if_one_of_its_gongs_did_and_the_silent_one_is_still_named() -> None:
    book = codebook()
    book["nodes"] = {"gate": {"hamlet": "thon-1"}, "market": {"hamlet": "thon-1"}, "thon-2": {"hamlet": "thon-2"}}
    service = Service(book=book, wall_ms=TEN_MS - 90_000)
    service.wait(100_000)
    sound(service, "gate", 21)
    service.wait(PROOF_MS)
    (one,) = summed(service)
    assert (one["sounded"], one["missed"], one["silent_gongs"]) == (["thon-1"], ["thon-2"], ["market", "thon-2"])
    assert missed(service) == {"market", "thon-2"}


@pytest.mark.parametrize("away_ms", [1_000, 120_000, 280_000, 900_000])
def test_a_service_that_restarted_between_22_00_and_22_05_still_asks(away_ms: int) -> None:
    service = tonight("thon-1", "thon-3")
    service._pass(away_ms)
    service.start()
    service.wait(max(0, TEN_MS + PROOF_MS - service.wall_ms))
    (one,) = summed(service)
    assert (one["sounded"], one["missed"]) == (["thon-1", "thon-3"], ["thon-2", "thon-4", "thon-5"])
    assert one["deaf"]
    assert missed(service) == {"thon-2", "thon-4", "thon-5"}
    assert all("không nghe được" in one.why and "could not hear" in one.why for one in service.core.troubles
               if one.kind == "chime_missed")  # fmt: skip


def test_proofs_before_and_after_a_restart_count_together_and_a_failure_is_none() -> None:
    service = tonight("thon-1", "thon-2")
    sound(service, "thon-5", 21, "failed")
    service.start()
    for node in ("thon-3", "thon-4"):
        sound(service, node, 21)
    service.wait(PROOF_MS)
    (one,) = summed(service)
    assert one["missed"] == ["thon-5"]
    assert missed(service) == {"thon-5"}


def test_no_restart_sums_a_chime_up_twice() -> None:
    service = tonight("thon-1")
    for _ in range(20):
        service.wait(30_000)
        service.start()
    assert [one["id"] for one in summed(service)] == ["curfew/2026-11-21"]


def test_a_service_that_was_away_for_days_does_not_ask_about_an_old_chime() -> None:
    service = tonight("thon-1")
    service._pass(3 * 86_400_000 + 3_600_000)
    service.start()
    service.wait(3_600_000)
    assert summed(service) == []
    assert missed(service) == set()


def test_a_chime_that_could_not_be_ordered_without_a_link_is_asked_about_all_the_same() -> None:
    service = Service(wall_ms=TEN_MS - 90_000)
    service.give(LinkDown())
    service.wait(90_000 + 120_000)
    service.give(LinkUp())
    sound(service, "thon-2", 21)  # a node keeps its proof until it has a link
    service.wait(PROOF_MS)
    (one,) = summed(service)
    assert (one["sounded"], one["deaf"]) == (["thon-2"], True)
    assert missed(service) == {"thon-1", "thon-3", "thon-4", "thon-5"}


def test_without_a_link_all_the_time_the_register_still_knows_at_22_05_that_nobody_was_heard() -> None:
    service = Service(wall_ms=TEN_MS - 90_000)
    service.give(LinkDown())
    service.wait(90_000 + PROOF_MS)
    (one,) = summed(service)
    assert (one["sounded"], one["deaf"]) == ([], True)
    assert missed(service) == set(NODES)


def test_a_service_that_starts_at_22_03_asks_about_the_chime_it_never_ordered() -> None:
    service = Service(wall_ms=TEN_MS + 180_000)
    sound(service, "thon-2", 21)
    service.wait(PROOF_MS)
    (one,) = summed(service)
    assert (one["sounded"], one["deaf"]) == (["thon-2"], True)
    assert service.journal("chime") == []


def test_a_proof_that_comes_after_all_ends_the_trouble() -> None:
    service = tonight("thon-1")
    service.wait(PROOF_MS)
    assert "thon-2" in missed(service)
    sound(service, "thon-2", 21, "failed")
    assert "thon-2" in missed(service)
    service.start()
    sound(service, "thon-2", 21)
    assert missed(service) == {"thon-3", "thon-4", "thon-5"}


def test_the_last_chime_is_told_while_it_is_awaited_when_it_is_summed_up_and_after_a_restart() -> None:
    assert told(Service(wall_ms=NOON_MS)) == {}
    service = tonight("thon-1", "thon-3")
    service.wait(1_000)
    assert told(service) == {
        "thon-1": "sounded", "thon-3": "sounded", "thon-2": "awaited", "thon-4": "awaited", "thon-5": "awaited",
    }  # fmt: skip
    service.wait(PROOF_MS)
    at_the_end = told(service)
    assert at_the_end == {
        "thon-1": "sounded", "thon-3": "sounded", "thon-2": "missed", "thon-4": "missed", "thon-5": "missed",
    }  # fmt: skip
    service.start()
    assert told(service) == at_the_end
    (row, *_) = service.ask("status")["result"]["last_chime"]
    assert (row["id"], row["due_at"]) == ("curfew/2026-11-21", "2026-11-21T15:00:00.000Z")


def test_a_full_disk_at_22_05_loses_no_summary() -> None:
    service = tonight("thon-1")
    service.shelf.fill_disk()
    service.wait(PROOF_MS + 60_000)
    assert missed(service) == {"thon-2", "thon-3", "thon-4", "thon-5"}
    assert summed(service) == []
    service.shelf.free_disk()
    service.wait(10_000)
    assert len(summed(service)) == 1


@settings(deadline=None)
@given(st.lists(st.integers(0, 90_000), max_size=6), st.sets(st.sampled_from(NODES)), st.integers(0, 5))
def test_whatever_restarts_when_a_chime_is_summed_up_once_and_truly(
    waits_ms: list[int], sounded: set[str], when: int
) -> None:
    service = Service(wall_ms=TEN_MS - 30_000)
    for number, wait_ms in enumerate(waits_ms):
        if number == when:
            for node in sorted(sounded):
                sound(service, node, 21)
        service.wait(wait_ms)
        service.start()
    if when >= len(waits_ms) and service.wall_ms < TEN_MS + PROOF_MS:
        for node in sorted(sounded):
            sound(service, node, 21)
    service.wait(max(0, TEN_MS + PROOF_MS + 1_000 - service.wall_ms))
    (one,) = summed(service)
    heard = {entry.by for entry in service.shelf.journal if entry.what == "sounded"}
    assert set(one["sounded"]) == heard
    assert missed(service) == set(NODES) - heard


def test_a_gong_that_played_and_was_not_heard_has_not_sounded_over_a_restart_too() -> None:
    service = tonight("thon-1")
    sound(service, "thon-2", 21, heard=0)
    sound(service, "thon-3", 21, heard=20)
    service.start()
    service.wait(PROOF_MS)
    assert missed(service) == {"thon-2", "thon-4", "thon-5"}
    assert summed(service)[0]["sounded"] == ["thon-1", "thon-3"]


def test_of_one_that_was_not_heard_the_reason_says_so() -> None:
    service = tonight("thon-1")
    sound(service, "thon-2", 21, heard=0)
    service.wait(PROOF_MS)
    whys = {one.about: one.why for one in service.core.troubles if one.kind == "chime_missed"}
    assert "micrô không nghe thấy" in whys["thon-2"] and "unheard" in whys["thon-2"]
    assert "micrô" not in whys["thon-4"]
    service.wait(TEN_MS + 86_400_000 + 5_000 - service.wall_ms)
    sound(service, "thon-2", 22, heard=24)
    assert "thon-2" not in missed(service)


def test_what_failed_is_not_said_to_be_unheard_and_of_a_chime_that_nobody_waits_for_nothing_is_said() -> None:
    service = tonight("thon-1")
    sound(service, "thon-2", 21, "failed", heard=3)
    sound(service, "thon-3", 1, heard=0)
    service.wait(PROOF_MS)
    whys = {one.about: one.why for one in service.core.troubles if one.kind == "chime_missed"}
    assert set(whys) == {"thon-2", "thon-3", "thon-4", "thon-5"}
    assert not [why for why in whys.values() if "unheard" in why]


def on_demand(service: Service, times: int) -> list[str]:
    """The ids of so many chimes, all ordered now."""
    return [service.ask("chime", pattern="curfew")["target"] for _ in range(times)]


def prove(service: Service, node: str, chime: str) -> None:
    fields = {
        "pattern": "curfew",
        "started_at": None,
        "late_ms": 0,
        "duration_ms": 12_000,
        "strokes": 24,
        "ended": "finished",
    }
    service.hear(f"up/{node}/sounded", {"id": chime, **fields})


def test_of_more_chimes_than_anybody_can_await_the_latest_are_asked_about() -> None:
    service = Service()
    ids = on_demand(service, MAX_EXPECTED + 2)
    service.wait(PROOF_MS + 2_000)
    assert [one["id"] for one in summed(service)] == ids[2:]


def test_a_late_proof_counts_for_the_chimes_of_two_months_and_for_no_older_one() -> None:
    service = Service()
    first = on_demand(service, MAX_SUMMED)
    service.wait(PROOF_MS + 2_000)
    (last,) = on_demand(service, 1)
    service.wait(PROOF_MS + 2_000)
    prove(service, "thon-1", first[0])
    assert "thon-1" in missed(service)
    prove(service, "thon-1", first[1])
    assert "thon-1" not in missed(service)
    prove(service, "thon-2", last)
    assert missed(service) == {"thon-3", "thon-4", "thon-5"}


class Asking:
    """Proofs by themselves: a book of two hamlets, two gongs in the first."""

    def __init__(self, *past: ChimeRow) -> None:
        book = Book("cong-lac")
        nodes = {"gate": {"hamlet": "thon-1"}, "market": {"hamlet": "thon-1"}, "far": {"hamlet": "thon-2"}}
        book.adopt(codebook(nodes=nodes))
        self.ledger = Ledger()
        self.troubles = Troubles((), Ledger())
        self.proofs = Proofs(book, self.troubles, self.ledger, past)

    def begin(self, now_ms: int = 1_000) -> int | None:
        self.proofs.begin(Turn(now_ms, NOON_MS))
        return self.proofs.deadline_ms

    def expect(self, due_at_ms: int, id_: str = "curfew/x", now_ms: int = 1_000) -> int | None:
        due = Due(id_, "curfew", "curfew", ("all",), moment(due_at_ms))
        self.proofs.expect(Turn(now_ms, NOON_MS), due, due_at_ms)
        return self.proofs.deadline_ms

    def run(self, now_ms: int, *, linked: bool = True) -> list[Entry]:
        self.proofs.run(Turn(now_ms, NOON_MS + now_ms), linked=linked)
        return list(self.ledger._queue)


def sounding(id_: str) -> Sounded:
    return Sounded(id=id_, pattern="curfew", started_at=None, late_ms=0, duration_ms=9, strokes=9, ended="finished")


def row(due_at_ms: int, **changes: object) -> ChimeRow:
    return ChimeRow(**{"id": "curfew/x", "hamlets": ("all",), "due_at_ms": due_at_ms, **changes})


@pytest.mark.parametrize(
    ("until_ms", "deadline_ms"),
    [
        (10, 1_010 + PROOF_MS),
        (AHEAD_MS + 1, 1_000 + AHEAD_MS + PROOF_MS),
        (-10, 990 + PROOF_MS),
        (1 - OLD_MS, 1_001 - OLD_MS + PROOF_MS),
        (-OLD_MS, None),
    ],
)
def test_a_new_run_asks_when_the_last_one_would_have_and_never_about_what_is_a_day_old(
    until_ms: int, deadline_ms: int | None
) -> None:
    assert Asking(row(NOON_MS + until_ms)).begin() == deadline_ms
    assert Asking(row(NOON_MS + until_ms, summed=True)).begin() is None


def test_it_is_asked_when_all_should_have_proved_it_and_written_as_it_was() -> None:
    asking = Asking()
    assert asking.expect(NOON_MS + 60_000) == 61_000 + PROOF_MS
    assert asking.expect(NOON_MS + 60_000, now_ms=9_000) == 61_000 + PROOF_MS
    asking.proofs.take(Turn(0, 0), "market", sounding("curfew/x"))
    assert asking.run(60_999 + PROOF_MS) == []
    (proved,) = asking.run(61_000 + PROOF_MS)
    body = {"due_at_ms": NOON_MS + 60_000, "sounded": ["thon-1"], "missed": ["thon-2"], "silent_gongs": ["gate", "far"]}
    at_ms = NOON_MS + 61_000 + PROOF_MS
    assert proved == Entry(what="proved", subject="curfew/x", by=None, at_ms=at_ms, body={**body, "deaf": False})
    assert [(one.kind, one.about, one.why) for one in asking.troubles.all] == [
        (
            "chime_missed",
            node,
            f"Kẻng {node} không kêu hiệu lệnh curfew/x, hãy kiểm tra loa và nguồn / "
            f"gong {node} did not sound curfew/x; check its speaker and power",
        )
        for node in ("gate", "far")
    ]
    assert asking.proofs.deadline_ms is None
    assert asking.expect(NOON_MS + 60_000) is None
    assert asking.proofs.last == row(
        NOON_MS + 60_000, nodes=("market",), sounded=("thon-1",), missed=("thon-2",), summed=True
    )


@pytest.mark.parametrize(("away_ms", "deaf"), [(60_999, False), (61_000, True)])
def test_whoever_could_not_hear_from_its_hour_on_says_so(away_ms: int, deaf: bool) -> None:
    asking = Asking()
    asking.expect(NOON_MS + 60_000)
    asking.run(away_ms, linked=False)
    (proved,) = asking.run(61_000 + PROOF_MS)
    assert proved.body["deaf"] is deaf
    why = asking.troubles.all[0].why
    assert ("(lúc đó máy xã có lúc không nghe được) / " in why) is deaf
    assert why.endswith("(the commune could not hear for a while)") is deaf


@pytest.mark.parametrize(("late_ms", "deaf"), [(0, False), (1, True)])
def test_whoever_came_after_its_hour_could_not_hear(late_ms: int, deaf: bool) -> None:
    fresh, again = Asking(), Asking(row(NOON_MS - late_ms, nodes=("far",)))
    fresh.expect(NOON_MS - late_ms)
    again.begin()
    for asking in (fresh, again):
        (proved,) = asking.run(1_000 - late_ms + PROOF_MS)
        assert proved.body["deaf"] is deaf
    assert proved.body["sounded"] == ["thon-2"]


def test_the_last_chime_is_the_latest_that_is_awaited_or_else_the_latest_that_was_summed_up() -> None:
    asking = Asking(row(NOON_MS - 9, id="curfew/a", summed=True), row(NOON_MS - 8, id="curfew/b", summed=True))
    asking.begin()
    assert asking.proofs.last is not None and asking.proofs.last.id == "curfew/b"
    asking.expect(NOON_MS, "curfew/c")
    asking.expect(NOON_MS, "curfew/d")
    assert asking.proofs.last.id == "curfew/d"
    assert not asking.proofs.last.summed
