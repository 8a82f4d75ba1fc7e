"""A real Mosquitto for one test: a private directory and port, a dozen milliseconds to start, gone at the end.

    def test_something(mosquitto):                     # a plain one, running, no passwords, no TLS
        mosquitto.kill(); mosquitto.start()            # kill -9, and back on the same port

    def test_another(start_mosquitto):                 # as many as wanted, as configured as wanted
        one = start_mosquitto(passwords={"n1": "secret"}, acl="user n1\\ntopic write keng/#\\n", tls=True)
        two = start_mosquitto("max_packet_size 8192", "persistence false")

What must hold: it listens on loopback only, on a port that no outgoing connection can take (so a restart finds it
free), and ends with the test, frozen or not, or with the test process if that dies first.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.ports import HOST, fresh_port, is_free
from fakes.process import Process
from fakes.waiting import eventually

START_S = 20.0  # it takes 12 ms; this is for a machine under load


@dataclass(frozen=True)
class Ca:
    """A certificate authority of its own, and the broker's certificate by it."""

    ca_file: Path
    """What clients trust."""
    certificate: Path
    """The broker's, for 127.0.0.1 and localhost."""
    key: Path
    """The broker's."""


def make_ca(home: Path) -> Ca:
    """Generate a CA and a server certificate in `home` with the openssl command; some 50 ms."""
    home.mkdir(parents=True, exist_ok=True)
    ca_key, ca_file = home / "ca.key", home / "ca.crt"
    key, request, certificate, extensions = (home / f"server.{end}" for end in ("key", "csr", "crt", "ext"))
    extensions.write_text("subjectAltName=IP:127.0.0.1,DNS:localhost\nextendedKeyUsage=serverAuth\n")
    new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    _run("openssl", "req", "-x509", *new_key, "-keyout", ca_key, "-out", ca_file, "-days", "30", "-subj", "/CN=test CA")
    _run("openssl", "req", *new_key, "-keyout", key, "-out", request, "-subj", "/CN=127.0.0.1")
    _run(
        *("openssl", "x509", "-req", "-in", request, "-CA", ca_file, "-CAkey", ca_key, "-CAcreateserial"),
        *("-days", "30", "-extfile", extensions, "-out", certificate),
    )
    return Ca(ca_file, certificate, key)


