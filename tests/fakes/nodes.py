"""A real node process: mock pins, a WAV file for a loudspeaker, pressed and watched through its control socket.

    node = start_node(broker.port)                    # ready when it returns
    node.press(kind="fire")                           # down, held, up
    node.see(lambda glance: glance["gong"])           # waits for a look of the box
    node.kill(); node.start()                         # kill -9, and again with the same state

What must hold: processes end with the test; rendered patterns are shared by all tests of a machine.
"""

import fcntl
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from fakes.process import Process
from fakes.waiting import PATIENCE_S, SLOWER, eventually

ROOT = Path(__file__).parent.parent.parent
SETTINGS = """\
node: {name}
hamlet: {hamlet}
commune: cong-lac
broker: {{host: 127.0.0.1, port: {port}}}
panel:
  factory: mock
  buttons:
    - {{name: security, pin: 17}}
    - {{name: fire, pin: 27, kind: fire, hold_s: 0.3}}
    - {{name: quiet, pin: 22, kind: theft, silent: true, hold_s: 0.3}}
  cancel: {{pin: 23}}
  drill: {{pin: 24}}
  lamps: {{alert: 5, link: 6}}
speaker: {{adapter: wav, wav: gong.wav}}
state_dir: state
cache_dir: {cache}
trace: {{file: trace.jsonl}}
control: control.sock
"""
Glance = dict[str, Any]


@cache
def shared_cache() -> Path:
    """Every built-in pattern, rendered once a machine: they are found by what they are, so they are never stale."""
    folder = Path(tempfile.gettempdir()) / f"keng-patterns-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "patterns.prepare", "builtins", str(folder)]
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return folder


class NodeProcess(Process):
    """One node. Its files are in `home`."""

    def __init__(self, home: Path, settings: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.home = home
        self.settings = home / "node.yaml"
        self.settings.write_text(settings)
        self.log_file = home / "log"
        self.inside: Sequence[str] = ()
        """Words before the command, such as those that enter a namespace."""
        self.glances: list[Glance] = []
        """Every look of the box since its start, in order."""

    @property
    def running(self) -> bool:
        """Whether it was started and lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """What it wrote on stderr."""
        return self.log_file.read_text() if self.log_file.exists() else ""

    def start(self, environment: dict[str, str] | None = None) -> "NodeProcess":
        """Start, and return when its control socket answers."""
        return self.launch(environment).wait()

    def launch(self, environment: dict[str, str] | None = None) -> "NodeProcess":
        """Start, and do not wait."""
        (self.home / "control.sock").unlink(missing_ok=True)
        with self.log_file.open("ab") as log:
            command = [*self.inside, sys.executable, "-m", "node.cli", "run", "--settings", str(self.settings)]
            self._process = subprocess.Popen(command, stderr=log, cwd=ROOT, env={**os.environ, **(environment or {})})
        self.glances = []
        return self

    def wait(self, within_s: float = PATIENCE_S) -> "NodeProcess":
        """Until its control socket answers and its buttons work."""
        connection = eventually(self._connect, within_s, f"no node:\n{self.log}")
        connection.sendall(b'{"watch": true}\n')
        threading.Thread(target=self._watch, args=(connection, self.glances), daemon=True).start()
        self.see(lambda glance: glance["panel"] == "ok")
        return self

    def press(self, **press: object) -> None:
        """A finger, down and up; returns when it is up."""
        answer = self.ask({"press": press}, until="released")
        assert "released" in answer, answer

    def ask(self, wish: dict[str, object], until: str = "ok") -> Glance:
        """One line to the control socket; the first answer that has `until`, or says that it will not."""
        connection = self._connect()
        assert connection is not None, f"no node:\n{self.log}"
        with connection, connection.makefile("rwb") as file:
            file.write(json.dumps(wish).encode() + b"\n")
            file.flush()
            for line in file:
                answer: Glance = json.loads(line)
                if until in answer or answer.get("ok") is False:
                    return answer
        raise AssertionError(f"no answer to {wish}")

    def see(self, look: Callable[[Glance], Any], within_s: float = PATIENCE_S) -> Glance:
        """The first glance, from now backwards or to come, at which `look` is true."""
        eventually(lambda: self.glances and look(self.glances[-1]), within_s, f"last: {self.glances[-1:]}\n{self.log}")
        return self.glances[-1]

    def _connect(self) -> socket.socket | None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(20 * SLOWER)
        here = os.getcwd()
        try:
            connection.connect(os.path.relpath(self.home / "control.sock", here))  # short: a path has 107 bytes
        except OSError:
            connection.close()
            return None
        return connection

    @staticmethod
    def _watch(connection: socket.socket, glances: list[Glance]) -> None:
        connection.settimeout(None)
        try:
            with connection, connection.makefile("rb") as file:
                for line in file:
                    glances.append(json.loads(line))
        except OSError:
            pass  # the node was killed


@pytest.fixture
def start_node(tmp_path: Path) -> Iterator[Callable[..., NodeProcess]]:
    """`start_node(port, name="thon-1", hamlet=None, change=lambda text: text)`: a running one."""
    started: list[NodeProcess] = []

    def start(
        port: int,
        name: str = "thon-1",
        hamlet: str | None = None,
        change: Callable[[str], str] = lambda text: text,
        environment: dict[str, str] | None = None,
    ) -> NodeProcess:
        text = SETTINGS.format(name=name, hamlet=hamlet or name, port=port, cache=shared_cache())
        node = NodeProcess(tmp_path / name, change(text))
        started.append(node)
        return node.start(environment)

    yield start
    for node in started:
        node.end()
