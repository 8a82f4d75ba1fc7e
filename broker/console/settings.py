"""What an installer writes down about the console: console.yaml, checked whole, one sentence for each fault.

    commune: cong-lac
    name: Xã Cộng Lạc
    register: /var/lib/keng                  # the service's home: its register is read there
    home: /var/lib/keng-console              # the console's own database and secret
    mqtt: {host: 127.0.0.1, port: 1883, user: console, password_file: console.password}
    listen: {address: 0.0.0.0, port: 8443, certificate: console.crt, key: console.key, ca_file: ca.crt}
    hosts: [192.168.1.10, keng.local]        # the names under which officers open it
    database: {host: /run/postgresql, name: keng, user: keng, password_file: pg.password}   # none: SQLite in home

What must hold: settings that exist have passed every check; without a certificate it listens on this machine alone.
Relative paths are meant from the file's own folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from broker.errors import SettingsError
from broker.settings import DEFAULT_HOST, DEFAULT_PORT, HOME, MqttSettings, path_of
from patterns.errors import YamlError
from patterns.fields import Faults, Field
from patterns.yamlfile import read_yaml

SETTINGS_FILE = Path("/etc/keng/console.yaml")
CONSOLE_HOME = Path("/var/lib/keng-console")
USER = "console"
"""Its name on the wire: the one user who may ask in an officer's name."""
LISTEN_ADDRESS = "127.0.0.1"
LISTEN_PORT = 8443
MAX_HOSTS = 20
MAX_CONTROLS = 100


@dataclass(frozen=True, slots=True)
class Listen:
    """Where officers find it."""

    address: str = LISTEN_ADDRESS
    """Of this machine; 0.0.0.0: all of them."""
    port: int = LISTEN_PORT
    """TCP."""
    certificate: Path | None = None
    """PEM, by the commune's CA; none: plain HTTP, on this machine alone."""
    key: Path | None = None
    """PEM."""
    ca_file: Path | None = None
    """The commune's CA, which /chung-chi gives to telephones."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A PostgreSQL for the console's own tables."""

    host: str
    """Name, address, or the folder of its socket."""
    name: str
    """Of the database."""
    user: str
    """Who comes in."""
    port: int | None = None
    """TCP, or the socket's number; none: PostgreSQL's own."""
    password_file: Path | None = None
    """One line; none: it lets us in by who we are."""


@dataclass(frozen=True, slots=True)
class ConsoleSettings:
    """One commune's console."""

    commune: str
    """Slug."""
    name: str
    """For people."""
    register: Path = HOME
    """The service's home."""
    home: Path = CONSOLE_HOME
    """Its own: database, secret."""
    mqtt: MqttSettings = field(default_factory=lambda: MqttSettings(user=USER))
    """Mosquitto."""
    listen: Listen = Listen()
    """Where it serves."""
    hosts: tuple[str, ...] = ()
    """Names and addresses that a browser may ask for, beside this machine's own."""
    database: Postgres | None = None
    """None: SQLite."""
    clock_offset_ms: int = 0
    """What the service's clock is ahead of the machine's: in the demo alone."""
    controls: Mapping[str, Path] = field(default_factory=dict)
    """In the demo alone: each node's control socket, for the page Bàn thử."""

    @property
    def demo(self) -> bool:
        """Whether this is the demo's console."""
        return bool(self.controls)


def load_console(path: Path, *, with_certificate: bool = True) -> ConsoleSettings:
    """Read console.yaml. SettingsError with every fault: file, line, field, what to do. Without `with_certificate` the
    certificate's files may be missing: somebody is about to make them.
    """
    try:
        faults = Faults(read_yaml(path))
    except YamlError as error:
        raise SettingsError(error.vi, error.en, error.faults) from error
    settings = _read(faults.top, path.absolute().parent, with_certificate)
    faults.raise_all(SettingsError)
    return settings


def _read(top: Field, beside: Path, with_certificate: bool) -> ConsoleSettings:
    known = {
        "commune",
        "name",
        "register",
        "home",
        "mqtt",
        "listen",
        "hosts",
        "database",
        "clock_offset_ms",
        "controls",
    }
    parts = top.record(known, {"commune", "name"})
    offset = parts["clock_offset_ms"].integer(-(10**12), 10**12) if "clock_offset_ms" in parts else 0
    return ConsoleSettings(
        commune=(parts["commune"].slug() if "commune" in parts else None) or "",
        name=(parts["name"].text(80) if "name" in parts else None) or "",
        register=path_of(parts.get("register"), beside) or HOME,
        home=path_of(parts.get("home"), beside) or CONSOLE_HOME,
        mqtt=_mqtt(parts["mqtt"], beside) if "mqtt" in parts else MqttSettings(user=USER),
        listen=_listen(parts["listen"], beside, with_certificate) if "listen" in parts else Listen(),
        hosts=tuple(host for item in parts["hosts"].items(MAX_HOSTS) if (host := item.text(255)))
        if "hosts" in parts
        else (),
        database=_database(parts["database"], beside) if "database" in parts else None,
        clock_offset_ms=offset or 0,
        controls=_controls(parts["controls"], beside) if "controls" in parts else {},
    )


def _mqtt(top: Field, beside: Path) -> MqttSettings:
    parts = top.record({"host", "port", "user", "password_file", "ca_file"})
    return MqttSettings(
        host=(parts["host"].text(255) if "host" in parts else None) or DEFAULT_HOST,
        port=(parts["port"].integer(1, 65_535) if "port" in parts else None) or DEFAULT_PORT,
        user=(parts["user"].slug() if "user" in parts else None) or USER,
        password_file=path_of(parts.get("password_file"), beside, must_be=True),
        ca_file=path_of(parts.get("ca_file"), beside, must_be=True),
    )


def _listen(top: Field, beside: Path, must_be: bool) -> Listen:
    parts = top.record({"address", "port", "certificate", "key", "ca_file"})
    listen = Listen(
        address=(parts["address"].text(64) if "address" in parts else None) or LISTEN_ADDRESS,
        port=(parts["port"].integer(1, 65_535) if "port" in parts else None) or LISTEN_PORT,
        certificate=path_of(parts.get("certificate"), beside, must_be=must_be),
        key=path_of(parts.get("key"), beside, must_be=must_be),
        ca_file=path_of(parts.get("ca_file"), beside, must_be=True),
    )
    if (listen.certificate is None) != (listen.key is None):
        top.fault("certificate và key phải có cả hai, hoặc không có.", "certificate and key go together, or neither.")
    if listen.certificate is None and not _is_loopback(listen.address):
        top.fault(
            "không có chứng chỉ (certificate, key) thì chỉ được nghe ở 127.0.0.1.",
            "without certificate and key it may listen on 127.0.0.1 alone.",
        )
    return listen


def _database(top: Field, beside: Path) -> Postgres:
    parts = top.record({"host", "name", "user", "port", "password_file"}, {"host", "name", "user"})
    return Postgres(
        host=(parts["host"].text(255) if "host" in parts else None) or "",
        name=(parts["name"].text(63) if "name" in parts else None) or "",
        user=(parts["user"].text(63) if "user" in parts else None) or "",
        port=parts["port"].integer(1, 65_535) if "port" in parts else None,
        password_file=path_of(parts.get("password_file"), beside, must_be=True),
    )


def _controls(top: Field, beside: Path) -> dict[str, Path]:
    found = {name: path_of(member, beside) for name, member in top.members(MAX_CONTROLS).items()}
    return {name: path for name, path in found.items() if path is not None}


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return address == "localhost"
