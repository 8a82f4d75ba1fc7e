"""What may be seen, by whom, in pages of one message."""

import pytest
from fakes.service import Service, alert_id, codebook

from broker.core.looks import MAX_LISTED
from broker.core.nodefaults import SILENT_MS
from wire.words import Instant

pytestmark = pytest.mark.pure


def all_of(service: Service, verb: str, section: str, user: str = "duty", **fields: object) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    page = 0
    while True:
        result = service.ask(verb, user, page=page, **fields)["result"]
        assert result["page"] == page
        found += result[section]
        page += 1
        if page >= result["pages"]:
            return found


def test_incidents_come_latest_first_each_once() -> None:
    service = Service()
    for number in range(80):
        service.now_ms += 11_000
        service.press(number=number)
    shown = all_of(service, "incidents", "incidents")
    assert [one["id"] for one in shown] == [alert_id(number) for number in reversed(range(80))]


def test_only_open_ones_if_asked() -> None:
    service = Service()
    service.press()
    service.press("thon-2", 2)
    service.ask("close", target=alert_id(1), outcome="cháy", note="n" * 2_000)
    assert [one["id"] for one in all_of(service, "incidents", "incidents", open_only=True)] == [alert_id(2)]
    (closed,) = [one for one in all_of(service, "incidents", "incidents") if one["state"] == "closed"]
    assert (closed["outcome"], closed["closed_by"], closed["sounding"]) == ("cháy", "duty", False)
    assert len(str(closed["note"])) == 300


def test_a_watcher_sees_no_silent_alert() -> None:
    service = Service()
    service.press(silent=True)
    service.press("thon-2", 2)
    for user, ids in (("duty", [alert_id(2), alert_id(1)]), ("tv", [alert_id(2)])):
        assert [one["id"] for one in all_of(service, "incidents", "incidents", user)] == ids
        assert {one["id"] for one in all_of(service, "status", "alarms", user)} == set(ids)


def test_the_state_of_two_hundred_nodes_is_told_in_pages() -> None:
    book = codebook()
    book["nodes"] = {f"gate-{number}": {"hamlet": f"thon-{number % 5 + 1}"} for number in range(200)}
    service = Service(book=book)
    for number in range(200):
        service.status(f"gate-{number}", hamlet=f"thon-{number % 5 + 1}", speaker="gone", temperature_c=41.5)
    nodes = all_of(service, "status", "nodes")
    assert len({str(one["node"]) for one in nodes}) == len(nodes) == 200
    assert nodes[0]["speaker"] == "gone"
    assert nodes[0]["last_heard_s"] == 0
    assert len(all_of(service, "status", "troubles")) == 200


def test_a_silent_alarm_is_shown_as_such_at_the_posts_and_not_where_it_was_pressed() -> None:
    book = codebook()
    for posts in ([], ["thon-5"]):
        for node in posts:
            book["nodes"][node]["post"] = True
        service = Service(book=book)
        service.press(silent=True)
        (shown,) = all_of(service, "status", "alarms")
        assert (shown["silent"], shown["hamlets"]) == (True, posts)


def test_a_node_is_there_or_lost_or_not_known_yet() -> None:
    def online(service: Service) -> dict[str, object]:
        return {str(one["node"]): one["online"] for one in all_of(service, "status", "nodes")}

    service = Service()
    service.status("thon-1")
    service.status("thon-2", retained=True)
    service.hear("up/thon-3/status", {"node": "thon-3", "online": False}, retained=True)
    assert online(service) == {"thon-1": True, "thon-2": None, "thon-3": False, "thon-4": None, "thon-5": None}
    service.wait(SILENT_MS + 1_000)
    assert set(online(service).values()) == {False}
    service.start()
    service.status("thon-1")
    assert online(service) == {node: node == "thon-1" for node in online(service)}


def test_a_page_beyond_the_last_is_empty() -> None:
    result = Service().ask("incidents", page=9)["result"]
    assert (result["incidents"], result["pages"]) == ([], 1)


def test_the_longest_things_fit() -> None:
    service = Service()
    for _ in range(30):
        service.ask("alarm", kind="fire", hamlets=["thon-1"], text='"\\' * 150, lease_s=600)
    assert all_of(service, "incidents", "incidents")
    assert all_of(service, "status", "alarms")


