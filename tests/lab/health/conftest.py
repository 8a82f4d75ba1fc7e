"""Real processes for the tests of the broker's own health: services, nodes, and a cable that can stand still.

What must hold: whatever is started here ends with its test, frozen or not.
"""

import json
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from fakes.mosquitto import _dies_with_us
from fakes.nochime import SAMPLE, without_a_chime_soon
from fakes.nodes import start_node
from fakes.ports import HOST
from fakes.waiting import eventually

from broker.cli import main
from broker.register.store import FILE

__all__ = ["start_node"]

LINKED_S = 30.0
"""It takes half a second; this is for a machine under load."""


class Service:
    """`keng run`, as its unit starts it."""

    def __init__(self, home: Path, **fields: Any) -> None:
        home.mkdir(parents=True)
        self.home = home
        self.log_file = home / "log"
        book = home / "codebook.yaml"
        book.write_text(without_a_chime_soon(SAMPLE.read_text()))
        fields = {"commune": "cong-lac", "home": str(home), "codebook": str(book), **fields}
        (home / "commune.yaml").write_text(json.dumps(fields))
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *arguments: str, linked: bool = True) -> "Service":
        """A new run; linked when it returns."""
        before = self.log.count("Linked with Mosquitto")
        program = str(Path(sys.executable).parent / "keng")
        command = [*_dies_with_us(), program, "run", "--settings", str(self.home / "commune.yaml"), *arguments]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        if linked:
            eventually(lambda: self.log.count("Linked with Mosquitto") > before, LINKED_S, "the service is not linked")
        return self

    @property
    def log(self) -> str:
        """What it wrote."""
        return self.log_file.read_text() if self.log_file.exists() else ""

    @property
    def mosquitto(self) -> int:
        """The process of its embedded broker."""
        assert self.process is not None
        command = ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(self.process.pid)]
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
        found = [int(line.split()[0]) for line in listed.splitlines() if "mosquitto.conf" in line]
        return found[0] if found else 0

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What is in its register."""
        with closing(sqlite3.connect(f"file:{self.home / FILE}?mode=ro", uri=True, timeout=LINKED_S)) as db:
            return db.execute(sql).fetchall()

    def troubles(self) -> set[tuple[str, str]]:
        """Kind and about of all that it ever raised."""
        return {(kind, about) for kind, about in self.rows("SELECT kind, about FROM register_trouble")}

    def status(self, port: int, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
        """What `keng status --json` says."""
        capsys.readouterr()
        assert main(["status", "--json", "--host", HOST, "--port", str(port), "--commune", "cong-lac"]) == 0
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        return told

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)


@pytest.fixture(scope="module")
def start_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Service]]:
    """`start_service(*arguments, linked=True, **fields of commune.yaml)`."""
    started: list[Service] = []

    def start(*arguments: str, linked: bool = True, **fields: Any) -> Service:
        one = Service(tmp_path_factory.mktemp("service") / "home", **fields)
        started.append(one)
        return one.start(*arguments, linked=linked)

    yield start
    for one in started:
        one.kill()


class Cable:
    """From a port of ours to the broker's; `stall` makes every connection on it half-open: nobody is told.

    How it could be unrealistic: a new connection is still accepted by this kernel, and gets no further.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self._whole = threading.Event()
        self._whole.set()
        self._ends: list[socket.socket] = []
        self._door = socket.create_server((HOST, 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def stall(self) -> None:
        """Nothing comes through any more, either way."""
        self._whole.clear()

    def close(self) -> None:
        """Gone."""
        for end in (self._door, *self._ends):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._whole.set()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.create_connection((HOST, self._target))
                self._ends += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while some := source.recv(65_536):
                self._whole.wait()
                sink.sendall(some)
            self._whole.wait()
            sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def cable() -> Iterator[Callable[[int], Cable]]:
    """`cable(port)`: a new one to there."""
    made: list[Cable] = []

    def make(target: int) -> Cable:
        made.append(Cable(target))
        return made[-1]

    yield make
    for one in made:
        one.close()
