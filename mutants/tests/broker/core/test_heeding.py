"""Whose gong should sound and does not."""

from typing import Any

import pytest
from fakes.service import Service, alert_id, codebook
from msgspec.structs import replace

from broker.core.alarms import AlarmSet
from broker.core.book import Book
from broker.core.heeding import HEED_MS, Heeding
from broker.core.ledger import Ledger
from broker.core.records import Alarm
from broker.core.turn import Turn
from wire.messages import Status

pytestmark = pytest.mark.pure

NODES = ("thon-1", "thon-2", "thon-3", "thon-4", "thon-5")
QUIET = ("not_sounding", "thon-2")


def well(**options: Any) -> Service:
    service = Service(**options)
    say(service, {})
    return service


def say(service: Service, sounding: dict[str, str], nodes: tuple[str, ...] = NODES) -> None:
    for node in nodes:
        service.status(node, sounding=sounding.get(node))


def pass_by(service: Service, ms: int, sounding: dict[str, str], nodes: tuple[str, ...] = NODES) -> None:
    """Time, with a status of each every 4 s."""
    for _ in range(0, ms, 4_000):
        service.wait(4_000)
        say(service, sounding, nodes)


def test_a_gong_that_stays_quiet_through_an_alarm_is_named_and_no_other() -> None:
    service = well()
    id_ = service.ask("alarm", kind="fire", hamlets=["thon-1", "thon-2"])["target"]
    pass_by(service, HEED_MS - 4_000, {"thon-1": id_})
    assert service.troubles() == set()
    pass_by(service, 8_000, {"thon-1": id_})
    assert service.troubles() == {QUIET}
    say(service, {"thon-1": id_, "thon-2": id_})
    assert service.troubles() == set()


def test_it_is_named_no_more_once_nothing_should_sound() -> None:
    service = well()
    service.ask("alarm", kind="fire", hamlets=["thon-2"])
    pass_by(service, HEED_MS + 4_000, {})
    assert service.troubles() == {QUIET}
    service.ask("clear", target="all")
    say(service, {})
    assert service.troubles() == set()


def test_it_counts_from_when_an_alarm_came_to_reach_it() -> None:
    service = well(book=codebook(escalation={"neighbours_after_s": 30}))
    service.press("thon-1")
    reached = service.sounding()[0]["hamlets"]
    pass_by(service, 28_000, dict.fromkeys(reached, alert_id(1)))
    assert service.troubles() == set()
    service.wait(4_000)
    new = set(service.sounding()[0]["hamlets"]) - set(reached)
    assert new
    pass_by(service, 8_000, dict.fromkeys(reached, alert_id(1)))
    assert service.troubles() == set()
    pass_by(service, 8_000, dict.fromkeys(reached, alert_id(1)))
    assert service.troubles() == {("not_sounding", node) for node in new}


def test_one_that_fell_silent_in_the_middle_is_named() -> None:
    service = well()
    id_ = service.ask("alarm", kind="fire", hamlets=["thon-2"])["target"]
    pass_by(service, 20_000, {"thon-2": id_})
    pass_by(service, HEED_MS + 4_000, {})
    assert service.troubles() == {QUIET}


def test_a_test_that_has_been_proved_is_owed_no_more_and_one_that_failed_is() -> None:
    service = well()
    id_ = service.ask("alarm", kind="test", hamlets=["thon-1", "thon-2"])["target"]
    proof = {"id": id_, "pattern": "test", "started_at": None, "late_ms": 1, "duration_ms": 900, "strokes": 1}
    service.hear("up/thon-1/sounded", {**proof, "ended": "finished"})
    service.hear("up/thon-2/sounded", {**proof, "ended": "failed"})
    pass_by(service, HEED_MS + 4_000, {})
    assert service.troubles() == {QUIET}