def test_an_officers_alarm_keeps_its_place_and_its_text_over_a_restart() -> None:
    service = Service()
    service.ask("alarm", kind="fire", hamlets=["thon-1", "thon-4"], text="Cháy chợ")
    service.ask("clear", target="all")
    service.start()
    (row,) = all_of(service, "incidents", "incidents")
    assert (row["hamlets"], row["text"]) == (["thon-1", "thon-4"], "Cháy chợ")


def test_every_incident_can_be_reached_however_many_there_are() -> None:
    service = Service()
    many = 2 * MAX_LISTED + 7
    for number in range(many):
        service.now_ms += 11_000
        service.press(number=number)
    found: list[str] = []
    while True:
        more = {"before": found[-1]} if found else {}
        found += [str(one["id"]) for one in all_of(service, "incidents", "incidents", **more)]
        if not service.ask("incidents", page=0, **more)["result"]["more"]:
            break
    assert found == [alert_id(number) for number in reversed(range(many))]


def test_before_takes_the_end_of_an_id_and_an_unknown_one_is_told() -> None:
    service = Service()
    for number in (1, 2, 3):
        service.press(f"thon-{number}", number)
    (row,) = all_of(service, "incidents", "incidents", before=alert_id(2)[-8:])
    assert row["id"] == alert_id(1)
    service.press("thon-4", 4, silent=True)
    assert not service.ask("incidents", "tv", before=alert_id(4))["ok"]
    assert all_of(service, "incidents", "incidents", before=alert_id(4))[0]["id"] == alert_id(3)
    told = service.ask("incidents", before="ffffffff")
    assert not told["ok"]
    assert "Không có sự vụ" in told["why"]


def test_all_that_is_known_of_an_incident_is_shown() -> None:
    service = Service()
    service.press("thon-2", clock="synced", age_ms=2_000, count=2)
    service.wait(1_000)
    service.ask("acknowledge", target="all")
    service.wait(1_000)
    service.cancel("thon-2")
    (row,) = all_of(service, "incidents", "incidents")
    assert row == {
        "id": alert_id(1),
        "kind": "fire",
        "hamlet": "thon-2",
        "node": "thon-2",
        "silent": False,
        "drill": False,
        "state": "acknowledged",
        "sounding": False,
        "opened_at": "2026-11-21T05:00:00.000Z",
        "pressed_at": "2026-11-21T04:59:58.000Z",
        "clock": "synced",
        "count": 2,
        "cancelled": True,
        "acknowledged_by": "duty",
        "acknowledged_at": "2026-11-21T05:00:01.000Z",
    }
    service.wait(1_000)
    service.ask("close", "second", target="all", outcome="cháy", note="Bếp nhà bà Tư")
    (over,) = all_of(service, "incidents", "incidents")
    assert over == row | {
        "state": "closed",
        "closed_by": "second",
        "closed_at": "2026-11-21T05:00:03.000Z",
        "outcome": "cháy",
        "note": "Bếp nhà bà Tư",
    }


def test_an_incident_that_an_officer_opened_says_who_did_and_what_for() -> None:
    service = Service()
    told = service.ask("alarm", "second", kind="theft", hamlets=["thon-1", "thon-4"], text="Trộm ở chợ", drill=True)
    (row,) = all_of(service, "incidents", "incidents")
    assert row == {
        "id": told["target"],
        "kind": "theft",
        "silent": False,
        "drill": True,
        "state": "open",
        "sounding": True,
        "opened_at": "2026-11-21T05:00:00.000Z",
        "clock": "unsure",
        "count": 1,
        "cancelled": False,
        "by": "second",
        "text": "Trộm ở chợ",
        "hamlets": ["thon-1", "thon-4"],
    }


def test_all_that_is_known_of_an_alarm_is_shown() -> None:
    service = Service()
    told = service.ask("alarm", kind="theft", hamlets=["thon-1", "thon-4"], text="Trộm ở chợ", lease_s=120)
    service.wait(2_400)
    (row,) = all_of(service, "status", "alarms")
    assert row == {
        "id": told["target"],
        "kind": "theft",
        "pattern": "alarm",
        "drill": False,
        "silent": False,
        "hamlets": ["thon-1", "thon-4"],
        "since": "2026-11-21T05:00:00.000Z",
        "left_s": 117,
        "by": "duty",
        "text": "Trộm ở chợ",
    }


