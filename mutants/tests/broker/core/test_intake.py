"""What a press changes: one id, one row, one incident."""

import pytest
from fakes.service import Service, alert, alert_id, codebook

from broker.core.intake import MOST_PER_MINUTE, NEW_PER_MINUTE

pytestmark = pytest.mark.pure


def posted() -> Service:
    """With a post in thon-5."""
    book = codebook()
    book["nodes"]["thon-5"]["post"] = True
    return Service(book=book)


def test_a_hundred_copies_are_one_row_and_one_alarm() -> None:
    service = Service()
    for _ in range(100):
        service.press("thon-2")
    assert service.journal("alert") == [alert_id(1)]
    assert [one["id"] for one in service.sounding()] == [alert_id(1)]
    assert service.answers() == ["received"] * 100


def test_the_relays_sound_it_too() -> None:
    service = Service()
    service.press("thon-2")
    assert service.sounding()[0]["hamlets"] == ["thon-2", "thon-3"]


def test_the_commune_stamps_the_time_and_the_nodes_age_tells_the_press() -> None:
    service = Service()
    service.press(clock="unsure", pressed_at="1970-01-01T00:00:03.000Z", age_ms=70_000)
    row = service.core.incidents[alert_id(1)]
    assert (row.opened_at_ms, row.pressed_at_ms, row.clock) == (service.wall_ms, service.wall_ms - 70_000, "unsure")
    assert service.sounding()[0]["lease_s"] == 110


def test_an_alert_older_than_its_alarm_is_kept_and_does_not_sound() -> None:
    service = Service()
    service.press(age_ms=180_000)
    assert service.sounding() == []
    assert service.answers() == ["received"]
    assert [entry.alarm for entry in service.shelf.journal if entry.what in {"alert", "silenced"}] == [None]
    service.press(number=2, age_ms=10**11)
    assert service.core.incidents[alert_id(2)].pressed_at_ms == service.wall_ms - 10**11


def test_insistence_renews_the_alarm_and_is_no_second_incident() -> None:
    service = Service()
    service.press()
    service.wait(100_000)
    service.press(count=2, age_ms=100_000)
    service.wait(200)
    assert service.sounding()[0]["lease_s"] == 180
    service.wait(170_000)
    assert service.sounding()
    service.wait(11_000)
    assert service.sounding() == []
    assert service.core.incidents[alert_id(1)].count == 2
    assert service.journal("insisted") == [alert_id(1)]


def test_a_late_insistence_brings_no_ended_alarm_back() -> None:
    service = Service()
    service.press()
    service.wait(181_000)
    service.press(count=3, age_ms=181_000)
    assert service.sounding() == []
    assert service.core.incidents[alert_id(1)].count == 3


def test_a_cancel_silences_and_ends_what_nobody_has_taken() -> None:
    service = Service()
    service.press()
    said = service.cancel()
    assert said[0].topic == "all/alarms"
    assert service.sounding() == []
    assert service.answers() == ["received", "false_alarm"]
    row = service.core.incidents[alert_id(1)]
    assert (row.state, row.cancelled, row.closed_by) == ("false_alarm", True, "thon-1")
    service.press(count=5)
    assert service.sounding() == []
    assert service.core.incidents[alert_id(1)] == row


def test_a_cancel_of_an_acknowledged_alert_is_noted_and_leaves_it_to_the_officer() -> None:
    service = Service()
    service.press()
    service.ask("acknowledge", target=alert_id(1))
    service.cancel()
    row = service.core.incidents[alert_id(1)]
    assert (row.state, row.cancelled) == ("acknowledged", True)
    assert service.sounding() == []


def test_a_cancel_that_overtakes_its_alert_opens_the_row_as_what_it_will_be() -> None:
    service = Service()
    service.cancel(number=4)
    service.press(number=4)
    assert service.sounding() == []
    assert service.core.incidents[alert_id(4)].state == "false_alarm"
    assert service.answers(4) == ["false_alarm", "false_alarm"]
    assert service.journal("alert", "cancelled") == [alert_id(4)]


