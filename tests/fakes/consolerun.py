"""A real `keng console` beside a real service: started, killed, frozen; its people have known passwords.

    console = start_console(lab)                    # serves when it returns, on a port of its own
    console.kill(); console.start()

What must hold: it is started as its unit starts it; it ends with the test, frozen or not.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from fakes.communerun import KENG, ROOT
from fakes.lab import Lab
from fakes.ports import fresh_port
from fakes.process import Process
from fakes.waiting import eventually

PASSWORD = "mat-khau-rat-dai-2026"
PIN = "204060"
PEOPLE = {"an": "officer", "binh": "officer", "chi": "chief", "dung": "technician", "em": "watch"}
"""Login name to role."""
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""Of a chief's second factor."""
START_S = 45.0  # it takes a second or two; this is for a machine under load
SETTINGS = """\
commune: cong-lac
name: Xã Cộng Lạc
register: {register}
home: {home}
mqtt: {{port: {mqtt}}}
listen: {{port: {port}}}
"""
MAKE_PEOPLE = """
import sys
from pathlib import Path
from typing import Any
from broker.console.run import prepare
prepare(Path(sys.argv[1]))
from django.contrib.auth.hashers import make_password
from broker.console.people.models import Officer
from broker.console.people.sealed import seal
for name, role in {people!r}.items():
    Officer.objects.create(
        username=name, full_name="Nguyễn Văn " + name.title(), role=role,
        password=make_password({password!r}), pin=make_password({pin!r}),
        factor=seal({seed!r}) if role == "chief" else "",
    )
"""


class ConsoleRun(Process):
    """One console."""

    def __init__(
        self,
        home: Path,
        blank: Path,
        register: Path,
        mqtt_port: int,
        *,
        more: str = "",
        tls: Path | None = None,
    ) -> None:
        """`blank`: a database with tables and people in it, which saves seconds. `more`: lines of console.yaml. `tls`:
        a folder with console.crt, console.key and ca.crt.
        """
        self.home = home
        home.mkdir(parents=True)
        for name in ("console.sqlite3", "secret"):
            shutil.copy(blank.parent / name, home / name)
        self.port = fresh_port()
        self.settings = home / "console.yaml"
        self.settings.write_text(SETTINGS.format(register=register, home=home, mqtt=mqtt_port, port=self.port) + more)
        self.environment: dict[str, str] = {}
        """More of it, for the next start."""
        self.tls: ssl.SSLContext | None = None
        if tls is not None:
            files = f"certificate: {tls}/console.crt, key: {tls}/console.key, ca_file: {tls}/ca.crt"
            plain = f"listen: {{port: {self.port}}}"
            self.settings.write_text(self.settings.read_text().replace(plain, f"{plain[:-1]}, {files}}}"))
            self.tls = ssl.create_default_context(cafile=tls / "ca.crt")
        self.log_file = home / "log"

    @property
    def url(self) -> str:
        """Without a slash at the end."""
        return f"http{'' if self.tls is None else 's'}://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """What it wrote on stderr since its first start."""
        return self.log_file.read_text("utf-8", "replace") if self.log_file.exists() else ""

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Into its own database, beside it."""
        with closing(sqlite3.connect(self.home / "console.sqlite3", timeout=START_S)) as store, store:
            return store.execute(statement, values).fetchall()

    def start(self) -> ConsoleRun:
        """Start it; it serves when this returns."""
        assert self._process is None, "it runs already"
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(
                [*KENG, "console", "--settings", str(self.settings)],
                stderr=log,
                cwd=ROOT,
                env={**os.environ, **self.environment},
            )
        eventually(self._serves, START_S, f"the console does not serve:\n{self.log}")
        return self

    def _serves(self) -> bool:
        assert self._process is not None and self._process.poll() is None, f"it ended:\n{self.log}"
        try:
            with urllib.request.urlopen(f"{self.url}/dang-nhap", timeout=2, context=self.tls) as answer:
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False


@contextmanager
def beside(home: Path, blank: Path, lab: Lab, *, more: str = "") -> Iterator[ConsoleRun]:
    """A console beside a lab's service, started, and ended at the end: for a whole module's tests."""
    console = ConsoleRun(home, blank, lab.commune.register, lab.broker.port, more=more)
    try:
        yield console.start()
    finally:
        console.end()


def make_blank(home: Path) -> Path:
    """The console's own database with PEOPLE in it."""
    settings = home / "console.yaml"
    settings.write_text(SETTINGS.format(register=home, home=home, mqtt=1, port=1))
    script = MAKE_PEOPLE.format(people=PEOPLE, password=PASSWORD, pin=PIN, seed=SEED)
    subprocess.run([sys.executable, "-c", script, str(settings)], check=True, cwd=ROOT)
    return home / "console.sqlite3"


@pytest.fixture(scope="session")
def blank_console(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same, made once."""
    return make_blank(tmp_path_factory.mktemp("blank-console"))


@pytest.fixture
def start_console(tmp_path: Path, blank_console: Path) -> Iterator[Callable[..., ConsoleRun]]:
    """`start_console(lab, more="")`: a console beside a lab's service, ended with the test."""
    made: list[ConsoleRun] = []

    def make(lab: Lab, *, more: str = "") -> ConsoleRun:
        home = tmp_path / f"console-{len(made)}"
        made.append(ConsoleRun(home, blank_console, lab.commune.register, lab.broker.port, more=more))
        return made[-1].start()

    yield make
    for one in made:
        one.end()
