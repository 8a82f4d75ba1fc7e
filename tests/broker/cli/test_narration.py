"""What `watch` says: once, in words; what it cannot read, by the reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.cli.narration import Narrator, as_plain
from broker.cli.terminal import write_json
from broker.core.reasons import SHORT
from wire.envelope import Arrived

pytestmark = pytest.mark.pure

ROOT = "keng/1/cong-lac"
NOW = "2026-11-21T15:00:00.000Z"
ALARM = {"id": "0193a1de-0000-7000-8000-0000deadbeef", "kind": "fire", "pattern": "alarm", "drill": False,
         "hamlets": ["thon-1"], "since": NOW, "lease_s": 60}  # fmt: skip


def arrived(topic, fields):
    return Arrived(
        topic=f"{ROOT}/{topic}", payload=fields if isinstance(fields, bytes) else json.dumps(fields).encode()
    )


def alarms(counter, *alarms):
    return arrived("all/alarms", {"issued_at": NOW, "counter": counter, "alarms": alarms})


def status(**changes):
    fields = {"node": "thon-1", "online": True, "clock": "synced", "speaker": "ok", "panel": "ok", "disk": "ok"}
    return arrived("up/thon-1/status", {**fields, **changes})


def test_the_set_is_told_when_it_changes_and_not_when_it_is_said_again():
    narrator = Narrator("cong-lac", "vi")
    assert narrator.line(alarms(1)) is None
    assert narrator.line(alarms(2, ALARM)) == "xã: ĐÁNH KẺNG cháy @ thon-1 [alarm] deadbeef"
    assert narrator.line(alarms(3, {**ALARM, "lease_s": 50})) is None
    assert narrator.line(alarms(4)) == "xã: TẤT CẢ IM, hết báo động"


def test_a_status_tells_what_has_changed_and_nothing_else():
    narrator = Narrator("cong-lac", "en")
    assert narrator.line(status()) == "thon-1: clock synced"
    assert narrator.line(status(clock_error_ms=7, temperature_c=40.5)) is None
    assert narrator.line(status(speaker="gone")) == "thon-1: speaker gone"
    assert narrator.line(status(speaker="gone", refused={"json": 2})) == "thon-1: refused: json 2"
    assert narrator.line(status(refused={"json": 2})) == "thon-1: speaker ok"
    assert narrator.line(arrived("up/thon-1/status", {"node": "thon-1", "online": False})) == "thon-1: OFFLINE"
    assert narrator.line(arrived("up/thon-1/status", {"node": "thon-1", "online": False})) is None


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("all/alarms", b"{", "json"),
        ("all/alarms", b"{}", "field"),
        ("all/alarms", b"x" * 9000, "oversized"),
        ("up/thon-1/alert", b"\xff", "encoding"),
        ("up/thon-1/gossip", b"{}", "topic"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_reason(topic, payload, reason):
    assert f"({reason})" in (Narrator("cong-lac", "en").line(arrived(topic, payload)) or "")
    assert f"({SHORT[reason]})" in (Narrator("cong-lac", "vi").line(arrived(topic, payload)) or "")


TOPICS = st.sampled_from(
    [f"up/n1/{word}" for word in ("hello", "alert", "silent", "sounded", "status")]
    + [f"down/n1/{word}" for word in ("welcome", "answer", "alarms")]
    + [f"all/{word}" for word in ("alarms", "chime", "codebook", "mute", "unmute")]
    + [f"ask/u1/{word}" for word in ("alarm", "widen", "clear", "comment", "close", "chime", "status", "codebook")]
    + ["told/u1", "elsewhere", "up//status"]
)
FIELDS = st.dictionaries(
    st.sampled_from(["node", "id", "online", "kind", "alarms", "counter", "issued_at", "target", "cancelled", "ok"]),
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=50), st.lists(st.integers(), max_size=3)),
)


@given(topic=TOPICS, payload=st.one_of(st.binary(max_size=200), FIELDS.map(lambda fields: json.dumps(fields).encode())))
def test_no_bytes_make_the_narrator_raise(topic, payload):
    one = arrived(topic, payload)
    Narrator("cong-lac", "vi").line(one)
    json.dumps(as_plain(one, 0))


@pytest.mark.parametrize(
    "payload",
    [b'{"x":"\\ud800"}', b'{"\\udfff":1}', b"[NaN,Infinity,1e999]", b"[" + b"9" * 4_000 + b"]", b"\xff"]
    + [b"[" * deep + b"]" * deep for deep in (17, 500, 900, 950, 970, 980, 985, 990, 995, 1_000, 4_000)],
)
def test_nothing_that_a_stranger_says_ends_a_program_s_watch(payload, capsys):
    write_json(as_plain(arrived("up/thon-1/alert", payload), 0))
    line = json.loads(capsys.readouterr().out)
    assert line["topic"] == f"{ROOT}/up/thon-1/alert"


def test_a_silent_alert_that_officers_are_told_of_is_said_once():
    narrator = Narrator("cong-lac", "vi")
    what = {
        "id": "0193a1de-0000-7000-8000-000000000001",
        "node": "thon-1",
        "hamlet": "thon-1",
        "kind": "theft",
        "drill": False,
        "cancelled": False,
    }
    told = {"id": "", "ok": True, "why": "x / y"}
    notice = {**told, "result": {"silent": what}}
    assert narrator.line(arrived("told/duty", notice)) == "thon-1: BÁO NGẦM: trộm cướp, thon-1, 00000001"
    assert narrator.line(arrived("told/second", notice)) is None
    taken_back = {**told, "result": {"silent": {**what, "cancelled": True}}}
    assert narrator.line(arrived("told/duty", taken_back)) == "thon-1: RÚT LẠI báo ngầm 00000001"


def test_who_widens_and_who_comments_is_told_but_not_what_was_written():
    narrator = Narrator("cong-lac", "vi")
    widen = {"id": "a", "target": "x-deadbeef", "hamlets": ["thon-2", "thon-3"]}
    assert narrator.line(arrived("ask/duty/widen", widen)) == "→ duty xin đánh thêm: x-deadbeef @ thon-2, thon-3"
    comment = {"id": "b", "target": "x-deadbeef", "note": "Nhà bà Tư"}
    assert narrator.line(arrived("ask/duty/comment", comment)) == "→ duty ghi thêm vào x-deadbeef"


def test_who_mutes_what_until_when_is_told():
    narrator = Narrator("cong-lac", "vi")
    mute = {"id": "a", "node": "thon-3", "until": "2026-11-30T01:00:00.000Z", "why": "Chờ loa mới"}
    assert narrator.line(arrived("ask/duty/mute", mute)) == "→ duty tắt nhắc thon-3 đến 30/11 08:00:00"
    assert narrator.line(arrived("ask/duty/unmute", {"id": "b", "node": "thon-3"})) == "→ duty nhắc lại thon-3"


@pytest.mark.parametrize(
    ("heard", "vi", "en"),
    [
        ({}, "", ""),
        ({"strokes_heard": 25, "level_db": -20.5}, ", micrô nghe 25", ", 25 heard"),
        ({"first": True}, " – ĐÃ LÊN TIẾNG lần đầu", " – the first sounding of this box"),
        ({"first": True, "strokes_heard": 0}, ", micrô nghe 0", ", 0 heard"),
    ],
)
def test_a_proof_tells_what_the_microphone_heard_where_there_is_one(heard, vi, en):
    fields = {"id": "curfew/2026-11-21", "pattern": "curfew", "started_at": NOW, "late_ms": 0, "duration_ms": 12_000}
    proof = arrived("up/thon-1/sounded", {**fields, "strokes": 26, "ended": "finished", **heard})
    assert Narrator("cong-lac", "vi").line(proof) == f"thon-1: đã đánh curfew, 26 tiếng trong 12,0 giây: đánh xong{vi}"
    assert Narrator("cong-lac", "en").line(proof) == f"thon-1: sounded curfew, 26 strokes in 12.0 s: finished{en}"


def test_a_microphone_is_news_only_where_there_is_one():
    narrator = Narrator("cong-lac", "vi")
    assert narrator.line(status()) == "thon-1: đồng hồ đúng"
    assert narrator.line(status(microphone="unheard")) == "thon-1: micrô unheard"
    assert narrator.line(status(microphone="ok")) == "thon-1: micrô ok"
