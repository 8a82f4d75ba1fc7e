"""The units say what systemd understands, and let nobody do more than the service needs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = sorted((Path(__file__).parent.parent.parent / "systemd").glob("*.service"))
EXPOSED = 25  # tenths: systemd's own figure for "OK", 0 is nothing and 100 all
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_knows_every_line(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.M))
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    # It returns 0 on unknown keys and says so on stderr; of other units of the machine it may say anything.
    assert not [line for line in done.stderr.splitlines() if unit.name in line or str(copy) in line]


@needs_systemd
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_may_do_little_else(unit: Path) -> None:
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSED}", unit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.pure
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_service_that_dies_or_hangs_comes_back_for_ever(unit: Path) -> None:
    text = unit.read_text()
    for line in (
        "Restart=always",
        "StartLimitIntervalSec=0",
        "Type=notify",
        "SystemCallFilter=@system-service adjtimex",
    ):
        assert line in text
    assert re.search(r"^WatchdogSec=\d+$", text, re.M)
    if unit.name == "keng-node.service":
        assert "LG_WD=/var/lib/keng-node" in text and "SupplementaryGroups=gpio audio" in text
