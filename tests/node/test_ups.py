"""The battery of an uninterruptible supply: by the kernel's files and by the chips of the usual HATs."""

from pathlib import Path

import pytest

from node.core.items import Machine
from node.settings import UpsSettings
from node.ups import battery, bus_reader, with_battery

KERNEL, GAUGE, SHUNT = UpsSettings("kernel"), UpsSettings("max17040"), UpsSettings("ina219")
WELL = Machine("ok", 48.0)


def supplies(sys: Path, **folders: dict[str, str]) -> None:
    for name, files in folders.items():
        folder = sys / "class/power_supply" / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in files.items():
            (folder / file).write_text(text + "\n")


def test_the_kernels_word_is_taken(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="no battery"):
        battery(KERNEL, tmp_path)
    supplies(tmp_path, bat={"type": "Battery", "capacity": "71", "status": "Discharging"})
    assert battery(KERNEL, tmp_path) == (71.0, False)
    supplies(tmp_path, bat={"status": "Not charging"})
    assert battery(KERNEL, tmp_path) == (71.0, None)
    supplies(tmp_path, mains={"type": "Mains", "online": "1"})
    assert battery(KERNEL, tmp_path) == (71.0, True)
    supplies(tmp_path, mains={"online": "0"})
    assert battery(KERNEL, tmp_path) == (71.0, False)


class Bus:
    """Chips on a bus: two bytes by address and register."""

    def __init__(self, **registers: int) -> None:
        self.registers = {tuple(int(part, 16) for part in name[1:].split("_")): raw for name, raw in registers.items()}

    def __call__(self, address: int, register: int) -> bytes:
        if (address, register) not in self.registers:
            raise OSError(121, "Remote I/O error")
        return self.registers[address, register].to_bytes(2, "big", signed=self.registers[address, register] < 0)


def test_a_fuel_gauge_tells_per_cent_and_nothing_of_the_mains(tmp_path: Path) -> None:
    assert battery(GAUGE, tmp_path, Bus(x36_04=0x5B80)) == (91.5, None)
    assert battery(GAUGE, tmp_path, Bus(x36_04=0x6640)) == (100.0, None), "it overshoots when it is full"
    assert battery(UpsSettings("max17040", address=0x32), tmp_path, Bus(x32_04=0x0A00))[0] == 10.0
    with pytest.raises(OSError, match="no charge"):
        battery(GAUGE, tmp_path, Bus(x36_04=0xFFFF))


@pytest.mark.parametrize(("shunt", "mains"), [(2_000, True), (-5_000, False), (30, True), (-30, True)])
def test_an_ina219_tells_volts_and_which_way_the_current_flows(tmp_path: Path, shunt: int, mains: bool) -> None:
    pct, seen = battery(SHUNT, tmp_path, Bus(x43_01=shunt, x43_02=int(3.6 / 0.004) << 3))
    assert (round(pct), seen) == (50, mains)


def test_two_cells_are_two_cells_and_what_is_no_battery_is_refused(tmp_path: Path) -> None:
    two = UpsSettings("ina219", address=0x42, cells=2)
    assert round(battery(two, tmp_path, Bus(x42_01=0, x42_02=int(8.4 / 0.004) << 3))[0]) == 100
    with pytest.raises(OSError, match="lithium"):
        battery(SHUNT, tmp_path, Bus(x43_01=0, x43_02=0))


def test_a_chip_that_does_not_answer_costs_its_own_figures_alone(tmp_path: Path) -> None:
    assert with_battery(WELL, None, tmp_path) == WELL
    assert with_battery(WELL, GAUGE, tmp_path, Bus()) == Machine("ok", 48.0, "unread")
    assert with_battery(WELL, GAUGE, tmp_path, Bus(x36_04=0x4000)) == Machine("ok", 48.0, "ok", 64.0, None)


def test_a_bus_that_is_not_there_is_an_error_of_the_system(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        bus_reader(31)(0x36, 4)