class Mosquitto(Process):
    """One broker process and what it may be made to suffer. Start it from a thread that outlives it."""

    def __init__(
        self,
        home: Path,
        *lines: str,
        passwords: Mapping[str, str] | None = None,
        acl: str | None = None,
        tls: bool | Ca = False,
        port: int | None = None,
    ) -> None:
        """`lines` are further lines of mosquitto.conf; `passwords` by user name, none: anybody may come in."""
        self.home = home
        self.host = HOST
        self.ca: Ca | None = make_ca(home / "tls") if tls is True else (tls or None)
        self.conf = home / "mosquitto.conf"
        self.log_file = home / "mosquitto.log"
        self._lines = lines
        self._fixed = port is not None
        self.port = port or fresh_port()
        self.inside: Sequence[str] = ()
        """Words before each command, such as those that enter a namespace."""
        self.environment: Mapping[str, str] = {}
        """Added to ours for the broker itself."""
        home.mkdir(parents=True, exist_ok=True)
        self._password_file = home / "passwords" if passwords is not None else None
        self._acl_file = home / "acl" if acl is not None else None
        if passwords is not None:
            self.set_passwords(passwords)
        if acl is not None:
            self.set_acl(acl)

    @property
    def running(self) -> bool:
        """Whether it was started and lives."""
        return self._process is not None and self._process.poll() is None

    @property
    def log(self) -> str:
        """What it wrote since its first start, all types of lines."""
        return self.log_file.read_text("utf-8", "replace") if self.log_file.exists() else ""

    def set_passwords(self, passwords: Mapping[str, str]) -> None:
        """Write the password file; a running broker reads it at `reload`."""
        assert self._password_file is not None, "started without passwords"
        self._password_file.write_text("".join(f"{user}:{word}\n" for user, word in passwords.items()))
        self._password_file.chmod(0o600)
        if passwords:
            _run("mosquitto_passwd", "-U", self._password_file)

    def set_acl(self, acl: str) -> None:
        """Write the access list; a running broker reads it at `reload`."""
        assert self._acl_file is not None, "started without an access list"
        self._acl_file.write_text(acl)
        self._acl_file.chmod(0o600)

    def start(self) -> None:
        """Start, on the same port as before, and return when it listens."""
        assert self._process is None, "it runs already"
        if not self._fixed and not is_free(self.port):
            self.port = fresh_port()
        self._launch()
        self._fixed = True

    def _launch(self) -> None:
        self.conf.write_text("\n".join(self._config()) + "\n")
        before = self.log.count(" running\n")
        command = [*self.inside, *_dies_with_us(), mosquitto_path(), "-c", str(self.conf)]
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(command, stderr=log, env={**os.environ, **self.environment})
        self._process = process

        def listens() -> bool:
            assert process.poll() is None, f"Mosquitto ended at once:\n{self.log}"
            return self.log.count(" running\n") > before

        eventually(listens, START_S, "Mosquitto does not listen")

    def _config(self) -> Iterator[str]:
        yield f"listener {self.port} {HOST}"
        yield f"allow_anonymous {'false' if self._password_file else 'true'}"
        yield "log_dest stderr"
        yield "log_type all"
        yield "user root"  # asked of root alone, also in a namespace of its own: it keeps its private directory
        if self._password_file:
            yield f"password_file {self._password_file}"
        if self._acl_file:
            yield f"acl_file {self._acl_file}"
        if self.ca:
            yield f"certfile {self.ca.certificate}"
            yield f"keyfile {self.ca.key}"
        yield from self._lines

    def reload(self) -> None:
        """SIGHUP: read passwords and access list again."""
        os.kill(self.pid, signal.SIGHUP)

    def publish(
        self,
        topic: str,
        payload: bytes | str,
        *args: str,
        user: str | None = None,
        password: str = "",
        within_s: float = 20,
    ) -> int:
        """mosquitto_pub, another implementation than ours; its exit code. `args` such as "-r", "-q", "0".

        TimeoutExpired after `within_s` seconds: it waits for ever on a broker that does not answer.
        """
        raw = payload.encode() if isinstance(payload, str) else payload
        command = [*self.inside, "mosquitto_pub", *self._client(user, password), "-q", "1", "-t", topic, "-s", *args]
        return subprocess.run(command, input=raw, stderr=subprocess.DEVNULL, timeout=within_s, check=False).returncode

    def read(
        self, topic: str, *args: str, count: int = 1, within_s: int = 5, user: str | None = None, password: str = ""
    ) -> list[str]:
        """mosquitto_sub for `count` messages or `within_s` seconds; its lines. `args` such as "-F", "%t %r %p"."""
        ends = ["-C", str(count), "-W", str(within_s)]
        command = [*self.inside, "mosquitto_sub", *self._client(user, password), "-q", "1", "-t", topic, *ends, *args]
        return subprocess.run(
            command, capture_output=True, text=True, timeout=within_s + 10, check=False
        ).stdout.splitlines()

    def _client(self, user: str | None, password: str) -> list[str]:
        tls = ["--cafile", str(self.ca.ca_file)] if self.ca else []
        return ["-V", "mqttv5", "-h", HOST, "-p", str(self.port), *tls, *(["-u", user, "-P", password] if user else [])]


def mosquitto_path() -> str:
    """Debian keeps it where only root's PATH looks."""
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    assert found, "Mosquitto is not installed: apt install mosquitto mosquitto-clients"
    return found


def version() -> tuple[int, ...]:
    """Of the Mosquitto that is here: (2, 0, 11) is Debian 12's, (2, 0, 21) Debian 13's."""
    said = subprocess.run([mosquitto_path(), "-h"], capture_output=True, text=True, check=False).stdout
    return tuple(int(part) for part in said.split()[2].split("."))


def _dies_with_us() -> list[str]:
    return ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, f"{command[0]}: {done.stderr}"


@pytest.fixture
def start_mosquitto(tmp_path: Path) -> Iterator[Callable[..., Mosquitto]]:
    """`start_mosquitto(*lines, passwords=None, acl=None, tls=False, start=True)`: one, ended with the test."""
    started: list[Mosquitto] = []

    def start(*lines: str, start: bool = True, **options: object) -> Mosquitto:
        one = Mosquitto(tmp_path / f"mosquitto{len(started)}", *lines, **options)
        started.append(one)
        if start:
            one.start()
        return one

    yield start
    for one in started:
        one.end()


@pytest.fixture
def mosquitto(start_mosquitto: Callable[..., Mosquitto]) -> Mosquitto:
    """A plain one, running."""
    return start_mosquitto()
