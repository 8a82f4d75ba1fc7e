"""A commune's Mosquitto, run as Debian runs it: the package's own mosquitto.conf, ours in its conf.d, scratch ports."""

import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fakes.mosquitto import START_S, _dies_with_us, mosquitto_path
from fakes.ports import fresh_port
from fakes.waiting import eventually

from broker.mosquitto.accounts import Account, hashed, new_password
from broker.mosquitto.ca import make_authority, make_server_certificate
from broker.mosquitto.configuration import CommuneBroker, commune_files
from wire.envelope import LinkUp
from wire.link import Link, LinkItem, LinkSettings

COMMUNE = "cong-lac"
ROOT = f"keng/1/{COMMUNE}"
ROLES = {"n1": "node", "n2": "node", "duty": "officer", "clerk": "watch", "console": "console", "service": "service"}


@dataclass
class Town:
    """The running broker and everybody's credentials."""

    broker: CommuneBroker
    home: Path
    passwords: dict[str, str]
    main: Path
    process: "subprocess.Popen[bytes]"
    links: list[Link] = field(default_factory=list)

    def port(self, user: str) -> int:
        """Of the listener that is meant for this user."""
        role = ROLES.get(user, "node")
        return {
            "node": self.broker.nodes_port,
            "service": self.broker.local_port,
            "console": self.broker.local_port,
        }.get(role, self.broker.officers_port)

    def arguments(self, user: str, port: int | None = None) -> list[str]:
        """Of mosquitto_pub and mosquitto_sub."""
        port = self.port(user) if port is None else port
        tls = [] if port == self.broker.local_port else ["--cafile", str(self.home / "ca.crt")]
        return ["-V", "mqttv5", "-h", "127.0.0.1", "-p", str(port), "-u", user, "-P", self.passwords[user], *tls]

    def publish(self, user: str, topic: str, text: str = "x", *more: str, port: int | None = None) -> str:
        """mosquitto_pub; what it complained of."""
        command = ["mosquitto_pub", *self.arguments(user, port), "-q", "1", "-t", topic, "-m", text, *more]
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
        return done.stderr + (f" exit {done.returncode}" if done.returncode else "")

    def link(
        self, user: str, *topics: str, client_id: str | None = None, port: int | None = None
    ) -> tuple[Link, list[LinkItem]]:
        """A lasting connection, up, and what it hears."""
        secret = self.home / f"{user}.secret"
        secret.write_text(self.passwords[user])
        port = self.port(user) if port is None else port
        ca = None if port == self.broker.local_port else self.home / "ca.crt"
        heard: list[LinkItem] = []
        link = Link(LinkSettings("127.0.0.1", port, client_id or user, secret, user, ca), topics, heard.append)
        link.open()
        self.links.append(link)
        eventually(lambda: LinkUp() in heard, why=f"{user} is not let in")
        del heard[: heard.index(LinkUp())]
        return link, heard

    def admit(self, names: dict[str, str]) -> None:
        """Rewrite the password files for these users alone, and have them read."""
        accounts = [Account(name, role, hashed(self.passwords[name])) for name, role in names.items()]
        for file in commune_files(self.broker, accounts):
            if file.path.parent == self.broker.folder:
                file.path.write_text(file.text)
        self.process.send_signal(signal.SIGHUP)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a commune's certificates."""
    folder = tmp_path_factory.mktemp("certificates")
    make_server_certificate(folder, make_authority(folder, COMMUNE), ["127.0.0.1", "localhost"])
    return folder


@pytest.fixture
def start_town(tmp_path: Path, certificates: Path) -> Iterator[Callable[[], Town]]:
    towns: list[Town] = []

    def start() -> Town:
        ports = [fresh_port() for _ in range(3)]
        broker = CommuneBroker(COMMUNE, certificates, *ports)
        passwords = {name: new_password() for name in ROLES}
        accounts = [Account(name, role, hashed(passwords[name])) for name, role in ROLES.items()]
        (tmp_path / "conf.d").mkdir()
        for file in commune_files(broker, accounts):
            if file.path.parent == certificates:
                file.path.touch(mode=0o600)
                file.path.write_text(file.text)
            elif file.path.parts[2] == "mosquitto":
                (tmp_path / "conf.d" / file.path.name).write_text(file.text)
        main = tmp_path / "mosquitto.conf"
        main.write_text(
            f"pid_file {tmp_path}/mosquitto.pid\npersistence true\npersistence_location {tmp_path}/\n"
            f"log_dest file {tmp_path}/log\n{'user root' if os.geteuid() == 0 else ''}\ninclude_dir {tmp_path}/conf.d\n"
        )
        process = subprocess.Popen([*_dies_with_us(), mosquitto_path(), "-c", str(main)], stderr=subprocess.DEVNULL)
        town = Town(broker, certificates, passwords, main, process)
        towns.append(town)

        def listens() -> bool:
            log = (tmp_path / "log").read_text() if (tmp_path / "log").exists() else ""
            assert process.poll() is None, f"Mosquitto ended at once:\n{log}"
            return " running\n" in log

        eventually(listens, START_S, "Mosquitto does not listen")
        return town

    yield start
    for town in towns:
        for link in town.links:
            link.close()
        town.process.kill()
        town.process.wait()


@pytest.fixture
def town(start_town: Callable[[], Town]) -> Town:
    return start_town()
