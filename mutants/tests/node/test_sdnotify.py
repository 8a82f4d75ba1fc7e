"""systemd hears of readiness, and is fed by progress alone."""

import os
import socket
from pathlib import Path

from node.sdnotify import Notifier, Progress


def test_lines_reach_the_socket(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "20000000"})
        assert notifier.say("READY=1", "STATUS=Sẵn sàng")
        assert listening.recv(1000).decode() == "READY=1\nSTATUS=Sẵn sàng"
        assert notifier.watchdog_ms == 20_000


def test_an_abstract_socket_too() -> None:
    name = f"keng-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name)
        assert Notifier({"NOTIFY_SOCKET": "@" + name}).say("READY=1")
        assert listening.recv(100) == b"READY=1"


def test_without_systemd_nothing_is_said_and_a_dead_socket_harms_nobody(tmp_path: Path) -> None:
    assert not Notifier({}).say("READY=1")
    assert not Notifier({"NOTIFY_SOCKET": str(tmp_path / "none")}).say("READY=1")
    assert Notifier({"WATCHDOG_USEC": "1000", "WATCHDOG_PID": "1"}).watchdog_ms is None


def test_whatever_stands_still_is_named() -> None:
    counts = {"loop": 0, "panel": 0}
    progress = Progress({"loop": lambda: counts["loop"], "panel": lambda: counts["panel"]})
    assert progress.stuck() == ["loop", "panel"]
    counts["loop"] += 1
    assert progress.stuck() == ["panel"]
    counts.update(loop=5, panel=5)
    assert progress.stuck() == []
