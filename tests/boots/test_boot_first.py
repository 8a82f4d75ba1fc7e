"""The first start of a card: a bare Debian with its systemd becomes a box from the two folders on its boot partition,
without a network, with the power cut off in the middle of it.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.bootimage import WANTED
from fakes.bootmachine import Ground, Machine
from fakes.boottable import timed
from fakes.installed import Installed
from fakes.waiting import eventually

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

BOOT = "boot/firmware"
WITHIN_S = 600.0


@pytest.fixture(scope="module", params=WANTED)
def card(
    request: pytest.FixtureRequest,
    ground: Ground,
    bundle_for: Callable[[str], Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Machine]:
    """A Debian with Python, as Raspberry Pi OS has it, with a card's boot partition and no way to anywhere."""
    release = request.param
    machine = ground.machine("card", release)
    home = tmp_path_factory.mktemp("card")
    commune = Installed(home / "commune")
    commune.root.mkdir()
    commune.found()
    assert commune.keng("enrol", "thon-1", "--hamlet", "thon-1", "--etc", commune.etc, "--out", home).returncode == 0
    shutil.copytree(bundle_for(release), machine.disk / BOOT / "keng-bundle")
    shutil.copytree(home / "thon-1", machine.disk / BOOT / "thon-1")
    machine.boot()
    machine.run("apt-get -qq update && apt-get install -y -qq --no-install-recommends python3 >/dev/null")
    machine.run("rm -rf /etc/apt/apt.conf.d/99boots /etc/pip.conf /var/lib/apt/lists/*; ip link set eth0 down || true")
    yield machine
    machine.end()


def test_a_card_becomes_a_box_without_a_network_though_the_power_goes_while_it_is_installed(card: Machine) -> None:
    wants = card.disk / "etc/systemd/system/multi-user.target.wants"
    card.run(f"bash /{BOOT}/keng-bundle/first-boot.sh --enable")  # as cloud-init does
    eventually(lambda: (card.disk / "opt/keng").exists(), WITHIN_S, "it does not begin")
    card.power_cut()
    assert (card.disk / BOOT / "thon-1/node.key").exists()
    with timed("first start of a card, from its bundle, without a network", card.release):
        card.switch_on()
        unit = wants / "keng-first-boot.service"
        eventually(lambda: not unit.is_symlink(), WITHIN_S, "it is never through")
    log = card.disk / BOOT / "keng-first-boot.log"  # laid there as the last of all
    eventually(lambda: log.exists() and "Đã cài xong hộp thon-1" in log.read_text(), 60)
    said = log.read_text()
    assert not any((card.disk / BOOT / "thon-1" / name).exists() for name in ("node.key", "password"))
    assert (card.disk / "etc/keng/node.key").stat().st_mode & 0o777 == 0o600
    eventually(lambda: card.run("systemctl is-active keng-node", check=False).stdout == "active\n", 60, said)
    assert card.run("systemctl is-failed keng-first-boot", check=False).stdout != "failed\n"


def test_after_the_next_start_it_is_a_box_and_nothing_is_installed_again(card: Machine) -> None:
    before = (card.disk / BOOT / "keng-first-boot.log").stat().st_mtime_ns
    card.power_cut()
    card.boot()
    eventually(lambda: card.run("systemctl is-active keng-node", check=False).stdout == "active\n", 60)
    assert (card.disk / BOOT / "keng-first-boot.log").stat().st_mtime_ns == before
