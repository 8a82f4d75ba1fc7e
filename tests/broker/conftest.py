"""A commune's service as a process, and a node that presses, for tests of the whole."""

import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fakes.entries import uuid
from fakes.mosquitto import Mosquitto
from fakes.waiting import eventually

from broker.register.schema import bring_up_to_date
from broker.register.store import FILE
from wire.codec import decode, encode
from wire.envelope import Arrived, LinkUp, Publication
from wire.link import Link, LinkItem, LinkSettings
from wire.messages import Alert, Answer
from wire.topics import Topics
from wire.words import Instant

TOPICS = Topics("cong-lac")


@pytest.fixture(scope="session")
def blank_register(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register file with tables and nothing in them."""
    path = tmp_path_factory.mktemp("blank") / FILE
    bring_up_to_date(path)
    return path


@dataclass
class Commune:
    """A home, and the service that runs in it now."""

    home: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    def start(self, point: str = "never", count: int = 0, offset_ms: int = 0) -> "subprocess.Popen[bytes]":
        """Start the service; it is up, or dead by its own cut."""
        script = Path(__file__).with_name("cut_service.py")
        command = [sys.executable, script, self.home, str(self.port), point, str(count), str(offset_ms)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=(self.home / "err").open("ab"))
        assert self.process.stdout is not None
        self.process.stdout.readline()
        return self.process

    def end(self) -> None:
        """Kill it, if it still runs."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What is on the disk."""
        with closing(sqlite3.connect(self.home / FILE, timeout=30)) as db:
            return db.execute(sql).fetchall()


@pytest.fixture
def commune(tmp_path: Path, mosquitto: Mosquitto, blank_register: Path) -> Iterator[Commune]:
    home = tmp_path / "commune"
    home.mkdir()
    shutil.copy(blank_register, home / FILE)
    one = Commune(home, mosquitto.port)
    yield one
    one.end()


@dataclass
class Presser:
    """A node that sends one alert again and again until it is received, as wire.md asks of it."""

    port: int
    node: str = "n1"
    heard: list[LinkItem] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.link = Link(
            LinkSettings("127.0.0.1", self.port, self.node),
            [f"{TOPICS.root}/down/{self.node}/+", TOPICS.all("alarms")],
            self.heard.append,
        )
        self.link.open()
        eventually(lambda: LinkUp() in self.heard, why="the node is not let in")

    def alert(self, number: int, count: int = 1) -> None:
        """One copy of it."""
        alert = Alert(
            id=uuid(number),
            node=self.node,
            hamlet="thon-1",
            kind="fire",
            drill=False,
            pressed_at=Instant(time.time_ns() // 1_000_000),
            clock="unsure",
            age_ms=10,
            count=count,
        )
        self.link.publish(Publication(TOPICS.up(self.node, "alert"), encode(alert)))

    def answers(self) -> list[Answer]:
        """What the register said of its alerts."""
        topic = TOPICS.down(self.node, "answer")
        return [decode(i.payload, Answer) for i in list(self.heard) if isinstance(i, Arrived) and i.topic == topic]


@pytest.fixture
def presser(mosquitto: Mosquitto) -> Iterator[Presser]:
    node = Presser(mosquitto.port)
    yield node
    node.link.close()
