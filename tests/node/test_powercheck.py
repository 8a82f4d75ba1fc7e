"""What the doctor says of the power and of the clock with a battery."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from node.finding import Finding
from node.machine import system_clock
from node.powercheck import power
from node.settings import BrokerSettings, PanelSettings, Settings, SpeakerSettings, UpsSettings

BOX = Settings("thon-1", "thon-1", "cong-lac", BrokerSettings("h", 1, None, None), PanelSettings(), SpeakerSettings())


def put(sys: Path, file: str, text: str) -> None:
    (sys / file).parent.mkdir(parents=True, exist_ok=True)
    (sys / file).write_text(f"{text}\n")


def said(findings: Iterable[Finding]) -> list[tuple[str, str]]:
    return [(one.state, one.en) for one in findings]


def test_heat_and_low_power_are_warnings(tmp_path: Path) -> None:
    put(tmp_path, "class/thermal/thermal_zone0/temp", "83000")
    put(tmp_path, "devices/platform/soc/soc:firmware/get_throttled", "1")
    low, hot, _ = said(power(BOX, tmp_path))
    assert low[0] == hot[0] == "warn" and "Under-voltage" in low[1] and "83" in hot[1]


@pytest.mark.parametrize(
    ("pct", "status", "state"), [("80", "Full", "ok"), ("80", "Discharging", "warn"), ("20", "Charging", "warn")]
)
def test_a_battery_is_told_with_what_is_left(tmp_path: Path, pct: str, status: str, state: str) -> None:
    box = replace(BOX, ups=UpsSettings("kernel"))
    [(missing, why), _] = said(power(box, tmp_path))
    assert missing == "fail" and "do_i2c" in why
    for file, text in (("type", "Battery"), ("capacity", pct), ("status", status)):
        put(tmp_path, f"class/power_supply/bat/{file}", text)
    [(told, words), _] = said(power(box, tmp_path))
    assert told == state and f"{pct} %" in words


@pytest.mark.parametrize("off_s", [0, 3_600, -40 * 365 * 86_400])
def test_a_clock_with_a_battery_is_held_against_the_time(tmp_path: Path, off_s: int) -> None:
    [(state, none)] = said(power(BOX, tmp_path))
    assert state == "ok" and none.startswith("No clock")
    now = system_clock()
    put(tmp_path, "class/rtc/rtc0/since_epoch", str(now.wall_ms // 1000 + off_s))
    [(state, words)] = said(power(BOX, tmp_path))
    assert state == ("warn" if off_s and now.in_step else "ok")
    assert "agrees" in words if now.in_step and not off_s else "off by" in words or "nobody knows" in words
