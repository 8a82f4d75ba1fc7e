"""What a press leaves in the register, and what a node that is refused is told of."""

import pytest
from fakes.service import NOON_MS, Service, alert, alert_id, arrived

from broker.core.answers import JOINED
from broker.core.intake import MOST_PER_MINUTE, NEW_PER_MINUTE
from broker.core.ledger import MAX_WAITING
from broker.core.records import Alarm, Entry, Incident

pytestmark = pytest.mark.pure

PRESSED = NOON_MS - 2_000


def case(number: int = 1, **changes: object) -> Incident:
    """As `press("thon-2", number, clock="synced", age_ms=2_000, count=2)` opens it."""
    fields: dict[str, object] = {
        "id": alert_id(number),
        "kind": "fire",
        "hamlet": "thon-2",
        "node": "thon-2",
        "silent": False,
        "drill": False,
        "state": "open",
        "opened_at_ms": NOON_MS,
        "pressed_at_ms": PRESSED,
        "clock": "synced",
        "count": 2,
    }
    return Incident(**{**fields, **changes})


def sound(number: int = 1, **changes: object) -> Alarm:
    """The alarm of that case."""
    fields: dict[str, object] = {
        "id": alert_id(number),
        "kind": "fire",
        "pattern": "alarm",
        "drill": False,
        "silent": False,
        "hamlets": ("thon-2", "thon-3"),
        "since_ms": PRESSED,
        "life_s": 180,
        "by": "thon-2",
    }
    return Alarm(**{**fields, **changes})


def press(service: Service, number: int = 1, **changes: object) -> None:
    service.press("thon-2", number, **{"clock": "synced", "age_ms": 2_000, "count": 2, **changes})


def written(service: Service) -> list[Entry]:
    return [entry for entry in service.shelf.journal if entry.what in {"alert", "insisted", "cancelled"}]


def whys(service: Service) -> dict[str, str]:
    """The last detail of what each sender was refused."""
    return {one.about: one.why.partition("; last: ")[2] for one in service.core.troubles if one.kind == "refused"}


def test_a_press_is_written_down_with_its_incident_and_its_alarm() -> None:
    service = Service()
    press(service)
    entry = {"what": "alert", "subject": alert_id(1), "by": "thon-2", "at_ms": NOON_MS}
    assert written(service) == [Entry(**entry, incident=case(), alarm=sound())]


def test_insistence_is_written_down_with_the_count_and_the_longer_life() -> None:
    service = Service()
    press(service)
    service.wait(10_000)
    press(service, count=3)
    entry = {"what": "insisted", "subject": alert_id(1), "by": "thon-2", "at_ms": NOON_MS + 10_000}
    assert written(service)[1:] == [Entry(**entry, incident=case(count=3), alarm=sound(life_s=192))]


def test_a_cancel_is_written_down_once_with_the_end_of_its_alarm() -> None:
    service = Service()
    press(service)
    for _ in range(2):
        service.cancel("thon-2")
    over = case(state="false_alarm", cancelled=True, closed_by="thon-2", closed_at_ms=NOON_MS)
    entry = {"what": "cancelled", "subject": alert_id(1), "by": "thon-2", "at_ms": NOON_MS}
    assert written(service)[1:] == [Entry(**entry, incident=over, alarm=sound(active=False))]


def test_a_second_cancel_of_what_an_officer_has_taken_is_written_no_more() -> None:
    service = Service()
    press(service)
    service.ask("acknowledge", target="all")
    for _ in range(2):
        service.cancel("thon-2")
    assert service.journal("cancelled") == [alert_id(1)]


def test_a_cancel_that_overtakes_its_alert_is_written_down_as_what_both_say() -> None:
    service = Service()
    fields = {**alert("thon-2", clock="synced", age_ms=2_000, count=2), "cancelled": True}
    service.hear("up/thon-2/silent", {**fields, "drill": True})
    over = case(silent=True, drill=True, state="false_alarm", cancelled=True, closed_by="thon-2", closed_at_ms=NOON_MS)
    entry = {"what": "cancelled", "subject": alert_id(1), "by": "thon-2", "at_ms": NOON_MS}
    assert written(service) == [Entry(**entry, incident=over)]


@pytest.mark.parametrize("missing", ["hamlet", "kind"])
def test_a_cancel_of_an_unknown_alert_must_say_where_and_what(missing: str) -> None:
    service = Service()
    fields = {**alert(), "cancelled": True}
    del fields[missing]
    service.hear("up/thon-1/alert", fields)
    assert whys(service) == {"thon-1": "a cancel of an unknown alert must say its hamlet and kind"}
    assert written(service) == []


