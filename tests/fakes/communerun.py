"""A real `keng run` on a broker: started, killed, frozen, its register read while it runs.

    commune = CommuneRun(home, port)                # a code book of five hamlets; nobody needs a password
    commune.start()                                 # returns when Mosquitto has let it in
    commune.kill(); commune.freeze(); commune.thaw()
    commune.incidents(), commune.troubles()

What must hold: it ends with the test, frozen or not. It is started as its unit starts it, so what is proved here is
proved of the program that is installed.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fakes.nochime import SAMPLE, without_a_chime_soon
from fakes.process import Process
from fakes.waiting import eventually

from broker.register.schema import bring_up_to_date
from broker.register.store import FILE

ROOT = Path(__file__).parent.parent.parent
CODEBOOK = SAMPLE
LINKED = "Đã nối với Mosquitto"
START_S = 45.0  # it takes half a second; this is for a machine under load
KENG = [sys.executable, "-c", "import sys; from broker.cli import main; sys.exit(main())"]
SETTINGS = """\
commune: cong-lac
home: {home}
codebook: {codebook}
mqtt: {{host: 127.0.0.1, port: {port}}}
open_network: true
"""


class CommuneRun(Process):
    """One commune's service. Its files are in `home`; the register may lie elsewhere."""

    def __init__(
        self, home: Path, port: int, blank: Path, *, codebook: Path | None = None, register: Path | None = None
    ):
        """`blank`: a register with tables and nothing in them, which saves a second. `codebook`: none for the sample,
        without a chime in the next hours.
        """
        self.home = home
        self.register = register or home / "register"
        home.mkdir(parents=True)
        self.register.mkdir(exist_ok=True)
        shutil.copy(blank, self.register / FILE)
        if codebook is None:
            codebook = home / "codebook.yaml"
            codebook.write_text(without_a_chime_soon(CODEBOOK.read_text()))
        self.settings = home / "commune.yaml"
        self.settings.write_text(SETTINGS.format(home=self.register, codebook=codebook, port=port))
        self.log_file = home / "log"
        self.inside: Sequence[str] = ()
        """Words before the command, such as those that enter a namespace."""

    @property
    def log(self) -> str:
        """What it wrote on stderr since its first start."""
        return self.log_file.read_text() if self.log_file.exists() else ""

    def launch(self, environment: dict[str, str] | None = None) -> CommuneRun:
        """Start it, and do not wait."""
        assert self._process is None, "it runs already"
        self._linked = self.log.count(LINKED)
        command = [*self.inside, *KENG, "run", "--settings", str(self.settings)]
        with self.log_file.open("ab") as log:
            self._process = subprocess.Popen(command, stderr=log, cwd=ROOT, env={**os.environ, **(environment or {})})
        return self

    def wait(self) -> CommuneRun:
        """Until Mosquitto has let it in."""

        def linked() -> bool:
            assert self._process is not None and self._process.poll() is None, f"it ended:\n{self.log}"
            return self.log.count(LINKED) > self._linked

        eventually(linked, START_S, f"the service does not link:\n{self.log}")
        return self

    def start(self, environment: dict[str, str] | None = None) -> CommuneRun:
        """Start it; it is linked when this returns."""
        return self.launch(environment).wait()

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended by itself."""
        return self._process is not None and self._process.poll() is None

    def ended(self, within_s: float = START_S) -> int:
        """Its exit code, when it ends by itself."""
        assert self._process is not None
        code = self._process.wait(within_s)
        self._process = None
        return code

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """What is in the register now."""
        with closing(sqlite3.connect(f"file:{self.register / FILE}?mode=ro", uri=True, timeout=START_S)) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(sql, values)]

    def incidents(self) -> list[dict[str, Any]]:
        """Every incident, in the order of the register."""
        return self.rows("SELECT * FROM register_incident ORDER BY opened_seq")

    def journal(self, what: str) -> list[dict[str, Any]]:
        """Entries of one kind, in the only order there is."""
        rows = self.rows("SELECT * FROM register_journal WHERE what = ? ORDER BY seq", what)
        return [{**row, "body": json.loads(row["body"])} for row in rows]

    def troubles(self, *, over: bool = False) -> set[tuple[str, str]]:
        """Kind and about of those that are open; with `over`, of all that ever were."""
        rows = self.rows("SELECT kind, about FROM register_trouble" + ("" if over else " WHERE over_at_ms IS NULL"))
        return {(row["kind"], row["about"]) for row in rows}


@pytest.fixture(scope="session")
def blank_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register file with tables and nothing in them."""
    path = tmp_path_factory.mktemp("blank") / FILE
    bring_up_to_date(path)
    return path


@pytest.fixture
def commune_run(tmp_path: Path, blank_register: Path) -> Iterator[Any]:
    """`commune_run(port, name="commune", **options)`: one that was not started yet, ended with the test."""
    made: list[CommuneRun] = []

    def make(port: int, name: str = "commune", **options: Any) -> CommuneRun:
        made.append(CommuneRun(tmp_path / name, port, blank_register, **options))
        return made[-1]

    yield make
    for one in made:
        one.end()
