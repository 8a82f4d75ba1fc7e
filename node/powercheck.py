"""What the doctor says of the power: supply, heat, battery, and the clock with a battery (RTC). Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from node.core.supply import BATTERY_LOW_PCT, HOT_C
from node.finding import Finding
from node.machine import SYS, machine, rtc_ms, system_clock
from node.settings import Settings
from node.ups import battery
from wire.blinks import SUPPLY

RTC_OFF_S = 5
"""It shows whole seconds, and the kernel sets it every eleven minutes where NTP keeps the clock."""


def power(settings: Settings, sys: Path = SYS) -> Iterator[Finding]:
    """In the order in which it matters."""
    now = machine(sys)
    if now.supply == "low":
        yield Finding(
            "warn",
            "Điện áp nguồn thấp: hãy thay bộ nguồn 5 V của Pi.",
            "Under-voltage: replace the Pi's 5 V power supply.",
            SUPPLY,
        )
    if now.temperature_c is not None and now.temperature_c >= HOT_C:
        yield Finding(
            "warn",
            f"Máy nóng {now.temperature_c:.0f} °C: hãy che nắng, thông gió cho hộp.",
            f"The processor has {now.temperature_c:.0f} °C: give the box shade and air.",
        )
    yield from _battery(settings, sys)
    yield _rtc(sys)


def _battery(settings: Settings, sys: Path) -> Iterator[Finding]:
    if settings.ups is None:
        return
    try:
        pct, mains = battery(settings.ups, sys)
    except OSError as error:
        yield Finding(
            "fail",
            f"ups ({settings.ups.chip}): không đọc được ắc quy ({error.strerror or error}). Hãy bật I2C (sudo "
            "raspi-config nonint do_i2c 0), kiểm tra địa chỉ (i2cdetect -y 1) và nhóm i2c.",
            f"ups ({settings.ups.chip}): the battery cannot be read ({error.strerror or error}). Turn on I2C (sudo "
            "raspi-config nonint do_i2c 0), check the address (i2cdetect -y 1) and the group i2c.",
        )
        return
    vi, en = {None: ("không rõ điện lưới", "mains unknown"), True: ("có điện lưới", "on mains")}.get(
        mains, ("mất điện lưới", "mains off")
    )
    empty = pct < BATTERY_LOW_PCT and mains is not True
    state: Literal["ok", "warn"] = "warn" if mains is False or pct < BATTERY_LOW_PCT else "ok"
    yield Finding(state, f"Ắc quy: {pct:.0f} %, {vi}", f"Battery: {pct:.0f} %, {en}", SUPPLY if empty else 0)


def _rtc(sys: Path) -> Finding:
    shown_ms, clock = rtc_ms(sys), system_clock(sys)
    if shown_ms is None:
        return Finding(
            "ok",
            "Không có đồng hồ pin (RTC): sau khi mất điện, hộp đợi giờ của xã rồi mới đánh kẻng theo giờ.",
            "No clock with a battery (RTC): after a power cut, chimes wait for the commune's time.",
        )
    off_s = (shown_ms - clock.wall_ms) // 1000
    if abs(off_s) > RTC_OFF_S and clock.in_step:
        return Finding(
            "warn",
            f"Đồng hồ pin (RTC) lệch {off_s} giây so với giờ đúng: hãy thay pin, rồi chạy: sudo hwclock --systohc",
            f"The clock with a battery (RTC) is off by {off_s} s: replace its battery, then: sudo hwclock --systohc",
        )
    if clock.in_step:
        return Finding("ok", "Đồng hồ pin (RTC) đúng giờ", "The clock with a battery (RTC) agrees")
    return Finding(
        "ok",
        f"Có đồng hồ pin (RTC), lệch {off_s} giây so với đồng hồ máy; chưa biết đồng hồ nào đúng.",
        f"There is a clock with a battery (RTC), {off_s} s from the system's; nobody knows yet which is right.",
    )
