"""A read-only card in a real systemd: what deploy/layout.sh writes boots, with no data partition at all, and forgets.

There is no card and no udev in here, so the data partition never comes: just what must not stop a gong.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.bootmachine import Ground, Machine

ASKED = os.environ.get("KENG_BOOTS", "").split()
pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(0),
    pytest.mark.skipif(not ASKED, reason="boots whole Debians, for a minute or two: make boots"),
]

ROOT = Path(__file__).parents[2]
STUB = """\
#!/bin/bash
echo "$(cat /proc/uptime) $PWD" >/var/lib/keng-node/started
exec sleep infinity
"""
"""For the program: the units are what is tried here."""
LINE = "LABEL=keng-data /var/lib/keng-node ext4 "
DROP_IN = "[Service]\nType=exec\nWatchdogSec=0\nDevicePolicy=auto\n"


@pytest.fixture(scope="module", params=ASKED or ["bookworm"])
def box(request: pytest.FixtureRequest, ground: Ground) -> Iterator[Machine]:
    """A hamlet's machine whose card is read-only."""
    machine = ground.machine("card-ro", request.param)
    etc = machine.disk / "etc"
    (etc / "fstab").write_text("overlay / overlay defaults 0 1\n")
    (etc / "machine-id").write_text("0123456789abcdef0123456789abcdef\n")  # as after a first start
    for file, line in (("passwd", "keng:x:990:990::/nonexistent:/usr/sbin/nologin"), ("group", "keng:x:990:")):
        with (etc / file).open("a") as names:
            names.write(f"{line}\n")
    with (etc / "group").open("a") as names:
        names.write("gpio:x:991:\n")
    program = machine.disk / "opt/keng/bin/keng-node"
    program.parent.mkdir(parents=True)
    program.write_text(STUB)
    program.chmod(0o755)
    units = etc / "systemd/system"
    shutil.copy(ROOT / "systemd/keng-node.service", units)
    (units / "keng-node.service.d").mkdir()
    (units / "keng-node.service.d/stub.conf").write_text(DROP_IN)
    (units / "multi-user.target.wants").mkdir(exist_ok=True)
    (units / "multi-user.target.wants/keng-node.service").symlink_to("../keng-node.service")
    done = subprocess.run(
        ["bash", ROOT / "deploy/layout.sh", "--root", machine.disk, "readonly"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    os.chown(machine.disk / "var/lib/keng-node", 990, 990)  # as deploy/node.sh leaves it
    # systemd passes over devices in a container, so the partition is a folder here, and one that is not there.
    table = (etc / "fstab").read_text()
    assert LINE in table
    (etc / "fstab").write_text(table.replace(LINE, "/nowhere /var/lib/keng-node none bind,"))
    machine.boot()
    yield machine
    machine.end()


def test_it_starts_without_its_data_partition_and_the_gong_with_it(box: Machine) -> None:
    assert box.run("systemctl is-active keng-node keng-readonly").stdout.split() == ["active", "active"]
    assert box.run("systemctl is-failed 'var-lib-keng\\x2dnode.mount'").stdout.strip() == "failed"
    assert box.run("systemctl is-active emergency.target", check=False).stdout.strip() == "inactive"
    uptime, *_ = box.run("cat /var/lib/keng-node/started").stdout.split()
    now = float(box.run("cat /proc/uptime").stdout.split()[0])
    assert now >= float(uptime)
    assert box.run("findmnt --mountpoint /var/lib/keng-node", check=False).returncode, "there is none"


def test_the_root_is_read_only_and_everything_may_be_written_all_the_same(box: Machine) -> None:
    kinds = {
        place: box.run(f"findmnt -n -o FSTYPE --mountpoint {place}").stdout.strip()
        for place in ("/etc", "/var", "/home")
    }
    assert set(kinds.values()) == {"overlay"}
    assert "ro" in box.run("findmnt -n -o OPTIONS --mountpoint /").stdout.split(",")
    assert box.run("touch /opt/x", check=False).returncode
    box.run("echo thon-9 >/etc/hostname; touch /var/lib/x /home/x /tmp/x")
    assert not (box.disk / "var/lib/x").exists() and (box.disk / "etc/hostname").read_text() == "card-ro\n"


def test_a_power_cut_leaves_the_card_as_it_was(box: Machine) -> None:
    box.run("touch /var/lib/y /etc/y")
    box.power_cut()
    box.boot()
    assert box.run("ls /var/lib/y /etc/y", check=False).returncode
    assert box.run("systemctl is-active keng-node").stdout.strip() == "active"


def tools(box: Machine) -> str:
    """The script, on a USB stick."""
    box.run("mkdir -p /run/tools/deploy")
    for name in ("layout.sh", "lib.sh"):
        box.run(f"cat >/run/tools/deploy/{name} <<'KENG'\n{(ROOT / 'deploy' / name).read_text()}\nKENG")
    return "bash /run/tools/deploy/layout.sh"


def test_what_is_done_with_the_card_opened_stays(box: Machine) -> None:
    box.run(f"{tools(box)} with /bin/sh -c 'echo kept >/etc/kept'")
    box.power_cut()
    box.boot()
    assert box.run("cat /etc/kept").stdout == "kept\n"
    assert "ro" in box.run("findmnt -n -o OPTIONS --mountpoint /").stdout.split(",")


def test_a_read_only_box_can_be_made_as_it_came(box: Machine) -> None:
    box.run(f"{tools(box)} off")
    box.power_cut()
    box.boot()
    assert box.run("findmnt --mountpoint /var", check=False).returncode, "nothing is laid over it"
    assert box.run("touch /opt/x; cat /etc/fstab").stdout == "overlay / overlay defaults 0 1\n"
    assert box.run("systemctl is-active keng-node").stdout.strip() == "active"
