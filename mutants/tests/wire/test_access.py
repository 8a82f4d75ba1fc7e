"""The link's settings: a file that cannot work is said in both languages, before anything is tried."""

import ssl

import pytest
from fakes.mosquitto import make_ca

from wire.access import LinkSettings, password, tls_context
from wire.errors import LinkFault
from wire.link import Link


def settings(**more) -> LinkSettings:
    return LinkSettings("127.0.0.1", 1883, "n1", **more)


def fault_of(make, path) -> LinkFault:
    with pytest.raises(LinkFault) as caught:
        make(settings(**path))
    assert str(next(iter(path.values()))) in caught.value.vi
    assert str(next(iter(path.values()))) in caught.value.en
    return caught.value


def test_without_files_there_is_no_password_and_no_tls():
    assert password(settings()) is None
    assert tls_context(settings()) is None


@pytest.mark.parametrize("content", ["secret", "secret\n", " secret \r\n", "secret\n\nsecond line\n"])
def test_the_password_is_the_first_line(tmp_path, content):
    (tmp_path / "password").write_text(content)
    assert password(settings(password_file=tmp_path / "password")) == "secret"


@pytest.mark.parametrize("content", [b"", b"\n", b"  \nsecond", b"\xff\xfe"])
def test_a_file_without_a_password_is_a_fault(tmp_path, content):
    (tmp_path / "password").write_bytes(content)
    assert "mật khẩu" in fault_of(password, {"password_file": tmp_path / "password"}).vi


def test_a_missing_password_file_is_a_fault(tmp_path):
    assert "password" in fault_of(password, {"password_file": tmp_path / "none"}).en


def test_a_directory_is_no_password_file(tmp_path):
    fault_of(password, {"password_file": tmp_path})


def test_only_the_communes_authority_is_trusted(tmp_path):
    ca = make_ca(tmp_path)
    context = tls_context(settings(ca_file=ca.ca_file))
    assert [dict(entry[0] for entry in one["subject"]) for one in context.get_ca_certs()] == [{"commonName": "test CA"}]
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_missing_authority_is_a_fault(tmp_path):
    assert "chứng chỉ" in fault_of(tls_context, {"ca_file": tmp_path / "none"}).vi


def test_a_file_that_is_no_certificate_is_a_fault(tmp_path):
    (tmp_path / "ca.crt").write_text("not a certificate")
    fault_of(tls_context, {"ca_file": tmp_path / "ca.crt"})


def test_a_link_with_such_a_file_is_not_made(tmp_path):
    with pytest.raises(LinkFault):
        Link(settings(ca_file=tmp_path / "none"), [], print)
