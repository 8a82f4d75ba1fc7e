"""Tables for people, JSON for programs."""

import json

import pytest

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
    assert "speaker" in english and "loa" not in english.replace("Loa của nút", "")


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