@pytest.mark.parametrize("cancelled", [False, True])
def test_no_press_is_older_than_1970(cancelled: bool) -> None:
    service = Service(wall_ms=1_000)
    if cancelled:
        service.cancel(age_ms=5_000)
    else:
        service.press(age_ms=5_000)
    row = service.core.incidents[alert_id(1)]
    assert (row.pressed_at_ms, row.opened_at_ms) == (0, 1_000)


def test_what_joins_is_written_as_insistence_and_makes_the_alarm_longer() -> None:
    service = Service()
    for number in range(NEW_PER_MINUTE):
        press(service, number, kind="theft")
    service.wait(10_000)
    press(service, 99, kind="theft")
    last = NEW_PER_MINUTE - 1
    entry = {"what": "insisted", "subject": alert_id(last), "by": "thon-2", "at_ms": NOON_MS + 10_000}
    row, alarm = case(last, kind="theft", count=3), sound(last, kind="theft", life_s=192)
    assert written(service)[-1] == Entry(**entry, body={JOINED: alert_id(99)}, incident=row, alarm=alarm)


def test_what_joined_neither_insists_nor_takes_back_for_its_host() -> None:
    service = Service()
    for number in range(NEW_PER_MINUTE + 1):
        press(service, number)
    before = written(service)
    press(service, NEW_PER_MINUTE, count=9)
    service.cancel("thon-2", NEW_PER_MINUTE)
    assert written(service) == before
    assert service.answers(NEW_PER_MINUTE) == ["received"] * 3
    assert len(service.sounding()) == NEW_PER_MINUTE


def test_a_flood_from_one_node_makes_no_other_nodes_press_join() -> None:
    service = Service()
    press(service, 100)
    for number in range(NEW_PER_MINUTE + 1):
        service.press("thon-1", number)
    press(service, 101)
    assert alert_id(101) in service.core.incidents


def test_a_flood_of_insistence_from_one_node_swallows_no_other_nodes() -> None:
    service = Service()
    press(service)
    service.press("thon-1", 2)
    for count in range(2, MOST_PER_MINUTE + 10):
        service.press("thon-1", 2, count=count)
    press(service, count=3)
    assert service.core.incidents[alert_id(1)].count == 3


def test_a_press_sounds_to_the_last_moment_of_its_alarms_life() -> None:
    service = Service()
    service.press(age_ms=179_999)
    assert [one["lease_s"] for one in service.sounding()] == [1]


def test_where_nothing_more_can_be_written_a_press_is_refused_and_what_is_known_is_not() -> None:
    service = Service()
    service.press()
    ledger = service.core._ledger
    while len(ledger) < MAX_WAITING:
        ledger.note(Entry(what="asked", subject="x", by=None, at_ms=0))
    for number in (2, 1):
        service.core.step(service.now_ms, service.wall_ms, arrived("up/thon-1/alert", alert(number=number)))
    assert list(service.core.incidents) == [alert_id(1)]
    assert service.core.refused == {"thon-1": {"flood": 1}}


def test_why_a_press_is_refused() -> None:
    service = Service()
    service.press("thon-1", 1)
    service.press("thon-2", 2, drill=True)
    service.press("thon-3", 3, silent=True)
    service.press("thon-4", 4)
    service.cancel("thon-5", 1)
    service.press("thon-2", 2)
    service.press("thon-3", 3)
    service.cancel("thon-4", 4, drill=True)
    for number in range(10, 11 + MOST_PER_MINUTE):
        service.press("thon-1", number)
    assert whys(service) == {
        "thon-5": "another node's alert",
        "thon-2": "an alert is a drill or real for ever",
        "thon-3": "an alert is silent or loud for ever",
        "thon-4": "a drill stops no real alarm",
        "thon-1": "thon-1: more than 60 alerts a minute, or no room to write them down",
    }


def test_after_a_flood_one_press_of_another_kind_has_room_and_no_second() -> None:
    service = Service()
    for number in range(MOST_PER_MINUTE):
        press(service, number, kind="theft")
    press(service, 100, kind="fire")
    press(service, 101, kind="fire")
    assert service.core.incidents[alert_id(100)].count == 2
    assert service.core.refused == {"thon-2": {"flood": 1}}
    service.wait(60_000)
    press(service, 102, kind="fire")
    assert service.core.refused == {"thon-2": {"flood": 1}}
