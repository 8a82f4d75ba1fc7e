"""`keng watch`, as a person and as a program would run it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.waiting import eventually

ALERT = {
    "id": "0193a1de-0000-7000-8000-000000000001",
    "kind": "fire",
    "drill": False,
    "pressed_at": "2026-11-21T15:00:00.000Z",
    "clock": "synced",
    "age_ms": 5,
    "count": 1,
}


@pytest.fixture
def watching(commune, tmp_path):
    started = []

    def start(*more):
        out = tmp_path / f"out{len(started)}"
        command = [str(Path(sys.executable).parent / "keng"), "watch", "--port", str(commune.port)]
        with out.open("wb") as file:
            # A suite that was begun with & ignores it, and so would the child.
            before = signal.signal(signal.SIGINT, signal.default_int_handler)
            child = subprocess.Popen([*command, "--commune", "cong-lac", *more], stdout=file, stderr=subprocess.STDOUT)
            signal.signal(signal.SIGINT, before)
        started.append(child)
        return child, out

    yield start
    for child in started:
        if child.poll() is None:
            child.kill()
            child.wait()


def test_a_press_is_told_in_vietnamese_until_ctrl_c_ends_it_with_0(watching, commune):
    child, out = watching()
    eventually(lambda: "Đã nối" in out.read_text())
    alert = {**ALERT, "node": "thon-2", "hamlet": "thon-2"}
    commune.publish("keng/1/cong-lac/up/thon-2/alert", json.dumps(alert))
    eventually(lambda: "thon-2: BÁO ĐỘNG: cháy" in out.read_text(), why=out.read_text())
    eventually(lambda: "ĐÁNH KẺNG cháy @ thon-2" in out.read_text(), why=out.read_text())
    child.send_signal(signal.SIGINT)
    assert child.wait(30) == 0
    assert "Traceback" not in out.read_text()


def test_a_program_gets_one_object_a_line_whatever_is_said(watching, commune):
    child, out = watching("--json")
    eventually(lambda: commune.publish("keng/1/cong-lac/up/thon-9/status", b"\xff\xfe\x1b[31m") == 0
               and "thon-9" in out.read_text(), 10)  # fmt: skip
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert {"at_ms", "topic", "retained", "payload", "sig"} == set(lines[-1])
    child.terminate()


def test_a_reader_that_goes_away_ends_it_without_a_word(commune):
    read, write = os.pipe()
    command = [str(Path(sys.executable).parent / "keng"), "watch", "--port", str(commune.port), "--for", "5"]
    child = subprocess.Popen([*command, "--commune", "cong-lac"], stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    os.read(read, 10)
    os.close(read)
    for number in range(3):
        commune.publish("keng/1/cong-lac/all/alarms", f"{number}")
    assert child.stderr is not None
    said = child.stderr.read().decode()
    assert (child.wait(30), said) == (0, "")
