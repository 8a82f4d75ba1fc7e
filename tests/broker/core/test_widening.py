"""More hamlets sound for an incident; remarks about one."""

from typing import Any

import pytest
from fakes.service import Service, alert_id, codebook

from broker.core.records import Alarm

pytestmark = pytest.mark.pure


def with_a_post() -> dict[str, Any]:
    fields = codebook()
    return {**fields, "nodes": {**fields["nodes"], "thon-5": {"hamlet": "thon-5", "post": True}}}


def entry(service: Service, what: str) -> Any:
    return [one for one in service.shelf.journal if one.what == what][-1]


def test_what_sounds_goes_on_and_sounds_there_too_for_a_whole_life() -> None:
    service = Service(book=codebook(alarm_s=120))
    service.press("thon-1")
    first = service.sounding()[0]
    service.wait(20_000)
    assert service.ask("widen", target=alert_id(1)[-8:], hamlets=["thon-4", "thon-5"])["ok"]
    (one,) = service.sounding()
    assert one["hamlets"] == [*first["hamlets"], "thon-4", "thon-5"]
    assert (one["id"], one["pattern"], one["since"], one["lease_s"]) == (
        alert_id(1),
        first["pattern"],
        first["since"],
        120,
    )
    assert service.core.incidents[alert_id(1)].state == "open"


def test_the_journal_says_who_had_what_sound_where() -> None:
    service = Service()
    service.press("thon-1")
    service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    said = entry(service, "widened")
    assert (said.subject, said.by, said.at_ms) == (alert_id(1), "duty", service.wall_ms)
    assert said.body == {"hamlets": ["thon-4"], "again": False, "loud": False}
    assert "thon-4" in said.alarm.hamlets
    assert said.incident.hamlets == ("thon-4",)
    service.ask("widen", target=alert_id(1), hamlets=["all"])
    assert service.core.incidents[alert_id(1)].hamlets == ("all",)
    assert service.journal("sounding") == []


@pytest.mark.parametrize("taken", [False, True])
@pytest.mark.parametrize("ended", ["cleared", "over"])
def test_what_was_silenced_starts_again_only_where_it_is_asked_for_now(taken: bool, ended: str) -> None:
    service = Service()
    service.press("thon-1")
    if taken:
        service.ask("acknowledge", target="all")
    if ended == "cleared":
        service.ask("clear", target="all")
    service.wait(0 if ended == "cleared" else 400_000)
    assert service.sounding() == []
    service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    (one,) = service.sounding()
    assert (one["id"], one["hamlets"], one["by"]) == (alert_id(1), ["thon-4"], "duty")
    assert entry(service, "widened").body["again"]
    stated = [said.fields for said in service.said if said.topic == "all/alarms"][-1]
    assert alert_id(1) not in stated["over"]


def test_what_started_again_goes_on_over_a_restart_and_is_silenced_like_any_other() -> None:
    service = Service()
    service.press("thon-1")
    service.ask("clear", target="all")
    service.wait(10_000)
    service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    service.start()
    assert [one["hamlets"] for one in service.sounding()] == [["thon-4"]]
    service.ask("clear", target=alert_id(1))
    assert service.sounding() == []
    service.start()
    assert service.sounding() == []


def test_what_an_officer_started_again_does_not_escalate_over_a_restart() -> None:
    service = Service()
    service.press("thon-2")
    service.ask("clear", target="all")
    service.wait(70_000)
    service.ask("widen", target=alert_id(1), hamlets=["thon-5"])
    service.start()
    service.wait(30_000)
    assert [one["hamlets"] for one in service.sounding()] == [["thon-5"]]


def test_a_drill_stays_a_drill() -> None:
    service = Service()
    service.press("thon-1", drill=True)
    service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    assert service.sounding()[0]["drill"]
    service.ask("clear", target="all")
    service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    (one,) = service.sounding()
    assert (one["drill"], one["pattern"]) == (True, "drill")


