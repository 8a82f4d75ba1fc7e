"""What an officer does: sound, silence, take, end."""

import pytest
from fakes.service import Service, alert_id, codebook

from broker.core.intake import NEW_PER_MINUTE
from broker.core.records import Alarm, Incident

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


def test_an_officers_alarm_is_an_incident_and_an_alarm_of_his_and_written_down_as_one() -> None:
    service = Service()
    asked = {"kind": "disaster", "hamlets": ["thon-2"], "drill": True, "text": "Lũ về"}
    id_ = service.ask("alarm", **asked)["target"]
    (entry,) = [entry for entry in service.shelf.journal if entry.what == "opened"]
    assert (entry.subject, entry.by, entry.at_ms) == (id_, "duty", service.wall_ms)
    assert entry.incident == Incident(
        id=id_, kind="disaster", hamlet=None, node=None, silent=False, drill=True, state="open",
        opened_at_ms=service.wall_ms, pressed_at_ms=None, by="duty", text="Lũ về", hamlets=("thon-2",),
    )  # fmt: skip
    assert entry.alarm == Alarm(
        id=id_, kind="disaster", pattern="drill", drill=True, silent=False, hamlets=("thon-2",),
        since_ms=service.wall_ms, life_s=180, by="duty", text="Lũ về",
    )  # fmt: skip
    assert service.core.incidents[id_] == entry.incident
    assert id_.startswith(f"{service.wall_ms:012x}"[:8])


def test_what_was_cleared_is_written_down_with_who_did_it() -> None:
    service = Service()
    service.press()
    service.press("thon-4", 2)
    service.ask("clear", target="all")
    cleared = [entry for entry in service.shelf.journal if entry.what == "cleared"]
    assert [(entry.subject, entry.by, entry.at_ms) for entry in cleared] == [
        (alert_id(number), "duty", service.wall_ms) for number in (1, 2)
    ]
    assert [entry.alarm is not None and entry.alarm.active for entry in cleared] == [False, False]
    assert service.sounding() == []


def test_what_was_taken_and_ended_is_written_down_with_who_did_it_and_the_alarm_that_fell_silent() -> None:
    service = Service()
    service.press()
    service.ask("acknowledge", target=alert_id(1))
    service.wait(1_000)
    service.ask("close", "second", target=alert_id(1), outcome="cháy", note="Bếp")
    taken, ended = [entry for entry in service.shelf.journal if entry.what in ("acknowledged", "closed")]
    assert (taken.by, taken.at_ms, taken.alarm) == ("duty", service.wall_ms - 1_000, None)
    assert taken.incident is not None
    assert (taken.incident.acknowledged_by, taken.incident.acknowledged_at_ms) == ("duty", service.wall_ms - 1_000)
    assert (ended.by, ended.at_ms) == ("second", service.wall_ms)
    assert ended.alarm is not None
    assert (ended.alarm.id, ended.alarm.active) == (alert_id(1), False)
    row = ended.incident
    assert row is not None
    assert (row.closed_by, row.closed_at_ms, row.outcome, row.note) == ("second", service.wall_ms, "cháy", "Bếp")


@pytest.mark.parametrize(
    ("verb", "fields", "why"),
    [
        (
            "alarm",
            {"kind": "fire", "hamlets": [f"x{n}" for n in range(9)]},
            "Không có thôn x0, x1, x2, x3, x4 trong bộ quy ước / no such hamlet in the code book",
        ),
        (
            "alarm",
            {"kind": "fire", "hamlets": ["all"], "pattern": "no-such"},
            "Không có bản kẻng no-such, kẻng sẽ tự chọn / no pattern no-such; gongs play their own",
        ),
        (
            "alarm",
            {"kind": "fire", "hamlets": ["all"], "pattern": "curfew"},
            "Bản kẻng curfew là chime, không dùng được ở đây (alarm) / pattern curfew is for chime",
        ),
        (
            "alarm",
            {"kind": "test", "hamlets": ["all"], "pattern": "curfew"},
            "Bản kẻng curfew là chime, không dùng được ở đây (alarm, test) / pattern curfew is for chime",
        ),
        (
            "alarm",
            {"kind": "test", "hamlets": ["all"], "pattern": "alarm", "drill": True},
            "Bản kẻng alarm là alarm, không dùng được ở đây (drill) / pattern alarm is for alarm",
        ),
        ("alarm", {"kind": "fire", "hamlets": ["all"]}, ""),
        (
            "clear",
            {"target": "all"},
            "Không có gì đang kêu, xã đã nhắc lại lệnh tắt / nothing was sounding; the all-clear was said again",
        ),
        ("acknowledge", {"target": "all"}, "Không có sự vụ nào đang mở / no incident is open"),
        ("close", {"target": "all", "outcome": "cháy"}, "Không có sự vụ nào đang mở / no incident is open"),
        (
            "close",
            {"target": "all", "outcome": "xong"},
            "Kết quả phải là: trộm cắp tài sản, cướp giật tài sản, cố ý gây thương tích, gây rối trật tự công cộng, "
            "ma túy, đánh bạc, đốt pháo trái phép, mâu thuẫn, cháy, thiên tai, cứu nạn, báo nhầm"
            " / outcome must be one of these",
        ),
    ],
)
def test_an_officer_is_told_why_in_both_languages(verb: str, fields: dict[str, object], why: str) -> None:
    told = Service().ask(verb, **fields)
    assert told["why"] == why
    assert told["ok"] is (verb == "clear" or not why or fields.get("pattern") == "no-such")