def test_a_bare_cancel_of_an_unknown_alert_is_refused() -> None:
    service = Service()
    service.hear("up/thon-1/alert", {"id": alert_id(1), "node": "thon-1", "cancelled": True})
    assert service.core.refused["thon-1"] == {"field": 1}
    service.press()
    assert service.sounding()


def test_a_cancel_after_the_end_changes_nothing() -> None:
    service = Service()
    service.press()
    service.ask("close", target=alert_id(1), outcome="cháy")
    service.cancel()
    assert service.core.incidents[alert_id(1)].state == "closed"
    assert service.answers() == ["received", "closed", "closed"]


def test_nobody_touches_another_nodes_alert() -> None:
    service = Service()
    service.press()
    service.cancel("thon-2")
    service.press("thon-2", count=9)
    assert service.core.incidents[alert_id(1)].count == 1
    assert service.core.incidents[alert_id(1)].state == "open"
    assert service.core.refused["thon-2"] == {"topic": 2}


def test_a_silent_alert_sounds_at_the_post_alone() -> None:
    service = posted()
    service.press(silent=True)
    assert service.sounding() == []
    (here,) = service.sounding("down/thon-5/alarms")
    assert (here["id"], here["hamlets"]) == (alert_id(1), ["thon-5"])
    assert service.answers() == ["received"]


def test_a_post_hears_the_loud_ones_too() -> None:
    service = posted()
    service.press(silent=True)
    service.press("thon-2", 2)
    assert [one["id"] for one in service.sounding()] == [alert_id(2)]
    assert [one["id"] for one in service.sounding("down/thon-5/alarms")] == [alert_id(1), alert_id(2)]


def test_silent_stays_silent_and_loud_loud() -> None:
    service = posted()
    service.press(silent=True)
    service.press(number=2)
    service.press()
    service.cancel()
    service.press(number=2, silent=True)
    assert service.core.refused["thon-1"] == {"topic": 3}
    assert [one["id"] for one in service.sounding()] == [alert_id(2)]
    assert service.core.incidents[alert_id(1)].state == "open"


def test_a_drill_stays_a_drill_and_real_stays_real() -> None:
    service = Service()
    service.press(drill=True)
    service.press("thon-2", 2)
    assert [(one["drill"], one["pattern"]) for one in service.sounding()] == [(True, "drill"), (False, "alarm")]
    service.press(drill=False)
    service.press("thon-2", 2, drill=True)
    service.cancel("thon-2", 2, drill=True)
    assert [one["drill"] for one in service.sounding()] == [True, False]
    assert service.core.refused == {"thon-1": {"field": 1}, "thon-2": {"field": 2}}


def test_a_test_sounds_one_stroke_in_its_own_hamlet() -> None:
    service = Service()
    service.press("thon-2", kind="test")
    assert (service.sounding()[0]["pattern"], service.sounding()[0]["hamlets"]) == ("test", ["thon-2"])


def test_a_flood_of_presses_is_a_few_incidents_and_every_one_is_answered() -> None:
    service = Service()
    for number in range(50):
        service.press(number=number)
        service.wait(1_000)
    assert len(service.core.incidents) == NEW_PER_MINUTE
    for number in range(50):
        assert service.answers(number)[-1] == "received"
    service.ask("acknowledge", target="all")
    for number in range(50):
        assert service.answers(number)[-1] == "acknowledged"


def test_an_alert_that_joined_can_be_named_by_its_own_id() -> None:
    service = Service()
    for number in range(20):
        service.press(number=number)
    told = service.ask("acknowledge", target=alert_id(19))
    assert told["target"] == alert_id(NEW_PER_MINUTE - 1)
    assert service.answers(19)[-1] == "acknowledged"


def test_who_joined_is_known_after_a_restart() -> None:
    service = Service()
    for number in range(20):
        service.press(number=number)
    service.start()
    for number in range(20):
        service.press(number=number)
    assert len(service.core.incidents) == NEW_PER_MINUTE
    assert len(service.journal("alert")) == NEW_PER_MINUTE


