"""The commune's own certificate authority and its broker's certificate, by the openssl command. ECDSA P-256.

What must hold: both are valid from 1970 to 9999, for a Pi without a clock wakes up in 1970 and must be able to connect
before anybody can tell it the time. They are revoked by nobody: what lets a node in is its password. The console's
certificate is another matter (broker/console/certificate.py): a browser refuses one that is valid for so long.
Officers' browsers are given the CA, so whoever had its key could pass for any site in the world. Daily work is done
with another key, the issuer's, that the CA has bound to private networks and the commune's own names; the CA's own may
lie in a safe. A commune from before that has the CA's key alone, which allows no issuer, and goes on with it.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from broker.errors import CertificateError
from broker.synced import sync_folder

FIRST = "19700101000000Z"
LAST = "99991231235959Z"  # RFC 5280, 4.1.2.5: a certificate that has no good last day
OPENSSL_S = 30.0
MAX_NAME = 64  # of a common name (X.520)
NONE = "permitted;DNS:none"
"""For a file of openssl's whose section issuer nobody reads."""
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")

CONFIG = """
[ca]
default_ca = commune
[commune]
database = {work}/index
serial = {work}/serial
new_certs_dir = {work}
default_md = sha256
policy = anything
unique_subject = no
copy_extensions = none
[anything]
commonName = supplied
[req]
distinguished_name = name
prompt = no
string_mask = utf8only
utf8 = yes
[name]
commonName = {name}
[authority]
basicConstraints = critical, CA:TRUE, pathlen:1
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[issuer]
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
nameConstraints = critical, {permitted}
[server]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {alternatives}
"""


CA, CA_KEY = "ca.crt", "ca.key"
ISSUER, ISSUER_KEY = "issuer.crt", "issuer.key"
"""Beside each other."""


class NotPermitted(CertificateError):
    """A name for which the CA does not let its issuer sign."""


@dataclass(frozen=True, slots=True)
class Authority:
    """The commune's CA, or its issuer."""

    certificate: Path
    """The CA's is what every node and officer is given (`ca_file`)."""
    key: Path
    """Secret."""
    root: Path | None = None
    """The CA's certificate, where this is the issuer."""


def make_authority(folder: Path, commune: str) -> Authority:
    """Make `ca.crt` and `ca.key` in `folder`; what is there already is not overwritten. CertificateError.

    A key without a certificate (the power went between the two, or that is lost) gets one: it is the same authority.
    """
    authority = Authority(folder / CA, folder / CA_KEY)
    _refuse_to_overwrite(authority.certificate)
    with tempfile.TemporaryDirectory(prefix="keng-ca-") as name:
        work = Path(name)
        _prepare(work, f"Keng {commune}")
        _new_key(work, authority.key if authority.key.exists() else None)
        _sign(work, work / "key", "authority", "-selfsign")
        _put(work / "key", authority.key, 0o600)
        _put(work / "crt", authority.certificate, 0o644)
    return authority


def make_issuer(folder: Path, authority: Authority, name: str, permitted: str) -> Authority:
    """Make `issuer.crt` and `issuer.key` with these nameConstraints; the old ones go. CertificateError."""
    issuer = Authority(folder / ISSUER, folder / ISSUER_KEY, authority.certificate)
    with tempfile.TemporaryDirectory(prefix="keng-ca-") as made:
        work = Path(made)
        _prepare(work, name, permitted=permitted)
        _new_key(work)
        _sign(work, authority.key, "issuer", "-cert", str(authority.certificate))
        _put(work / "key", issuer.key, 0o600)
        _put(work / "crt", issuer.certificate, 0o644)
    return issuer


def make_server_certificate(
    folder: Path,
    authority: Authority,
    names: Iterable[str],
    replace: bool = False,
    *,
    files: tuple[str, str] = ("server.crt", "server.key"),
    dates: tuple[str, str] = (FIRST, LAST),
) -> tuple[Path, Path]:
    """Make certificate and key in `folder` for host names and addresses. CertificateError."""
    certificate, key = folder / files[0], folder / files[1]
    wanted = list(dict.fromkeys(names))
    if not wanted:
        raise ValueError("a server certificate needs a name")
    if not replace:
        _refuse_to_overwrite(certificate)  # a key alone is of a run that was cut off
    with tempfile.TemporaryDirectory(prefix="keng-ca-") as name:
        work = Path(name)
        _prepare(work, wanted[0], wanted)
        _new_key(work)
        _sign(work, authority.key, "server", "-cert", str(authority.certificate), dates=dates)
        if authority.root is not None:
            _chain(work, authority, wanted)
        _put(work / "key", key, 0o600)
        _put(work / "crt", certificate, 0o644)
    return certificate, key