def test_who_comes_too_late_is_told_who_ended_it_and_which() -> None:
    service = Service()
    service.press()
    service.ask("close", "second", target=alert_id(1), outcome="cháy")
    for told in (
        service.ask("acknowledge", target=alert_id(1)),
        service.ask("close", target=alert_id(1), outcome="cháy"),
    ):
        why = "Vụ này đã được second đóng / the incident was ended by second"
        assert (told["ok"], told["target"], told["why"]) == (False, alert_id(1), why)


def test_too_many_alarms_are_refused_in_both_languages_and_nothing_of_them_is_kept() -> None:
    service = Service()
    while (told := service.ask("alarm", kind="fire", hamlets=["all"], text="x" * 250))["ok"]:
        pass
    assert told["why"] == "Quá nhiều báo động cùng lúc, hãy tắt bớt / too many alarms at once; clear some"
    assert (told["ok"], told["target"]) == (False, None)
    assert len(service.core.incidents) == len(service.sounding())


def test_all_that_are_ended_at_once_fall_silent_and_by_mistake_each_is_a_false_alarm() -> None:
    service = Service()
    service.press()
    service.press("thon-2", 2)
    service.ask("acknowledge", target=alert_id(2))
    told = service.ask("acknowledge", target="all")
    assert (told["ok"], told["why"], told["target"]) == (True, "", "all")
    told = service.ask("close", target="all", outcome="báo nhầm", note="Trẻ nghịch")
    assert (told["ok"], told["why"], told["target"]) == (True, "", "all")
    assert {(row.state, row.note) for row in service.core.incidents.values()} == {("false_alarm", "Trẻ nghịch")}
    assert service.sounding() == []


def test_one_that_is_taken_is_named_whole_however_short_it_was_asked_for() -> None:
    service = Service()
    service.press()
    service.press("thon-2", 200)
    for verb, fields in (("acknowledge", {}), ("clear", {}), ("close", {"outcome": "cháy"})):
        told = service.ask(verb, target=alert_id(200)[-6:], **fields)
        assert (told["ok"], told["target"]) == (True, alert_id(200))


def test_where_the_officer_does_not_the_book_says_how_long_and_what_an_alarm_sounds() -> None:
    service = Service(book=codebook(alarm_s=90, by_kind={"default": "alarm", "fire": "cong-lac/alarm"}))
    service.ask("alarm", kind="fire", hamlets=["all"])
    assert (service.sounding()[0]["lease_s"], service.sounding()[0]["pattern"]) == (90, "cong-lac/alarm")
    service.wait(89_900)
    assert service.sounding()
    service.wait(200)
    assert service.sounding() == []


def test_what_joined_an_incident_is_taken_and_ended_by_either_id() -> None:
    service = Service()
    for number in range(NEW_PER_MINUTE + 1):
        service.press(number=number)
    older = alert_id(NEW_PER_MINUTE - 1)
    assert service.journal("insisted") == [older]
    for verb, fields in (("acknowledge", {}), ("clear", {}), ("close", {"outcome": "cháy"})):
        told = service.ask(verb, target=alert_id(NEW_PER_MINUTE), **fields)
        assert (told["ok"], told["why"], told["target"]) == (True, "", older)