def test_one_that_is_gone_is_silent_and_has_its_time_again_when_it_is_back() -> None:
    service = well()
    service.ask("alarm", kind="fire", hamlets=["thon-2"])
    others = tuple(node for node in NODES if node != "thon-2")
    pass_by(service, 40_000, {}, others)
    assert service.troubles() == {("node_silent", "thon-2")}
    say(service, {})
    assert service.troubles() == set()
    pass_by(service, HEED_MS + 4_000, {})
    assert service.troubles() == {QUIET}


def test_a_silent_alert_is_owed_by_nobody_for_no_post_says_that_it_sounds_it() -> None:
    """Everybody who watches can read what a status says."""
    book = codebook()
    for node in ("thon-2", "thon-5"):
        book["nodes"][node]["post"] = True
    service = well(book=book)
    service.press("thon-5", silent=True)
    pass_by(service, HEED_MS + 4_000, {})
    assert service.troubles() == set()


def test_a_program_that_does_not_say_how_its_speaker_is_is_not_asked() -> None:
    service = well()
    service.ask("alarm", kind="fire", hamlets=["thon-2"])
    for _ in range(6):
        say(service, {}, ("thon-1", "thon-3", "thon-4", "thon-5"))
        service.status("thon-2", speaker="unknown")
        service.wait(4_000)
    assert service.troubles() == set()


def test_one_stroke_that_a_status_told_of_is_not_owed_and_the_next_alarm_does_not_make_it_so() -> None:
    service = well()
    first = service.ask("alarm", kind="test", hamlets=["thon-1", "thon-2", "thon-3"])["target"]
    say(service, {"thon-1": first, "thon-2": first, "thon-3": first})
    second = service.ask("alarm", kind="test", hamlets=["thon-1", "thon-2"])["target"]
    say(service, {"thon-1": second})
    pass_by(service, HEED_MS + 4_000, {})
    assert service.troubles() == {QUIET}


def test_it_is_named_when_its_time_is_over_and_not_a_moment_before() -> None:
    ledger = Ledger()
    book = Book("cong-lac")
    book.adopt(codebook())
    alarms = AlarmSet((), ledger)
    heeding = Heeding(book, alarms)
    status = Status(node="thon-2", online=True, speaker="ok")
    alarm = Alarm(
        id=alert_id(1), kind="fire", pattern="alarm", drill=False, silent=False, hamlets=("thon-2",),
        since_ms=0, life_s=600,
    )  # fmt: skip
    heeding.status("thon-2", status, 1_000)
    alarms.start(Turn(5_000, 0), alarm)
    heeding.status("thon-2", status, 6_000)
    assert heeding.owed("thon-2", 5_000 + HEED_MS - 1, 0) is None
    assert heeding.owed("thon-2", 5_000 + HEED_MS, 0) == alarm
    assert heeding.owed("thon-2", 5_000 + HEED_MS, 5_001) is None  # our link has not been up for as long
    assert heeding.owed("thon-1", 5_000 + HEED_MS, 0) is None  # has never said how it is
    heeding.status("thon-2", replace(status, speaker="unknown"), 18_000)
    assert heeding.owed("thon-2", 18_000, 0) is None
    heeding.status("thon-2", status, 19_000)
    assert heeding.owed("thon-2", 19_000 + HEED_MS - 1, 0) is None
    assert heeding.owed("thon-2", 19_000 + HEED_MS, 0) == alarm
    heeding.status("thon-2", replace(status, sounding="another"), 40_000)
    assert heeding.owed("thon-2", 40_000, 0) is None
    heeding.lost("thon-1")
    heeding.status("thon-2", status, 50_000)
    heeding.lost("thon-2")
    assert heeding.owed("thon-2", 90_000, 0) is None


def test_a_node_that_the_book_does_not_name_owes_nothing() -> None:
    service = well()
    service.ask("alarm", kind="fire", hamlets=["all"])
    service.status("gate", hamlet="thon-2")
    everybody = {node: service.sounding()[0]["id"] for node in NODES}
    for _ in range(4):
        pass_by(service, 4_000, everybody)
        service.status("gate", hamlet="thon-2")
    assert service.troubles() == set()
