"""What install-commune.sh does beside the commune itself, and how it goes away again: below a folder, no systemd."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.installed import Installed, script

DEPLOY = Path(__file__).parents[2] / "deploy"
WORDS = (
    "--commune", "cong-lac", "--name", "Xã Cộng Lạc", "--address", "127.0.0.1",
    "--chief", "van-an", "--chief-name", "Nguyễn Văn An", "--firewall", "--updates",
)  # fmt: skip
STAYS = ("etc/keng/", "etc/mosquitto/keng/", "var/lib/keng-commune/", "var/lib/keng-console/", "var/backups/keng/")


def listing(root: Path) -> dict[str, tuple[object, ...]]:
    """Every file and link: when it was written, who may, and what it holds, byte for byte."""
    found: dict[str, tuple[object, ...]] = {}
    for path in sorted(root.rglob("*")):
        about = path.lstat()
        if path.is_symlink():
            found[str(path.relative_to(root))] = (about.st_mtime_ns, str(path.readlink()))
        elif path.is_file():
            found[str(path.relative_to(root))] = (about.st_mtime_ns, about.st_mode, path.read_bytes())
    return found


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> tuple[Installed, str]:
    """Installed with everything that is offered, and what was said; not to be changed."""
    machine = Installed(tmp_path_factory.mktemp("machine") / "root")
    done = machine.install(*WORDS)
    assert done.returncode == 0, done.stderr
    return machine, done.stderr


def test_run_twice_it_changes_nothing_not_even_a_date(once):
    machine, _ = once
    before = listing(machine.root)
    done = machine.install(*WORDS)
    assert done.returncode == 0, done.stderr
    assert listing(machine.root) == before
    assert "  + " not in done.stderr
    assert "Mật khẩu" not in done.stderr, "a chief who is there is not made again"


def test_a_mosquitto_that_serves_somebody_else_is_left_as_it_is_and_nothing_is_made(tmp_path):
    theirs = tmp_path / "root/etc/mosquitto/conf.d/nha-may.conf"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("# cân điện tử\nlistener 1883 10.0.0.9\n")
    before = listing(tmp_path)
    done = Installed(tmp_path / "root").install(*WORDS)
    assert done.returncode == 1
    assert "nha-may.conf:2:listener 1883" in done.stderr
    assert listing(tmp_path) == before


def test_a_machine_whose_clock_is_of_years_ago_is_told_so_before_anything_is_made(tmp_path, monkeypatch):
    (clock := tmp_path / "bin/date").parent.mkdir()
    clock.write_text('#!/bin/sh\nexec /bin/date -d "2020-01-01 07:00" "$@"\n')
    clock.chmod(0o755)
    monkeypatch.setenv("PATH", f"{clock.parent}:{os.environ['PATH']}")
    done = Installed(tmp_path / "root").install(*WORDS)
    assert (done.returncode, "set-time" in done.stderr) == (1, True)
    assert not (tmp_path / "root").exists()


def test_a_file_that_the_disk_has_no_room_for_is_said_and_never_left_in_half(tmp_path):
    (home := tmp_path / "etc").mkdir()
    (unit := home / "a.service").write_text("as it was\n")
    words = f'. {DEPLOY}/lib.sh; ulimit -f 8; if put_file /bin/bash {unit} 644; then :; fi; echo "went on"'
    done = subprocess.run(["bash", "-c", words], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "went on" not in done.stdout
    assert "df -h" in done.stderr
    assert [path.read_text() for path in home.iterdir()] == ["as it was\n"]


def test_what_the_attacker_s_tests_run_over_is_what_the_script_makes(once, tmp_path):
    """attacker/conftest.py founds its commune in its own process: the same files, but for what is random."""
    machine, founded = once[0], Installed(tmp_path / "root", [*once[0].ports])
    founded.found()
    made = [path.relative_to(founded.root) for path in founded.root.rglob("*") if path.is_file()]
    assert {"etc/mosquitto/conf.d/keng.conf", "etc/mosquitto/keng/nodes.acl"} <= {str(name) for name in made}
    for name in made:
        ours, theirs = founded.root / name, machine.root / name
        assert theirs.stat().st_mode == ours.stat().st_mode, name
        if name.suffix in (".conf", ".acl"):
            assert theirs.read_text() == ours.read_text().replace(str(founded.root), str(machine.root)), name


def test_the_first_chief_is_made_and_the_password_is_said_once(once):
    machine, said = once
    assert re.search(r"van-an\. Mật khẩu một lần.*: [0-9A-Z-]{19}\n", said)
    listed = machine.keng("officer", "list", "--settings", machine.etc / "console.yaml", "--json")
    assert json.loads(listed.stdout)["officers"] == [{"name": "van-an", "role": "chief", "on": True}]


def test_the_clock_is_kept_by_whoever_keeps_it_here(once):
    root = once[0].root
    known = (root / "etc/systemd/timesyncd.conf.d/keng.conf", root / "etc/chrony/conf.d/keng.conf")
    [text] = [path.read_text() for path in known if path.exists()]
    assert "SaveIntervalSec=60" in text or "makestep 1 3" in text


def test_security_updates_never_come_in_the_evening_and_never_restart_the_machine(once):
    root = once[0].root
    assert 'Automatic-Reboot "false"' in (root / "etc/apt/apt.conf.d/52keng-updates").read_text()
    timer = (root / "etc/systemd/system/apt-daily-upgrade.timer.d/keng.conf").read_text()
    assert "OnCalendar=\nOnCalendar=*-*-* 03:00\n" in timer, "the package's own hour is taken back first"


def test_the_firewall_lets_in_the_three_doors_and_whoever_mends_the_machine(once):
    machine, _ = once
    rules = (machine.etc / "firewall.nft").read_text()
    [doors] = re.findall(r"tcp dport \{ (.*) \} accept", rules)
    nodes, officers, local, desk = machine.ports
    assert {str(nodes), str(officers), str(desk)} < set(doors.split(", "))
    assert str(local) not in doors.split(", ")
    assert "policy drop" in rules


@pytest.mark.skipif(not shutil.which("nft") or not shutil.which("unshare"), reason="nft or unshare is not installed")
def test_nft_takes_the_rules_again_and_again_and_nothing_of_somebody_elses(once):
    """In a network of its own."""
    rules = once[0].etc / "firewall.nft"
    script = f"nft add table inet others && nft -f {rules} && nft -f {rules} && nft list ruleset"
    done = subprocess.run(["unshare", "-rn", "sh", "-c", script], capture_output=True, text=True, check=False)
    if "Operation not permitted" in done.stderr:
        pytest.skip("no network namespace may be made here")
    assert done.returncode == 0, done.stderr
    assert "table inet others" in done.stdout
    assert done.stdout.count("chain input") == 1


def test_the_ssh_port_that_somebody_sits_on_is_never_shut(tmp_path):
    call = f'. {DEPLOY}/lib.sh; . {DEPLOY}/machine.sh; SSH_CONNECTION="10.0.0.1 50000 10.0.0.2 2222" ssh_ports'
    done = subprocess.run(["bash", "-c", call], capture_output=True, text=True, check=True)
    assert "2222" in done.stdout.split()


def founded(machine: Installed, *words: str) -> None:
    command = [sys.executable, "-m", "broker.enrolment.found", "--root", machine.root, "--address", "127.0.0.1", *words]
    subprocess.run(command, capture_output=True, check=True)


def test_a_second_place_for_backups_is_named_once_and_named_again_when_told(tmp_path):
    machine = Installed(tmp_path / "root")
    machine.found()
    settings = machine.etc / "backup.yaml"
    assert "\n# second:" in settings.read_text()
    settings.write_text(settings.read_text().replace("keep: 14", "keep: 30"))
    founded(machine, "--backup-to", "/media/usb")
    assert '\nsecond: "/media/usb"\n' in settings.read_text()
    assert "keep: 30" in settings.read_text()
    before = settings.read_text()
    founded(machine)
    assert settings.read_text() == before


def test_uninstalled_it_leaves_what_cannot_be_made_again_and_says_so(once, tmp_path):
    shutil.copytree(once[0].root, tmp_path / "root", symlinks=True)
    machine = Installed(tmp_path / "root", once[0].ports)
    (machine.root / "var/lib/keng-releases/0.2.0").mkdir(parents=True)  # what was offered to boxes: some 100 MB
    before = {name: what[-1] for name, what in listing(machine.root).items()}
    done = machine.install("--uninstall")
    assert done.returncode == 0, done.stderr
    after = {name: what[-1] for name, what in listing(machine.root).items()}
    kept = {name: what for name, what in before.items() if name.startswith(STAYS) and name != "etc/keng/firewall.nft"}
    assert {name: what for name, what in after.items() if name in kept} == kept
    assert all(name in kept or "apt" in name for name in after), "nothing else but security updates"
    for place in ("etc/keng", "etc/mosquitto/keng", "var/lib/keng-console", "var/lib/keng-releases"):
        assert f"  = {machine.root / place}\n" in done.stderr
    assert not [name for name in after if name.startswith("etc/systemd/") and "apt" not in name]
    assert "etc/mosquitto/conf.d/keng.conf" not in after
    # And again: the same keys, and everything that was there.
    assert machine.install(*WORDS).returncode == 0
    again = {name: what[-1] for name, what in listing(machine.root).items()}
    # The settings name the folder where it was first installed; a copy elsewhere is no move.
    assert {name for name in before if again.get(name) != before[name]} == set()


def test_a_machine_that_is_a_gong_too_keeps_the_program(tmp_path):
    (tmp_path / "etc/systemd/system").mkdir(parents=True)
    (tmp_path / "usr/local/bin").mkdir(parents=True)
    for name in ("etc/systemd/system/keng-node.service", "etc/systemd/system/keng-commune.service"):
        (tmp_path / name).touch()
    (tmp_path / "usr/local/bin/keng-node").symlink_to("/opt/keng/bin/keng-node")
    assert script("install-commune.sh", "--root", tmp_path, "--uninstall").returncode == 0
    assert (tmp_path / "usr/local/bin/keng-node").is_symlink()
    assert [path.name for path in (tmp_path / "etc/systemd/system").iterdir()] == ["keng-node.service"]
