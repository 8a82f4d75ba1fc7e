"""Processes that are started again when they die, and die with us."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fakes.waiting import eventually

from deploy.demo import ports
from deploy.demo.children import END_S, Children, Program
from deploy.demo.home import DemoFault


@pytest.fixture
def children():
    said = []
    one = Children(lambda name, vi, en: said.append((name, en)))
    one.said = said
    yield one
    one.end()


def program(tmp_path, name="sleeper", command=("sleep", "1000"), rank=0):
    return Program(name, command, tmp_path / f"{name}.log", rank, dict(os.environ))


def test_what_dies_is_started_again_a_second_later(children, tmp_path):
    children.start(program(tmp_path))
    first = children.pids()["sleeper"]
    os.kill(first, signal.SIGKILL)
    died_s = time.monotonic()
    second = eventually(lambda: (pid := children.pids().get("sleeper")) != first and pid)
    assert 0.9 < time.monotonic() - died_s < 5
    assert second != first
    assert [word for name, word in children.said] == ["died (-9), starts again in 1 s", "started again"]


def test_what_is_killed_for_play_stays_dead_until_it_is_revived(children, tmp_path):
    children.start(program(tmp_path))
    children.kill("sleeper")
    eventually(lambda: children.state("sleeper") == "down")
    began_s = time.monotonic()
    eventually(lambda: time.monotonic() - began_s > 1.5)
    assert children.state("sleeper") == "down"
    children.revive("sleeper")
    assert children.state("sleeper") == "runs"


def test_what_hangs_is_killed_and_started_again_when_another_wishes_it(children, tmp_path):
    wish = tmp_path / "wish"
    children.start(Program("sleeper", ("sleep", "1000"), tmp_path / "log", 0, dict(os.environ), wish))
    children.start(program(tmp_path, "other"))
    first = children.pids()
    os.kill(first["sleeper"], signal.SIGSTOP)
    wish.touch()
    second = eventually(lambda: (pid := children.pids().get("sleeper")) != first["sleeper"] and pid)
    assert not wish.exists(), "or it would be killed again and again"
    assert children.pids() == {"sleeper": second, "other": first["other"]}
    assert ("sleeper", "hangs, is started anew") in children.said


def test_a_wish_does_not_wake_what_was_killed_for_play(children, tmp_path):
    wish = tmp_path / "wish"
    children.start(Program("sleeper", ("sleep", "1000"), tmp_path / "log", 0, dict(os.environ), wish))
    children.kill("sleeper")
    eventually(lambda: children.state("sleeper") == "down")
    wish.touch()
    eventually(lambda: not wish.exists())
    assert children.state("sleeper") == "down"


POLITE = """
import signal, sys, time
signal.signal(15, lambda *_: (open(sys.argv[1], "a").write(sys.argv[2]), sys.exit(0)))
print("here", flush=True)
time.sleep(99)  # until it is ended
"""
STUBBORN = """
import signal, time
signal.signal(15, signal.SIG_IGN)
print("here", flush=True)
time.sleep(99)  # until it is ended
"""
PARENT = """
import sys
from pathlib import Path
from deploy.demo.children import Children, Program
children = Children(print)
children.start(Program("s", ("sleep", "1000"), Path(sys.argv[1]), 0, {"PATH": "/usr/bin:/bin"}))
print(children.pids()["s"], flush=True)
sys.stdin.read()
"""


def test_the_end_goes_rank_by_rank_and_kills_what_will_not_end(children, tmp_path):
    order = tmp_path / "order"
    for name, rank in (("b", 1), ("a", 0)):
        children.start(program(tmp_path, name, (sys.executable, "-c", POLITE, str(order), name), rank))
    children.start(program(tmp_path, "c", (sys.executable, "-c", STUBBORN), 2))
    for name in "abc":
        eventually((tmp_path / f"{name}.log").read_bytes)
    pids = children.pids()
    began_s = time.monotonic()
    children.end()
    assert time.monotonic() - began_s < END_S + 1.5
    assert order.read_text() == "ab"
    assert not [pid for pid in pids.values() if Path(f"/proc/{pid}").exists()]


def test_kill_9_of_the_parent_leaves_no_child(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-c", PARENT, str(tmp_path / "log")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        child = Path(f"/proc/{int(parent.stdout.readline())}/stat")
        assert child.exists()
        parent.kill()
    eventually(lambda: not child.exists() or ") Z " in child.read_text())


def test_a_program_that_is_not_there_is_told_and_tried_again(children, tmp_path):
    children.start(program(tmp_path, "none", ("/no/such/program",)))
    eventually(lambda: [word for _, word in children.said if "died" in word or "cannot" in word])
    assert children.state("none") in ("waits", "runs")


def test_the_next_port_is_taken_where_one_is_busy():
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(DemoFault, match=str(port)):
            ports.choose(port)
        assert not ports.is_free(port)
        assert ports.listens(port)
    assert ports.choose(None) >= 18_830


def test_two_demos_that_begin_in_the_same_moment_are_not_given_the_same_port():
    # Each would find it free, and the one that is too late would speak to the other's Mosquitto.
    first, second = ports.choose(None), ports.choose(None)
    assert first != second
    with pytest.raises(DemoFault, match=str(first)):
        ports.choose(first)
    assert ports.first_free(first) not in (first, second)
