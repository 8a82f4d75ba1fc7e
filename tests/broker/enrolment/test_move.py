"""The machine's address changes by one command; the CA's key, in the safe, is wanted for strangers' names alone."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from fakes.installed import Installed

from broker.console.settings import load_console
from broker.enrolment.safe import put_into_safe
from broker.enrolment.site import read_site
from broker.errors import CertificateError
from broker.mosquitto.ca import make_server_certificate
from broker.mosquitto.issuer import daily

NEW = "192.168.7.9"


def moved(machine: Installed, *words: object) -> "subprocess.CompletedProcess[str]":
    return machine.keng("move", *words, "--etc", machine.etc, "--json")


def fits(machine: Installed, certificate: Path, address: str) -> bool:
    """As a box or a browser looks at it: the CA alone is trusted."""
    words = ["-CAfile", machine.etc / "ca/ca.crt", "-untrusted", certificate, "-verify_ip", address, certificate]
    return subprocess.run(["openssl", "verify", *words], capture_output=True, check=False).returncode == 0


def test_one_command_changes_all_that_names_the_machine_and_nothing_else(machine):
    settings = machine.etc / "console.yaml"
    settings.write_text(settings.read_text() + "# của xã\n")
    assert machine.keng("certificate", "--settings", settings).returncode == 0
    key = (machine.etc / "ca/ca.crt").read_bytes(), (machine.etc / "commune.key").read_bytes()
    server = machine.root / "etc/mosquitto/keng/server.crt"
    assert not fits(machine, server, NEW)
    done = moved(machine, NEW, "may-xa.local")
    assert done.returncode == 0, done.stderr
    assert (json.loads(done.stdout)["before"], json.loads(done.stdout)["after"]) == ("127.0.0.1", NEW)
    assert read_site(machine.etc).hosts == (NEW, "may-xa.local")
    assert load_console(settings).hosts == (NEW, "may-xa.local")
    assert settings.read_text().endswith("# của xã\n")
    assert fits(machine, server, NEW) and fits(machine, machine.etc / "console.crt", NEW)
    assert ((machine.etc / "ca/ca.crt").read_bytes(), (machine.etc / "commune.key").read_bytes()) == key
    again = moved(machine, NEW, "may-xa.local")
    assert json.loads(again.stdout)["changed"] == []


def test_the_names_it_had_move_with_it_and_the_old_address_does_not(machine):
    assert moved(machine, NEW, "may-xa.local").returncode == 0
    assert moved(machine, "192.168.7.10").returncode == 0
    assert read_site(machine.etc).hosts == ("192.168.7.10", "may-xa.local")
    assert load_console(machine.etc / "console.yaml").hosts == ("192.168.7.10", "may-xa.local")


def test_what_is_no_address_changes_nothing(machine):
    before = {path: path.read_bytes() for path in machine.root.rglob("*") if path.is_file()}
    assert moved(machine, "may xã").returncode == 1
    assert {path: path.read_bytes() for path in machine.root.rglob("*") if path.is_file()} == before


def test_the_key_for_daily_use_cannot_pass_for_a_site_of_the_world(machine, tmp_path):
    for name in ("www.google.com", "8.8.8.8"):
        with pytest.raises(CertificateError, match=r"ca\.key"):
            make_server_certificate(tmp_path, daily(machine.etc / "ca/ca.crt"), [name, "localhost"])
    assert list(tmp_path.glob("server.*")) == []


def test_a_name_of_the_world_takes_the_key_in_the_safe(machine, stick):
    put_into_safe(read_site(machine.etc), stick)
    assert not (machine.etc / "ca/ca.key").exists()
    refused = moved(machine, "203.0.113.5")
    assert refused.returncode == 1 and "két" in refused.stderr + refused.stdout
    assert read_site(machine.etc).address == "127.0.0.1"
    done = moved(machine, "203.0.113.5", "--ca-key", stick / "ca.key")
    assert done.returncode == 0, done.stderr
    assert fits(machine, machine.root / "etc/mosquitto/keng/server.crt", "203.0.113.5")
    assert (machine.etc / "ca").is_dir() and not (machine.etc / "ca/ca.key").exists()


def test_another_communes_key_is_refused(machine, stick):
    other = Installed(stick / "other")
    other.found(anew=True)
    done = moved(machine, NEW, "--ca-key", other.etc / "ca/ca.key")
    assert done.returncode == 1 and "ca.key" in done.stdout + done.stderr
    assert read_site(machine.etc).address == "127.0.0.1"


def test_the_certificate_is_renewed_without_the_key_in_the_safe(machine, stick):
    put_into_safe(read_site(machine.etc), stick)
    done = machine.keng("certificate", "--settings", machine.etc / "console.yaml")
    assert done.returncode == 0, done.stderr
    assert fits(machine, machine.etc / "console.crt", "127.0.0.1")


def test_the_servers_key_stays_its_owners(machine):
    if os.geteuid() != 0:
        pytest.skip("only root gives files away")
    key = machine.root / "etc/mosquitto/keng/server.key"
    os.chown(key, 1234, 1234)
    assert moved(machine, NEW).returncode == 0
    assert (key.stat().st_uid, key.stat().st_mode & 0o777) == (1234, 0o600)
