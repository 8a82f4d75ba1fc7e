"""The files on a card's boot partition: what cloud-init and Raspberry Pi OS Bookworm make of them."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from broker.enrolment.bootfiles import ADMIN, Boot, BootFault, Wifi, boot_files, ssh_key_of, wifi_of

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJcm7nAdsFzWlHTkKTmbB2VfL1n0 an@xa"
GENERATE = Path("/usr/libexec/netplan/generate")
WIFI = wifi_of("Nhà văn hóa: no", "mat khau 123")
PLAIN = Boot("thon-1", "Asia/Ho_Chi_Minh", "a1b2")
WHOLE = Boot("thon-1", "Asia/Ho_Chi_Minh", "a1b2", KEY, WIFI)


def user_data(boot: Boot) -> dict:
    """As cloud-init reads it."""
    return yaml.safe_load(boot_files(boot)["user-data"])


def test_cloud_init_is_told_name_zone_and_that_nobody_logs_in_with_a_password():
    said = user_data(PLAIN)
    assert (said["hostname"], said["timezone"]) == ("keng-thon-1", "Asia/Ho_Chi_Minh")
    assert said["ssh_pwauth"] is False and said["disable_root"] is True
    (person,) = said["users"]
    assert person["name"] == ADMIN and person["lock_passwd"] is True
    assert not {"passwd", "plain_text_passwd", "hashed_passwd"} & person.keys()
    assert boot_files(PLAIN)["user-data"].startswith("#cloud-config\n")


def test_without_a_key_there_is_no_ssh_and_with_one_that_key_alone():
    assert ["systemctl", "disable", "--now", "ssh"] in user_data(PLAIN)["runcmd"]
    assert "ssh_authorized_keys" not in user_data(PLAIN)["users"][0]
    assert ["systemctl", "enable", "--now", "ssh"] in user_data(WHOLE)["runcmd"]
    assert user_data(WHOLE)["users"][0]["ssh_authorized_keys"] == [KEY]


def test_the_gong_is_installed_from_the_bundle_beside_it_once():
    (command,) = user_data(PLAIN)["bootcmd"]
    assert command[:3] == ["cloud-init-per", "once", "keng-first-boot"]
    assert command[3:] == ["bash", "/boot/firmware/keng-bundle/first-boot.sh", "--enable"]


def test_each_card_is_an_instance_of_its_own():
    metas = {yaml.safe_load(boot_files(Boot("thon-1", "UTC", word))["meta-data"])["instance-id"] for word in ("a", "b")}
    assert len(metas) == 2


def test_wifi_goes_by_the_rules_of_viet_nam_and_its_password_is_not_on_the_card():
    said = yaml.safe_load(boot_files(WHOLE)["network-config"])["network"]
    wlan = said["wifis"]["wlan0"]
    assert wlan["regulatory-domain"] == "VN"
    assert wlan["access-points"] == {WIFI.ssid: {"password": WIFI.key}}
    assert not any("mat khau 123" in text for text in boot_files(WHOLE).values())
    assert "wifis" not in boot_files(PLAIN)["network-config"]


def test_the_key_of_a_wifi_is_the_one_that_the_standard_says():
    assert wifi_of("IEEE", "password").key == "f42c6fc52df0ebef9ebb4b90b38a5f902e83fe1b135a70e23aed762e9710a12e"


@pytest.mark.parametrize(
    ("ssid", "password"),
    [("", "12345678"), ("x" * 33, "12345678"), ("ạ" * 11, "12345678"), ("a'b", "12345678"), ("a;b", "12345678"),
     ("a\nb", "12345678"), ("a", "1234567"), ("a", "x" * 64), ("a", "mật khẩu dài")],
)  # fmt: skip
def test_a_wifi_that_no_card_can_have_is_refused(ssid, password):
    with pytest.raises(BootFault) as told:
        wifi_of(ssid, password)
    assert not password or password not in told.value.vi


@pytest.mark.parametrize("text", ["", "-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n", "ssh-dss AAAA", 'ssh-rsa AAAA "x"'])
def test_what_is_no_public_key_is_refused(text):
    with pytest.raises(BootFault, match="k"):
        ssh_key_of(text, "key.pub")


def test_the_first_key_of_a_file_counts():
    assert ssh_key_of(f"# của An\n\n{KEY}\nssh-rsa AAAA b\n", "key.pub") == KEY


def test_bookworms_script_is_bash_and_takes_itself_away(tmp_path: Path):
    for boot in (PLAIN, WHOLE, Boot("thon-1", "a'b c", "x", KEY + " it's", Wifi("a b", "0" * 64))):
        script = boot_files(boot)["firstrun.sh"]
        subprocess.run(["bash", "-n"], input=script.encode(), check=True)
        assert "enable_ssh" in script and "rm -f /boot/firmware/firstrun.sh" in script
    added = boot_files(PLAIN)["cmdline-add.txt"]
    assert added.count("\n") == 1 and "systemd.run=/boot/firmware/firstrun.sh" in added


def test_bookworm_has_no_ssh_either_without_a_key():
    assert "enable_ssh -d\n" in boot_files(PLAIN)["firstrun.sh"]


def test_bookworms_script_does_what_it_says(tmp_path: Path):
    """With the tools of the image replaced by one that notes its words."""
    said, boot = tmp_path / "said", tmp_path / "boot"
    (boot / "keng-bundle").mkdir(parents=True)
    (boot / "keng-bundle/first-boot.sh").write_text(f'echo first-boot "$@" >>{said}\n')
    (boot / "cmdline.txt").write_text("root=x rootwait" + boot_files(WHOLE)["cmdline-add.txt"])
    tool = tmp_path / "imager_custom"
    tool.write_text(f'#!/bin/bash\necho "$@" >>{said}\n')
    tool.chmod(0o755)
    script = boot_files(WHOLE)["firstrun.sh"].replace("/usr/lib/raspberrypi-sys-mods/imager_custom", str(tool))
    (boot / "firstrun.sh").write_text(script.replace("/boot/firmware", str(boot)))
    subprocess.run(["bash", boot / "firstrun.sh"], check=True)
    assert said.read_text().splitlines() == [
        "set_hostname keng-thon-1", "set_timezone Asia/Ho_Chi_Minh", f"enable_ssh -k {KEY}",
        f"set_wlan {WIFI.ssid} {WIFI.key} VN", "first-boot --enable --no-start",
    ]  # fmt: skip
    assert (boot / "cmdline.txt").read_text().split() == ["root=x", "rootwait"]
    assert not (boot / "firstrun.sh").exists()


@pytest.mark.skipif(not GENERATE.exists(), reason="netplan is not installed: apt install netplan.io")
def test_netplan_makes_a_wifi_of_it_with_name_and_key(tmp_path: Path):
    (tmp_path / "etc/netplan").mkdir(parents=True)
    said = boot_files(WHOLE)["network-config"].replace("network:\n", "network:\n  renderer: NetworkManager\n", 1)
    (tmp_path / "etc/netplan/50.yaml").write_text(said)
    (tmp_path / "etc/netplan/50.yaml").chmod(0o600)
    subprocess.run([GENERATE, "--root-dir", tmp_path], check=True)
    (made,) = tmp_path.glob("run/NetworkManager/system-connections/*wlan0*")
    assert f"ssid={WIFI.ssid}\n" in made.read_text() and f"psk={WIFI.key}\n" in made.read_text()


@pytest.mark.skipif(not shutil.which("cloud-init"), reason="cloud-init is not installed: apt install cloud-init")
@pytest.mark.parametrize("boot", [PLAIN, WHOLE], ids=["plain", "whole"])
def test_cloud_init_finds_nothing_wrong(boot: Boot, tmp_path: Path):
    for name in ("user-data", "network-config"):
        (tmp_path / name).write_text(boot_files(boot)[name])
    done = subprocess.run(["cloud-init", "schema", "-c", tmp_path / "user-data"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
