"""The whole way as one test: a commune's machine by its installer, a box by `keng enrol` and `keng card`, a blank
card's first start to the one stroke, “đã lên tiếng”, a signed alarm that sounds, a press that is received and taken.

Real: both systemds, cloud-init (Debian 13) or the first run that the kernel's command line asks for (Debian 12), the
bundle, TLS, passwords, access list, signatures. Not: pins and sound card (fakes.boottown), the kernel, a FAT file
system, and what Raspberry Pi OS has of its own: its imager's commands, its network by netplan. The box has no way to
anybody but the commune.
"""

import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.bootimage import WANTED
from fakes.bootmachine import Ground
from fakes.boottown import BOX, Town
from fakes.waiting import eventually

pytestmark = [pytest.mark.soak, pytest.mark.timeout(0)]

BOOT = "boot/firmware"
WITHIN_S = 60.0
INSTALL_WITHIN_S = 900.0
SOUND_NS = 1_000_000_000
CLOUD = """\
datasource_list: [ NoCloud, None ]
datasource:
  NoCloud:
    seedfrom: file:///boot/firmware
network: {config: disabled}
"""
"""But for its last line Raspberry Pi OS's own; the cable here has its address already."""
CMDLINE = "console=tty1 root=PARTUUID=7351b90c-02 rootfstype=ext4 rootwait"


class ByCard(Town):
    """A commune, and a Pi that has a new card in it: off."""

    def hang_up(self) -> None:
        """A Debian with what Raspberry Pi OS brings for a first start, and its boot partition as it was written."""
        self.box.boot()
        brings = "python3 openssh-server iproute2" + (" cloud-init" if self.release == "trixie" else "")
        self.box.run(f"apt-get -qq update && apt-get install -y -qq --no-install-recommends {brings} >/dev/null")
        self.box.run("rm -rf /etc/apt/apt.conf.d/99boots /etc/pip.conf /var/lib/apt/lists/*")
        self.box.power_cut()
        self.boot = self.commune.disk / "media/bootfs"
        """The card is in the commune's machine."""
        self.boot.mkdir(parents=True)
        (self.boot / "cmdline.txt").write_text(f"{CMDLINE}\n")
        (self.boot / "config.txt").touch()
        if self.release == "trixie":
            (self.boot / "user-data").write_text("#cloud-config\n")
            (self.box.disk / "etc/cloud/cloud.cfg.d/99_raspberry-pi.cfg").write_text(CLOUD)

    def by_day(self) -> None:
        """At night no box strikes by itself: its commune lies where it is noon."""
        ahead = (12 - datetime.now(UTC).hour + 11) % 24 - 11
        book = "/etc/keng/codebook.yaml"
        self.commune.run(f"sed -i 's|Asia/Ho_Chi_Minh|Etc/GMT{-ahead:+d}|; s/^version: .*/version: 2/' {book}")
        self.commune.run(f"keng codebook push {book}")

    def put_in(self) -> None:
        """The card goes from the one machine into the other."""
        (self.box.disk / "boot").mkdir(exist_ok=True)
        shutil.move(self.boot, self.box.disk / BOOT)
        self.boot = self.box.disk / BOOT
        for path in self.boot.rglob("*"):
            path.chmod(0o755)  # as a FAT shows them all

    def power_on(self) -> None:
        """As the firmware does: with the words of cmdline.txt; Bookworm's first run ends with a restart."""
        words = [word for word in (self.boot / "cmdline.txt").read_text().split() if word.startswith("systemd.")]
        self.box.switch_on(*words)
        if words:
            self.box.until_it_restarts(WITHIN_S * 5)
            self.power_on()

    def node(self) -> dict[str, object]:
        """What the commune knows of the box."""
        return next((row for row in self.status().get("nodes", []) if row["node"] == BOX), {})


def told(town: ByCard) -> str:
    """What cloud-init says at its end."""
    said = town.box.run("cloud-init status --long", check=False).stdout
    return "" if "status: running" in said or "status: not" in said else said


@pytest.fixture(scope="module", params=WANTED)
def town(request: pytest.FixtureRequest, ground: Ground) -> Iterator[ByCard]:
    one = ByCard(ground, request.param)
    yield one
    one.end()


def test_from_enrolment_to_a_signed_alarm_that_sounds_and_a_press_that_is_received(
    town: ByCard, bundle_for: Callable[[str], Path]
) -> None:
    shutil.copytree(bundle_for(town.release), town.commune.disk / "root/keng-bundle")
    town.by_day()
    began_s = time.monotonic()
    town.timed("keng enrol", lambda: town.commune.run(f"keng enrol {BOX} --hamlet {BOX}"))
    town.wire(town.commune.disk / "root" / BOX)
    said = town.timed("keng card", lambda: town.commune.run(f"keng card {BOX} /media/bootfs"))
    assert ("Trixie" if town.release == "trixie" else "Bookworm") in said.stdout
    town.put_in()

    on_ns = time.monotonic_ns()
    town.power_on()
    log = town.boot / "keng-first-boot.log"
    eventually(lambda: log.exists() and "Đã cài xong" in log.read_text(), INSTALL_WITHIN_S, "it is not installed")
    town.keep("card: power on → installed from its bundle", (time.monotonic_ns() - on_ns) / 1e9)
    assert "✗" not in log.read_text()
    assert not any((town.boot / BOX / name).exists() for name in ("node.key", "password"))
    if town.release == "trixie":
        assert "status: done" in eventually(lambda: told(town), WITHIN_S, "cloud-init does not end")
        assert town.box.run("systemctl is-enabled ssh", check=False).stdout == "disabled\n"
        assert town.box.run("getent passwd kythuat && hostname").stdout.splitlines()[-1] == f"keng-{BOX}"
    stroke_ns = eventually(lambda: town.heard_since(on_ns), INSTALL_WITHIN_S, "it never strikes")
    town.keep("card: power on → the first stroke is heard", (stroke_ns - on_ns) / 1e9)
    eventually(lambda: town.node().get("spoke_at"), WITHIN_S, "the commune never heard of it")
    town.keep("first stroke → the commune says that it has spoken", (time.monotonic_ns() - stroke_ns) / 1e9)
    assert f"đã lên tiếng (hộp {BOX}" in town.commune.run("keng status").stdout
    assert town.node()["orders_signed"] is True
    eventually(lambda: not town.sounding(), WITHIN_S, "it does not end")

    began_ns = time.monotonic_ns()
    town.asked("alarm --all --kind disaster")
    heard_ns = eventually(lambda: town.heard_since(began_ns), WITHIN_S, "the gong is silent")
    town.keep("card: keng alarm → heard", (heard_ns - began_ns) / 1e9)
    town.hush()

    released_ns = town.press()
    heard_ns = eventually(lambda: town.heard_since(released_ns - SOUND_NS), WITHIN_S, "the gong is silent")
    assert heard_ns - released_ns < SOUND_NS
    eventually(lambda: town.glance().get("alert") == "received", WITHIN_S, "nobody received it")
    town.keep("card: press → its lamp says received", (time.monotonic_ns() - released_ns) / 1e9)
    [row] = town.asked("incidents --open")["incidents"]
    assert (row["node"], row["kind"], row["state"]) == (BOX, "fire", "open")
    town.asked(f"acknowledge {row['id']}")
    eventually(lambda: town.glance().get("alert") == "acknowledged", WITHIN_S, "the lamp never went steady")
    town.keep("keng enrol → a press that somebody has taken, the whole way", time.monotonic() - began_s)
    town.hush()