def test_a_flood_of_drills_delays_no_real_alarm() -> None:
    service = Service()
    for number in range(MOST_PER_MINUTE + 20):
        service.press(number=number, drill=True)
    service.press(number=500)
    service.press(number=501)
    assert [one["id"] for one in service.sounding() if not one["drill"]] == [alert_id(500), alert_id(501)]


def test_a_real_press_never_joins_a_drill() -> None:
    service = Service()
    for number in range(NEW_PER_MINUTE):
        service.press(number=number)
        service.cancel(number=number)
    service.press(number=50, drill=True)
    service.press(number=51)
    assert [(one["id"], one["drill"]) for one in service.sounding()] == [(alert_id(50), True), (alert_id(51), False)]


@pytest.mark.parametrize("before", [NEW_PER_MINUTE, MOST_PER_MINUTE])
@pytest.mark.parametrize("kind", ["security", "theft", "fire", "disaster", "medical"])
def test_a_real_press_after_a_flood_of_tests_sounds_as_what_it_is(before: int, kind: str) -> None:
    service = Service()
    for number in range(before):
        service.press("thon-2", number, kind="test")
    service.press("thon-2", 500, kind=kind)
    (real,) = (one for one in service.sounding() if one["kind"] != "test")
    assert (real["id"], real["kind"], real["hamlets"]) == (alert_id(500), kind, ["thon-2", "thon-3"])
    assert service.core.incidents[alert_id(500)].kind == kind


def test_the_first_of_a_kind_opens_its_own_row_and_the_next_of_it_join_that() -> None:
    service = Service()
    for number in range(20):
        service.press(number=number, kind="theft")
    service.press(number=100, kind="fire")
    service.press(number=101, kind="fire")
    assert service.core.incidents[alert_id(100)].count == 2
    assert alert_id(101) not in service.core.incidents


def test_a_silent_press_after_a_flood_of_loud_ones_is_a_row_of_its_own() -> None:
    service = posted()
    for number in range(MOST_PER_MINUTE):
        service.press(number=number)
    service.press(number=500, silent=True)
    assert service.core.incidents[alert_id(500)].silent


def test_a_flood_from_one_node_delays_no_other() -> None:
    service = Service()
    for number in range(MOST_PER_MINUTE + 20):
        service.press(number=number)
    assert service.core.refused["thon-1"]["flood"] == 20
    said = service.press("thon-2", 500)
    assert alert_id(500) in [one["id"] for one in said[0].fields["alarms"]]
    assert service.answers(500) == ["received"]


def test_alternating_presses_and_cancels_open_no_more_than_a_node_may_press() -> None:
    service = Service()
    for number in range(500):
        service.press(number=number)
        service.cancel(number=number)
    assert len(service.core.incidents) <= MOST_PER_MINUTE


def test_a_flood_of_insistence_writes_no_more_than_a_line_a_second() -> None:
    service = Service()
    for count in range(1, 2_000):
        service.press(count=count)
    assert len(service.journal("insisted")) <= MOST_PER_MINUTE
    service.wait(60_000)
    service.press(count=5_000)
    assert service.core.incidents[alert_id(1)].count == 5_000


def test_a_press_that_could_sound_is_never_joined_to_a_silenced_one() -> None:
    service = Service()
    for number in range(NEW_PER_MINUTE):
        service.press(number=number)
    service.ask("clear", target="all")
    service.press(number=100)
    assert [one["id"] for one in service.sounding()] == [alert_id(100)]


def test_the_alert_of_a_node_in_another_hamlet_is_a_strangers() -> None:
    service = Service()
    service.hear("up/thon-1/alert", alert(hamlet="thon-2"))
    assert service.core.refused["thon-1"] == {"stranger": 1}
    assert service.sounding() == []


def test_a_node_that_no_book_names_is_heard_in_a_network_without_keys() -> None:
    service = Service()
    service.press("gate", hamlet="thon-3")
    assert service.sounding()[0]["hamlets"] == ["thon-3"]
