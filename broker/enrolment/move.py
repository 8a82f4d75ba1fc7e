"""The commune's machine gets another address: every file that names it, and the certificates.

What must hold: the certificates are made first, so that an address they cannot bear changes nothing; comments and all
other lines stay. Keys, passwords and the CA stay, so boxes need the new address and nothing else.
It does not know systemd: the command line restarts what runs.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from broker.enrolment.files import PUBLIC, InstallFault, alone, put, read
from broker.enrolment.site import CONSOLE, INSTALLED, Site
from broker.mosquitto.ca import CA_KEY, check_names, is_address, public_of
from broker.mosquitto.issuer import certificate_for, daily, renew_issuer

LOOPBACK = ("localhost", "127.0.0.1")
"""In every server certificate, for tests of the machine itself."""
_ADDRESS = re.compile(r"^(address: *)\S+", re.M)
_OTHERS = re.compile(r"^(others: *)\[[^\]\n]*\]", re.M)
_HOSTS = re.compile(r"^(hosts: *)(\[[^\]\n]*\])", re.M)


class MoveFault(InstallFault, ValueError):
    """An address that cannot be this machine's."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What came of it."""

    before: str
    """The address that boxes knew."""
    after: str
    """The one they need now."""
    changed: list[Path]
    """Files; none: it was so already."""


def move(site: Site, addresses: Sequence[str], ca_key: Path | None, renew: Callable[[Path], Path | None]) -> Moved:
    """Have this machine found at `addresses`, the first of them for boxes. MoveFault, CertificateError, OSError.

    `renew` makes the duty desk's certificate after its settings and says which file, or that it was not due.
    """
    try:
        check_names(addresses)
    except ValueError as error:
        told = " ".join(addresses)
        raise MoveFault(
            f"{told}: phải là tên máy hoặc địa chỉ IP.", f"{told}: must be host names or addresses."
        ) from error
    with alone(site.etc / INSTALLED):
        installed, console = site.etc / INSTALLED, site.etc / CONSOLE
        hosts = _with_names(addresses, site.others)
        text = _ADDRESS.sub(lambda found: found[1] + _word(hosts[0]), read(installed), count=1)
        texts = {installed: _OTHERS.sub(lambda found: found[1] + json.dumps(hosts[1:]), text, count=1)}
        if console.exists():
            texts[console] = _HOSTS.sub(
                lambda found: found[1] + _desk_hosts(addresses, found[2]), read(console), count=1
            )
        changed = [path for path, text in texts.items() if read(path) != text]
        if not changed and ca_key is None:
            return Moved(site.address, addresses[0], [])
        if ca_key is not None:
            _new_issuer(site, hosts, ca_key)
        server = _server_certificate(site, hosts)
        for path in changed:
            put(path, texts[path], PUBLIC)
        if console.exists():
            made = renew(console)
            changed += [] if made is None else [made]
    return Moved(site.address, addresses[0], [*changed, *server])


def _new_issuer(site: Site, addresses: Sequence[str], ca_key: Path) -> None:
    if public_of(ca_key) != public_of(site.ca_file):
        raise MoveFault(f"{ca_key} không phải khóa của {site.ca_file}.", f"{ca_key} is not the key of {site.ca_file}.")
    renew_issuer(site.ca_file, ca_key, site.commune.commune, addresses)


def _server_certificate(site: Site, addresses: Sequence[str]) -> list[Path]:
    """Mosquitto's, for these; it keeps its owner. CertificateError."""
    authority = daily(site.ca_file)
    if not authority.key.exists():
        raise MoveFault(
            f"Không có {authority.key}. Hãy lấy USB có {CA_KEY} trong két và thêm: --ca-key /media/…/{CA_KEY}",
            f"There is no {authority.key}. Take the stick with {CA_KEY} out of the safe and add: --ca-key …/{CA_KEY}",
        )
    made = []
    with tempfile.TemporaryDirectory(dir=site.broker.folder, prefix=".keng-") as draft:
        names = [*addresses, *LOOPBACK]
        pair = certificate_for(Path(draft), site.ca_file, site.commune.commune, names)
        for path in reversed(pair):
            target = site.broker.folder / path.name
            if target.exists():
                about = target.stat()
                shutil.chown(path, about.st_uid, about.st_gid)
            path.replace(target)
            made.append(target)
    return made


def _with_names(addresses: Sequence[str], before: Iterable[object]) -> list[str]:
    """The new ones, and the names that it had: what moves with a machine is its name."""
    names = (one for one in before if isinstance(one, str) and not is_address(one))
    return list(dict.fromkeys((*addresses, *names)))


def _desk_hosts(addresses: Sequence[str], before: str) -> str:
    return json.dumps(_with_names(addresses, yaml.safe_load(before) or []))


def _word(address: str) -> str:
    return (
        address
        if re.fullmatch(r"[A-Za-z0-9.-]+", address) and not re.fullmatch(r"[0-9.]*", address)
        else f'"{address}"'
    )
