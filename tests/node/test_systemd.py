"""The units say what systemd understands, and let nobody do more than the service needs."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent.parent / "systemd"
UNITS = [FOLDER / "keng-commune.service", FOLDER / "keng-node.service"]
"""Those that run for good."""
DESK = FOLDER / "keng-console.service"
EVERY = sorted(path for path in FOLDER.iterdir() if path.suffix in (".service", ".path", ".timer"))
EXPOSED = 25  # tenths: systemd's own figure for "OK", 0 is nothing and 100 all
DESK_EXPOSED = 20  # it alone is open to a whole network's browsers
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


@needs_systemd
@pytest.mark.parametrize("unit", EVERY, ids=lambda unit: unit.name)
def test_systemd_knows_every_line(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.M))
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    # It returns 0 on unknown keys and says so on stderr; of other units of the machine it may say anything.
    assert not [line for line in done.stderr.splitlines() if unit.name in line or str(copy) in line]


@needs_systemd
@pytest.mark.parametrize("unit", [*UNITS, DESK], ids=lambda unit: unit.name)
def test_a_service_may_do_little_else(unit: Path) -> None:
    limit = DESK_EXPOSED if unit == DESK else EXPOSED
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={limit}", unit]
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
        assert (
            "LG_WD=/run/keng-node" in text
            and "RuntimeDirectory=keng-node" in text
            and "SupplementaryGroups=gpio audio" in text
        )


@pytest.mark.pure
def test_the_file_that_the_service_leaves_is_the_one_that_systemd_waits_for_and_takes_away() -> None:
    commune, path, broker = (
        (FOLDER / name).read_text() for name in ("keng-commune.service", "keng-broker.path", "keng-broker.service")
    )
    wish = re.search(r"^PathExists=(\S+)$", path, re.M)
    assert wish is not None
    assert Path(wish[1]).parent == Path("/run") / re.findall(r"^RuntimeDirectory=(\S+)$", commune, re.M)[0]
    assert f"restart: touch {wish[1]}\n" in (FOLDER.parent / "deploy/commune.yaml").read_text()
    commands = re.findall(r"^ExecStart(?:Pre)?=(.*)$", broker, re.M)
    assert commands[0] == f"/bin/rm -f {wish[1]}", "or the path would start it again and again"
    assert "kill --signal=SIGKILL mosquitto.service" in commands[1]
    assert commands[2].endswith("restart mosquitto.service")


@pytest.mark.pure
def test_the_unprivileged_service_can_have_mosquitto_restarted_and_nothing_else() -> None:
    broker = (FOLDER / "keng-broker.service").read_text()
    for line in ("Type=oneshot", "NoNewPrivileges=yes", "PrivateNetwork=yes", "RestrictAddressFamilies=AF_UNIX"):
        assert line in broker
    assert "EnvironmentFile" not in broker and "%" not in broker, "it takes no input"


@pytest.mark.pure
def test_the_duty_desk_comes_back_for_ever_and_does_not_wait_for_the_service() -> None:
    desk, commune = DESK.read_text(), UNITS[0].read_text()
    for line in ("Restart=always", "StartLimitIntervalSec=0", "User=keng", "StateDirectory=keng-console"):
        assert f"{line}\n" in desk
    assert re.search(r"^After=keng-commune\.service ", desk, re.M)
    for bound in ("Requires", "BindsTo", "PartOf", "Requisite", "RestartPreventExitStatus"):
        assert not re.search(rf"^{bound}=", desk, re.M), (
            f"{bound}: without the service there would be no page to say so"
        )
    assert re.search(r"^MemoryMax=\d+M$", desk, re.M)
    assert "OOMScoreAdjust=300\n" in desk and "OOMScoreAdjust=-500\n" in commune, "pages die before the alarm"


@pytest.mark.pure
def test_the_duty_desk_can_open_the_register_and_none_of_the_services_secrets() -> None:
    desk, commune = DESK.read_text(), UNITS[0].read_text()
    [home] = re.findall(r"^StateDirectory=(\S+)$", commune, re.M)
    assert f"ReadWritePaths=-/var/lib/{home}\n" in desk, "SQLite writes beside a register that it only reads"
    [hidden] = re.findall(r"^InaccessiblePaths=(.*)$", desk, re.M)
    assert hidden.split() == ["-/etc/keng/commune.key", "-/etc/keng/service.password", "-/run/keng-commune"]


@pytest.mark.pure
def test_the_certificate_is_looked_at_each_day_by_whoever_may_use_the_authoritys_key() -> None:
    timer, once = ((FOLDER / f"keng-certificate.{kind}").read_text() for kind in ("timer", "service"))
    assert "OnCalendar=daily\n" in timer and "Persistent=yes\n" in timer
    assert "User=" not in once and "--settings /etc/keng/console.yaml\n" in once
