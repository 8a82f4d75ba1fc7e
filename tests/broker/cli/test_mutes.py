"""`keng mute`, `keng unmute`, and what `keng status` says of it."""

import pytest
from fakes.waiting import eventually

from broker.cli.words import local_time
from wire.words import Instant

WHY = "Chờ loa mới"


@pytest.fixture(autouse=True)
def nothing_muted(asked):
    yield
    asked("unmute", "thon-3")


def test_what_is_muted_is_shown_with_its_reason_and_its_end(asked):
    said = asked("mute", "thon-3", "--kind", "speaker", "--for", "3d", "--why", WHY)
    assert said.code == 0
    assert said.out.startswith("Tắt nhắc lỗi “loa hỏng” của thon-3 đến ")
    [row] = asked("status", "--json").json["mutes"]
    assert (row["node"], row["kind"], row["why"]) == ("thon-3", "speaker", WHY)
    assert 2.99 < (Instant.parse(row["until"]).ms - Instant.parse(row["since"]).ms) / 86_400_000 <= 3
    shown = asked("status").out
    assert "Đang tắt nhắc" in shown and WHY in shown and local_time(Instant.parse(row["until"]).ms) in shown
    assert "Muted" in asked("--lang", "en", "status").out


def test_a_muted_trouble_still_stands_among_the_troubles_and_says_so(asked, commune):
    fields = (
        '{"node":"thon-3","hamlet":"thon-3","online":true,"clock":"synced","panel":"ok","disk":"ok","speaker":"gone"}'
    )
    assert commune.publish("keng/1/cong-lac/up/thon-3/status", fields) == 0
    eventually(lambda: "loa hỏng" in asked("status").out)
    asked("mute", "thon-3", "--for", "8h", "--why", WHY)
    assert "đã tắt nhắc" in asked("status").out
    assert "muted" in asked("--lang", "en", "status").out
    assert [row["muted"] for row in asked("status", "--json").json["troubles"] if row["about"] == "thon-3"] == [True]


def test_until_is_said_as_vietnams_clocks_show_it(asked):
    ahead = Instant.parse(asked("status", "--json").json["at"]).ms + 86_400_000
    day = str(Instant(ahead + 7 * 3_600_000))[:10]
    told = asked("mute", "thon-3", "--until", f"{day} 08:00", "--why", WHY, "--json")
    assert (told.code, told.json["until"]) == (0, f"{day}T01:00:00.000Z")


def test_it_is_ended_by_hand_once(asked):
    asked("mute", "thon-3", "--for", "30m", "--why", WHY)
    said = asked("unmute", "thon-3")
    assert (said.code, said.out.strip()) == (0, "Nhắc trở lại mọi lỗi của thon-3.")
    assert asked("status", "--json").json["mutes"] == []
    assert asked("unmute", "thon-3").code == 1


@pytest.mark.parametrize(
    "more",
    [
        ("thon-3", "--for", "31d", "--why", WHY),
        ("thon-3", "--for", "soon", "--why", WHY),
        ("thon-3", "--for", "0m", "--why", WHY),
        ("thon-3", "--until", "mai", "--why", WHY),
        ("thon-3", "--for", "3d", "--why", " "),
        ("thon-3", "--for", "3d"),
        ("thon-3", "--why", WHY),
        ("Thôn 3", "--for", "3d", "--why", WHY),
        ("thon-3", "--for", "3d", "--why", WHY, "--kind", "broker"),
    ],
)
def test_what_is_typed_wrong_is_2_and_says_how(asked, more):
    said = asked("mute", *more)
    assert said.code == 2
    assert not said.err.isascii()
