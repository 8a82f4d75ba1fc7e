"""The units of the updater: nobody may do more than his part, and they fit what the program expects."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from node.update import __main__ as program
from node.update.files import FETCHED, PERMIT, RUN, STATE, TRIAL
from node.update.layout import PROGRAM, ROOT

FOLDER = Path(__file__).parents[3] / "systemd"
UNITS = ("keng-fetch", "keng-update", "keng-update-boot", "keng-node-restart", "keng-releases")
EXPOSED = 20  # tenths


def text(name: str) -> str:
    return (FOLDER / name).read_text()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS)
def test_each_may_do_little_else(unit: str) -> None:
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={EXPOSED}", FOLDER / f"{unit}.service"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-500:]


@pytest.mark.pure
def test_who_has_a_network_has_no_rights_and_who_has_rights_has_no_network() -> None:
    fetch, install, boot = (text(f"{name}.service") for name in ("keng-fetch", "keng-update", "keng-update-boot"))
    assert "User=keng\n" in fetch and "CapabilityBoundingSet=\n" in fetch and "ReadWritePaths" not in fetch
    assert "PrivateNetwork=yes\n" in install and "PrivateNetwork=yes\n" in boot
    assert "/etc/keng/node.key" in re.findall(r"^InaccessiblePaths=(.*)$", fetch, re.M)[0]


@pytest.mark.pure
def test_all_of_them_run_from_the_version_that_was_proved() -> None:
    for name, verb in (("keng-fetch", "fetch"), ("keng-update", "install"), ("keng-update-boot", "boot")):
        assert f"ExecStart={ROOT}/good/{PROGRAM}/bin/python -P -m node.update {verb}\n" in text(f"{name}.service")


@pytest.mark.pure
def test_the_files_that_systemd_waits_for_are_the_ones_that_are_written() -> None:
    assert f"PathChanged={RUN / PERMIT}\n" in text("keng-update.path")
    assert f"PathExists={program.RESTART}\n" in text("keng-node-restart.path")
    restart = text("keng-node-restart.service")
    commands = re.findall(r"^ExecStart(?:Pre)?=(.*)$", restart, re.M)
    assert commands[0] == f"/bin/rm -f {program.RESTART}", "or the path would start it again and again"
    assert "%" not in restart and "EnvironmentFile" not in restart, "it takes no input"
    for name, folder in (("keng-fetch", FETCHED), ("keng-update", STATE), ("keng-update-boot", STATE)):
        assert f"StateDirectory={folder.name}\n" in text(f"{name}.service")
    assert f"RuntimeDirectory={RUN.name}\n" in text("keng-node.service")
    assert "RuntimeDirectoryPreserve" not in text("keng-node.service"), "a permission ends with who gave it"


@pytest.mark.pure
def test_a_trial_is_judged_before_the_node_starts_and_never_keeps_it_from_that() -> None:
    boot = text("keng-update-boot.service")
    assert re.search(r"^Before=keng-node\.service", boot, re.M)
    assert f"ConditionPathExists={STATE / TRIAL}\n" in boot
    for bound in ("Requires=keng-update-boot", "BindsTo=keng-update-boot", "Requisite"):
        assert bound not in text("keng-node.service")


@pytest.mark.pure
def test_the_outlet_can_read_nothing_of_the_commune_but_its_certificate() -> None:
    outlet = text("keng-releases.service")
    assert "DynamicUser=yes\n" in outlet and "LoadCredential=outlet.key:" in outlet
    hidden = re.findall(r"^InaccessiblePaths=(.*)$", outlet, re.M)[0]
    assert "-/etc/keng " in hidden and "-/var/lib/keng-commune" in hidden
