"""The service as a process: killed at any point, without a broker, on a full disk, and ended in order."""

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fakes.entries import uuid
from fakes.mosquitto import Mosquitto
from fakes.waiting import eventually

from broker.cli import main as keng
from broker.register.store import FILE
from broker.run import EXIT_LATER
from wire.codec import decode
from wire.envelope import Arrived
from wire.messages import Alarms

INCIDENTS = "SELECT id, count FROM register_incident ORDER BY opened_seq"
ALERTS = "SELECT subject, count(*) FROM register_journal WHERE what = 'alert' GROUP BY subject"
RESEND_S = 0.1
CUTS = 16


def press_until(presser: Any, number: int, done: Any, within_s: float = 30) -> None:
    """Send the alert again and again, as a node does, until `done`."""
    end_s = time.monotonic() + within_s
    while not done():
        assert time.monotonic() < end_s, "the alert is still not received"
        presser.alert(number)
        time.sleep(RESEND_S)  # a node, too, says it again after a while


@pytest.mark.parametrize(("point", "most"), [("taken", 9), ("written", 2), ("committed", 2), ("said", 9)])
def test_a_service_killed_between_receipt_commit_and_answer_keeps_one_row_one_incident(
    commune: Any, presser: Any, point: str, most: int
) -> None:
    rng = random.Random(point)
    numbers = range(CUTS // 4)
    for number in numbers:
        process = commune.start(point, rng.randint(1, most))
        press_until(presser, number, lambda process=process: process.poll() is not None)
        assert process.returncode == -signal.SIGKILL, (commune.home / "err").read_text()
        on_disk = {name for name, _ in commune.rows(INCIDENTS)}
        assert {answer.id for answer in presser.answers()} <= on_disk, f"received, but not there after cut {number}"
    commune.start()
    for number in numbers:
        press_until(presser, number, lambda number=number: uuid(number) in {a.id for a in presser.answers()})
    assert {answer.state for answer in presser.answers()} == {"received"}
    assert sorted(commune.rows(INCIDENTS)) == [(uuid(number), 1) for number in numbers]
    assert sorted(commune.rows(ALERTS)) == [(uuid(number), 1) for number in numbers]
    assert commune.rows("PRAGMA integrity_check") == [("ok",)]


def test_what_was_received_is_on_the_disk_of_a_service_killed_at_any_time(commune: Any, presser: Any) -> None:
    rng = random.Random(7)
    for number in range(CUTS // 2):
        commune.start()
        kill_s = time.monotonic() + rng.uniform(0.05, 0.5)
        press_until(presser, number // 3, lambda kill_s=kill_s: time.monotonic() > kill_s)
        commune.end()
        received = {answer.id for answer in presser.answers()}
        assert received <= {name for name, _ in commune.rows(INCIDENTS)}
    assert len(commune.rows(INCIDENTS)) == len(commune.rows(ALERTS))


def test_a_killed_service_states_what_sounded_as_soon_as_it_is_back(commune: Any, presser: Any) -> None:
    commune.start()
    press_until(presser, 1, presser.answers)
    commune.end()
    seen = len(presser.heard)
    commune.start()

    def stated() -> bool:
        sets = [decode(i.payload, Alarms) for i in presser.heard[seen:] if isinstance(i, Arrived) and "all/" in i.topic]
        return any(alarm.id == uuid(1) for one in sets for alarm in one.alarms)

    eventually(stated, why="the alarm was forgotten")


def test_the_counter_never_falls_over_a_kill(commune: Any, presser: Any) -> None:
    counters: list[int] = []
    for offset_ms in (3_600_000, 0):
        commune.start(offset_ms=offset_ms)
        seen = len(presser.heard)

        def sets(seen: int = seen) -> list[int]:
            arrived = [i for i in presser.heard[seen:] if isinstance(i, Arrived) and i.topic.endswith("all/alarms")]
            return [decode(i.payload, Alarms).counter for i in arrived]

        eventually(sets, why="no set was stated")
        counters.append(sets()[0])
        commune.end()
    assert counters[1] > counters[0]


def test_sigterm_ends_it_in_order(commune: Any) -> None:
    process = commune.start()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 0
    assert not (commune.home / (FILE + "-wal")).exists()


def test_it_is_up_without_a_broker_and_links_when_there_is_one(
    commune: Any, mosquitto: Mosquitto, presser: Any
) -> None:
    mosquitto.stop()
    process = commune.start()
    assert process.poll() is None
    mosquitto.start()
    presser.link.nudge()
    press_until(presser, 1, presser.answers)


def test_a_second_service_in_the_same_home_is_refused_with_a_sentence(commune: Any, tmp_path: Path) -> None:
    commune.start()
    settings = tmp_path / "commune.yaml"
    settings.write_text(f"commune: cong-lac\nhome: {commune.home}\n")
    done = run(settings)
    assert done.returncode == 78
    assert "Mỗi xã chỉ chạy một dịch vụ" in done.stderr and "One service per commune" in done.stderr


def run(settings: Path, *more: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`keng run`, which must end by itself."""
    code = "import sys; from pathlib import Path; from broker.run import run; "
    code += "sys.exit(run(Path(sys.argv[1]), embedded_broker='embedded' in sys.argv))"
    command = [sys.executable, "-c", code, str(settings), *more]
    environment = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment, check=False)


def test_wrong_settings_are_told_in_both_languages(tmp_path: Path) -> None:
    settings = tmp_path / "commune.yaml"
    settings.write_text("commune: Cộng Lạc\n")
    done = run(settings)
    assert done.returncode == 78
    assert "chỉ gồm a-z" in done.stderr and "line 1, commune" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_key_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("abc\n")
    settings = tmp_path / "commune.yaml"
    settings.write_text(f"commune: c\nhome: {tmp_path}/home\nkey_file: key\n")
    done = run(settings)
    assert done.returncode == 78
    assert "Không đọc được khóa" in done.stderr and "keng keys new" in done.stderr


def test_a_wrong_code_book_of_a_new_commune_is_told(tmp_path: Path) -> None:
    (tmp_path / "book.yaml").write_text("version: x\n")
    settings = tmp_path / "commune.yaml"
    settings.write_text(f"commune: c\nhome: {tmp_path}/home\ncodebook: book.yaml\n")
    done = run(settings)
    assert done.returncode == 78
    assert str(tmp_path / "book.yaml") in done.stderr


def test_a_port_in_use_is_told_and_may_be_tried_again(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        settings = tmp_path / "commune.yaml"
        port = other.getsockname()[1]
        settings.write_text(f"commune: c\nhome: {tmp_path}/home\nembedded_broker: {{port: {port}}}\n")
        done = run(settings, "embedded")
    assert done.returncode == EXIT_LATER
    assert f"Cổng {port}" in done.stderr


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[tuple[str, socket.socket]]:
    """A socket that listens as systemd does."""
    path = f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(path)
        sock.settimeout(30)
        yield path, sock


def test_systemd_is_told_ready_alive_and_stopping(
    commune: Any, systemd: tuple[str, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sock = systemd
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    monkeypatch.setenv("WATCHDOG_USEC", "300000")
    process = commune.start()
    told: list[str] = []
    while sum("WATCHDOG=1" in one for one in told) < 3:
        told.append(sock.recv(1000).decode())
    assert told[0].startswith("READY=1")
    process.send_signal(signal.SIGTERM)
    while told[-1] != "STOPPING=1":
        told.append(sock.recv(1000).decode())


def test_a_stopped_loop_feeds_no_watchdog(
    commune: Any, systemd: tuple[str, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    path, sock = systemd
    monkeypatch.setenv("NOTIFY_SOCKET", path)
    monkeypatch.setenv("WATCHDOG_USEC", "300000")
    process = commune.start()
    while "WATCHDOG=1" not in sock.recv(1000).decode():
        pass
    process.send_signal(signal.SIGSTOP)
    sock.settimeout(0.5)
    with pytest.raises(TimeoutError):
        while True:
            sock.recv(1000)
    process.send_signal(signal.SIGCONT)


def test_the_embedded_broker_serves_and_ends_with_the_service(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from broker.run import run\n"
        "def ready(s): s.linked.wait(9); print(s.mosquitto.pid, *s.address, flush=True)\n"
        "import threading\n"
        "sys.exit(run(Path(sys.argv[1]), embedded_broker=True,"
        " on_ready=lambda s: threading.Thread(target=ready, args=(s,)).start()))"
    )
    settings = tmp_path / "commune.yaml"
    settings.write_text(f"commune: cong-lac\nhome: {tmp_path}/home\n")
    service = subprocess.Popen([sys.executable, "-c", code, settings], stdout=subprocess.PIPE, text=True)
    assert service.stdout is not None
    pid, host, port = service.stdout.readline().split()
    ask = ["mosquitto_pub", "-V", "mqttv5", "-h", host, "-p", port, "-q", "1", "-t", "keng/1/cong-lac/ask/me/alarm"]
    subprocess.run([*ask, "-m", '{"id":"a1","kind":"fire","hamlets":["all"]}'], check=True)
    listen = ["mosquitto_sub", "-V", "mqttv5", "-h", host, "-p", port, "-t", "keng/1/cong-lac/all/alarms", "-W", "12"]

    def stated() -> list[str]:  # a set that was stated before the ask came may be heard first
        heard = subprocess.run([*listen, "-C", "1"], capture_output=True, text=True, check=True).stdout
        return [alarm["kind"] for alarm in json.loads(heard)["alarms"]]

    assert eventually(stated) == ["fire"]
    service.terminate()
    assert service.wait(30) == 0
    assert not Path(f"/proc/{pid}").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no permission to mount a small disk")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_on_a_full_disk_alerts_still_sound_and_are_answered_when_there_is_room(
    commune: Any, presser: Any, small_disk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commune.home = Path(shutil.copytree(commune.home, small_disk / "home"))
    process = commune.start()
    press_until(presser, 1, presser.answers)
    with (small_disk / "photos").open("ab", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            pass
    for number in range(2, 6):  # the write-ahead log may still have room for one
        presser.alert(number)
        time.sleep(RESEND_S)  # a node, too, says it again after a while

    def sounding() -> set[str]:
        sets = [decode(i.payload, Alarms) for i in presser.heard if isinstance(i, Arrived) and "all/" in i.topic]
        return {alarm.id for alarm in sets[-1].alarms}

    eventually(lambda: {uuid(number) for number in range(1, 6)} <= sounding(), why="an alarm does not sound")
    answered = {answer.id for answer in presser.answers()}
    assert answered < {uuid(number) for number in range(1, 6)}, "the disk was not full enough to prove anything"
    assert process.poll() is None
    where = ("--host", "127.0.0.1", "--port", str(commune.port), "--commune", "cong-lac")
    assert keng(["status", "--json", *where]) == 0
    assert "register" in {one["kind"] for one in json.loads(capsys.readouterr().out)["troubles"]}
    (small_disk / "photos").unlink()
    for number in range(2, 6):
        press_until(presser, number, lambda number=number: uuid(number) in {a.id for a in presser.answers()})
    assert len(commune.rows(INCIDENTS)) == 5
    troubles = commune.rows("SELECT kind, over_at_ms IS NOT NULL FROM register_trouble WHERE kind = 'register'")
    assert troubles in ([], [("register", 1)])  # raised and over, or over before it could be written
    commune.end()
