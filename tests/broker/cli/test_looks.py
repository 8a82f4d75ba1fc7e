"""Tables for people, JSON for programs."""

import json

import pytest
from fakes.waiting import eventually

from broker.cli.looks import _alarm, _node
from broker.cli.terminal import Terminal


def hear(commune, node, **changes):
    fields = {"node": node, "hamlet": node, "online": True, "clock": "synced", "speaker": "ok", "panel": "ok"}
    payload = json.dumps({**fields, "disk": "ok", **changes})
    assert commune.publish(f"keng/1/cong-lac/up/{node}/status", payload) == 0


def test_no_incidents_is_4_and_says_so(asked):
    said = asked("incidents")
    assert said.code == 4
    assert "Không có vụ nào" in said.out


def test_a_node_with_a_dead_speaker_stands_in_the_table_and_among_the_troubles(asked, commune):
    hear(commune, "thon-3", speaker="gone")
    said = asked("status")
    assert said.code == 0
    assert [line for line in said.out.splitlines() if "thon-3" in line and "gone" in line]
    assert "loa hỏng" in said.out
    english = asked("status", "--lang", "en").out
    assert "speaker" in english and "loa" not in english.replace("Loa của hộp kẻng", "")


def test_an_incident_is_a_row_with_its_words_and_the_end_of_its_id(asked):
    id_ = asked("alarm", "--hamlet", "thon-2", "--kind", "theft", "--drill", "--json").json["target"]
    [row] = [line for line in asked("incidents", "--open").out.splitlines() if id_[-8:] in line]
    assert "trộm cướp" in row and "diễn tập" in row and "chưa ai nhận" in row


def test_more_incidents_than_a_message_holds_come_all(asked):
    ids = set()
    for _ in range(12):
        ids.add(asked("alarm", "--all", "--kind", "fire", "--text", "ế" * 250, "--json").json["target"])
        asked("clear", "--all")
    told = asked("incidents", "--json").json["incidents"]
    assert ids <= {row["id"] for row in told}
    assert len(json.dumps(told, ensure_ascii=False).encode()) > 8 * 1024


@pytest.mark.parametrize(("online", "vi", "en"), [(True, "có", "online"), (False, "MẤT", "OFFLINE")])
def test_a_node_is_there_or_lost(online, vi, en):
    row = {"node": "thon-1", "online": online}
    assert vi in _node(row, Terminal("vi")) and en in _node(row, Terminal("en"))


def test_a_node_that_a_new_service_has_not_heard_yet_is_not_called_lost():
    assert "chưa rõ" in _node({"node": "thon-1", "online": None}, Terminal("vi"))
    assert "not known yet" in _node({"node": "thon-1"}, Terminal("en"))


def test_a_silent_alarm_is_marked_and_stands_at_the_posts():
    row = {"id": "x", "kind": "fire", "silent": True, "hamlets": ["thon-5"]}
    assert _alarm(row, Terminal("vi"))[2:4] == ["cháy, báo ngầm", "trụ sở: thon-5"]
    assert _alarm({**row, "hamlets": []}, Terminal("vi"))[3].startswith("không nơi nào")
    assert _alarm({**row, "silent": False}, Terminal("vi"))[2:4] == ["cháy", "thon-5"]


def test_whether_the_broker_delivers_and_how_fast_is_told_in_both_tongues_and_to_programs(asked):
    eventually(lambda: asked("status", "--json").json["broker"]["round_trip_ms"] is not None)
    told = asked("status", "--json").json["broker"]
    assert told["round_trip_ms"] < 2_000
    assert (told["misses"], told["restarts"]) == (0, 0)
    assert "MQTT: chuyển tin tốt, đi về" in asked("status").out
    assert "MQTT: delivers, round trip" in asked("status", "--lang", "en").out


def test_who_sounded_the_last_chime_is_told_in_both_tongues_and_to_programs(asked, commune):
    id_ = asked("chime", "curfew", "--json").json["target"]
    proof = {"id": id_, "pattern": "curfew", "started_at": None, "late_ms": 0, "duration_ms": 1, "strokes": 1}
    assert commune.publish("keng/1/cong-lac/up/thon-2/sounded", json.dumps({**proof, "ended": "finished"})) == 0

    def states():
        rows = asked("status", "--json").json["last_chime"]
        return {row["hamlet"]: row["state"] for row in rows if row["id"] == id_}

    others = {"thon-1": "awaited", "thon-3": "awaited", "thon-4": "awaited", "thon-5": "awaited"}
    eventually(lambda: states() == {"thon-2": "sounded", **others})
    said = asked("status").out.replace("\n", " ")
    assert f"Hiệu lệnh gần nhất {id_} (" in said
    assert "có kêu: thon-2; đang chờ: thon-1, thon-3, thon-4, thon-5." in said
    assert "sounded: thon-2; awaited: thon-1, thon-3" in asked("status", "--lang", "en").out


def test_a_hamlet_whose_new_gong_has_raised_its_voice_is_named(asked, commune):
    assert "đã lên tiếng" not in asked("status").out
    proof = {"id": "first/x", "pattern": "test", "started_at": None, "late_ms": 0, "duration_ms": 900, "strokes": 1}
    said = json.dumps({**proof, "ended": "finished", "first": True})
    assert commune.publish("keng/1/cong-lac/up/thon-3/sounded", said) == 0
    eventually(lambda: "Mới lắp: thon-3 đã lên tiếng (hộp thon-3," in asked("status").out.replace("\n", " "))
    assert "New: thon-3 has sounded (thon-3," in asked("status", "--lang", "en").out.replace("\n", " ")


def test_an_officers_alarm_stands_in_the_tables_with_its_place_and_its_text(asked):
    id_ = asked("alarm", "--hamlet", "thon-2", "--hamlet", "thon-4", "--kind", "fire", "--text", "Cháy chợ", "--json")
    end = id_.json["target"][-8:]
    for said in (asked("incidents", "--open"), asked("status")):
        [row] = [line for line in said.out.splitlines() if end in line]
        assert "thon-2, thon-4" in row and "Cháy chợ" in row


def test_incidents_before_one_and_all_of_them(asked):
    ids = [asked("alarm", "--all", "--kind", "test", "--json").json["target"] for _ in range(3)]
    assert asked("incidents", "--before", ids[2][-8:], "--json").json["incidents"][0]["id"] == ids[1]
    assert {row["id"] for row in asked("incidents", "--all", "--json").json["incidents"]} >= set(ids)
