"""sd_notify(3), and its absence."""

import os
import socket
from pathlib import Path

import pytest

from broker.sdnotify import Notifier


@pytest.mark.parametrize("abstract", [False, True])
def test_systemd_hears_every_line(tmp_path: Path, abstract: bool) -> None:
    name = f"keng-test-{os.getpid()}" if abstract else f"{tmp_path}/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind("\0" + name if abstract else name)
        sock.settimeout(5)
        Notifier({"NOTIFY_SOCKET": "@" + name if abstract else name}).say("READY=1", "STATUS=Đã nối")
        assert sock.recv(100).decode() == "READY=1\nSTATUS=Đã nối"


@pytest.mark.parametrize("environment", [{}, {"NOTIFY_SOCKET": "/nowhere/at/all"}, {"NOTIFY_SOCKET": "x" * 500}])
def test_without_systemd_nothing_happens(environment: dict[str, str]) -> None:
    Notifier(environment).say("READY=1")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"WATCHDOG_USEC": "30000000"}, 30_000),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30_000),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, 0),
        ({"WATCHDOG_USEC": "soon"}, 0),
        ({}, 0),
    ],
)
def test_the_watchdogs_period_is_systemds(environment: dict[str, str], expected: int) -> None:
    assert Notifier(environment).watchdog_ms == expected