def test_an_officers_alarm_is_widened_with_its_pattern_and_text() -> None:
    service = Service()
    ask = {"kind": "fire", "hamlets": ["thon-1"], "pattern": "cong-lac/alarm", "text": "Cháy chợ", "lease_s": 60}
    id_ = service.ask("alarm", **ask)["target"]
    service.wait(30_000)
    service.ask("widen", target=id_, hamlets=["thon-2"])
    (one,) = service.sounding()
    assert (one["hamlets"], one["pattern"], one["text"], one["lease_s"]) == (
        ["thon-1", "thon-2"], "cong-lac/alarm", "Cháy chợ", 60,
    )  # fmt: skip
    assert service.core.incidents[id_].hamlets == ("thon-1", "thon-2")


def test_what_starts_again_is_the_incident_as_it_was_and_loud_and_written_down_whole() -> None:
    by_kind = {"default": "alarm", "disaster": "cong-lac/alarm"}
    service = Service(book=codebook(alarm_s=120, by_kind=by_kind))
    id_ = service.ask("alarm", kind="disaster", hamlets=["thon-1"], text="Vỡ đê", lease_s=60)["target"]
    service.ask("clear", target="all")
    service.ask("widen", target=id_, hamlets=["thon-2"])
    assert entry(service, "widened").alarm == Alarm(
        id=id_,
        kind="disaster",
        pattern="cong-lac/alarm",
        drill=False,
        silent=False,
        hamlets=("thon-2",),
        since_ms=service.wall_ms,
        life_s=120,
        by="duty",
        text="Vỡ đê",
    )


def test_what_goes_on_is_written_down_with_its_longer_life() -> None:
    service = Service(book=codebook(alarm_s=120))
    service.press("thon-1")
    service.wait(20_000)
    service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    assert entry(service, "widened").alarm.life_s == 141  # its age in whole seconds, rounded up


@pytest.mark.parametrize("sounds", [True, False])
def test_a_silent_alert_is_never_turned_loud_unless_that_is_said(sounds: bool) -> None:
    service = Service(book=with_a_post())
    service.press("thon-1", silent=True)
    service.wait(0 if sounds else 400_000)
    told = service.ask("widen", target=alert_id(1), hamlets=["all"])
    assert (told["ok"], told["target"]) == (False, alert_id(1))
    assert told["why"] == (
        "Đây là báo ngầm, chỉ kêu ở trụ sở; nếu thật sự muốn đánh kẻng thì phải ghi rõ là kêu thành tiếng (loud)"
        " / a silent alert sounds at the post alone; say loud to sound it"
    )
    assert service.sounding() == []
    assert bool(service.sounding("down/thon-5/alarms")) is sounds
    assert service.journal("widened") == []


def test_a_silent_alert_that_an_officer_says_loud_sounds_where_he_says() -> None:
    service = Service(book=with_a_post())
    service.press("thon-1", silent=True)
    assert service.ask("widen", target=alert_id(1), hamlets=["thon-2"], loud=True)["ok"]
    (one,) = service.sounding()
    assert (one["id"], one["hamlets"], one["by"]) == (alert_id(1), ["thon-2"], "duty")
    assert [other["hamlets"] for other in service.sounding("down/thon-5/alarms")] == [["thon-2"]]
    assert entry(service, "widened").body == {"hamlets": ["thon-2"], "again": False, "loud": True}
    row = service.core.incidents[alert_id(1)]
    assert (row.silent, row.state) == (True, "open")
    assert service.ask("incidents", "tv")["result"]["incidents"] == []


@pytest.mark.parametrize("outcome", ["cháy", "báo nhầm"])
def test_what_is_over_sounds_no_more(outcome: str) -> None:
    service = Service()
    service.press("thon-1")
    service.ask("close", target=alert_id(1), outcome=outcome)
    told = service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    assert not told["ok"]
    assert told["why"].startswith("Vụ này đã được duty đóng")
    assert service.sounding() == []


def test_what_its_presser_took_back_is_not_promised_to_sound_again() -> None:
    service = Service()
    service.press("thon-1")
    service.ask("acknowledge", target="all")
    service.cancel("thon-1")
    told = service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    assert (told["ok"], told["target"]) == (False, alert_id(1))
    assert told["why"] == (
        "Người bấm đã rút lại, kẻng sẽ không đánh lại vụ này; hãy báo động mới: keng alarm"
        " / it was taken back, and gongs sound it no more; use keng alarm"
    )


