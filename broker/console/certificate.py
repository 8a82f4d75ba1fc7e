"""The console's certificate, by the commune's CA, for the names under which officers open it; renewed before it ends.

Browsers decide how long: Apple refuses one that is valid for over 825 days, whoever signed it
(support.apple.com/103769); Chromium's limit of 398 days is for public CAs alone, and may not stay so. DAYS suits all.
What must hold: it is made anew EARLY_DAYS before its end, or when names or CA are others, and never otherwise; only
whoever may read the issuer's key can (root, by a timer: `keng certificate`), and a console that runs takes the new one
without a restart (tls.py).
"""

from __future__ import annotations

import hashlib
import os
import ssl
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from pathlib import Path

from broker.console.settings import ConsoleSettings
from broker.errors import CertificateError, SettingsError
from broker.mosquitto.issuer import certificate_for, daily

DAYS = 397
EARLY_DAYS = 60
BACK_DAYS = 1
"""It begins yesterday: a telephone's clock may be behind."""
STAMP = "%Y%m%d%H%M%SZ"
ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - names for "all addresses", not a place to listen
OWN = ("localhost", "127.0.0.1")


def names_of(settings: ConsoleSettings) -> tuple[str, ...]:
    """Every name and address that a browser may ask for."""
    listen = () if settings.listen.address in ANYWHERE else (settings.listen.address,)
    return tuple(dict.fromkeys((*settings.hosts, *listen, *OWN)))


def renew(settings: ConsoleSettings, now: datetime) -> bool:
    """Make it if it is due; whether it was. SettingsError, CertificateError."""
    listen = settings.listen
    if listen.certificate is None or listen.key is None or listen.ca_file is None:
        raise SettingsError(
            "console.yaml, listen: cần certificate, key và ca_file thì mới làm được chứng chỉ.",
            "console.yaml, listen: certificate, key and ca_file are needed to make a certificate.",
        )
    names = names_of(settings)
    if not due(listen.certificate, listen.key, listen.ca_file, names, now):
        return False
    authority = daily(listen.ca_file)
    if not os.access(authority.key, os.R_OK):
        raise CertificateError(
            f"Không đọc được {authority.key}. Hãy chạy bằng root trên máy của xã.",
            f"Cannot read {authority.key}. Run this as root on the commune's machine.",
        )
    dates = (now - timedelta(days=BACK_DAYS)).strftime(STAMP), (now + timedelta(days=DAYS - BACK_DAYS)).strftime(STAMP)
    folder = listen.certificate.parent
    with tempfile.TemporaryDirectory(dir=folder, prefix=".keng-") as draft:
        made = certificate_for(Path(draft), listen.ca_file, settings.commune, names, dates=dates)
        _give(made[1], settings.home)
        # The key first: who reads in between has a pair that does not fit, and keeps the old one (tls.py).
        made[1].replace(listen.key)
        made[0].replace(listen.certificate)
    return True


def due(certificate: Path, key: Path, ca_file: Path, names: Iterable[str], now: datetime) -> bool:
    """Whether it has to be made: none there, another CA's, for other names, of another key, not of this year."""
    if not (certificate.is_file() and key.is_file()) or not _signed(certificate, ca_file):
        return True
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        fields = _fields(certificate)
        first, last = (parsedate_to_datetime(fields[name]) for name in ("notBefore", "notAfter"))
    except (OSError, ssl.SSLError, KeyError, ValueError):
        return True
    known = {part.partition(":")[2].strip() for part in fields.get("names", "").split(",")}
    wanted = {_shape(name) for name in names}
    return not wanted <= known or not first <= now <= last - timedelta(days=EARLY_DAYS)


def _fields(certificate: Path) -> dict[str, str]:
    how = ["-noout", "-startdate", "-enddate", "-ext", "subjectAltName", "-dateopt", "rfc_822"]
    lines = _openssl("x509", "-in", str(certificate), *how).stdout.splitlines()
    fields = {key: value.replace("GMT", "+0000") for key, eq, value in (line.partition("=") for line in lines) if eq}
    return {**fields, "names": next((line for line in lines if line.strip().startswith(("DNS:", "IP Address:"))), "")}


def _signed(certificate: Path, ca_file: Path) -> bool:
    how = ["-no_check_time", "-CAfile", str(ca_file), "-untrusted", str(certificate)]  # its issuer lies behind it
    return _openssl("verify", *how, str(certificate)).returncode == 0


def _shape(name: str) -> str:
    """As openssl prints an address."""
    try:
        address = ip_address(name)
    except ValueError:
        return name
    if address.version == 4:
        return str(address)
    return ":".join(f"{int(part, 16):X}" for part in address.exploded.split(":"))


def _openssl(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own arguments
        ["openssl", *arguments],  # noqa: S607 - wherever the system has it
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


def _give(key: Path, home: Path) -> None:
    """To whoever owns the console's home: made by root, read by the console."""
    with suppress(OSError):
        owner = home.stat()
        if os.geteuid() == 0:
            os.chown(key, owner.st_uid, owner.st_gid)


def fingerprint_of(ca_file: Path | None) -> str:
    """SHA-256 in fours, to be read out over the telephone; empty if there is none."""
    try:
        text = "" if ca_file is None else ca_file.read_text("ascii")
        return fingerprint(ssl.PEM_cert_to_DER_cert(text.strip())) if text else ""
    except (OSError, ValueError):
        return ""


def fingerprint(certificate: bytes) -> str:
    """Of a DER certificate."""
    digest = hashlib.sha256(certificate).hexdigest().upper()
    return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))


def now() -> datetime:
    """This machine's."""
    return datetime.now(UTC)
