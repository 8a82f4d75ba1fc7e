"""From a topic to whom it concerns; what is refused has a sender and a reason."""

import pytest
from fakes.service import NOON_MS, Service, alert_id

from broker.core.counter import AHEAD_MS
from broker.core.inbound import FRESH_MS, MAX_KNOWN, PROOFS_PER_MINUTE
from broker.core.records import Entry
from wire.words import Instant

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("topic", "sender", "reason"),
    [
        ("up/thon-1/alarm", "unknown", "topic"),
        ("up/Thon-1/alert", "unknown", "topic"),
        ("up/all/alert", "unknown", "topic"),
        ("ask/duty/dance", "duty", "topic"),
        ("up/thon-1/alert", "thon-1", "json"),
        ("up/thon-1/status", "thon-1", "json"),
        ("up/thon-1/sounded", "thon-1", "json"),
        ("ask/duty/alarm", "duty", "json"),
        ("all/alarms", "commune", "json"),
        ("all/chime", "commune", "json"),
        ("down/thon-1/welcome", "thon-1", "foreign"),
    ],
)
def test_what_is_refused_has_a_sender_and_a_reason(topic: str, sender: str, reason: str) -> None:
    service = Service()
    service.hear(topic, b"not json")
    assert service.core.refused == {sender: {reason: 1}}
    assert ("refused", sender) in service.troubles()


def test_what_users_are_told_is_no_business_of_ours() -> None:
    service = Service()
    service.hear("told/duty", b"x")
    assert not service.core.refused


EMPTY = {"issued_at": "2026-11-21T05:00:00.000Z", "counter": NOON_MS + 5_000_000, "alarms": []}


def reasons(service: Service) -> dict[tuple[str, str], str]:
    """Why each trouble is one, in both languages."""
    return {(one.kind, one.about): one.why for one in service.core.troubles}


def proof(id_: str, **changes: object) -> dict[str, object]:
    fields = {"id": id_, "pattern": "curfew", "started_at": "2026-11-21T05:00:02.000Z", "late_ms": 3}
    return {**fields, "duration_ms": 12_000, "strokes": 24, "ended": "finished", **changes}


def test_what_a_person_reads_of_another_service() -> None:
    service = Service()
    service.hear("all/alarms", EMPTY)
    assert reasons(service) == {
        ("foreign_service", "alarms"): (
            "Có máy khác ra lệnh thay xã (alarms) / another service orders on keng/1/cong-lac/all/alarms"
        )
    }


def test_what_is_refused_is_told_with_its_detail() -> None:
    far = {**EMPTY, "counter": NOON_MS + AHEAD_MS + 1_000}
    for topic, fields, retained, counted, detail in (
        ("all/alarms", EMPTY, True, {"retained": 1}, "keng/1/cong-lac/all/alarms"),
        ("all/alarms", far, False, {"counter": 1}, f"{far['counter']} is days ahead of the commune's clock"),
        ("down/thon-1/welcome", {}, False, {"foreign": 1}, "keng/1/cong-lac/down/thon-1/welcome"),
        ("ask/duty/alarm", {"id": "a"}, True, {"retained": 1}, "keng/1/cong-lac/ask/duty/alarm"),
        ("self/beacon", {}, True, {"retained": 1}, "keng/1/cong-lac/self/beacon"),
    ):
        service = Service()
        service.hear(topic, fields, retained=retained)
        (sender,) = service.core.refused
        assert service.core.refused == {sender: counted}
        assert reasons(service)["refused", sender].endswith(f"; last: {detail}")


def test_a_node_that_proves_without_end_is_told_of() -> None:
    service = Service()
    for number in range(PROOFS_PER_MINUTE + 1):
        service.hear("up/thon-1/sounded", proof("curfew/2026-11-20", strokes=number))
    service.hear("up/thon-2/sounded", proof("curfew/2026-11-20"))
    assert len(service.journal("sounded")) == PROOFS_PER_MINUTE + 1
    assert reasons(service)["refused", "thon-1"].endswith("; last: thon-1: more than 60 soundings a minute")


