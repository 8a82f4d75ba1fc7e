"""Where the commune's broker is and who asks: options, else keng.yaml, else the demo that runs on this machine.

    keng.yaml     commune: cong-lac
                  broker: {host: 10.0.0.2, port: 8884, password_file: password, ca_file: ca.crt}
                  user: duty

What must hold: credentials written down for one broker are never sent to another.
"""

from __future__ import annotations

import argparse
import os
import pwd
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from broker.cli import demos
from broker.cli.terminal import CliError, NoConnection, NothingFound, UsageFault
from patterns.errors import YamlError
from wire.words import is_slug

if TYPE_CHECKING:
    from patterns.fields import Field

HOME_VARIABLE = "KENG_HOME"
FILES = (Path("~/.config/keng/keng.yaml"), Path("/etc/keng/keng.yaml"))
"""Where keng.yaml is looked for."""
DEFAULT_PORT, DEFAULT_TLS_PORT = 1883, 8884
DEFAULT_USER = "duty"  # where the login name is no id of the wire: the officer on duty
LOOPBACK = "127.0.0.1"


class SettingsFault(CliError, ValueError):
    """keng.yaml is wrong."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How to get to the commune."""

    host: str
    """Name or address of its broker."""
    port: int
    """TCP port."""
    commune: str
    """Slug."""
    user: str
    """Who asks."""
    found: str
    """Where this was found, for a person."""
    password_file: Path | None = None
    """None: a broker without passwords."""
    ca_file: Path | None = None
    """None: no TLS."""

    @property
    def where(self) -> str:
        """For a sentence."""
        return f"{self.host}:{self.port} ({self.found})"


def reach_of(args: argparse.Namespace) -> Reach:
    """Where to go. UsageFault, NothingFound, NoConnection, SettingsFault."""
    host, port = getattr(args, "host", None), getattr(args, "port", None)
    base = _written(args) or _demo(args, host, port)
    if base is not None and not _same(base, host, port):
        base = None
    commune = getattr(args, "commune", None)
    if base is None:
        if host is None and port is None:
            raise NoConnection(*_nowhere())
        if commune is None:
            raise UsageFault(
                "Không biết xã nào ở đó. Hãy thêm --commune MÃ-XÃ.",
                "Which commune is there is not known. Add --commune ID.",
            )
        tls = getattr(args, "ca_file", None) is not None
        port = port or (DEFAULT_TLS_PORT if tls else DEFAULT_PORT)
        base = Reach(host or LOOPBACK, port, commune, login_name(), "--host/--port")
    chosen = {name: getattr(args, name) for name in ("user", "password_file", "ca_file") if hasattr(args, name)}
    reach = replace(base, commune=commune or base.commune, **chosen)
    for option, name in (("--commune", reach.commune), ("--user", reach.user)):
        if not is_slug(name):
            raise UsageFault(
                f"{option} {name}: chỉ dùng a-z, 0-9 và dấu gạch giữa, dài 1 đến 32.",
                f"{option} {name}: a-z, 0-9 and dashes only, 1 to 32 of them.",
            )
    return reach


def demo_of(args: argparse.Namespace) -> demos.Demo:
    """The demo that is meant. NothingFound."""
    home = _home(args)
    if home is not None:
        found = demos.at_home(home)
        if found is None:
            raise NothingFound(
                f"Không có bản chạy thử nào đang chạy trong {home}. Hãy chạy: bash deploy/demo.sh",
                f"No demo is running in {home}. Start one: bash deploy/demo.sh",
            )
        return found
    port = getattr(args, "port", None)
    for demo in demos.running():
        if port in (None, demo.port):
            return demo
    raise NothingFound(
        "Không có bản chạy thử nào đang chạy trên máy này. Hãy chạy: bash deploy/demo.sh",
        "No demo is running on this machine. Start one: bash deploy/demo.sh",
    )


def login_name() -> str:
    """Who sits here, as an id of the wire."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name.lower().replace("_", "-").replace(".", "-")
    except KeyError:
        name = ""
    return name if is_slug(name) and name != "root" else DEFAULT_USER


def _home(args: argparse.Namespace) -> Path | None:
    text = getattr(args, "home", None) or os.environ.get(HOME_VARIABLE)
    return Path(text).expanduser() if text else None


def _demo(args: argparse.Namespace, host: str | None, port: int | None) -> Reach | None:
    if _home(args) is None and not [demo for demo in demos.running() if port in (None, demo.port)]:
        return None
    if host is not None and host not in (LOOPBACK, "localhost"):
        return None
    demo = demo_of(args)
    return Reach(demo.host, demo.port, demo.commune, login_name(), f"demo {demo.home}")


def _same(base: Reach, host: str | None, port: int | None) -> bool:
    hosts = {LOOPBACK, "localhost"} if base.host in (LOOPBACK, "localhost") else {base.host}
    return (host is None or host in hosts) and port in (None, base.port)


def _written(args: argparse.Namespace) -> Reach | None:
    chosen = getattr(args, "settings", None)
    if chosen is not None:
        return read_settings(Path(chosen))
    if _home(args) is not None:
        return None
    return next((read_settings(path) for path in (one.expanduser() for one in FILES) if path.exists()), None)


def read_settings(path: Path) -> Reach:
    """Read keng.yaml. SettingsFault."""
    from patterns.fields import Faults
    from patterns.yamlfile import read_yaml

    try:
        faults = Faults(read_yaml(path))
    except YamlError as error:
        raise SettingsFault(error.vi, error.en, error.faults) from error
    top = faults.top.record({"commune", "broker", "user"}, {"commune", "broker"})
    known = {"host", "port", "password_file", "ca_file"}
    parts = top["broker"].record(known, {"host"}) if "broker" in top else {}
    ca_file = _path(parts.get("ca_file"), path.parent)
    reach = Reach(
        host=(parts["host"].text(255) if "host" in parts else None) or "",
        port=(parts["port"].integer(1, 65_535) if "port" in parts else None)
        or (DEFAULT_PORT if ca_file is None else DEFAULT_TLS_PORT),
        commune=(top["commune"].slug() if "commune" in top else None) or "",
        user=(top["user"].slug() if "user" in top else None) or login_name(),
        found=str(path),
        password_file=_path(parts.get("password_file"), path.parent),
        ca_file=ca_file,
    )
    faults.raise_all(SettingsFault)
    return reach


def _path(field: Field | None, beside: Path) -> Path | None:
    text = field.text(1000) if field is not None else None
    return None if text is None else beside / Path(text).expanduser()


def _nowhere() -> tuple[str, str]:
    files = ", ".join(str(path) for path in FILES)
    return (
        f"Không biết xã ở đâu: không có {files}, và không có bản chạy thử nào trên máy này. "
        "Hãy thêm --host, --port và --commune, hoặc chạy: bash deploy/demo.sh",
        f"Where the commune is is not known: there is no {files}, and no demo runs on this machine. "
        "Add --host, --port and --commune, or run: bash deploy/demo.sh",
    )
