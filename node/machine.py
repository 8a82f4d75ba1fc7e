"""What the machine says of itself: its clock, its heat, its power, its boot.

Each question has an answer everywhere: None where the machine cannot tell.
"""

from __future__ import annotations

import ctypes
import os
import time
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Literal

from node.core.items import Machine, SystemClock

_STA_UNSYNC = 0x0040
_TIME_ERROR = 5
_TIMEX_BYTES = 256  # struct timex has 208 on 64-bit Linux, less on 32-bit; `status` is where _status_at says
_status_at = 5 * ctypes.sizeof(ctypes.c_long) if ctypes.sizeof(ctypes.c_long) == 4 else 40
SYS = Path("/sys")
UNDER_VOLTAGE = 0x1
"""Of get_throttled: now. Its other bits tell of heat, which the temperature tells, and of the past."""


def system_clock(sys: Path | None = SYS) -> SystemClock:
    """The wall clock, whether the kernel says that NTP (timesyncd, chrony, ntpd alike) keeps it, and the RTC's time.

    `sys` None: without the RTC, which may keep one waiting; whatever it does, the wall clock's time is of the end.
    """
    shown_ms = None if sys is None else rtc_ms(sys)
    return SystemClock(time.time_ns() // 1_000_000, _in_step(), shown_ms)


def rtc_ms(sys: Path = SYS) -> int | None:
    """What a clock with a battery shows (a Pi 5's own, a DS3231); none: there is none, or it does not answer."""
    for clock in sorted(sys.glob("class/rtc/rtc*")):
        shown = _read(clock / "since_epoch")
        if shown is not None and shown.isdigit():
            return int(shown) * 1000
    return None


def machine(sys: Path = SYS) -> Machine:
    """Supply and temperature, from the kernel's files."""
    return Machine(_supply(sys), _temperature_c(sys))


def boot_id() -> str:
    """The kernel's id of this boot; where it has none, one of our own, so that no old monotonic time is believed."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return f"unknown-{os.getpid()}-{time.time_ns()}"


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _in_step() -> bool:
    """adjtimex(2) with modes 0 only reads; TIME_ERROR or STA_UNSYNC: nobody keeps this clock."""
    timex = ctypes.create_string_buffer(_TIMEX_BYTES)
    try:
        state = _libc().adjtimex(timex)
    except (AttributeError, OSError):
        return False
    status = int.from_bytes(timex.raw[_status_at : _status_at + 4], "little")
    return 0 <= state != _TIME_ERROR and not status & _STA_UNSYNC


def _supply(sys: Path) -> Literal["ok", "low"] | None:
    """A Pi's firmware reports under-voltage through the hwmon driver `rpi_volt`, older kernels' in a file of its own.

    vcgencmd would ask the same firmware through /dev/vcio, which a node may not open.
    """
    for folder in sorted(sys.glob("class/hwmon/hwmon*")):
        if _read(folder / "name") == "rpi_volt":
            alarm = _read(folder / "in0_lcrit_alarm")
            return None if alarm is None else "low" if alarm == "1" else "ok"
    for file in sorted(sys.glob("devices/platform/soc*/soc*:firmware/get_throttled")):
        raw = _read(file)
        with suppress(TypeError, ValueError):
            return "low" if int(str(raw), 16) & UNDER_VOLTAGE else "ok"
    return None


def _temperature_c(sys: Path) -> float | None:
    zones = sorted(sys.glob("class/thermal/thermal_zone*"))
    # On a Pi the only one is cpu-thermal; a PC has several, of which the package's tells most.
    for zone in sorted(zones, key=lambda zone: _read(zone / "type") not in ("cpu-thermal", "x86_pkg_temp")):
        raw = _read(zone / "temp")
        if raw is not None and raw.lstrip("-").isdigit():
            return round(int(raw) / 1000, 1)
    return None


def _read(path: Path) -> str | None:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return None
