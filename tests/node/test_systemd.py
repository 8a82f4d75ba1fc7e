"""The units say what systemd understands, and let nobody do more than the service needs.

What they do when something dies, hangs or loses its power is shown by tests/boots, under a real systemd.
"""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from broker.mosquitto.configuration import MAX_OPEN_FILES
from broker.mosquitto.unit import mosquitto_unit

FOLDER = Path(__file__).parent.parent.parent / "systemd"
UNITS = [FOLDER / "keng-commune.service", FOLDER / "keng-node.service"]
"""Those that run for good."""
DESK = FOLDER / "keng-console.service"
EVERY = sorted(path for path in FOLDER.iterdir() if path.suffix in (".service", ".path", ".timer"))
OPEN = ("keng-data.service", "keng-readonly.service", "keng-first-boot.service")
"""Two mend and mount what a boot stands on: a sandbox is made of mounts, and these come before them. The third installs
Debian's packages, once, and takes itself away.
"""
SERVICES = [path for path in EVERY if path.suffix == ".service" and path.name not in OPEN]
EXPOSED = 20  # tenths of systemd's figure: 0 is nothing and 100 all; 25 is what it calls "OK"
LASTING = [*UNITS, DESK]
PI_WATCHDOG_S = 15
"""The Pi's own counts no further."""
DEBIANS_MOSQUITTO = """\
[Unit]
Description=Mosquitto MQTT Broker
After=network.target
Wants=network.target

[Service]
Type=notify
NotifyAccess=main
ExecStart=/bin/true -c /etc/mosquitto/mosquitto.conf
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
ExecStartPre=/bin/mkdir -m 740 -p /var/log/mosquitto
ExecStartPre=/bin/chown mosquitto /var/log/mosquitto
ExecStartPre=/bin/mkdir -m 740 -p /run/mosquitto
ExecStartPre=/bin/chown mosquitto /run/mosquitto
"""
"""Of mosquitto 2.0.11-1.2+deb12u2; ours is laid upon it."""
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")


@needs_systemd
@pytest.mark.parametrize("unit", EVERY, ids=lambda unit: unit.name)
def test_systemd_knows_every_line(unit: Path, tmp_path: Path) -> None:
    assert not complaints(unit, tmp_path)


@needs_systemd
@pytest.mark.parametrize("line", ["Restrt=always", "WatchdogSec=soon", "SystemCallFilter=@no-such", "Type=ready"])
def test_a_line_that_systemd_does_not_know_is_seen(line: str, tmp_path: Path) -> None:
    wrong = tmp_path / "given" / UNITS[0].name
    wrong.parent.mkdir()
    wrong.write_text(UNITS[0].read_text().replace("[Service]\n", f"[Service]\n{line}\n"))
    assert complaints(wrong, tmp_path)


def complaints(unit: Path, tmp_path: Path) -> list[str]:
    """What systemd-analyze verify says of it. It returns 0 on unknown keys; of other units it may say anything."""
    for other in EVERY:  # of which it may speak
        (tmp_path / other.name).write_text(
            re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", other.read_text(), flags=re.M)
        )
    copy = tmp_path / unit.name
    copy.write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.M))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    return [line for line in done.stderr.splitlines() if unit.name in line or str(copy) in line]


@needs_systemd
@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_may_do_little_else(unit: Path) -> None:
    done = exposure(unit)
    assert done.returncode == 0, done.stdout


@needs_systemd
@pytest.mark.parametrize("unit", LASTING, ids=lambda unit: unit.name)
def test_a_service_that_may_make_every_system_call_is_seen(unit: Path, tmp_path: Path) -> None:
    loose = tmp_path / unit.name
    loose.write_text(re.sub(r"^SystemCallFilter=.*\n", "", unit.read_text(), flags=re.M))
    assert exposure(loose).returncode != 0


