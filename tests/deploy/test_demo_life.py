"""How a demo begins and ends: alone, beside another, on a busy port, killed."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import urllib.parse
import urllib.request
from contextlib import closing
from pathlib import Path

from fakes.demo import WITHIN_S
from fakes.waiting import eventually

from deploy.demo.options import FIRST_PORT
from patterns.builtin import builtins
from wire.words import Instant

TOGETHER_NS = 500_000_000
"""To the ear, on a machine that does other work as well; `make bench` measures how close they are."""
AHEAD_H = 7
"""Vietnam's clocks before UTC."""
HOUR_MS = 3_600_000
CURFEW_STROKES = builtins()["cong-lac/curfew"].timeline().strokes


def alive(pid):
    return Path(f"/proc/{pid}/stat").exists() and ") Z " not in Path(f"/proc/{pid}/stat").read_text()


def test_the_clock_driven_over_22_00_sounds_one_curfew_in_each_hamlet_together(start_demo):
    demo = ready_before_ten(start_demo)
    curfews = eventually(lambda: all_proved(demo, "curfew/"), WITHIN_S)
    assert {(proof["ended"], proof["pattern"]) for proof in curfews} == {("finished", "curfew")}
    # A starved machine loses blows; none is struck twice.
    # A starved machine loses blows; none is struck twice.
    assert all(CURFEW_STROKES // 2 <= proof["strokes"] <= CURFEW_STROKES for proof in curfews)
    first = [demo.heard(node) for node in demo.nodes]
    assert max(first) - min(first) < TOGETHER_NS
    # Started again within the grace, a node has its chime in its journal: once a night.
    for pid in (node["pid"] for node in demo.ready["nodes"]):
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: len(demo.online()) == 5, WITHIN_S)
    eventually(lambda: all(told["clock"] == "synced" for told in demo.statuses().values()), WITHIN_S)
    # An alarm takes over from whatever sounds, and its proof comes after the proof of that.
    assert demo.keng("alarm", "--all", "--kind", "fire").code == 0
    eventually(lambda: len(demo.sounding()) == 5, WITHIN_S)
    alarm = demo.asked("incidents", "--open")["incidents"][0]["id"]
    assert demo.keng("clear", "--all").code == 0
    eventually(lambda: all_proved(demo, alarm), WITHIN_S)
    assert len(proofs(demo, "curfew/")) == 5


def ready_before_ten(start_demo):
    """A demo whose gongs all know the time some moments before 22:00; a slow machine is given longer."""
    for second in (52, 40, 5):
        demo = start_demo("--at", f"21:59:{second:02d}")
        at = Instant.parse(demo.asked("status")["at"]).ms
        if (at // HOUR_MS + AHEAD_H) % 24 == 21:
            return demo
        demo.end()
    raise AssertionError("it takes a minute to be ready")


def test_two_at_once_then_sigterm_ends_each_and_nothing_else(start_demo):
    first = start_demo()
    second = start_demo()
    assert first.port != second.port
    # Which of them has the first port, who knows: another test's demo may have had it for a while.
    for one in (first, second):
        assert one.port == FIRST_PORT or str(one.port) in one.err.read_text()
    mine = [*first.ready["pids"].values()]
    assert first.end() < 4
    assert first.process.returncode == 0
    assert not [pid for pid in mine if alive(pid)]
    assert not first.home.exists()
    assert all(alive(pid) for pid in second.ready["pids"].values())
    assert second.keng("status").code == 0
    assert second.end(signal.SIGINT) < 4
    assert second.process.returncode == 0


def test_kill_9_leaves_no_process_and_the_next_run_works(start_demo):
    demo = start_demo()
    demo.process.kill()
    demo.process.wait()
    eventually(lambda: not [pid for pid in demo.ready["pids"].values() if alive(pid)], WITHIN_S)
    again = start_demo("--port", str(demo.port))
    assert again.keng("status").code == 0
    assert not demo.home.exists()


def test_a_home_that_was_asked_for_is_kept_and_goes_on_where_it_was(start_demo, tmp_path):
    home = tmp_path / "kept"
    demo = start_demo("--home", str(home))
    demo.keng("press", "3")
    assert eventually(lambda: demo.heard("thon-3"), WITHIN_S)
    demo.end()
    assert (home / "thon-3.wav").stat().st_size > 0
    again = start_demo("--home", str(home))

    def nodes():  # what was on its way when it ended is said again
        return [row["node"] for row in again.asked("incidents").get("incidents", [])]

    assert eventually(nodes, WITHIN_S) == ["thon-3"]


def test_a_port_that_is_taken_is_a_sentence_and_1(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = run("--port", port)
    assert said.returncode == 1
    assert said.stdout == ""
    vi, en = said.stderr.strip().splitlines()[-2:]
    assert port in vi and "Cổng" in vi
    assert port in en and "--port" in en


def test_a_wrong_option_is_a_sentence_and_2():
    said = run("--at", "25:00")
    assert said.returncode == 2
    assert "--at" in said.stderr and "Traceback" not in said.stderr


def test_a_home_that_cannot_be_made_is_a_sentence_and_1(tmp_path):
    (tmp_path / "file").write_text("")
    said = run("--home", str(tmp_path / "file" / "home"))
    assert said.returncode == 1
    assert "Traceback" not in said.stderr and "--home" in said.stderr


def proofs(demo, subject):
    """What the register has of soundings whose id begins so."""
    with closing(sqlite3.connect(f"file:{demo.home / 'commune' / 'register.sqlite3'}?mode=ro", uri=True)) as register:
        said = "SELECT body FROM register_journal WHERE what = 'sounded' AND subject LIKE ?"
        rows = register.execute(said, [f"{subject}%"])
        return [json.loads(body) for (body,) in rows]


def all_proved(demo, subject):
    """The proofs, once there is one of each hamlet."""
    found = proofs(demo, subject)
    return found if len(found) >= 5 else []


def run(*arguments):
    script = Path(__file__).parents[2] / "deploy" / "demo.sh"
    return subprocess.run(
        ["bash", str(script), "--headless", *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_the_duty_desk_opens_with_the_password_that_is_told_and_has_the_bench(start_demo):
    desk = start_demo(console=True).ready["console"]
    keep = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    page = keep.open(f"{desk['url']}dang-nhap", timeout=WITHIN_S).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "username": desk["users"][0], "password": desk["password"]}
    body = urllib.parse.urlencode(form).encode()
    signed_in = keep.open(f"{desk['url']}dang-nhap", body, timeout=WITHIN_S)
    assert signed_in.url == f"{desk['url']}truc-ban"
    assert "Thôn 5" in keep.open(f"{desk['url']}ban-thu", timeout=WITHIN_S).read().decode()
