"""HTTPS by the commune's own CA: made for the console's names, renewed by itself, and no way around it."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.consolerun import ConsoleRun
from fakes.visitor import Visitor
from fakes.waiting import eventually

from broker.console.certificate import DAYS, EARLY_DAYS, names_of, renew
from broker.console.settings import ConsoleSettings, Listen, load_console
from broker.console.tls import Renewed
from broker.errors import CertificateError, SettingsError
from broker.mosquitto.ca import make_authority, make_server_certificate

NOW = datetime.now(UTC)


def settings_in(folder: Path, *hosts: str) -> ConsoleSettings:
    """A console's, beside a CA."""
    listen = Listen("0.0.0.0", 8443, folder / "console.crt", folder / "console.key", folder / "ca.crt")
    return ConsoleSettings("c", "C", home=folder, listen=listen, hosts=hosts)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With a CA, and a certificate of today."""
    made = tmp_path_factory.mktemp("tls")
    make_authority(made, "cong-lac")
    assert renew(settings_in(made, "keng.local", "192.168.1.10", "fd00::10"), NOW)
    return made


@pytest.fixture(scope="module")
def console(folder: Path, tmp_path_factory: pytest.TempPathFactory, blank_console) -> Iterator[ConsoleRun]:
    """One over HTTPS."""
    home = tmp_path_factory.mktemp("https")
    run = ConsoleRun(home / "console", blank_console, home, 1, tls=folder)
    yield run.start()
    run.end()


def days_of(certificate: Path) -> tuple[datetime, datetime]:
    said = subprocess.run(
        ["openssl", "x509", "-in", certificate, "-noout", "-dates"], capture_output=True, text=True, check=True
    ).stdout
    first, last = (line.split("=")[1] for line in said.splitlines())
    read = [datetime.fromtimestamp(ssl.cert_time_to_seconds(one), UTC) for one in (first, last)]
    return read[0], read[1]


def test_it_is_valid_for_no_longer_than_browsers_take_and_for_every_name(folder):
    first, last = days_of(folder / "console.crt")
    assert first < NOW < last
    assert last - first <= timedelta(days=min(398, 825))
    names = {"-verify_hostname": ("keng.local", "localhost"), "-verify_ip": ("192.168.1.10", "fd00::10", "127.0.0.1")}
    for how, name in [(how, name) for how, each in names.items() for name in each]:
        command = [
            "openssl",
            "verify",
            "-x509_strict",
            "-purpose",
            "sslserver",
            "-CAfile",
            folder / "ca.crt",
            how,
            name,
        ]
        assert subprocess.run([*command, folder / "console.crt"], capture_output=True, check=False).returncode == 0, (
            name
        )
    assert (folder / "console.key").stat().st_mode & 0o777 == 0o600


def test_it_is_made_anew_when_it_is_due_and_never_otherwise(folder, tmp_path):
    for name in ("ca.crt", "ca.key", "console.crt", "console.key"):
        shutil.copy(folder / name, tmp_path)
    same = settings_in(tmp_path, "keng.local", "192.168.1.10", "fd00::10")
    kept = (tmp_path / "console.crt").read_bytes()
    late = NOW + timedelta(days=DAYS - EARLY_DAYS + 1)
    for settings, now, wanted in (
        (same, NOW, False),
        (same, late - timedelta(days=3), False),
        (same, late, True),
        (same, NOW - timedelta(days=900), True),  # the clock was wrong when it was made
        (settings_in(tmp_path, "keng.local", "other.local"), NOW, True),
    ):
        (tmp_path / "console.crt").write_bytes(kept)
        shutil.copy(folder / "console.key", tmp_path)
        assert renew(settings, now) == wanted, (settings.hosts, now)
    (tmp_path / "console.key").write_text("torn")
    assert renew(same, NOW), "a key that does not fit"
    (tmp_path / "ca.crt").unlink(), (tmp_path / "ca.key").unlink()
    make_authority(tmp_path, "another")
    assert renew(same, NOW), "another CA"
    assert not renew(same, NOW)


def test_without_the_cas_key_it_says_who_can(folder, tmp_path):
    shutil.copy(folder / "ca.crt", tmp_path)
    with pytest.raises(CertificateError, match="root"):
        renew(settings_in(tmp_path), NOW)
    with pytest.raises(SettingsError, match="ca_file"):
        renew(ConsoleSettings("c", "C"), NOW)


def test_its_names_are_those_of_console_yaml(tmp_path):
    path = tmp_path / "console.yaml"
    path.write_text(
        "commune: c\nname: C\nhosts: [keng.local]\nlisten: {address: 10.0.0.2, certificate: a.crt, key: a.key}\n"
    )
    settings = load_console(path, with_certificate=False)
    assert names_of(settings) == ("keng.local", "10.0.0.2", "localhost", "127.0.0.1")
    with pytest.raises(SettingsError):
        load_console(path)


def test_a_running_console_takes_the_new_one_and_no_half_written_one(folder, tmp_path):
    for name in ("console.crt", "console.key"):
        shutil.copy(folder / name, tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    pair = tmp_path / "console.crt", tmp_path / "console.key"
    context.load_cert_chain(*pair)
    renewed = Renewed(context, *pair)
    assert not renewed.look()
    pair[0].write_bytes(pair[0].read_bytes()[:100])
    assert not renewed.look()
    make_server_certificate(tmp_path, make_authority(tmp_path, "c"), ["x"], True, files=("console.crt", "console.key"))
    assert renewed.look()
    assert not renewed.look()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_a_browser_that_knows_the_ca_comes_in_over_tls_1_2_or_later(console):
    an = Visitor(console)
    reply = an.password("an")
    assert reply.status == 302
    assert an.get("/toi").status == 200
    old = ssl.create_default_context(cafile=None)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    old.set_ciphers("ALL:@SECLEVEL=0")
    with closing(socket.create_connection(("127.0.0.1", console.port), 10)) as line, pytest.raises(ssl.SSLError):
        old.wrap_socket(line)


def test_ciphers_without_forward_secrecy_are_refused(console, folder):
    weak = ssl.create_default_context(cafile=folder / "ca.crt")
    weak.maximum_version = ssl.TLSVersion.TLSv1_2
    weak.set_ciphers("AES128-SHA:AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA@SECLEVEL=0")
    with closing(socket.create_connection(("127.0.0.1", console.port), 10)) as line, pytest.raises(ssl.SSLError):
        weak.wrap_socket(line, server_hostname="127.0.0.1")


def test_cookies_bear_the_host_prefix_and_hsts_is_said(console):
    visitor = Visitor(console)
    reply = visitor.get("/dang-nhap")
    assert "max-age=31536000; includeSubDomains" in reply.headers["Strict-Transport-Security"]
    cookies = visitor.password("an").headers.get_all("Set-Cookie")
    assert {one.split("=")[0] for one in cookies} >= {"__Host-keng", "__Host-keng-device"}
    for one in cookies:
        assert "Secure" in one
        assert "Path=/" in one
        assert "Domain" not in one


def test_plain_http_on_the_port_gets_nothing(console):
    with closing(socket.create_connection(("127.0.0.1", console.port), 10)) as line:
        line.sendall(b"GET /dang-nhap HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        with suppress(ConnectionResetError):
            assert b"HTTP" not in line.recv(4096)


def test_a_form_from_another_site_is_refused_even_with_a_token(console):
    an = Visitor(console).sign_in("an")
    token = an.cookies["__Host-keng-csrf"]
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": "https://elsewhere.example/"}
    assert an.ask("POST", "/dang-xuat", f"csrfmiddlewaretoken={token}".encode(), headers).status == 403


def test_the_ca_is_handed_out_before_anybody_signs_in_and_no_key_ever_is(console, folder):
    visitor = Visitor(console)
    page = visitor.get("/chung-chi")
    assert page.status == 200
    for system in ("Windows", "Android", "iPhone"):
        assert system in page.text
    reply = visitor.get("/chung-chi/keng-ca.crt")
    assert reply.body == ssl.PEM_cert_to_DER_cert((folder / "ca.crt").read_text())
    assert "attachment" in reply.headers["Content-Disposition"]
    (folder / "ca.crt").rename(folder / "ca.crt.kept")
    try:
        shutil.copy(folder / "ca.key", folder / "ca.crt")
        assert visitor.get("/chung-chi/keng-ca.crt").status == 404
    finally:
        (folder / "ca.crt.kept").replace(folder / "ca.crt")


def test_idle_connections_from_the_lan_do_not_keep_the_desk_out(console):
    """Row 16 of the faults, for the console: those who never greet, and those who greet and never ask."""
    context = ssl.create_default_context(cafile=None)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with ExitStack() as held:
        for number in range(1_200):
            source = (f"127.0.1.{number % 200 + 1}", 0)
            held.enter_context(closing(socket.create_connection(("127.0.0.1", console.port), 10, source)))
        assert Visitor(console).password("an").status == 302
        greeted = []
        for _ in range(80):
            line = socket.create_connection(("127.0.0.1", console.port), 10, ("127.0.2.1", 0))
            greeted.append(held.enter_context(closing(context.wrap_socket(line))))
        assert Visitor(console, "127.0.2.2").get("/dang-nhap").status == 200

        def hung_up(line: ssl.SSLSocket) -> bool:
            line.settimeout(0.02)
            try:
                return line.recv(1) == b""
            except TimeoutError:
                return False
            except OSError:
                return True

        assert sum(map(hung_up, greeted)) >= 20, "an address has sixty"
        eventually(lambda: all(map(hung_up, greeted)), why="who does not ask is not hung up on")
