"""A private PostgreSQL of the test run: on a socket in a folder of its own, no TCP, gone at the end.

    database = postgres.copy()                 # a fresh copy of a console's migrated database, with PEOPLE in it

What must hold: it never runs as root (PostgreSQL refuses), and never touches a cluster of the machine's; where the
machine has no PostgreSQL the tests that want it are skipped with a sentence.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fakes.communerun import ROOT
from fakes.consolerun import MAKE_PEOPLE, PASSWORD, PEOPLE, PIN, SEED
from fakes.waiting import eventually

BINARIES = Path("/usr/lib/postgresql")
USER = "keng"
WITHIN_S = 60.0
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "shared_buffers=16MB")


@dataclass(frozen=True)
class Database:
    """One, and how a console comes in."""

    host: str
    name: str

    @property
    def line(self) -> str:
        """For console.yaml."""
        return f"database: {{host: {self.host}, name: {self.name}, user: {USER}}}\n"

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """One statement."""
        with closing(psycopg.connect(host=self.host, dbname=self.name, user=USER, autocommit=True)) as line:
            done = line.execute(statement.replace("?", "%s"), values)  # type: ignore[arg-type]  # a test writes its own SQL
            return done.fetchall() if done.description else []


class Postgres:
    """A cluster."""

    def __init__(self, home: Path, binaries: Path) -> None:
        self.home, self._binaries = home, binaries
        self._made = 0
        self._as: list[str] = []
        if os.geteuid() == 0:
            who = next(name for name in ("postgres", "nobody") if name in {one.pw_name for one in pwd.getpwall()})
            one = pwd.getpwnam(who)
            os.chown(home, one.pw_uid, one.pw_gid)
            self._as = ["setpriv", f"--reuid={one.pw_uid}", f"--regid={one.pw_gid}", "--clear-groups"]
        self._run(
            "initdb", "-D", str(home / "data"), "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-locale", "-N"
        )
        options = [part for one in FAST for part in ("-c", one)]
        with (home / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self._as, binaries / "postgres", "-D", home / "data", "-k", home, *options], stderr=log, cwd=home
            )
        eventually(self._serves, WITHIN_S, "PostgreSQL does not start")
        self._blank: str | None = None

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, self._binaries / program, *arguments], check=True, capture_output=True, cwd=self.home
        )

    def _serves(self) -> bool:
        try:
            Database(str(self.home), "template1").sql("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def new(self, template: str = "template1") -> Database:
        """A database of one's own."""
        self._made += 1
        name = f"console_{self._made}"
        Database(str(self.home), "postgres").sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        return Database(str(self.home), name)

    def copy(self, secret: Path) -> Database:
        """A migrated one with PEOPLE, whose secrets are sealed by `secret`."""
        if self._blank is None:
            blank = self.new()
            folder = Path(tempfile.mkdtemp(prefix="keng-blank-"))
            try:
                shutil.copy(secret, folder / "secret")
                settings = folder / "console.yaml"
                settings.write_text(f"commune: cong-lac\nname: X\nregister: {folder}\nhome: {folder}\n{blank.line}")
                script = MAKE_PEOPLE.format(people=PEOPLE, password=PASSWORD, pin=PIN, seed=SEED)
                subprocess.run([sys.executable, "-c", script, str(settings)], check=True, cwd=ROOT)
            finally:
                shutil.rmtree(folder)
            self._blank = blank.name
        return self.new(self._blank)

    def end(self) -> None:
        """Gone."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(WITHIN_S)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One for all tests of this process."""
    found = sorted(BINARIES.glob("*/bin/postgres"), key=lambda path: int(path.parts[-3]))
    if not found:
        pytest.skip("there is no PostgreSQL here; tests/run.sh installs it")
    home = Path(tempfile.mkdtemp(prefix="keng-pg-"))
    try:
        cluster = Postgres(home, found[-1].parent)
        yield cluster
        cluster.end()
    finally:
        shutil.rmtree(home, ignore_errors=True)