def public_of(file: Path) -> str:
    """The public half of a certificate or a private key, PEM. CertificateError."""
    text = file.read_text("ascii", "replace") if file.exists() else ""
    how = ["x509", "-noout", "-pubkey"] if "BEGIN CERTIFICATE" in text else ["pkey", "-pubout"]
    return openssl(*how, "-in", str(file))


def _chain(work: Path, issuer: Authority, wanted: Sequence[str]) -> None:
    """The issuer's certificate behind the new one; NotPermitted if the CA has not let it sign for these names."""
    how = ["-no_check_time", "-CAfile", str(issuer.root), "-untrusted", str(issuer.certificate)]
    try:
        openssl("verify", *how, f"{work}/crt")
    except CertificateError as error:
        names = " ".join(wanted)
        raise NotPermitted(
            f"Khóa dùng hằng ngày ({issuer.key}) không được ký cho: {names}. "
            f"Hãy lấy USB có {CA_KEY} trong két và chạy: sudo keng move {names} --ca-key /media/…/{CA_KEY}",
            f"The key for daily use ({issuer.key}) may not sign for: {names}. Take the stick with {CA_KEY} out of the "
            f"safe and run: sudo keng move {names} --ca-key /media/…/{CA_KEY}",
        ) from error
    with (work / "crt").open("ab") as file:
        file.write(issuer.certificate.read_bytes())


def check_names(names: Iterable[str]) -> None:
    """ValueError unless a certificate can be made for each."""
    for one in names:
        if not (is_address(one) or _HOST.fullmatch(one)):
            raise ValueError(f"no host name and no address for a certificate: {one!r}")


def _prepare(work: Path, name: str, wanted: Sequence[str] = (), permitted: str = "") -> None:
    (work / "index").touch()
    check_names(wanted)
    alternatives = ", ".join(f"{'IP' if is_address(one) else 'DNS'}:{one}" for one in wanted) or "DNS:none"
    (work / "openssl.cnf").write_text(
        CONFIG.format(
            work=work, name=name[:MAX_NAME], alternatives=alternatives, permitted=permitted or "permitted;DNS:none"
        )
    )


def _new_key(work: Path, existing: Path | None = None) -> None:
    if existing is not None:
        (work / "key").touch(0o600)
        (work / "key").write_bytes(existing.read_bytes())
    else:
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", f"{work}/key")
    openssl("req", "-new", "-config", f"{work}/openssl.cnf", "-key", f"{work}/key", "-out", f"{work}/csr")


def _sign(work: Path, key: Path, kind: str, *how: str, dates: tuple[str, str] = (FIRST, LAST)) -> None:
    names = ["-config", f"{work}/openssl.cnf", "-extensions", kind, "-rand_serial", "-notext", "-batch"]
    openssl(
        "ca",
        *names,
        "-startdate",
        dates[0],
        "-enddate",
        dates[1],
        "-keyfile",
        str(key),
        *how,
        "-in",
        f"{work}/csr",
        "-out",
        f"{work}/crt",
    )


def _put(source: Path, place: Path, mode: int) -> None:
    """Whole or not at all, synced, and never readable for others while it is being written."""
    draft = place.with_name(f"{place.name}.draft")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.unlink(missing_ok=True)
        draft.touch(mode=mode)
        with draft.open("wb") as file:
            file.write(source.read_bytes())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(place)
        sync_folder(place.parent)
    except OSError as error:
        raise CertificateError(
            f"Không ghi được {place} ({error.strerror}). Hãy kiểm tra thư mục và quyền ghi.",
            f"Cannot write {place} ({error.strerror}). Check the folder and who may write there.",
        ) from error


def _refuse_to_overwrite(path: Path) -> None:
    if path.exists():
        raise CertificateError(
            f"Tệp {path} đã có. Nếu thay chứng chỉ của xã, mọi hộp phải được ghi danh lại; "
            "hãy chuyển tệp cũ đi nơi khác nếu thật sự muốn làm mới.",
            f"{path} exists. With a new certificate of the commune every node must be enrolled again; "
            "move the old file away if that is what you want.",
        )


def is_address(name: str) -> bool:
    """Whether it is one, and no name."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def openssl(*arguments: str) -> str:
    """What it prints. CertificateError."""
    try:
        done = subprocess.run(  # noqa: S603 - our own arguments
            ["openssl", *arguments],  # noqa: S607 - wherever the system has it
            capture_output=True,
            text=True,
            timeout=OPENSSL_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CertificateError(
            f"Không chạy được openssl ({error}). Hãy cài: sudo apt install openssl",
            f"Cannot run openssl ({error}). Install it: sudo apt install openssl",
        ) from error
    if done.returncode:
        raise CertificateError(
            f"openssl {arguments[0]} không làm được chứng chỉ: {done.stderr.strip()[-300:]}",
            f"openssl {arguments[0]} could not make the certificate: {done.stderr.strip()[-300:]}",
        )
    return done.stdout
