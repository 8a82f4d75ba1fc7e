"""What an installer writes down about the commune's machine: commune.yaml, checked whole, one sentence for each fault.

    commune: cong-lac
    home: /var/lib/keng                                  # register and trace
    codebook: codebook.yaml                              # beside this file; none: the one last pushed
    mqtt:
      {host: 127.0.0.1, port: 1883, user: service, password_file: service.password,
      restart: touch /run/keng-commune/restart-broker}   # a command for a Mosquitto that hangs; none: only a trouble
    retire_folder: /run/keng-commune/retire              # who is to be dismissed, for root; none: by hand alone
    key_file: commune.key                                # signs orders; none: a network without keys
    users: {duty: officer, clerk: watch}                 # who may ask
    embedded_broker: {port: 18830}                       # for `keng run --embedded-broker` only

What must hold: settings that exist have passed every check. Relative paths are meant from the file's own folder.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from broker.core.setup import Role
from broker.errors import SettingsError
from patterns.errors import YamlError
from patterns.fields import Faults, Field
from patterns.yamlfile import read_yaml

SETTINGS_FILE = Path("/etc/keng/commune.yaml")
HOME = Path("/var/lib/keng")
DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 1883
"""Mosquitto's loopback listener, as broker/mosquitto/configuration.py writes it."""
DEFAULT_TLS_PORT = 8884
"""The officers' listener, if the service runs on another machine."""
DEFAULT_USER = "service"
MAX_USERS = 500
"""Ten times the officers and programs of the largest commune."""
MAX_PATH = 1_000
ROLES = ("officer", "watch", "console")


@dataclass(frozen=True, slots=True)
class MqttSettings:
    """Where Mosquitto is, and as whom the service comes in."""

    host: str = DEFAULT_HOST
    """Name or address."""
    port: int = DEFAULT_PORT
    """TCP."""
    user: str = DEFAULT_USER
    """Mosquitto's user name of the service."""
    password_file: Path | None = None
    """One line; none: a Mosquitto without passwords (the demo)."""
    ca_file: Path | None = None
    """The commune's CA; none: no TLS, which is right on loopback."""
    restart: tuple[str, ...] = ()
    """A command, word by word, that kills a Mosquitto that hangs and starts it again; none: a trouble, and no more."""


@dataclass(frozen=True, slots=True)
class CommuneSettings:
    """One commune's service."""

    commune: str
    """Slug."""
    home: Path = HOME
    """Register, trace, and the embedded broker's directory."""
    codebook: Path | None = None
    """Code book file; none: the one in the register, if there is one."""
    mqtt: MqttSettings = MqttSettings()
    """Mosquitto; not used with an embedded one."""
    retire_folder: Path | None = None
    """Where the service leaves the id of a node that the duty desk dismisses; none: `keng retire` by hand alone."""
    key_file: Path | None = None
    """Base64 of the Ed25519 seed that signs orders; none: a network without keys."""
    users: Mapping[str, Role] = field(default_factory=dict)
    """Who may ask, and as what."""
    embedded_port: int | None = None
    """Port of the embedded broker; none: a free one."""
    open_network: bool = False
    """Anybody may ask as an officer: for a Mosquitto without passwords, where names prove nothing."""


def load_settings(path: Path) -> CommuneSettings:
    """Read commune.yaml. SettingsError with every fault: file, line, field, what to do."""
    try:
        faults = Faults(read_yaml(path))
    except YamlError as error:
        raise SettingsError(error.vi, error.en, error.faults) from error
    settings = _read(faults.top, path.absolute().parent)
    faults.raise_all(SettingsError)
    return settings


def _read(top: Field, beside: Path) -> CommuneSettings:
    known = {"commune", "home", "codebook", "mqtt", "key_file", "users", "embedded_broker", "open_network"}
    parts = top.record(known | {"retire_folder"}, {"commune"})
    embedded = parts["embedded_broker"].record({"port"}) if "embedded_broker" in parts else {}
    settings = CommuneSettings(
        commune=(parts["commune"].slug() if "commune" in parts else None) or "",
        home=path_of(parts.get("home"), beside) or HOME,
        codebook=path_of(parts.get("codebook"), beside, must_be=True),
        mqtt=_mqtt(parts["mqtt"], beside) if "mqtt" in parts else MqttSettings(),
        retire_folder=path_of(parts.get("retire_folder"), beside),
        key_file=path_of(parts.get("key_file"), beside, must_be=True),
        users=_users(parts["users"]) if "users" in parts else {},
        embedded_port=embedded["port"].integer(1, 65_535) if "port" in embedded else None,
        open_network=(parts["open_network"].flag() if "open_network" in parts else None) or False,
    )
    if settings.open_network and (settings.mqtt.password_file is not None or settings.key_file is not None):
        parts["open_network"].fault(
            "chỉ dùng khi Mosquitto không có mật khẩu và xã không có khóa; hãy bỏ mục này và khai người dùng ở users.",
            "only for a Mosquitto without passwords and a commune without a key; remove it and list users.",
        )
    return settings


def _mqtt(top: Field, beside: Path) -> MqttSettings:
    parts = top.record({"host", "port", "user", "password_file", "ca_file", "restart"})
    ca_file = path_of(parts.get("ca_file"), beside, must_be=True)
    default_port = DEFAULT_PORT if ca_file is None else DEFAULT_TLS_PORT
    return MqttSettings(
        host=(parts["host"].text(255) if "host" in parts else None) or DEFAULT_HOST,
        port=(parts["port"].integer(1, 65_535) if "port" in parts else None) or default_port,
        user=(parts["user"].slug() if "user" in parts else None) or DEFAULT_USER,
        password_file=path_of(parts.get("password_file"), beside, must_be=True),
        ca_file=ca_file,
        restart=_words(parts["restart"]) if "restart" in parts else (),
    )


def _words(given: Field) -> tuple[str, ...]:
    """As a shell would part them; but no shell runs it."""
    text = given.text(MAX_PATH)
    if text is None:
        return ()
    try:
        words = tuple(shlex.split(text))
    except ValueError:
        words = ()
    if not words:
        given.fault("không đọc được lệnh này, hãy xem dấu ngoặc kép.", "no command; look at its quotes.")
    return words


def _users(top: Field) -> dict[str, Role]:
    users: dict[str, Role] = {}
    for name, member in top.members(MAX_USERS).items():
        role = member.choice(ROLES)
        if member.is_slug(name) and role is not None:
            users[name] = cast(Role, role)
    return users


def path_of(given: Field | None, beside: Path, *, must_be: bool = False) -> Path | None:
    """A file's, relative to `beside`; a fault where it `must_be` there and is not."""
    text = given.text(MAX_PATH) if given is not None else None
    if given is None or text is None:
        return None
    path = beside / Path(text).expanduser()
    if must_be and not path.is_file():
        given.fault(
            f"không có tệp {path}; hãy tạo tệp này hoặc sửa đường dẫn.",
            f"there is no file {path}; make it, or correct the path.",
        )
    return path
