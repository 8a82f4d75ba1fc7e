"""What the doctor found, for a person and for a program; and when it holds its tongue."""

import json
from io import StringIO
from pathlib import Path

import pytest

from node.calling import clock, no_call
from node.finding import Finding
from node.saying import codes_of, night, say, show, show_json
from node.settings import BrokerSettings, PanelSettings, Settings, SpeakerSettings
from wire.blinks import BLINKS, BUTTONS, CLOCK, DISK, NETWORK

pytestmark = pytest.mark.pure
FOUND = [
    Finding("ok", "tốt", "well", DISK),
    Finding("warn", "chưa có mạng", "no network", NETWORK),
    Finding("warn", "vẫn chưa có mạng", "still no network", NETWORK),
    Finding("warn", "khác", "other"),
]
NOON_MS, NIGHT_MS = (
    1_795_600_000_000 - 1_795_600_000_000 % 86_400_000 + 5 * 3_600_000,
    1_795_600_000_000 // 86_400_000 * 86_400_000 + 15 * 3_600_000,
)


def settings() -> Settings:
    speaker = SpeakerSettings("wav", wav=Path("/nonexistent/gong.wav"))
    return Settings("n", "h", "c", BrokerSettings("x", 1, None, None), PanelSettings("mock"), speaker)


def test_each_number_is_told_once_as_it_blinks_and_what_is_well_blinks_nothing() -> None:
    out = StringIO()
    assert show(FOUND, "vi", out) == 0
    assert codes_of(FOUND) == (NETWORK,)
    assert "Đèn đường truyền chớp 2 (• •): Hộp kẻng chưa có mạng." in out.getvalue()
    assert out.getvalue().count("chớp") == 1
    english = StringIO()
    assert show([*FOUND, Finding("fail", "hỏng", "broken", CLOCK)], "en", english) == 1
    assert "counts 3 (• • •)" in english.getvalue() and "chớp" not in english.getvalue()


def test_a_program_reads_one_line() -> None:
    out = StringIO()
    assert show_json([*FOUND, Finding("fail", "hỏng", "broken", CLOCK)], out) == 1
    said = json.loads(out.getvalue())
    assert out.getvalue().count("\n") == 1
    assert (said["ok"], said["codes"], len(said["findings"])) == (False, [2, 3], 5)
    assert said["findings"][1] == {"state": "warn", "code": 2, "vi": "chưa có mạng", "en": "no network"}
    assert said["findings"][3]["code"] is None


def test_nothing_is_said_aloud_over_a_running_node_or_at_night() -> None:
    assert "đang chạy" in say(settings(), FOUND, NOON_MS, None, running=True).vi
    assert "không nói" in say(settings(), FOUND, NIGHT_MS, None, running=False).vi
    hours = [hour for hour in range(24) if night(NOON_MS + (hour - 12) * 3_600_000, "Asia/Ho_Chi_Minh")]
    assert hours == [0, 1, 2, 3, 4, 5, 21, 22, 23]
    assert night(NOON_MS, "America/New_York")


def test_a_box_that_runs_here_or_may_run_elsewhere_is_not_called_in_its_name() -> None:
    good, bad = Finding("ok", "chân", "pins"), Finding("fail", "không có chân", "no pins", BUTTONS)
    assert no_call(False, [good]) is None
    for running, pins, word in ((True, [good], "đang chạy"), (False, [bad], "không phải hộp kẻng")):
        found = no_call(running, pins)
        assert found is not None and word in found.vi


def test_the_clock_is_held_against_the_commune_s_word_before_anything_else() -> None:
    assert clock(False, NOON_MS, NOON_MS - 900).state == "ok"
    assert clock(True, NOON_MS, NOON_MS + 7 * 3_600_000).vi.count("7 giờ") == 1
    assert "3 ngày" in clock(True, NOON_MS, NOON_MS - 3 * 86_400_000).vi
    assert "1 phút" in clock(True, NOON_MS, NOON_MS - 31_000).vi
    assert clock(True, NOON_MS, None).state == "ok"
    assert (clock(False, NOON_MS, None).state, clock(False, NOON_MS, None).code) == ("warn", CLOCK)


def test_the_table_has_each_number_once_and_draws_it_in_long_and_short() -> None:
    assert [blink.code for blink in BLINKS] == list(range(2, 11))
    assert [blink.flashes for blink in BLINKS if blink.code in (2, 5, 7)] == ["• •", "–", "– • •"]
    assert all(blink.vi.endswith(".") and blink.en.endswith(".") for blink in BLINKS)
