"""What the machine says of itself."""

import ctypes
import time
from pathlib import Path

import pytest

from node.core.items import Machine
from node.machine import _libc, boot_id, machine, rtc_ms, system_clock


def test_the_clock_is_the_walls_and_whether_it_is_kept_is_the_kernels_word() -> None:
    told = system_clock()
    assert abs(told.wall_ms - time.time() * 1000) < 1000

    class NtpTimeval(ctypes.Structure):
        _fields_ = (("sec", ctypes.c_long), ("usec", ctypes.c_long), ("more", ctypes.c_long * 20))

    # Another call of the kernel's that answers the same question.
    assert told.in_step == (_libc().ntp_gettime(ctypes.byref(NtpTimeval())) != 5)


def test_a_pi_tells_heat_and_low_power(tmp_path: Path) -> None:
    zone, volt = tmp_path / "class/thermal/thermal_zone0", tmp_path / "class/hwmon/hwmon1"
    zone.mkdir(parents=True)
    volt.mkdir(parents=True)
    assert machine(tmp_path) == Machine(None, None)
    (zone / "type").write_text("cpu-thermal\n")
    (zone / "temp").write_text("48312\n")
    (volt / "name").write_text("rpi_volt\n")
    (volt / "in0_lcrit_alarm").write_text("0\n")
    assert machine(tmp_path) == Machine("ok", 48.3)
    (volt / "in0_lcrit_alarm").write_text("1\n")
    assert machine(tmp_path).supply == "low"


def test_the_boot_has_an_id_that_stays() -> None:
    assert boot_id() == boot_id() != ""


@pytest.mark.parametrize(
    ("folder", "raw", "supply"),
    [
        ("soc/soc:firmware", "0", "ok"),
        ("soc/soc:firmware", "50005", "low"),
        ("soc/soc:firmware", "50000", "ok"),  # it was low once
        ("soc@107c000000/soc@107c000000:firmware", "1", "low"),  # a Pi 5
        ("soc/soc:firmware", "?", None),
    ],
)
def test_an_older_kernel_tells_low_power_in_a_file_of_its_own(
    tmp_path: Path, folder: str, raw: str, supply: str | None
) -> None:
    file = tmp_path / "devices/platform" / folder / "get_throttled"
    file.parent.mkdir(parents=True)
    file.write_text(f"{raw}\n")
    assert machine(tmp_path).supply == supply


def test_a_clock_with_a_battery_is_read_if_there_is_one(tmp_path: Path) -> None:
    assert rtc_ms(tmp_path) is None
    for number, text in enumerate(("\n", "1763733600\n")):  # the first does not answer
        (tmp_path / f"class/rtc/rtc{number}").mkdir(parents=True)
        (tmp_path / f"class/rtc/rtc{number}/since_epoch").write_text(text)
    assert rtc_ms(tmp_path) == system_clock(tmp_path).rtc_ms == 1_763_733_600_000
