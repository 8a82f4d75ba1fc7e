"""The battery of an uninterruptible supply, as node.yaml's `ups` says that it is read.

    ups: {chip: kernel}                          # whatever the kernel has a driver for (/sys/class/power_supply)
    ups: {chip: max17040}                        # Geekworm X120x, X728 and others with a fuel gauge at 0x36
    ups: {chip: ina219, address: 0x43, cells: 1} # Waveshare UPS HAT (C); of its (B): 0x42 and two cells

What must hold: a reading answers at once or raises OSError; it never writes to the battery's chip. It does not know
what the figures mean for a person: node/core/supply.py does. A MAX17040 tells nothing of the mains. Another chip at its
address gives nonsense, which is refused where it can be told.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
from collections.abc import Callable
from pathlib import Path

from node.core.items import Machine
from node.settings import UpsSettings

I2C_RDWR = 0x0707  # linux/i2c-dev.h
I2C_M_RD = 0x0001
MAX17040_SOC = 0x04
INA219_SHUNT, INA219_BUS = 0x01, 0x02
SHUNT_OHM = 0.1  # Waveshare's HATs, but for the (C): 0.01 would show ten times less, and its sign is what counts
IDLE_A = 0.02  # a full battery neither takes nor gives: an INA219 wanders by some milliamperes
CELL_EMPTY_V, CELL_SPAN_V = 3.0, 1.2  # of a lithium-ion cell, as the maker reckons

Read = Callable[[int, int], bytes]
"""Two bytes of a chip's register. Raises OSError."""


def battery(ups: UpsSettings, sys: Path, read: Read | None = None) -> tuple[float, bool | None]:
    """Per cent that are left, and whether the mains are on (none: nobody knows). Raises OSError."""
    if ups.chip == "kernel":
        return _kernel(sys)
    ask = read or bus_reader(ups.bus)
    return _max17040(ups, ask) if ups.chip == "max17040" else _ina219(ups, ask)


def with_battery(machine: Machine, ups: UpsSettings | None, sys: Path, read: Read | None = None) -> Machine:
    """The machine, and its battery where there is one."""
    if ups is None:
        return machine
    try:
        pct, mains = battery(ups, sys, read)
    except OSError:
        return Machine(machine.supply, machine.temperature_c, "unread")
    return Machine(machine.supply, machine.temperature_c, "ok", pct, mains)


def _kernel(sys: Path) -> tuple[float, bool | None]:
    pct: float | None = None
    mains: bool | None = None
    for folder in sorted(sys.glob("class/power_supply/*")):
        kind = _text(folder / "type")
        if kind == "Battery" and pct is None:
            raw = _text(folder / "capacity")
            pct = float(raw) if raw.isdigit() else None
            if mains is None and (state := _text(folder / "status")) in ("Charging", "Discharging", "Full"):
                mains = state != "Discharging"
        elif kind in ("Mains", "USB"):
            mains = _text(folder / "online") == "1" or mains is True
    if pct is None:
        raise OSError("no battery in /sys/class/power_supply")
    return pct, mains


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""


def _max17040(ups: UpsSettings, read: Read) -> tuple[float, bool | None]:
    raw = int.from_bytes(read(ups.address or 0x36, MAX17040_SOC), "big")
    if raw > 0x7FFF:
        raise OSError(f"{raw / 256:.0f} % is no charge")
    return min(100.0, raw / 256), None


def _ina219(ups: UpsSettings, read: Read) -> tuple[float, bool | None]:
    address = ups.address or 0x43
    volt = (int.from_bytes(read(address, INA219_BUS), "big") >> 3) * 0.004 / ups.cells
    if not 1.0 < volt < 5.0:
        raise OSError(f"{volt:.1f} V is no lithium cell")
    ampere = int.from_bytes(read(address, INA219_SHUNT), "big", signed=True) * 1e-5 / SHUNT_OHM
    mains = None if abs(ampere) < IDLE_A else ampere > 0
    return min(100.0, max(0.0, (volt - CELL_EMPTY_V) / CELL_SPAN_V * 100)), True if mains is None else mains


class _Message(ctypes.Structure):
    _fields_ = (
        ("addr", ctypes.c_uint16), ("flags", ctypes.c_uint16), ("len", ctypes.c_uint16), ("buf", ctypes.c_void_p)
    )  # fmt: skip


class _Transfer(ctypes.Structure):
    _fields_ = (("msgs", ctypes.c_void_p), ("nmsgs", ctypes.c_uint32))


def bus_reader(bus: int) -> Read:
    """Reads by one transfer with a repeated start, which these chips want: no other word can come between."""

    def read(address: int, register: int) -> bytes:
        asked, told = ctypes.create_string_buffer(bytes([register]), 1), ctypes.create_string_buffer(2)
        pair = (_Message * 2)(
            _Message(address, 0, 1, ctypes.addressof(asked)), _Message(address, I2C_M_RD, 2, ctypes.addressof(told))
        )
        file = os.open(f"/dev/i2c-{bus}", os.O_RDWR | os.O_CLOEXEC)
        try:
            fcntl.ioctl(file, I2C_RDWR, _Transfer(ctypes.addressof(pair), 2))
        finally:
            os.close(file)
        return told.raw

    return read
