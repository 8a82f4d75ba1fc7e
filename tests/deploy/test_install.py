"""deploy/install-commune.sh and deploy/node.sh below a folder: what they write, leave alone, refuse."""

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.installed import Installed, script

from broker.console.settings import load_console
from broker.enrolment.boxes import Box, node_yaml
from broker.enrolment.found import DESK_HOME, HOME, RESTART_WISH, RETIRE_FOLDER
from broker.enrolment.site import read_site
from broker.enrolment.texts import commune_yaml, with_retire
from broker.settings import load_settings as load_commune
from node.settingsread import load_settings as load_node
from patterns.codebook import load_codebook

DEPLOY = Path(__file__).parents[2] / "deploy"
NAMED = ("--commune", "cong-lac", "--name", "Xã Cộng Lạc")
SECRETS = re.compile(r"\.key$|password$|\.passwords$|\.acl$")


def snapshot(root: Path) -> dict[str, tuple[bytes, int]]:
    """Every file, what it holds and who may."""
    files = [path for path in root.rglob("*") if path.is_file()]
    return {str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mode) for path in files}


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Installed, one box enrolled; not to be changed."""
    machine = Installed(tmp_path_factory.mktemp("once") / "root")
    done = machine.install(*NAMED, "--address", "127.0.0.1", "keng.local", "--hamlets", "3")
    assert done.returncode == 0, done.stderr
    said = machine.keng("enrol", "thon-1", "--hamlet", "thon-1", "--etc", machine.etc, "--out", machine.root / "sd")
    assert said.returncode == 0, said.stderr
    return machine


@pytest.fixture
def machine(once: Installed, tmp_path: Path) -> Installed:
    """Installed, to be changed."""
    done = (fresh := Installed(tmp_path / "root")).install("--name", "Cộng Lạc", "--address", "127.0.0.1")
    assert done.returncode == 0, done.stderr
    return fresh


def test_what_is_written_is_what_the_service_reads(once):
    site = read_site(once.etc)
    assert (site.commune.commune, site.address) == ("cong-lac", "127.0.0.1")
    assert dict(site.commune.users) == {"duty": "officer", "console": "console"}
    assert site.commune.home == once.root / "var/lib/keng-commune"
    book = load_codebook(once.codebook)
    assert (book.name, list(book.hamlets)) == ("Xã Cộng Lạc", ["thon-1", "thon-2", "thon-3"])


def test_secrets_are_for_their_owner_alone(once):
    loose = [
        name for name, (_, mode) in snapshot(once.root).items() if SECRETS.search(name) and stat.S_IMODE(mode) != 0o600
    ]
    assert not loose
    assert stat.S_IMODE((once.root / "sd/thon-1").stat().st_mode) == 0o700


def test_the_password_is_shown_once(machine):
    password = (machine.etc / "duty.password").read_text().strip()
    assert password not in machine.install("--address", "127.0.0.1").stderr


def test_running_it_again_changes_nothing(machine):
    machine.codebook.write_text(machine.codebook.read_text() + "# của xã\n")
    assert (
        machine.keng("enrol", "thon-1", "--hamlet", "thon-1", "--etc", machine.etc, "--out", machine.root).returncode
        == 0
    )
    before = snapshot(machine.root)
    for arguments in ((), ("--address", "10.0.0.9"), ("--name", "Khác", "--hamlets", "9")):
        done = machine.install(*arguments)
        assert done.returncode == 0, done.stderr
        assert snapshot(machine.root) == before


def test_an_officer_written_down_later_gets_a_password_and_one_crossed_out_loses_it(machine):
    settings = machine.etc / "commune.yaml"
    settings.write_text(settings.read_text() + "  clerk: watch\n")
    assert machine.install().returncode == 0
    assert (machine.etc / "clerk.password").exists()
    passwords = machine.root / "etc/mosquitto/keng/officers.passwords"
    assert "clerk:" in passwords.read_text() and "duty:" in passwords.read_text()
    settings.write_text(settings.read_text().replace("  clerk: watch\n", ""))
    assert machine.install().returncode == 0
    assert "clerk:" not in passwords.read_text() and "duty:" in passwords.read_text()


def before_the_desk(machine: Installed) -> str:
    """What an older install-commune.sh left; the text of commune.yaml."""
    settings = machine.etc / "commune.yaml"
    settings.write_text(settings.read_text().replace("  console: console\n", "  # hết\n"))
    for name in ("console.yaml", "console.password", "console.crt", "console.key"):
        (machine.etc / name).unlink()
    (machine.root / "var/lib/keng-console").rmdir()
    for name in ("keng-console.service", "keng-certificate.service", "keng-certificate.timer"):
        (machine.root / "etc/systemd/system" / name).unlink()
    return settings.read_text()


def test_a_commune_from_before_the_duty_desk_gets_it_once_and_nothing_else_changes(machine):
    duty = (machine.etc / "duty.password").read_bytes()
    text = before_the_desk(machine)
    before = snapshot(machine.root)
    done = machine.install("--address", "10.0.0.9")
    assert done.returncode == 0, done.stderr
    after = snapshot(machine.root)
    assert {name for name in before if before[name] != after[name]} <= {
        "etc/keng/commune.yaml", "etc/mosquitto/keng/local.passwords", "etc/mosquitto/keng/local.acl",
    }  # fmt: skip
    settings = machine.etc / "commune.yaml"
    assert settings.read_text() == text.replace("  duty: officer\n", "  duty: officer\n  console: console\n")
    assert (machine.etc / "duty.password").read_bytes() == duty
    desk = load_console(machine.etc / "console.yaml")
    assert (desk.commune, desk.name, desk.hosts) == ("cong-lac", "Cộng Lạc", ("10.0.0.9",))
    assert machine.install("--address", "10.0.0.9").returncode == 0
    assert snapshot(machine.root) == after


def test_a_duty_desk_that_somebody_crossed_out_stays_out(machine):
    settings = machine.etc / "commune.yaml"
    without = settings.read_text().replace("  console: console\n", "")
    settings.write_text(without)
    words = ["-m", "broker.enrolment.found", "--root", machine.root, "--address", "127.0.0.1"]
    done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["desk"] is False, "or install-commune.sh would start it"
    assert settings.read_text() == without
    assert "console:" not in (machine.root / "etc/mosquitto/keng/local.passwords").read_text()


def test_a_person_who_is_called_console_keeps_their_name(machine):
    before_the_desk(machine)
    settings = machine.etc / "commune.yaml"
    settings.write_text(settings.read_text() + "  console: watch\n")
    assert machine.install().returncode == 0
    assert dict(load_commune(settings).users) == {"duty": "officer", "console": "watch", "trang-truc-ban": "console"}
    assert load_console(machine.etc / "console.yaml").mqtt.user == "trang-truc-ban"


def test_a_wrong_console_yaml_is_told_and_keeps_nothing_from_an_update(machine):
    path = machine.etc / "console.yaml"
    path.write_text(path.read_text().replace("hosts:", "host:"))
    (machine.root / "etc/systemd/system/keng-commune.service").unlink()
    done = machine.install()
    assert done.returncode == 0 and "host" in done.stderr
    assert (machine.root / "etc/systemd/system/keng-commune.service").exists()


def test_the_duty_desk_is_served_under_the_addresses_given_and_said_at_the_end(machine):
    done = machine.install("--address", "127.0.0.1")
    for words in (
        f"https://127.0.0.1:{machine.ports[3]}/", "sudo keng officer add", "--role chief", f"{machine.etc}/ca/ca.crt",
        ", ".join(map(str, (*machine.ports[:2], machine.ports[3]))),
    ):  # fmt: skip
        assert done.stderr.count(words) >= 2, "in both languages"
    desk = load_console(machine.etc / "console.yaml")
    assert (desk.register, desk.home) == (read_site(machine.etc).commune.home, machine.root / "var/lib/keng-console")
    assert stat.S_IMODE(desk.home.stat().st_mode) == 0o700
    assert (desk.listen.address, desk.listen.port) == ("0.0.0.0", machine.ports[3])
    assert desk.listen.certificate is not None
    how = ["openssl", "verify", "-CAfile", machine.etc / "ca/ca.crt", "-verify_ip", "127.0.0.1"]
    how += ["-untrusted", desk.listen.certificate, desk.listen.certificate]
    assert subprocess.run(how, capture_output=True, check=False).returncode == 0


def test_a_lost_server_certificate_is_made_anew_by_the_same_authority(machine):
    folder = machine.root / "etc/mosquitto/keng"
    (folder / "server.crt").unlink()
    (folder / "server.key").unlink()
    before = (machine.etc / "ca/ca.crt").read_bytes()
    assert machine.install("--address", "10.0.0.9").returncode == 0
    assert (machine.etc / "ca/ca.crt").read_bytes() == before
    command = [
        "openssl",
        "verify",
        "-CAfile",
        machine.etc / "ca/ca.crt",
        "-verify_ip",
        "10.0.0.9",
        "-untrusted",
        folder / "server.crt",
        folder / "server.crt",
    ]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_code_book_that_exists_is_taken_as_it_is(tmp_path):
    shipped = DEPLOY.parent / "patterns/data/codebooks/cong-lac.yaml"
    machine = Installed(tmp_path / "root")
    assert machine.install("--address", "127.0.0.1", "--codebook", shipped).returncode == 0
    assert machine.codebook.read_bytes() == shipped.read_bytes()
    said = machine.keng("enrol", "thon-2", "--etc", machine.etc, "--out", tmp_path)
    assert said.returncode == 0, said.stderr
    text = machine.codebook.read_text()
    assert re.search(r"^  thon-2: \{hamlet: thon-2, key: \"[^\"]{44}\"\}$", text, re.M)
    assert text.count("#") == shipped.read_text().count("#")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--commune", "Cộng Lạc"), "a-z, 0-9"),
        (("--address", "a b"), "tên máy hoặc địa chỉ IP"),
        (("--codebook", "/nowhere.yaml"), "không đọc được"),
    ],
)
def test_a_wrong_wish_is_a_sentence_in_both_languages_and_leaves_no_settings(tmp_path, arguments, says):
    machine = Installed(tmp_path / "root")
    done = machine.install(*arguments) if "--address" in arguments else machine.install("--address", "::1", *arguments)
    assert done.returncode != 0
    assert says in done.stderr and "Traceback" not in done.stderr
    assert not (machine.etc / "commune.yaml").exists()


def test_a_wrong_code_book_is_told_with_its_line_and_not_kept(tmp_path):
    wrong = tmp_path / "book.yaml"
    wrong.write_text("commune: cong-lac\nversion: 1\nzone: Nowhere\nhamlets: {a: null}\n")
    machine = Installed(tmp_path / "root")
    done = machine.install("--address", "127.0.0.1", "--codebook", wrong)
    assert done.returncode != 0
    assert "dòng 3" in done.stderr
    assert not machine.codebook.exists()


def test_another_communes_machine_is_left_alone(machine):
    before = snapshot(machine.root)
    done = machine.install("--commune", "ea-o")
    assert done.returncode != 0
    assert "cong-lac" in done.stderr
    assert snapshot(machine.root) == before


def test_a_box_is_installed_where_its_unit_looks(once, tmp_path):
    done = script("node.sh", once.root / "sd/thon-1", "--root", tmp_path)
    assert done.returncode == 0, done.stderr
    settings = load_node(tmp_path / "etc/keng/node.yaml")
    assert settings.broker.password_file == tmp_path / "etc/keng/password"
    for name in ("password", "node.key"):
        assert stat.S_IMODE((tmp_path / "etc/keng" / name).stat().st_mode) == 0o600
    assert list((tmp_path / "var/cache/keng-node").glob("*.wav"))
    before = snapshot(tmp_path)
    assert script("node.sh", once.root / "sd/thon-1", "--root", tmp_path, "--card", "other").returncode == 0
    assert snapshot(tmp_path) == before


def test_a_copied_card_becomes_another_box_only_when_told_and_keeps_the_old_ones_journal(once, tmp_path):
    first, root = once.root / "sd/thon-1", tmp_path / "pi"
    other = tmp_path / "thon-2"
    shutil.copytree(first, other)
    (other / "node.yaml").write_text((first / "node.yaml").read_text().replace("node: thon-1", "node: thon-2"))
    (other / "node.key").write_text("other\n")
    (other / "SHA256SUMS").unlink()
    assert script("node.sh", first, "--root", root).returncode == 0
    (root / "var/lib/keng-node").mkdir(parents=True)
    (root / "var/lib/keng-node/journal").write_text("alerts")
    refused = script("node.sh", other, "--root", root)
    assert refused.returncode != 0
    assert "--replace" in refused.stderr
    assert load_node(root / "etc/keng/node.yaml").node == "thon-1"
    assert script("node.sh", other, "--root", root, "--replace", "--card", "plughw:CARD=Device").returncode == 0
    settings = load_node(root / "etc/keng/node.yaml")
    assert (settings.node, settings.speaker.device) == ("thon-2", "plughw:CARD=Device")
    [kept] = (root / "var/lib").glob("keng-node.thon-1-*")
    assert (kept / "journal").read_text() == "alerts"


def test_a_folder_that_a_stick_damaged_is_refused(once, tmp_path):
    harmed = tmp_path / "thon-1"
    shutil.copytree(once.root / "sd/thon-1", harmed)
    key = (harmed / "node.key").read_text()
    (harmed / "node.key").write_text(("A" if key[0] != "A" else "B") + key[1:])
    done = script("node.sh", harmed, "--root", tmp_path / "pi")
    assert done.returncode == 1
    assert "bị hỏng" in done.stderr and "node.key" in done.stderr
    assert not (tmp_path / "pi/etc").exists()


def test_a_box_whose_secrets_are_off_its_boot_partition_is_installed_again_but_no_other(once, tmp_path):
    folder, root = tmp_path / "thon-1", tmp_path / "pi"
    shutil.copytree(once.root / "sd/thon-1", folder)
    assert script("node.sh", folder, "--root", root).returncode == 0
    for name in ("password", "node.key"):
        (folder / name).unlink()
    before = snapshot(root)
    assert script("node.sh", folder, "--root", root).returncode == 0
    assert snapshot(root) == before
    (folder / "node.yaml").write_text((folder / "node.yaml").read_text().replace("node: thon-1", "node: thon-2"))
    refused = script("node.sh", folder, "--root", root, "--replace")
    assert refused.returncode == 1 and "hộp thon-1" in refused.stderr
    assert snapshot(root) == before


@pytest.mark.parametrize("empty", ["password", "node.key", "ca.crt", "node.yaml"])
def test_what_a_power_cut_left_empty_is_written_again(once, tmp_path, empty):
    folder, root = once.root / "sd/thon-1", tmp_path / "pi"
    assert script("node.sh", folder, "--root", root).returncode == 0
    (root / "etc/keng" / empty).write_bytes(b"")  # its name was on the disk, and not yet what is in it
    done = script("node.sh", folder, "--root", root)
    assert done.returncode == 0, done.stderr
    assert (root / "etc/keng" / empty).read_bytes() == (folder / empty).read_bytes()


def test_half_a_folder_is_refused(once, tmp_path):
    half = tmp_path / "half"
    shutil.copytree(once.root / "sd/thon-1", half)
    (half / "node.key").unlink()
    done = script("node.sh", half, "--root", tmp_path / "pi")
    assert done.returncode != 0
    assert "Hãy chép lại" in done.stderr and "Copy the whole folder" in done.stderr
    assert not (tmp_path / "pi").exists()


def test_the_units_start_what_is_installed_where_it_is_installed(once):
    commune = (DEPLOY.parent / "systemd/keng-commune.service").read_text()
    assert (once.root / "etc/systemd/system/keng-commune.service").read_text() == commune
    assert f"StateDirectory={HOME.name}\n" in commune
    assert "--settings /etc/keng/commune.yaml" in commune
    desk = (DEPLOY.parent / "systemd/keng-console.service").read_text()
    assert f"StateDirectory={DESK_HOME.name}\n" in desk and f"ReadWritePaths=-{HOME}\n" in desk
    assert "console --settings /etc/keng/console.yaml" in desk
    for name in (
        "keng-broker.service", "keng-broker.path", "keng-retire.service", "keng-retire.path",
        "keng-console.service", "keng-certificate.service", "keng-certificate.timer",
    ):  # fmt: skip
        assert (once.root / "etc/systemd/system" / name).exists()
    for unit in (DEPLOY.parent / "systemd" / f"keng-{name}.service" for name in ("commune", "console", "node")):
        assert re.search(r"^ExecStart=/opt/keng/bin/keng", unit.read_text(), re.M)
        assert re.search(r"^User=keng$", unit.read_text(), re.M)
    for name in ("keng", "keng-node"):
        assert os.readlink(once.root / "usr/local/bin" / name) == f"/opt/keng/bin/{name}"


def test_the_sample_of_a_box_is_what_enrol_writes_and_has_the_pins_of_the_drawing():
    sample = DEPLOY / "node.yaml"
    assert sample.read_text() == node_yaml(Box("thon-1", "thon-1", "cong-lac", ("192.168.1.10",), 8883, None))
    settings = load_node(sample)
    pins = {one.pin for one in settings.panel.contacts} | {settings.panel.lamps.alert, settings.panel.lamps.link}
    assert settings.amplifier is not None
    drawn = re.findall(r"GPIO(\d+)</text>", (DEPLOY / "pictures/wiring.svg").read_text())
    assert pins | {settings.amplifier.pin} == {int(pin) for pin in drawn}
    assert [one.contact.kind for one in settings.panel.contacts if one.contact.silent] == ["security"]


def test_every_line_that_waits_in_the_sample_can_be_used(tmp_path):
    text = (DEPLOY / "node.yaml").read_text()
    text = re.sub(
        r"^( *)# (drill|gain_db|lead_ms|active_high|microphone|ups|solenoid|voice|trace):", r"\1\2:", text, flags=re.M
    )
    (tmp_path / "node.yaml").write_text(text)
    settings = load_node(tmp_path / "node.yaml")
    assert settings.solenoid is not None and settings.trace is not None and settings.voice is not None
    assert settings.microphone == "plughw:CARD=Device"
    one = re.sub(r"^    (alert|link): .*\n", "", text, flags=re.M).replace("    # one:", "    one:")
    (tmp_path / "node.yaml").write_text(one)
    assert load_node(tmp_path / "node.yaml").panel.lamps.one == 5


def test_the_sample_of_a_commune_is_what_is_installed(tmp_path):
    sample = DEPLOY / "commune.yaml"
    text = commune_yaml("cong-lac", str(HOME), 1883, {"duty": "officer", "console": "console"}, str(RESTART_WISH))
    assert sample.read_text() == with_retire(text, str(RETIRE_FOLDER))
    for name in ("commune.yaml", "codebook.yaml", "commune.key", "service.password"):
        (tmp_path / name).touch()
    shutil.copy(sample, tmp_path / "commune.yaml")
    assert load_commune(tmp_path / "commune.yaml").home == HOME


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed")
@pytest.mark.parametrize("name", sorted(path.name for path in DEPLOY.glob("*.sh")))
def test_shellcheck_finds_nothing(name):
    done = subprocess.run(["shellcheck", "-x", DEPLOY / name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
