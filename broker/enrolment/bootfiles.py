"""What goes to the boot partition of one box's SD card, so that a Pi becomes that box at its first start. Pure text.

    user-data, network-config, meta-data    Raspberry Pi OS Trixie: cloud-init, NoCloud
    firstrun.sh, cmdline-add.txt            Raspberry Pi OS Bookworm: what rpi-imager writes there

What must hold: no password that a person chose is in it (Wi-Fi's is there as the key that is made of it; nobody can
log in but with a key); whatever a name holds, the files stay YAML and shell. It does not know the bundle but by name.
"""

from __future__ import annotations

import hashlib
import json
import re
import shlex
from dataclasses import dataclass

from broker.errors import BrokerError

BUNDLE = "keng-bundle"
"""Folder beside these files; deploy/BUNDLE.md."""
BOOT = "/boot/firmware"
"""Where both systems mount the partition."""
HOST_PREFIX = "keng-"
ADMIN = "kythuat"
"""The only person's account: locked but for a key."""
COUNTRY = "VN"
"""Radio rules."""
PSK_ROUNDS, PSK_BYTES = 4096, 32
"""IEEE 802.11i."""
MIN_PASSPHRASE, MAX_PASSPHRASE, MAX_SSID_BYTES = 8, 63, 32
"""IEEE 802.11."""
KEY_LINE = re.compile(r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp\d+|sk-[a-z0-9@.-]+) [A-Za-z0-9+/=]+( [^\n\"\\]*)?")


class BootFault(BrokerError, ValueError):
    """A Wi-Fi or a key that no card can have."""


@dataclass(frozen=True, slots=True)
class Wifi:
    """A wireless network."""

    ssid: str
    """Its name."""
    key: str
    """64 hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Boot:
    """What the card's system is told."""

    node: str
    """Slug."""
    zone: str
    """IANA's name of the time zone."""
    instance: str
    """Another word each time the card is written: cloud-init then begins anew."""
    ssh_key: str | None = None
    """A public key that may log in; None: nobody, and no SSH."""
    wifi: Wifi | None = None
    """None: a cable."""

    @property
    def hostname(self) -> str:
        """As it calls itself on the network."""
        return HOST_PREFIX + self.node


def wifi_of(ssid: str, passphrase: str) -> Wifi:
    """The network with the key of its password. BootFault."""
    if not 1 <= len(ssid.encode()) <= MAX_SSID_BYTES or not ssid.isprintable() or any(c in ssid for c in "\"'\\;"):
        raise BootFault(
            f"--wifi {ssid}: tên Wi-Fi dài 1 đến {MAX_SSID_BYTES} byte, không có dấu nháy, \\ và ;",
            f"--wifi {ssid}: a Wi-Fi's name is 1 to {MAX_SSID_BYTES} bytes, without quotes, \\ and ;",
        )
    if not MIN_PASSPHRASE <= len(passphrase) <= MAX_PASSPHRASE or not (
        passphrase.isascii() and passphrase.isprintable()
    ):
        raise BootFault(
            f"Mật khẩu Wi-Fi dài {MIN_PASSPHRASE} đến {MAX_PASSPHRASE} ký tự, không dấu.",
            f"A Wi-Fi's password is {MIN_PASSPHRASE} to {MAX_PASSPHRASE} characters of ASCII.",
        )
    key = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), ssid.encode(), PSK_ROUNDS, PSK_BYTES)
    return Wifi(ssid, key.hex())


