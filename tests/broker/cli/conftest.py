"""A commune's real service on a real Mosquitto, for the command line to talk to."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fakes.installed import Installed
from fakes.mosquitto import Mosquitto
from fakes.waiting import eventually

from broker.cli import main

BOOK = Path(__file__).parents[3] / "patterns" / "data" / "codebooks" / "cong-lac.yaml"


@dataclass(frozen=True)
class Said:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Stdout as one line of JSON."""
        return json.loads(self.out)


Keng = Callable[..., Said]


@pytest.fixture
def keng(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Keng:
    """`keng(*arguments)`, in this process; what it remembers is forgotten with the test."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))

    def run(*arguments: object) -> Said:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return run


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Installed]:
    """An installed commune; nothing runs."""
    one = Installed(tmp_path / "root")
    one.found()
    yield one
    one.end()


@pytest.fixture
def enrol(keng: Keng, machine: Installed) -> Keng:
    """`enrol(NODE, …)` on that machine, in this process; its folders are in `sd`."""
    return lambda *arguments: keng("enrol", *arguments, "--etc", machine.etc, "--out", machine.root / "sd")


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """The broker, with the service behind it; one for a file's tests."""
    home = tmp_path_factory.mktemp("commune")
    broker = Mosquitto(home / "mosquitto")
    broker.start()
    settings = home / "commune.yaml"
    fields = {
        "commune": "cong-lac",
        "home": str(home),
        "codebook": str(BOOK),
        "mqtt": {"port": broker.port},
        "open_network": True,
    }
    settings.write_text(json.dumps(fields))
    command = [str(Path(sys.executable).parent / "keng"), "run", "--settings", str(settings)]
    log = (home / "log").open("wb")
    service = subprocess.Popen(["setpriv", "--pdeathsig", "KILL", "--", *command], stdout=log, stderr=log)
    eventually(lambda: b"linked" in (home / "log").read_bytes().lower(), 30, (home / "log").read_text())
    yield broker
    service.terminate()
    service.wait(10)
    broker.end()
    log.close()


@pytest.fixture
def asked(keng: Keng, commune: Mosquitto) -> Keng:
    """`asked(verb, …)`: a command to that commune."""
    return lambda *arguments: keng(*arguments, "--port", commune.port, "--commune", "cong-lac", "--host", "127.0.0.1")
