"""The commune's key for daily use: what it may sign for, and a server's certificate by it.

What must hold: it can sign for private networks, for names that nobody in the world can have, and for the commune's own
names, so that whoever steals it passes for nothing else in the browsers that trust the CA. A name more takes the CA's
key; while that still lies beside it, it is taken without a word.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from broker.mosquitto.ca import (
    CA_KEY,
    FIRST,
    ISSUER,
    ISSUER_KEY,
    LAST,
    Authority,
    NotPermitted,
    check_names,
    is_address,
    make_issuer,
    make_server_certificate,
    openssl,
)

NETWORKS = (
    "10.0.0.0/255.0.0.0", "172.16.0.0/255.240.0.0", "192.168.0.0/255.255.0.0", "169.254.0.0/255.255.0.0",
    "100.64.0.0/255.192.0.0", "127.0.0.0/255.0.0.0", "::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
    "fc00::/fe00::", "fe80::/ffc0::",
)  # fmt: skip
"""Which no stranger's site has: private ones, an operator's, this machine's own (RFC 1918, 6598, 3927, 4193)."""
DOMAINS = ("localhost", "local", "lan", "home", "internal", "home.arpa")
"""Whose names nobody outside can have (RFC 6761, 6762, 8375), and those of common routers."""
_KNOWN = re.compile(r"DNS:([A-Za-z0-9.-]+)|IP:([0-9A-Fa-f.:]+)/(?:255\.255\.255\.255|(?:FFFF:){7}FFFF)\s")


def daily(ca_file: Path) -> Authority:
    """Who signs a server certificate: the issuer beside the CA, or in an older commune the CA itself."""
    folder = ca_file.parent
    if (folder / ISSUER).exists():
        return Authority(folder / ISSUER, folder / ISSUER_KEY, ca_file)
    return Authority(ca_file, ca_file.with_suffix(".key"))


def renew_issuer(ca_file: Path, ca_key: Path, commune: str, names: Iterable[str]) -> Authority:
    """Make it, or make it anew, for these names and those that it has. ValueError, CertificateError."""
    wanted = list(dict.fromkeys((*_known(ca_file.parent / ISSUER), *names)))
    check_names(wanted)
    with suppress(ValueError):
        check_names([socket.gethostname()])
        wanted.append(socket.gethostname())
    own = [f"IP:{one}/{_mask(one)}" if is_address(one) else f"DNS:{one}" for one in wanted]
    private = [*(f"IP:{one}" for one in NETWORKS), *(f"DNS:{one}" for one in DOMAINS)]
    permitted = ", ".join(f"permitted;{one}" for one in dict.fromkeys((*private, *own)))
    return make_issuer(ca_file.parent, Authority(ca_file, ca_key), f"Keng {commune} issuer", permitted)


def allows_issuer(ca_file: Path) -> bool:
    """Whether this CA may have one: those of before may not. CertificateError."""
    return "pathlen:1" in openssl("x509", "-in", str(ca_file), "-noout", "-ext", "basicConstraints")


def certificate_for(
    folder: Path,
    ca_file: Path,
    commune: str,
    names: Sequence[str],
    *,
    files: tuple[str, str] = ("server.crt", "server.key"),
    dates: tuple[str, str] = (FIRST, LAST),
) -> tuple[Path, Path]:
    """A server's certificate and key in `folder`. ValueError, NotPermitted, CertificateError."""
    try:
        return make_server_certificate(folder, daily(ca_file), names, files=files, dates=dates)
    except NotPermitted:
        ca_key = ca_file.parent / CA_KEY
        if not ca_key.exists():
            raise
        return make_server_certificate(
            folder, renew_issuer(ca_file, ca_key, commune, names), names, files=files, dates=dates
        )


def _known(issuer: Path) -> list[str]:
    """For which names, beside private ones, it may sign already."""
    if not issuer.exists():
        return []
    text = openssl("x509", "-in", str(issuer), "-noout", "-ext", "nameConstraints") + "\n"
    found = [dns or address for dns, address in _KNOWN.findall(text)]
    return [name for name in found if name not in DOMAINS]


def _mask(address: str) -> str:
    return ":".join(["ffff"] * 8) if ":" in address else "255.255.255.255"
