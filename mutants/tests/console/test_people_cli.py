"""`keng officer` and `keng certificate`, on the commune's machine beside a console that runs."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from fakes.communerun import KENG, ROOT
from fakes.consolerun import ConsoleRun
from fakes.visitor import Visitor

from broker.mosquitto.ca import make_authority

EACH = """
import json, sys
from broker.cli import main
for words in json.loads(sys.argv[1]):
    print(json.dumps({"exit": main(words)}), flush=True)
"""


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, blank_console) -> Iterator[ConsoleRun]:
    """One for all of this module."""
    home = tmp_path_factory.mktemp("officer")
    run = ConsoleRun(home / "console", blank_console, home, 1)
    yield run.start()
    run.end()


def officer(console: ConsoleRun, *commands: str) -> list[dict[str, Any]]:
    """What each of the commands said, in one process: importing takes longest."""
    words = [["officer", *one.split(), "--settings", str(console.settings), "--json"] for one in commands]
    done = subprocess.run(
        [sys.executable, "-c", EACH, json.dumps(words)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 2 * len(commands), done.stderr
    return [{**said, **ended} for said, ended in zip(lines[::2], lines[1::2], strict=True)]


def test_the_first_chief_is_made_on_the_machine_and_a_forgotten_password_is_given_anew(console):
    made, listed, again, twice, wrong, nobody = officer(
        console,
        "add moi-cli --role chief --full-name Mới",
        "list",
        "password moi-cli",
        "add moi-cli",
        "add Không-Được",
        "password khong-ai",
    )
    assert (made["exit"], again["exit"], twice["exit"], wrong["exit"], nobody["exit"]) == (0, 0, 2, 2, 4)
    assert {"name": "moi-cli", "role": "chief", "on": True} in listed["officers"]
    assert made["password"] != again["password"]
    assert Visitor(console).password("moi-cli", made["password"]).status == 200, "void"
    who = Visitor(console)
    assert who.password("moi-cli", again["password"]).status == 302
    assert who.get("/tai-khoan").to == "/toi/mat-khau"


def test_whoever_is_switched_off_on_the_machine_is_out_at_once(console):
    an, chi = Visitor(console).sign_in("an"), Visitor(console).sign_in("chi")
    off, role = officer(console, "off an", "role dung officer")
    assert (off["exit"], role["exit"]) == (0, 0)
    assert an.get("/toi").status == 302
    assert Visitor(console).password("an").status == 200
    officer(console, "on an", "factor chi")
    assert Visitor(console).password("an").status == 302
    assert chi.get("/toi").status == 302
    chief = Visitor(console)
    chief.password("chi")
    assert chief.get("/tai-khoan").to == "/toi/hai-lop", "a chief without a second factor can only set one"


def test_no_password_can_be_given_on_the_command_line(console):
    done = subprocess.run(
        [*KENG, "officer", "password", "an", "mat-khau-moi"], cwd=ROOT, capture_output=True, check=False
    )
    assert done.returncode == 2


def test_the_certificate_is_made_once_and_then_left_alone(tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl here; tests/run.sh installs it")
    make_authority(tmp_path, "cong-lac")
    settings = tmp_path / "console.yaml"
    files = "certificate: console.crt, key: console.key, ca_file: ca.crt"
    settings.write_text(f"commune: cong-lac\nname: X\nhome: {tmp_path}\nhosts: [keng.local]\nlisten: {{{files}}}\n")
    said = [
        json.loads(
            subprocess.run(
                [*KENG, "certificate", "--settings", settings, "--json"], cwd=ROOT, capture_output=True, check=True
            ).stdout
        )
        for _ in range(2)
    ]
    assert [one["made"] for one in said] == [True, False]
    assert len(said[0]["ca"].split()) == 16, "to be read over the telephone, and on the page /chung-chi"
    assert said[0]["names"] == ["keng.local", "127.0.0.1", "localhost"]
