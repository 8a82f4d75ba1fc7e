"""Certificates that a Pi without a clock accepts, and nobody else's."""

import ssl
import subprocess
from pathlib import Path

import pytest

from broker.errors import CertificateError
from broker.mosquitto.ca import make_authority, make_server_certificate

FIRST_S = 1
LAST_S = 253_402_300_798  # one second before the year 10000


def verify(folder: Path, certificate: Path, *how: str) -> str:
    """openssl's verdict."""
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", f"{folder}/ca.crt", *how]
    done = subprocess.run([*command, str(certificate)], capture_output=True, text=True, check=False)
    return (done.stdout + done.stderr).strip()


@pytest.mark.parametrize("at_s", [FIRST_S, 1_800_000_000, LAST_S])
def test_it_is_valid_whatever_the_clock_says(certificates: Path, at_s: int) -> None:
    for name in ("server.crt", "ca.crt"):
        how = ["-purpose", "any"] if name == "ca.crt" else []
        assert verify(certificates, certificates / name, "-attime", str(at_s), *how).endswith(": OK")


@pytest.mark.parametrize(
    ("how", "name", "fits"), [("-verify_ip", "127.0.0.1", True), ("-verify_hostname", "x.y", False)]
)
def test_it_is_for_its_own_names_only(certificates: Path, how: str, name: str, fits: bool) -> None:
    assert verify(certificates, certificates / "server.crt", how, name).endswith(": OK") == fits


def test_names_may_be_hosts_and_addresses_of_both_kinds(tmp_path: Path) -> None:
    make_server_certificate(tmp_path, make_authority(tmp_path, "c"), ["keng.local", "10.0.0.2", "fd00::2"])
    for how, name in (("-verify_hostname", "keng.local"), ("-verify_ip", "10.0.0.2"), ("-verify_ip", "fd00::2")):
        assert verify(tmp_path, tmp_path / "server.crt", how, name).endswith(": OK")


def test_another_communes_certificate_is_not_believed(tmp_path: Path, certificates: Path) -> None:
    make_server_certificate(tmp_path, make_authority(tmp_path, "other"), ["127.0.0.1"])
    assert not verify(certificates, tmp_path / "server.crt").endswith(": OK")


def test_python_reads_the_pair_and_its_keys_are_private(certificates: Path) -> None:
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificates / "server.crt", certificates / "server.key")
    for name in ("ca.key", "server.key"):
        assert (certificates / name).stat().st_mode & 0o777 == 0o600


def test_what_every_node_was_given_is_never_overwritten(certificates: Path) -> None:
    before = (certificates / "ca.key").read_bytes()
    with pytest.raises(CertificateError, match="mọi hộp phải được ghi danh lại"):
        make_authority(certificates, "cong-lac")
    assert (certificates / "ca.key").read_bytes() == before


def test_a_server_certificate_can_be_renewed_when_the_address_changes(tmp_path: Path) -> None:
    authority = make_authority(tmp_path, "c")
    make_server_certificate(tmp_path, authority, ["10.0.0.2"])
    with pytest.raises(CertificateError):
        make_server_certificate(tmp_path, authority, ["10.0.0.3"])
    make_server_certificate(tmp_path, authority, ["10.0.0.3"], replace=True)
    assert verify(tmp_path, tmp_path / "server.crt", "-verify_ip", "10.0.0.3").endswith(": OK")


@pytest.mark.parametrize("names", [[], ["a\nb"], ["$(x)"], ["a,DNS:evil"]])
def test_a_name_that_is_none_is_refused(tmp_path: Path, names: list[str]) -> None:
    with pytest.raises(ValueError, match="name"):
        make_server_certificate(tmp_path, make_authority(tmp_path, "c"), names)


def test_a_folder_that_cannot_be_written_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CertificateError, match="Không ghi được"):
        make_authority(tmp_path / "file", "c")