def test_an_unknown_hamlet_is_refused_by_name_and_all_incidents_at_once_are_none() -> None:
    service = Service()
    service.press("thon-1")
    assert "thon-9" in service.ask("widen", target=alert_id(1), hamlets=["thon-4", "thon-9"])["why"]
    assert not service.ask("widen", target="all", hamlets=["thon-4"])["ok"]
    assert "thon-4" not in service.sounding()[0]["hamlets"]


def test_who_widens_to_where_it_sounds_already_is_told_so() -> None:
    service = Service()
    service.press("thon-1")
    service.wait(5_000)
    told = service.ask("widen", target=alert_id(1), hamlets=["thon-1"])
    assert (told["ok"], told["target"]) == (True, alert_id(1))
    assert told["why"] == "Ở đó đang kêu rồi, nay kêu thêm một lượt / it sounds there already, and now for longer"
    told = service.ask("widen", target=alert_id(1), hamlets=["thon-4"])
    assert (told["ok"], told["why"], told["target"]) == (True, "", alert_id(1))


def test_a_set_that_is_full_takes_no_more_hamlets_but_those_that_fit() -> None:
    names = [f"thon-cua-xa-cong-lac-so-{number:03d}" for number in range(190)]
    hamlets = {name: {"name": name} for name in ["thon-1", *names]}
    service = Service(book=codebook(hamlets=hamlets, nodes={"thon-1": {"hamlet": "thon-1"}}, relays={}, chimes=[]))
    service.press("thon-1")
    assert service.ask("widen", target=alert_id(1), hamlets=names[:150])["ok"]
    assert service.ask("widen", target=alert_id(1), hamlets=names[:150])["ok"]
    service.press("thon-1", 2)
    told = service.ask("widen", target=alert_id(2), hamlets=names)
    why = "Quá nhiều báo động cùng lúc, hãy tắt bớt / too many alarms at once; clear some"
    assert (told["ok"], told["why"]) == (False, why)
    assert [len(one["hamlets"]) for one in service.sounding()] == [151, 1]
    parts = [names[at : at + 10] for at in range(0, len(names), 10)]
    taken = [service.ask("widen", target=alert_id(2), hamlets=part)["ok"] for part in parts]
    assert taken == sorted(taken, reverse=True)
    assert not taken[-1]


@pytest.mark.parametrize("verb", ["widen", "comment"])
def test_a_watcher_may_not(verb: str) -> None:
    service = Service()
    service.press("thon-1")
    told = service.ask(verb, "tv", target=alert_id(1), hamlets=["thon-4"], note="x")
    assert told["why"].startswith("Tài khoản này không được ra lệnh đó")


@pytest.mark.parametrize("closed", [False, True])
def test_a_remark_is_in_the_journal_and_changes_nothing(closed: bool) -> None:
    service = Service()
    service.press("thon-1")
    if closed:
        service.ask("close", target=alert_id(1), outcome="cháy")
    before = service.core.incidents[alert_id(1)]
    told = service.ask("comment", target=alert_id(1)[:30], note="Đã gọi xe cứu hỏa\nlúc 12:05")
    assert (told["ok"], told["why"], told["target"]) == (True, "", alert_id(1))
    said = entry(service, "commented")
    assert (said.subject, said.by, said.at_ms) == (alert_id(1), "duty", service.wall_ms)
    assert said.body == {"note": "Đã gọi xe cứu hỏa\nlúc 12:05"}
    assert service.core.incidents[alert_id(1)] == before


@pytest.mark.parametrize("note", ["", "\x1b[2J", "x" * 2_001])
def test_a_remark_says_something_that_can_be_shown(note: str) -> None:
    service = Service()
    service.press("thon-1")
    assert "ghi chú (note)" in service.ask("comment", target=alert_id(1), note=note)["why"]


def test_a_remark_on_nothing_is_refused() -> None:
    told = Service().ask("comment", target="0193ffff", note="x")
    assert told["why"].startswith("Không có sự vụ 0193ffff")
