"""The commune's machine in a real systemd, over the years: firewall, nightly backup, the safe, a move, a loss, the end.

One promise a test; the machine is one for all of a release, and the tests go through its life in their order. Sticks
are file systems in memory: other disks than the machine's.
"""

import json
import os

import pytest
from fakes.boothands import carry
from fakes.bootmachine import Ground, Machine

ASKED = os.environ.get("KENG_BOOTS", "").split()
pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(0),
    pytest.mark.skipif(not ASKED, reason="boots whole Debians, for minutes: make boots"),
]

SCRIPT = "cd keng && bash deploy/install-commune.sh"
NAMED = '--commune cong-lac --name "Xã Cộng Lạc" --chief van-an --chief-name "Nguyễn Văn An" --firewall --updates'
SAFE, SECOND = "/media/ket", "/media/sao-luu"
UNITS = ("mosquitto", "keng-commune", "keng-console", "keng-firewall", "keng-backup.timer")
LISTED = "find /etc /opt/keng /usr/local/bin -newer /root/before ! -type d ! -name ld.so.cache ! -path '/etc/.updated'"


@pytest.fixture(scope="module", params=ASKED or ["bookworm"])
def machine(request: pytest.FixtureRequest, ground: Ground) -> Machine:
    """Installed with all that is offered, two sticks plugged in."""
    one = ground.machine("xa", request.param)
    one.boot()
    carry(one)
    one.run("apt-get update -qq")
    one.run(f"{SCRIPT} {NAMED} --address {one.address}")
    one.run(f"mkdir -p {SAFE} {SECOND}; mount -t tmpfs tmpfs {SAFE}; mount -t tmpfs tmpfs {SECOND}")
    return one


def newest(machine: Machine, folder: str) -> str:
    return machine.run(f"ls {folder}/keng-* | tail -1").stdout.strip()


def test_all_that_was_offered_runs_and_nobody_but_root_may_write_the_program(machine: Machine) -> None:
    for unit in UNITS:
        assert machine.run(f"systemctl is-active {unit}; systemctl is-enabled {unit}").stdout == "active\nenabled\n", (
            unit
        )
    assert machine.run("systemctl --failed --plain --no-legend").stdout == ""
    assert machine.run("find /opt/keng /etc/keng ! -type l -perm /022").stdout == ""
    assert machine.run("find /etc/keng/ca -name '*.key' -perm /077").stdout == ""
    assert "van-an" in machine.run("keng officer list").stdout


def test_run_again_it_writes_no_file(machine: Machine) -> None:
    machine.run("touch /root/before")
    machine.run(f"{SCRIPT} {NAMED} --address {machine.address}")
    assert machine.run(LISTED).stdout == ""


def test_the_firewall_lets_in_what_is_needed_and_nothing_else(machine: Machine) -> None:
    rules = machine.run("nft list chain inet keng input").stdout
    assert "policy drop" in rules
    for port in ("22", "8883", "8884", "8443"):
        assert port in rules
    assert "1883" not in rules


def test_the_nightly_backup_works_in_its_cage_and_is_sealed_elsewhere(machine: Machine) -> None:
    machine.run(f"keng safe {SAFE}")
    assert machine.run("ls /etc/keng/ca").stdout.split() == ["ca.crt", "issuer.crt", "issuer.key"]
    machine.run(f"{SCRIPT} --backup-to {SECOND}")
    machine.run("systemctl start keng-backup")
    assert newest(machine, SECOND).endswith(".sealed")
    machine.run(f"keng backup --look {newest(machine, '/var/backups/keng')}")
    # SQLite's own files beside the register stay the service's, or it could not go on.
    owners = machine.run("stat -c %U /var/lib/keng-commune/register.sqlite3*").stdout.split()
    assert set(owners) == {"keng"}


def test_a_stick_that_is_out_is_a_failed_unit_and_a_trouble_that_officers_see(machine: Machine) -> None:
    machine.run(f"umount {SECOND}; systemctl start keng-backup", check=False)
    assert "keng-backup" in machine.run("systemctl --failed --plain --no-legend").stdout
    machine.run("systemctl restart keng-commune")  # it looks at its start, and each ten minutes
    machine.run("for n in $(seq 30); do keng status | grep -q 'sao lưu' && exit 0; sleep 1; done; exit 1")
    machine.run(f"mount -t tmpfs tmpfs {SECOND}; systemctl start keng-backup")
    assert machine.run("systemctl --failed --plain --no-legend").stdout == ""


def test_it_moves_and_moves_back_without_the_key_in_the_safe(machine: Machine) -> None:
    for address in ("192.168.50.5", machine.address):
        machine.run(f"keng move {address}")
        fits = f"openssl s_client -connect 127.0.0.1:8883 -CAfile /etc/keng/ca/ca.crt -verify_ip {address}"
        fits += " </dev/null 2>&1 | grep -q 'return code: 0'"
        machine.run(f"for n in $(seq 30); do {fits} && exit 0; sleep 1; done; exit 1")
    assert json.loads(machine.run("keng status --json").stdout)


def test_uninstalled_nothing_of_ours_runs_and_what_matters_stays(machine: Machine) -> None:
    machine.run(f"{SCRIPT} --uninstall")
    assert machine.run("systemctl list-units --plain --no-legend 'keng-*'").stdout == ""
    assert machine.run("systemctl --failed --plain --no-legend").stdout == ""
    assert "inet keng" not in machine.run("nft list tables").stdout
    machine.run("test ! -e /opt/keng -a -s /etc/keng/commune.key -a -s /var/lib/keng-commune/register.sqlite3")


def test_a_new_machine_takes_its_place_from_the_sealed_backup(machine: Machine) -> None:
    machine.run("rm -rf /etc/keng /etc/mosquitto/keng /var/lib/keng-* /var/backups/keng")
    machine.run(f"{SCRIPT} --restore {newest(machine, SECOND)} --key {SAFE}/backup.key --firewall")
    for unit in UNITS:
        assert machine.run(f"systemctl is-active {unit}").stdout == "active\n", unit
    assert machine.run("systemctl --failed --plain --no-legend").stdout == ""
    assert "van-an" in machine.run("keng officer list").stdout
    machine.run("keng alarm --all --kind disaster && keng clear --all")
