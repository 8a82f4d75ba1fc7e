"""A commune installed by install-commune.sh below a folder of its own, with a real Mosquitto and the real service.

What must hold: nothing outside the folder is touched, and every process ends with the test.
"""

import atexit
import base64
import functools
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from fakes.mosquitto import _dies_with_us, mosquitto_path
from fakes.nochime import without_a_chime_soon
from fakes.ports import HOST, fresh_port, is_free
from fakes.waiting import SLOWER, eventually

from broker.enrolment.found import main
from wire.envelope import LinkUp
from wire.link import Link, LinkSettings

ROOT = Path(__file__).parents[2]
PROGRAM = Path(sys.executable).parent.parent
COMMUNE = "cong-lac"
TOPICS = f"keng/1/{COMMUNE}"
WITHIN_S = 45.0


@dataclass
class Installed:
    """The machine of a commune."""

    root: Path
    ports: list[int] = field(default_factory=list)
    processes: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict)

    @property
    def etc(self) -> Path:
        """Its settings."""
        return self.root / "etc/keng"

    @property
    def codebook(self) -> Path:
        """Its code book."""
        return self.etc / "codebook.yaml"

    def install(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        """deploy/install-commune.sh; to be run again and again."""
        if not self.ports:
            self.ports = [fresh_port() for _ in range(4)]
        return script("install-commune.sh", "--root", self.root, *self._ports(), *arguments)

    def found(self, *, anew: bool = False) -> None:
        """The files alone, in this process: a second quicker. A copy of the first that is founded here, unless `anew`.

        A copy has the first one's keys and passwords, and its own place and ports.
        """
        self.ports = self.ports or [fresh_port() for _ in range(4)]
        if not anew:
            self._copy(_first())
            return
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()) as said:
            code = main(["--root", str(self.root), "--address", HOST, *self._ports()])
        assert code == 0, said.getvalue()

    def _copy(self, first: "Installed") -> None:
        shutil.copytree(first.root, self.root, dirs_exist_ok=True)
        known = [(str(first.root), str(self.root)), *zip(map(str, first.ports), map(str, self.ports), strict=True)]
        for path in self.root.rglob("*"):
            if path.suffix in (".yaml", ".conf"):
                text = path.read_text("utf-8")
                for old, new in known:
                    text = text.replace(old, new)
                path.write_text(text, "utf-8")

    def have_no_chime_soon(self) -> None:
        """Whatever the hour, nothing sounds by itself in the next ones; before it runs."""
        self.codebook.write_text(without_a_chime_soon(self.codebook.read_text()))

    def _ports(self) -> list[str]:
        named = zip(("nodes", "officers", "local", "console"), self.ports, strict=True)
        return [word for name, port in named for word in (f"--{name}-port", str(port))]

    def start_mosquitto(self) -> None:
        """As Debian 12's unit does: the package's own file, ours in its conf.d."""
        run = self.root / "run/mosquitto"
        run.mkdir(parents=True, exist_ok=True)
        main = self.root / "etc/mosquitto/mosquitto.conf"
        root = "user root" if os.geteuid() == 0 else ""
        main.write_text(
            f"pid_file {run}/mosquitto.pid\npersistence true\npersistence_location {run}/\n"
            f"log_dest file {run}/log\n{root}\ninclude_dir {self.root}/etc/mosquitto/conf.d\n"
        )
        self.start("mosquitto", mosquitto_path(), "-c", main)
        log, pid = run / "log", run / "mosquitto.pid"  # in either order
        eventually(lambda: pid.exists() and log.exists() and " running\n" in log.read_text(), WITHIN_S)

    def start_service(self) -> None:
        """keng run, as the unit does."""
        self.start("service", PROGRAM / "bin/keng", "run", "--settings", self.etc / "commune.yaml")
        eventually(lambda: "linked" in self.said("service").lower(), WITHIN_S, "the service is not linked")

    def start_console(self) -> None:
        """keng console, as the unit does."""
        self.start("console", PROGRAM / "bin/keng", "console", "--settings", self.etc / "console.yaml")
        eventually(lambda: not is_free(self.ports[3]), WITHIN_S, "the console does not listen")

    def start_node(self, name: str, folder: Path) -> None:
        """keng-node run with the settings in a folder."""
        self.start(name, PROGRAM / "bin/keng-node", "run", "--settings", folder / "node.yaml")
        eventually(lambda: _listens(folder / "control"), WITHIN_S, f"{name} does not start")

    def start(self, name: str, *command: object) -> None:
        """A process that ends with us."""
        with (self.root / f"{name}.log").open("ab") as log:
            words = [*_dies_with_us(), *map(str, command)]
            self.processes[name] = subprocess.Popen(words, stdout=log, stderr=log, stdin=subprocess.DEVNULL)

    def said(self, name: str) -> str:
        """What a process wrote."""
        return (self.root / f"{name}.log").read_text("utf-8", "replace")

    def keng(self, *arguments: object) -> "subprocess.CompletedProcess[str]":
        """A command on the commune's machine."""
        return _run(PROGRAM / "bin/keng", *arguments)

    def asked(self, *arguments: object) -> Any:
        """What an officer's command says, as JSON."""
        done = self.keng(*arguments, "--settings", self.etc / "keng.yaml", "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def publish(self, user: str, topic: str, payload: str) -> "subprocess.CompletedProcess[str]":
        """mosquitto_pub on the loopback listener, below the commune's root."""
        password = (self.etc / f"{user}.password").read_text().strip()
        where = ["-h", HOST, "-p", str(self.ports[2]), "-u", user, "-P", password]
        return _run("mosquitto_pub", "-V", "mqttv5", *where, "-q", "1", "-t", f"{TOPICS}/{topic}", "-m", payload)

    def let_in(self, folder: Path) -> bool:
        """Whether Mosquitto lets a box in with the password in its folder."""
        node = yaml.safe_load((folder / "node.yaml").read_text())["node"]
        where = ["-h", HOST, "-p", str(self.ports[0]), "--cafile", str(self.etc / "ca/ca.crt"), "-u", node]
        word = (folder / "password").read_text().strip()
        topic = f"{TOPICS}/up/{node}/hello"
        done = _run("mosquitto_pub", "-V", "mqttv5", *where, "-P", word, "-q", "1", "-t", topic, "-m", "x")
        return done.returncode == 0

    def connect(self, name: str) -> tuple[Link, list[object]]:
        """A box's own connection, by what `keng enrol` wrote into `sd`, and what happens to it."""
        folder = self.root / "sd" / name
        where = LinkSettings(HOST, self.ports[0], name, folder / "password", name, folder / "ca.crt")
        heard: list[object] = []
        link = Link(where, [f"{TOPICS}/all/alarms"], heard.append)
        link.open()
        eventually(lambda: LinkUp() in heard, WITHIN_S, f"{name} is not let in")
        return link, heard

    def end(self) -> None:
        """All gone; nodes first."""
        for process in reversed(self.processes.values()):
            process.kill()
            process.wait()


@functools.cache
def _first() -> Installed:
    """Founded once in a process, by the real thing, and gone with it."""
    home = tempfile.TemporaryDirectory(prefix="keng-founded-")
    atexit.register(home.cleanup)
    first = Installed(Path(home.name) / "root")
    first.found(anew=True)
    return first


def make_demo_box(folder: Path, cache: Path, *, first_boot: bool = False) -> None:
    """Adapt what `keng enrol` and deploy/node.sh wrote for a machine without pins and card."""
    path = folder / "node.yaml"
    fields = yaml.safe_load(path.read_text())
    fields["panel"]["factory"] = "mock"
    fields["speaker"] = {"adapter": "wav", "wav": "gong.wav"}
    fields |= {"state_dir": "state", "cache_dir": str(cache), "control": "control", "first_boot": first_boot}
    path.write_text(json.dumps(fields))


def _listens(control: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(control)) == 0


def glance(folder: Path) -> dict[str, Any]:
    """What a person in front of the box sees now."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(WITHIN_S)
        connection.connect(str(folder / "control"))
        connection.sendall(b'{"watch": true}\n')
        with connection.makefile() as file:
            seen: dict[str, Any] = json.loads(file.readline())
            return seen


def now_ms() -> int:
    """Wall time."""
    return time.time_ns() // 1_000_000


def script(name: str, *arguments: object) -> "subprocess.CompletedProcess[str]":
    """One of deploy's scripts, with the Python that runs this."""
    return _run("bash", ROOT / "deploy" / name, "--program", PROGRAM, *arguments)


def seed_of(folder: Path) -> bytes:
    """The private key in an enrolled box's folder."""
    return base64.b64decode((folder / "node.key").read_text())


def _run(*command: object) -> "subprocess.CompletedProcess[str]":
    # Under sudo or not, a test's files are its own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("SUDO_", "KENG_"))}
    return subprocess.run(
        [str(word) for word in command],
        capture_output=True,
        text=True,
        timeout=120 * SLOWER,
        check=False,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
