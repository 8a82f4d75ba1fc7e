"""Mosquitto's password files read back, and the nodes' one written anew.

What must hold: a name's line stays as it is for as long as the name stays; who is in which file is broker/mosquitto's
to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from broker.core.setup import Role
from broker.enrolment.files import SECRET, InstallFault, put, read
from broker.mosquitto.accounts import Account
from broker.mosquitto.configuration import CommuneBroker, ConfigFile, commune_files
from broker.settings import DEFAULT_USER

NODES, LOCAL = "nodes.passwords", "local.passwords"


def node_accounts(broker: CommuneBroker) -> list[Account]:
    """Every enrolled node. InstallFault."""
    return [Account(name, "node", line) for name, line in _lines(broker, NODES).items()]


def user_accounts(broker: CommuneBroker, users: Mapping[str, Role], service: str = DEFAULT_USER) -> list[Account]:
    """The service, and those of `users` who have a password. InstallFault."""
    lines = _lines(broker, LOCAL)
    known = [Account(name, role, lines[name]) for name, role in users.items() if name in lines and name != service]
    return [*known, *([Account(service, "service", lines[service])] if service in lines else [])]


def write_nodes(broker: CommuneBroker, nodes: Iterable[Account]) -> None:
    """The nodes' password file for these alone; Mosquitto reads it at its next SIGHUP. InstallFault."""
    for file in commune_files(broker, nodes):
        if file.path == broker.folder / NODES:
            write(file)


def write(file: ConfigFile) -> bool:
    """Write a file of Mosquitto's if it says something else; whether it did. InstallFault."""
    if file.path.exists() and read(file.path) == file.text:
        return False
    put(file.path, file.text, SECRET if file.secret else 0o644)
    return True


def _lines(broker: CommuneBroker, name: str) -> dict[str, str]:
    path = broker.folder / name
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(read(path).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        user, colon, hashed = line.strip().partition(":")
        if not colon or not hashed.startswith("$"):
            raise InstallFault(
                f"{path}, dòng {number}: không phải tên:mật-khẩu-đã-băm. Hãy xóa dòng này.",
                f"{path}, line {number}: no name:hashed-password. Delete this line.",
            )
        found[user] = hashed
    return found