def test_all_that_a_node_said_of_itself_is_shown() -> None:
    service = Service(book=codebook(nodes={"gate": {"hamlet": "thon-3"}}))
    (unheard,) = all_of(service, "status", "nodes")
    assert unheard == {"node": "gate", "hamlet": "thon-3", "online": None}
    told = {
        "clock": "unsure",
        "clock_error_ms": 12,
        "panel": "stuck:fire",
        "speaker": "busy",
        "microphone": "hears",
        "disk": "full",
        "supply": "low",
        "temperature_c": 41.5,
        "mains": False,
        "battery_pct": 64,
        "battery_h": 40.5,
        "unsent": 3,
        "sounding": alert_id(1),
        "orders_signed": False,
    }
    update = {"offer": "o1", "version": "2.0", "state": "waiting", "why": "alarm"}
    service.status("gate", hamlet="thon-3", version="1.2", update=update, **told)
    service.wait(2_400)
    (heard,) = all_of(service, "status", "nodes")
    told |= {"update": "waiting alarm", "last_heard_s": 2, "online": True}
    assert heard == {"node": "gate", "hamlet": "thon-3", "version": "1.2", **told}
    assert isinstance(heard["last_heard_s"], int)
    service.status("gate", hamlet="thon-3", update={**update, "why": ""})
    assert all_of(service, "status", "nodes")[0]["update"] == "waiting"


def test_when_a_new_box_first_raised_its_voice_is_shown() -> None:
    service = Service()
    service.status("thon-3")
    proof = {"id": "first/x", "pattern": "test", "started_at": None, "late_ms": 0, "duration_ms": 900, "strokes": 1}
    service.hear("up/thon-3/sounded", {**proof, "ended": "finished", "first": True})
    spoke = {str(one["node"]): one.get("spoke_at") for one in all_of(service, "status", "nodes")}
    assert isinstance(spoke.pop("thon-3"), str) and set(spoke.values()) == {None}


def test_the_head_of_the_state_says_whose_it_is_when_and_how_the_broker_is() -> None:
    service = Service(setup={"beacon": True})
    service.trip_ms = 40
    service.wait(20_000)
    result = service.ask("status")["result"]
    assert (result["commune"], result["at"]) == ("cong-lac", str(Instant(service.wall_ms)))
    assert result["broker"] == {"round_trip_ms": 40, "misses": 0, "restarts": 0}
    assert set(result) == {
        *(
            "commune",
            "at",
            "broker",
            "alarms",
            "still_sounding",
            "troubles",
            "mutes",
            "last_chime",
            "nodes",
            "page",
            "pages",
        )
    }


def test_a_trouble_is_shown_with_what_it_is_about_why_and_since_when() -> None:
    service = Service()
    service.status("thon-3", disk="full")
    service.wait(1_000)
    assert all_of(service, "status", "troubles") == [
        {
            "kind": "disk",
            "about": "thon-3",
            "why": "Thẻ nhớ của hộp kẻng thon-3 hỏng: full / disk of node thon-3",
            "since": "2026-11-21T05:00:00.000Z",
        }
    ]


def test_the_last_chime_is_shown_by_hamlet() -> None:
    book = codebook(nodes={"thon-1": {"hamlet": "thon-1"}, "thon-2": {"hamlet": "thon-2"}})
    service = Service(book=book)
    chime = service.ask("chime", pattern="curfew")["target"]
    proof = {"pattern": "curfew", "started_at": None, "late_ms": 0, "duration_ms": 9, "strokes": 9, "ended": "finished"}
    service.hear("up/thon-2/sounded", {"id": chime, **proof})
    line = {"id": chime, "due_at": "2026-11-21T05:00:01.000Z"}
    assert all_of(service, "status", "last_chime") == [
        {**line, "hamlet": "thon-2", "state": "sounded"},
        {**line, "hamlet": "thon-1", "state": "awaited"},
    ]


def test_more_are_told_of_where_there_are_more_and_not_where_all_are_shown() -> None:
    service = Service()
    for number in range(MAX_LISTED):
        service.now_ms += 11_000
        service.press(number=number)
    assert service.ask("incidents", page=0)["result"]["more"] is False
    service.now_ms += 11_000
    service.press(number=MAX_LISTED)
    assert service.ask("incidents", page=0)["result"]["more"] is True
