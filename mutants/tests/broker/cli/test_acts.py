"""What an officer's commands do to a real service, and what they say when it cannot be done."""

import pytest
from fakes.mosquitto import Mosquitto

from broker.core.outcome import OUTCOMES


@pytest.fixture(autouse=True)
def nothing_open(asked):
    yield
    asked("close", "all", "--outcome", "báo nhầm")


def open_one(asked, *more):
    said = asked("alarm", "--all", "--kind", "fire", "--json", *more)
    assert said.code == 0
    return said.json["target"]


def states(asked):
    return {row["id"]: row for row in asked("incidents", "--json").json["incidents"]}


def test_an_alarm_opens_an_incident_that_sounds_until_it_is_cleared(asked):
    id_ = open_one(asked, "--text", "Cháy chợ")
    [alarm] = asked("status", "--json").json["alarms"]
    assert (alarm["id"], alarm["kind"], alarm["hamlets"], alarm["text"]) == (id_, "fire", ["all"], "Cháy chợ")
    assert asked("clear", id_[-8:]).code == 0
    assert asked("status", "--json").json["alarms"] == []
    assert states(asked)[id_]["state"] == "open"


def test_clearing_what_is_closed_or_silent_does_not_say_that_it_is_open(asked):
    id_ = open_one(asked)
    assert "vẫn mở" in asked("clear", id_[-8:]).out
    asked("close", id_, "--outcome", OUTCOMES[0])
    for target in (id_, "--all"):
        said = asked("clear", target)
        assert said.code == 0
        assert "Không có gì đang kêu" in said.out
        assert "vẫn mở" not in said.out


def test_all_of_them_are_named_as_a_person_would(asked):
    open_one(asked)
    assert "Đã tắt tất cả kẻng" in asked("clear", "--all").out
    assert "Đã nhận tất cả các vụ." in asked("acknowledge", "all").out
    assert "Đã đóng tất cả các vụ: báo nhầm." in asked("close", "all", "--outcome", "bao nham").out


def test_an_incident_is_taken_then_closed_with_an_outcome_typed_without_diacritics(asked):
    id_ = open_one(asked)
    assert asked("acknowledge", id_[-8:]).code == 0
    assert states(asked)[id_]["state"] == "acknowledged"
    assert asked("close", id_[:30], "--outcome", "chay", "--note", "Đã dập").code == 0
    row = states(asked)[id_]
    assert (row["state"], row["outcome"], row["note"]) == ("closed", "cháy", "Đã dập")


def test_what_the_commune_refuses_is_a_sentence_in_both_tongues_and_1(asked):
    said = asked("alarm", "--hamlet", "thon-9", "--kind", "fire")
    assert said.code == 1
    assert "Không có thôn thon-9" in said.err
    assert "no such hamlet" in said.err
    assert said.out == ""


def test_a_refusal_is_json_for_a_program(asked):
    said = asked("alarm", "--hamlet", "thon-9", "--kind", "fire", "--json")
    assert (said.code, said.json["ok"], said.json["exit"]) == (1, False, 1)


def test_english_alone_where_it_is_asked_for(asked):
    said = asked("--lang", "en", "alarm", "--hamlet", "thon-9", "--kind", "fire")
    assert "Không" not in said.err
    assert "hamlet" in said.err


def test_taking_what_is_closed_is_refused(asked):
    id_ = open_one(asked)
    asked("close", id_, "--outcome", OUTCOMES[0])
    assert asked("acknowledge", id_).code == 1


def test_an_id_that_is_nobodys_is_4(asked):
    assert asked("acknowledge", "ffffffff").code == 4
    assert asked("acknowledge", "ff").code == 4


def test_an_id_that_fits_two_is_never_guessed(asked):
    first, second = open_one(asked), open_one(asked)
    assert first[:6] == second[:6]
    said = asked("acknowledge", first[:6])
    assert said.code == 4
    assert first in said.err and second in said.err
    assert {row["state"] for row in states(asked).values() if row["id"] in (first, second)} == {"open"}


def test_an_outcome_that_no_report_counts_is_2_and_says_which_are(asked):
    id_ = open_one(asked)
    said = asked("close", id_, "--outcome", "xong rồi")
    assert said.code == 2
    assert all(outcome in said.err for outcome in OUTCOMES)


@pytest.mark.parametrize(
    "arguments",
    [
        ("alarm", "--all", "--kind", "fire", "--lease", "601"),
        ("alarm", "--hamlet", "Thôn 1", "--kind", "fire"),
        ("alarm", "--all", "--kind", "fire", "--pattern", "Báo động"),
        ("alarm", "--all", "--kind", "fire", "--text", "x" * 301),
        ("alarm", "--kind", "fire"),
        ("alarm", "--all", "--hamlet", "thon-1", "--kind", "fire"),
        ("alarm", "--all", "--kind", "flood"),
        ("alarm", "--all", "--kind", "fire", "--user", "Ông Ba"),
    ],
)
def test_a_command_that_makes_no_sense_is_2_and_asks_nothing(asked, arguments):
    before = states(asked)
    said = asked(*arguments)
    assert said.code == 2
    assert len(said.err.strip().splitlines()) == 2
    assert states(asked) == before


def test_a_chime_is_ordered_and_an_alarms_pattern_is_no_chime(asked):
    assert asked("chime", "curfew").code == 0
    assert asked("chime", "alarm").code == 1


def test_nobody_behind_the_broker_is_3_and_says_where_it_asked(keng, start_mosquitto):
    lonely: Mosquitto = start_mosquitto()
    said = keng("clear", "--all", "--port", lonely.port, "--commune", "cong-lac")
    assert said.code == 3
    assert f"127.0.0.1:{lonely.port}" in said.err
    assert "keng run" in said.err


def test_no_broker_is_3_and_says_where_it_knocked(keng, start_mosquitto):
    gone: Mosquitto = start_mosquitto()
    gone.kill()
    said = keng("status", "--port", gone.port, "--commune", "cong-lac")
    assert said.code == 3
    assert f"127.0.0.1:{gone.port}" in said.err
    assert "systemctl status mosquitto" in said.err
    assert "Traceback" not in said.err


def test_more_hamlets_sound_and_a_remark_is_written_down(asked):
    id_ = asked("alarm", "--hamlet", "thon-1", "--kind", "fire", "--json").json["target"]
    said = asked("widen", id_[-8:], "--hamlet", "thon-2", "--hamlet", "thon-3")
    assert (said.code, said.out.strip()) == (0, f"Kẻng vụ {id_[-8:]} kêu thêm ở: thon-2, thon-3.")
    assert asked("status", "--json").json["alarms"][0]["hamlets"] == ["thon-1", "thon-2", "thon-3"]
    assert "Ở đó đang kêu rồi" in asked("widen", id_, "--hamlet", "thon-2").out
    asked("close", id_, "--outcome", OUTCOMES[0])
    assert asked("widen", id_, "--all").code == 1
    said = asked("--lang", "en", "comment", id_, "Đã dập lúc 3 giờ")
    assert (said.code, said.out.strip()) == (0, f"Written down: {id_[-8:]}.")
    assert asked("comment", id_, "  ").code == 2
