"""What an officer does: sound, silence, take, end."""

import pytest
from fakes.service import Service, alert_id

pytestmark = pytest.mark.pure


def test_an_alarm_sounds_where_it_was_asked_for_and_opens_an_incident() -> None:
    service = Service()
    told = service.ask("alarm", kind="fire", hamlets=["thon-1", "thon-4"], lease_s=60, text="Cháy chợ")
    (one,) = service.sounding()
    assert one["id"] == told["target"]
    assert (one["hamlets"], one["lease_s"], one["text"], one["by"]) == (["thon-1", "thon-4"], 60, "Cháy chợ", "duty")
    row = service.core.incidents[told["target"]]
    assert (row.state, row.by, row.node, row.text) == ("open", "duty", None, "Cháy chợ")
    service.wait(61_000)
    assert service.sounding() == []


def test_ids_of_two_runs_differ() -> None:
    service = Service()
    first = service.ask("alarm", kind="fire", hamlets=["all"])["target"]
    service.start()
    assert service.ask("alarm", kind="fire", hamlets=["all"])["target"] != first


def test_an_unknown_hamlet_is_refused_by_name() -> None:
    told = Service().ask("alarm", kind="fire", hamlets=["thon-1", "thon-9"])
    assert not told["ok"]
    assert "thon-9" in told["why"]


@pytest.mark.parametrize(
    ("pattern", "drill", "kind", "ok"),
    [
        ("cong-lac/alarm", False, "fire", True),
        ("curfew", False, "fire", False),
        ("drill", False, "fire", False),
        ("alarm", True, "fire", False),
        ("drill", True, "fire", True),
        ("test", False, "test", True),
        ("test", False, "fire", False),
        ("no-such", False, "fire", True),
    ],
)
def test_a_drill_never_sounds_like_an_alarm_nor_an_alarm_like_anything_else(
    pattern: str, drill: bool, kind: str, ok: bool
) -> None:
    service = Service()
    told = service.ask("alarm", kind=kind, hamlets=["all"], pattern=pattern, drill=drill)
    assert told["ok"] is ok
    assert len(service.sounding()) == ok
    assert bool(told["why"]) == (not ok or pattern == "no-such")


def test_clearing_silences_and_ends_nothing() -> None:
    service = Service()
    service.press()
    said = service.hear("ask/duty/clear", {"id": "c", "target": "all"})
    assert [one.topic for one in said] == ["all/alarms", "told/duty"]
    assert service.sounding() == []
    assert service.core.incidents[alert_id(1)].state == "open"
    service.press(count=2)
    service.wait(60_000)
    service.start()
    service.press(count=3)
    assert not any(one.fields["alarms"] for one in service.said[-1:] if one.topic == "all/alarms")
    assert service.sounding() == []


def test_clearing_one_leaves_the_other() -> None:
    service = Service()
    service.press()
    service.press("thon-4", 2)
    assert service.ask("clear", target=alert_id(1))["target"] == alert_id(1)
    assert [one["id"] for one in service.sounding()] == [alert_id(2)]


def test_clearing_an_empty_set_states_it_again() -> None:
    service = Service()
    said = service.hear("ask/duty/clear", {"id": "c", "target": "all"})
    assert [one.topic for one in said] == ["all/alarms", "told/duty"]


def test_clearing_says_whether_anything_was_sounding() -> None:
    service = Service()
    service.press()
    assert service.ask("clear", target=alert_id(1))["why"] == ""
    for target in (alert_id(1), "all"):
        told = service.ask("clear", target=target)
        assert told["ok"]
        assert told["why"].startswith("Không có gì đang kêu")


def test_acknowledging_is_told_to_the_node_and_stops_nothing_that_sounds() -> None:
    service = Service()
    service.press()
    service.ask("acknowledge", target=alert_id(1))
    assert service.answers() == ["received", "acknowledged"]
    answer = [one.fields for one in service.said if one.topic == "down/thon-1/answer"][-1]
    assert answer["by"] == "duty"
    assert service.sounding()


def test_of_two_officers_the_first_wins_and_both_are_in_the_journal() -> None:
    service = Service()
    service.press()
    assert service.ask("acknowledge", target=alert_id(1))["ok"]
    assert service.ask("acknowledge", "second", target=alert_id(1))["ok"]
    assert service.core.incidents[alert_id(1)].acknowledged_by == "duty"
    assert service.ask("close", "second", target=alert_id(1), outcome="cháy")["ok"]
    told = service.ask("close", target=alert_id(1), outcome="báo nhầm")
    assert not told["ok"]
    assert "second" in told["why"]
    assert not service.ask("acknowledge", target=alert_id(1))["ok"]
    assert service.core.incidents[alert_id(1)].outcome == "cháy"
    asked = [(entry.by, entry.what) for entry in service.shelf.journal if entry.subject == alert_id(1)]
    assert asked == [
        ("thon-1", "alert"),
        ("duty", "acknowledged"),
        ("duty", "asked"),
        ("second", "acknowledged"),
        ("second", "asked"),
        ("second", "closed"),
        ("second", "asked"),
        ("duty", "asked"),
        ("duty", "asked"),
    ]


def test_closing_silences_and_is_told_to_the_node() -> None:
    service = Service()
    service.press()
    assert service.ask("close", target=alert_id(1), outcome="TROM CAP  tai san", note="Xe máy")["ok"]
    row = service.core.incidents[alert_id(1)]
    assert (row.state, row.outcome, row.note) == ("closed", "trộm cắp tài sản", "Xe máy")
    assert service.sounding() == []
    assert service.answers() == ["received", "closed"]


def test_an_alert_by_mistake_is_a_false_alarm() -> None:
    service = Service()
    service.press()
    service.ask("close", target=alert_id(1), outcome="bao nham")
    assert service.core.incidents[alert_id(1)].state == "false_alarm"
    assert service.answers()[-1] == "false_alarm"


@pytest.mark.parametrize("outcome", [None, "", "xong", "chay nha"])
def test_closing_needs_an_outcome_of_the_report_and_says_which(outcome: str | None) -> None:
    service = Service()
    service.press()
    told = service.ask("close", target=alert_id(1), outcome=outcome)
    assert not told["ok"]
    assert "cứu nạn, báo nhầm / " in told["why"]
    assert service.core.incidents[alert_id(1)].state == "open"


def test_all_may_be_taken_and_ended_at_once() -> None:
    service = Service()
    assert not service.ask("acknowledge", target="all")["ok"]
    service.press()
    service.press("thon-2", 2)
    assert service.ask("acknowledge", target="all")["target"] == "all"
    assert service.ask("close", target="all", outcome="mâu thuẫn")["ok"]
    assert {row.state for row in service.core.incidents.values()} == {"closed"}


def test_so_many_alarms_that_they_do_not_fit_are_refused_and_buttons_are_not() -> None:
    service = Service()
    told = [service.ask("alarm", kind="fire", hamlets=["all"], text="x" * 250) for _ in range(40)]
    assert told[0]["ok"]
    assert not told[-1]["ok"]
    assert "hãy tắt bớt" in told[-1]["why"]
    service.press("thon-3", 77)
    assert alert_id(77) in [one["id"] for one in service.sounding()]