def exposure(unit: Path | str, *where: str) -> "subprocess.CompletedProcess[str]":
    command = ["systemd-analyze", "security", "--no-pager", "--offline=yes", f"--threshold={EXPOSED}", *where, unit]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@needs_systemd
def test_debians_mosquitto_with_our_lines_is_as_closed_and_never_root(tmp_path: Path) -> None:
    folder = tmp_path / "etc/systemd/system"
    (folder / "mosquitto.service.d").mkdir(parents=True)
    (folder / "mosquitto.service").write_text(DEBIANS_MOSQUITTO)
    assert exposure("mosquitto.service", f"--root={tmp_path}").returncode != 0
    ours = folder / "mosquitto.service.d/keng.conf"
    ours.write_text("\n".join(mosquitto_unit(MAX_OPEN_FILES)) + "\n")
    done = exposure("mosquitto.service", f"--root={tmp_path}")
    assert done.returncode == 0, done.stdout
    assert "ExecStartPre=\nUser=mosquitto\n" in ours.read_text(), "what needed root is taken back"
    (whole := tmp_path / "mosquitto.service").write_text(DEBIANS_MOSQUITTO + ours.read_text())
    assert not complaints(whole, tmp_path / "etc")


@pytest.mark.pure
def test_mosquitto_comes_back_for_ever() -> None:
    lines = [*mosquitto_unit(1)]
    assert lines.index("StartLimitIntervalSec=0") < lines.index("[Service]") < lines.index("Restart=always")


@needs_systemd
def test_a_pi_that_hangs_as_a_whole_is_restarted_by_its_own_watchdog(tmp_path: Path) -> None:
    (there := tmp_path / "etc/systemd/system.conf.d").mkdir(parents=True)
    shutil.copy(FOLDER / "keng-watchdog.conf", there)
    command = ["systemd-analyze", f"--root={tmp_path}", "cat-config", "systemd/system.conf"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    [seconds] = re.findall(r"^RuntimeWatchdogSec=(\d+)$", told, re.M)
    assert int(seconds) <= PI_WATCHDOG_S


@pytest.mark.pure
@pytest.mark.parametrize("unit", LASTING, ids=lambda unit: unit.name)
def test_a_service_that_dies_or_hangs_comes_back_for_ever(unit: Path) -> None:
    text = unit.read_text()
    for line in (
        "Restart=always",
        "StartLimitIntervalSec=0",
        "Type=notify",
        "NotifyAccess=main",
        "WatchdogSignal=SIGKILL",
        "SystemCallFilter=@system-service",
    ):
        assert f"\n{line}" in text
    assert re.search(r"^WatchdogSec=\d+$", text, re.M)
    if unit != DESK:
        assert "SystemCallFilter=@system-service adjtimex" in text
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
def test_what_the_duty_desk_retires_goes_from_the_services_folder_to_roots_hands_and_mosquitto_is_told_first() -> None:
    commune, path, hands = (
        (FOLDER / name).read_text() for name in ("keng-commune.service", "keng-retire.path", "keng-retire.service")
    )
    [folder] = re.findall(r"^DirectoryNotEmpty=(\S+)$", path, re.M)
    assert Path(folder).parent == Path("/run") / re.findall(r"^RuntimeDirectory=(\S+)$", commune, re.M)[0]
    assert f"retire_folder: {folder}\n" in (FOLDER.parent / "deploy/commune.yaml").read_text()
    commands = re.findall(r"^ExecStart(?:Post)?=(.*)$", hands, re.M)
    assert commands[0] == f"-/opt/keng/bin/keng retire --asked {folder}", "one that fails keeps no other in"
    assert [command.split()[-1] for command in commands[1:]] == ["mosquitto.service", "keng-commune.service"]
    assert all(command.startswith("+") for command in commands[1:]), "what reads names may tell systemd nothing"
    assert "PrivateNetwork=yes" in hands and "CAP_SYS_ADMIN" not in hands and "CAP_KILL" not in hands


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
