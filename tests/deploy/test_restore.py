"""A commune's machine is lost; a fresh one takes its place from last night's backup. Real all through, a box too."""

import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from fakes.installed import Installed, glance, make_demo_box, script
from fakes.waiting import eventually

from node.finger import press

WITHIN_S = 45.0


@dataclass
class Town:
    """A machine, its box, and what was noted before the end."""

    machine: Installed
    box: Path
    backup: Path
    counter: int


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Installed, a box on it, backed up; then more orders, then lost; then a fresh machine with the backup."""
    home = tmp_path_factory.mktemp("restore")
    machine = Installed(home / "commune")
    done = machine.install("--address", "127.0.0.1", "--chief", "van-an")
    assert done.returncode == 0, done.stderr
    try:
        machine.have_no_chime_soon()
        machine.start_mosquitto()
        machine.start_service()
        said = machine.keng("enrol", "thon-1", "--hamlet", "thon-1", "--etc", machine.etc, "--out", home, "--json")
        assert said.returncode == 0, said.stderr
        pi = home / "pi"
        assert (card := script("node.sh", home / "thon-1", "--root", pi)).returncode == 0, card.stderr
        box = pi / "etc/keng"
        make_demo_box(box, pi / "var/cache/keng-node")
        machine.start_node("thon-1", box)
        is_linked(box)
        # While it all runs, and something has been written.
        sounds(machine, box)
        said = machine.keng("backup", "--etc", machine.etc, "--json")
        assert said.returncode == 0, said.stderr
        backup = home / "stick.tar.gz"
        shutil.copy(json.loads(said.stdout)["file"], backup)
        for _ in range(3):
            sounds(machine, box)
        counter = obeyed(box)
        for name in ("service", "mosquitto"):
            machine.processes.pop(name).kill()
        eventually(lambda: not glance(box)["linked"], WITHIN_S, "the box does not see that it is alone")
        machine.root.rename(home / "burnt")
        fresh = machine.install("--restore", backup)
        assert fresh.returncode == 0, fresh.stderr
        machine.start_mosquitto()
        machine.start_service()
        is_linked(box)
        yield Town(machine, box, backup, counter)
    finally:
        machine.end()


def is_linked(box: Path) -> None:
    eventually(lambda: glance(box)["link"] == "steady", WITHIN_S, "the box has no link")


def sounds(machine: Installed, box: Path) -> None:
    """An order goes out, is obeyed, and another takes it back."""
    machine.asked("alarm", "--all", "--kind", "disaster")
    eventually(lambda: glance(box)["gong"], WITHIN_S, "the gong is silent")
    machine.asked("clear", "--all")
    eventually(lambda: glance(box)["gong"] is None, WITHIN_S, "the gong goes on")


def obeyed(box: Path) -> int:
    """The number of the last order that the box keeps."""
    texts = [path.read_text("utf-8", "replace") for path in (box / "state").rglob("*") if path.is_file()]
    numbers = [int(found) for text in texts for found in re.findall(r'"counter": ?(\d+)', text)]
    return max(numbers, default=0)


def test_the_box_comes_back_with_its_own_key_and_password_and_obeys_at_once(town):
    assert town.counter > 0, "or nothing is shown here"
    sounds(town.machine, town.box)
    assert obeyed(town.box) > town.counter, "numbers of orders never go back"
    assert not glance(town.box)["refused"].get("counter")


def test_a_press_is_received_by_the_new_machine(town):
    press(town.box / "control", {"name": "fire"})
    eventually(lambda: glance(town.box)["alert"] == "received", WITHIN_S, "the lamp never said received")
    town.machine.asked("clear", "--all")


def test_the_register_goes_on_and_says_that_it_was_put_back(town):
    with closing(sqlite3.connect(town.machine.root / "var/lib/keng-commune/register.sqlite3")) as db:
        told = db.execute("SELECT body FROM register_journal WHERE what = 'audited'").fetchall()
        assert any(json.loads(body)["what"] == "restored" for (body,) in told)
        (alarms,) = db.execute("SELECT count(*) FROM register_journal WHERE what = 'opened'").fetchone()
        assert alarms, "what was written before the backup is there"
    said = town.machine.keng("audit", "verify", "--home", town.machine.root / "var/lib/keng-commune")
    assert said.returncode == 0, said.stdout


def test_the_duty_desks_accounts_are_there(town):
    listed = town.machine.keng("officer", "list", "--settings", town.machine.etc / "console.yaml", "--json")
    assert [one["name"] for one in json.loads(listed.stdout)["officers"]] == ["van-an"]


def test_secrets_are_for_their_owner_alone_again(town):
    for name in ("commune.key", "service.password", "duty.password", "ca/issuer.key"):
        assert (town.machine.etc / name).stat().st_mode & 0o077 == 0, name
    assert (town.machine.root / "etc/mosquitto/keng/server.key").stat().st_mode & 0o077 == 0


def test_a_backup_is_refused_while_the_service_runs(town):
    done = town.machine.keng("restore", town.backup, "--etc", town.machine.etc)
    assert done.returncode == 1
    assert "đang chạy" in done.stderr
