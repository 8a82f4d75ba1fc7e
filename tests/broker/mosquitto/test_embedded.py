"""A private Mosquitto: there when it says so, back when it dies, gone when we are."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fakes.ports import fresh_port
from fakes.waiting import eventually

from broker.errors import MosquittoError
from broker.mosquitto.embedded import EmbeddedMosquitto, answers, find_mosquitto, is_free

Start = Callable[..., EmbeddedMosquitto]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[EmbeddedMosquitto] = []

    def one(port: int | None = None, trouble: Callable[[str], None] = lambda _: None) -> EmbeddedMosquitto:
        mosquitto = EmbeddedMosquitto(tmp_path / f"home{len(started)}", port, trouble)
        started.append(mosquitto)
        mosquitto.start()
        return mosquitto

    yield one
    for mosquitto in started:
        mosquitto.stop()


def test_it_answers_when_start_returns(start: Start) -> None:
    assert answers(start().port)


def test_its_directory_is_private(start: Start, tmp_path: Path) -> None:
    start()
    assert (tmp_path / "home0").stat().st_mode & 0o777 == 0o700


def test_a_chosen_port_is_kept(start: Start) -> None:
    port = fresh_port()
    assert start(port).port == port
    assert answers(port)


def test_it_listens_on_loopback_alone(start: Start) -> None:
    port = start().port
    lines = subprocess.run(["ss", "-Hltn", f"sport = :{port}"], capture_output=True, text=True, check=True).stdout
    assert {line.split()[3] for line in lines.splitlines()} == {f"127.0.0.1:{port}"}


def test_stop_ends_it_and_frees_the_port(start: Start) -> None:
    mosquitto = start()
    mosquitto.stop()
    assert is_free(mosquitto.port)


def test_two_do_not_disturb_each_other(start: Start) -> None:
    first, second = start(), start()
    first.stop()
    assert answers(second.port)


def test_a_dead_one_comes_back_on_the_same_port_and_says_so(start: Start) -> None:
    troubles: list[str] = []
    mosquitto = start(trouble=troubles.append)
    for turn in range(2):
        old = mosquitto.pid
        assert old is not None
        os.kill(old, signal.SIGKILL)
        eventually(lambda old=old: mosquitto.pid != old and answers(mosquitto.port), why="it did not come back")
        assert len(troubles) == turn + 1
    assert "Mosquitto dừng bất ngờ" in troubles[0] and "ended unexpectedly" in troubles[0]


def test_a_port_in_use_is_said_so(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        with pytest.raises(MosquittoError, match="đang có chương trình khác dùng") as caught:
            start(other.getsockname()[1])
        assert "ss -ltnp" in caught.value.en


def test_a_missing_mosquitto_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(MosquittoError, match="Chưa cài Mosquitto") as caught:
        find_mosquitto(str(tmp_path))
    assert "sudo apt install mosquitto" in caught.value.en


def test_a_directory_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(MosquittoError, match="Không ghi được"):
        EmbeddedMosquitto(tmp_path / "file" / "home").start()


def test_one_that_ends_at_once_is_said_so_with_its_own_words(tmp_path: Path) -> None:
    broken = tmp_path / "mosquitto"
    broken.write_text("#!/bin/sh\necho Out of luck >&2\nexit 3\n")
    broken.chmod(0o755)
    with pytest.raises(MosquittoError, match="không chạy được: Out of luck"):
        EmbeddedMosquitto(tmp_path / "home", program=str(broken)).start()


OWNER = """
import os, sys, time
from pathlib import Path
from broker.mosquitto.embedded import EmbeddedMosquitto
mosquitto = EmbeddedMosquitto(Path(sys.argv[1]))
mosquitto.start()
print(mosquitto.pid, mosquitto.port, flush=True)
time.sleep(60)  # killed long before
"""


def test_it_never_outlives_an_owner_who_is_killed(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, tmp_path / "home"], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    pid, port = map(int, owner.stdout.readline().split())
    owner.kill()
    owner.wait()
    eventually(lambda: not Path(f"/proc/{pid}").exists() and is_free(port), 3, "it is still there")