def test_a_proof_is_written_down_as_it_was_said_its_moment_as_a_number() -> None:
    service = Service()
    service.hear("up/thon-1/sounded", proof("curfew/2026-11-20", strokes_heard=23, level_db=-12.5, why="x"))
    service.hear("up/thon-2/sounded", proof("curfew/2026-11-20", started_at=None))
    told = {"pattern": "curfew", "late_ms": 3, "duration_ms": 12_000, "strokes": 24, "ended": "finished"}
    common = {"what": "sounded", "subject": "curfew/2026-11-20", "at_ms": NOON_MS}
    heard = {**told, "strokes_heard": 23, "level_db": -12.5, "why": "x", "started_at_ms": NOON_MS + 2_000}
    unheard = {**told, "strokes_heard": None, "level_db": None, "why": "", "started_at_ms": None}
    assert [entry for entry in service.shelf.journal if entry.what == "sounded"] == [
        Entry(**common, by="thon-1", body=heard),
        Entry(**common, by="thon-2", body=unheard),
    ]


def test_a_proof_that_is_said_again_after_a_thousand_others_is_written_again() -> None:
    service = Service()
    for number in range(MAX_KNOWN + 1):
        service.hear(f"up/box-{number // 20}/sounded", proof(f"curfew/2026-11-{number % 20:02}", strokes=number))
    for number in (1, 0):
        service.hear(f"up/box-{number // 20}/sounded", proof(f"curfew/2026-11-{number % 20:02}", strokes=number))
    assert len(service.journal("sounded")) == MAX_KNOWN + 2


@pytest.mark.parametrize(
    ("age_ms", "put_off"), [(FRESH_MS, True), (FRESH_MS + 1, False), (-FRESH_MS, True), (-FRESH_MS - 1, False)]
)
def test_only_a_set_that_nodes_would_obey_puts_off_ours(age_ms: int, put_off: bool) -> None:
    service = Service()
    service.wait(9_000)
    service.hear("all/alarms", {**EMPTY, "issued_at": str(Instant(service.wall_ms - age_ms))})
    assert bool(service.wait(9_000)) is not put_off
    assert service.wait(2_000)[0].fields["counter"] > EMPTY["counter"]


def test_another_s_chime_puts_no_set_of_ours_off() -> None:
    service = Service()
    service.wait(9_000)
    chime = {"id": "curfew/2026-11-21", "pattern": "curfew", "hamlets": ["all"], "due_at": "2026-11-21T15:00:00.000Z"}
    chime |= {"grace_s": 60}
    service.hear("all/chime", {**chime, "issued_at": "2026-11-21T05:00:09.000Z", "counter": NOON_MS + 5_000_000})
    assert service.core.refused == {}
    (said,) = service.wait(2_000)
    assert said.fields["counter"] > NOON_MS + 5_000_000


def test_a_set_under_the_number_of_our_own_last_order_is_our_own_said_again() -> None:
    service = Service()
    service.wait(9_000)
    last = max(one.fields["counter"] for one in service.said if one.order)
    service.hear("all/alarms", {**EMPTY, "issued_at": "2026-11-21T05:00:09.000Z", "counter": last})
    assert [one.topic for one in service.wait(2_000)] == ["all/alarms"]


def test_who_pressed_is_heard_by_its_press_alone() -> None:
    service = Service(book=None)
    service.press("gate", hamlet="thon-3")
    service.press("gate", 2, silent=True, hamlet="thon-3")
    (node,) = service.core.nodes
    assert (node.id, node.hamlet, node.online, node.heard_ms) == ("gate", "thon-3", True, service.now_ms)
    assert [row.silent for row in service.core.incidents.values()] == [False, True]
    service.cancel("gate", 2, silent=True, hamlet="thon-3")
    assert service.core.incidents[alert_id(2)].cancelled