def ssh_key_of(text: str, where: str) -> str:
    """The first public key in a file's text. BootFault."""
    line = next((line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
    if not KEY_LINE.fullmatch(line):
        raise BootFault(
            f"{where}: không phải khóa công khai SSH (một dòng như ssh-ed25519 AAAA…). Đừng dùng khóa riêng ở đây.",
            f"{where}: no public SSH key (a line like ssh-ed25519 AAAA…). A private key never belongs here.",
        )
    return line


def boot_files(boot: Boot) -> dict[str, str]:
    """Text by file name."""
    return {
        "user-data": _user_data(boot),
        "network-config": _network(boot.wifi),
        "meta-data": f"instance-id: {boot.hostname}-{boot.instance}\nlocal-hostname: {boot.hostname}\n",
        "firstrun.sh": _firstrun(boot),
        "cmdline-add.txt": CMDLINE,
    }


def _user_data(boot: Boot) -> str:
    key = (
        ""
        if boot.ssh_key is None
        else f"    ssh_authorized_keys:\n      - {json.dumps(boot.ssh_key, ensure_ascii=False)}\n"
    )
    runs = ["[systemctl, enable, --now, ssh]" if boot.ssh_key else "[systemctl, disable, --now, ssh]"]
    runs += ["[rfkill, unblock, wifi]"] if boot.wifi else []
    return USER_DATA.format(
        node=boot.node,
        hostname=boot.hostname,
        zone=boot.zone,
        admin=ADMIN,
        key=key,
        first=f"{BOOT}/{BUNDLE}/first-boot.sh",
        runs="".join(f"  - {run}\n" for run in runs),
    )


def _network(wifi: Wifi | None) -> str:
    if wifi is None:
        return NETWORK
    return NETWORK + WLAN.format(country=COUNTRY, ssid=json.dumps(wifi.ssid, ensure_ascii=False), key=wifi.key)


def _firstrun(boot: Boot) -> str:
    ssh = "-d" if boot.ssh_key is None else f"-k {shlex.quote(boot.ssh_key)}"
    wlan = "" if boot.wifi is None else f"$custom set_wlan {shlex.quote(boot.wifi.ssid)} {boot.wifi.key} {COUNTRY}\n"
    return FIRSTRUN.format(
        node=boot.node,
        hostname=boot.hostname,
        zone=shlex.quote(boot.zone),
        admin=ADMIN,
        ssh=ssh,
        wlan=wlan,
        boot=BOOT,
        first=f"{BOOT}/{BUNDLE}/first-boot.sh",
    )


CMDLINE = f" systemd.run={BOOT}/firstrun.sh systemd.run_success_action=reboot systemd.unit=kernel-command-line.target\n"

USER_DATA = """\
#cloud-config
# Hộp kẻng {node}: lần bật đầu tiên. `keng enrol` viết. / The first start of box {node}, written by `keng enrol`.
hostname: {hostname}
manage_etc_hosts: true
timezone: {zone}
# Không ai đăng nhập bằng mật khẩu. / Nobody logs in with a password.
ssh_pwauth: false
disable_root: true
users:
  - name: {admin}
    gecos: Kỹ thuật
    groups: [adm, audio, sudo]
    shell: /bin/bash
    lock_passwd: true
    sudo: "ALL=(ALL) NOPASSWD:ALL"
{key}\
# Cài kẻng từ thư mục keng-bundle, không cần Internet. / Installs the gong from keng-bundle, without internet.
bootcmd:
  - [cloud-init-per, once, keng-first-boot, bash, {first}, --enable]
runcmd:
{runs}"""

NETWORK = """\
network:
  version: 2
  ethernets:
    eth0:
      dhcp4: true
      optional: true
"""

WLAN = """\
  wifis:
    wlan0:
      dhcp4: true
      optional: true
      regulatory-domain: "{country}"
      access-points:
        {ssid}:
          password: "{key}"
"""

FIRSTRUN = """\
#!/bin/bash
# Hộp kẻng {node}: lần bật đầu tiên, Raspberry Pi OS Bookworm. `keng enrol` viết. / The first start of box {node}.
set +e
custom=/usr/lib/raspberrypi-sys-mods/imager_custom
$custom set_hostname {hostname}
$custom set_timezone {zone}
# Không ai đăng nhập bằng mật khẩu. / Nobody logs in with a password.
if [ -x /usr/lib/userconf-pi/userconf ]; then /usr/lib/userconf-pi/userconf {admin} '*'; fi
$custom enable_ssh {ssh}
{wlan}\
bash {first} --enable --no-start
rm -f {boot}/firstrun.sh
sed -i 's| systemd.run.*||g' {boot}/cmdline.txt
exit 0
"""
