"""What the machines' way out lets through, and what it keeps."""

import os
import socket
from pathlib import Path

import pytest
from fakes.bootmirror import Mirror, bound, registries
from pip._internal.models.index import PyPI

PIECE = b"x" * 1000


def test_what_was_used_longest_ago_goes_first_and_no_more_than_must(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "old", "older")):
        (tmp_path / name).write_bytes(PIECE)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000))
    assert bound(tmp_path, 2_500) == 2_000
    assert {path.name for path in tmp_path.iterdir()} == {"new", "old"}


@pytest.mark.parametrize(
    "line",
    [
        "GET http://192.0.2.1/x.deb",
        "GET http://example.org/",
        "CONNECT example.org:443",
        f"CONNECT {PyPI.netloc}:22",
    ],
)
def test_nothing_but_package_registries_can_be_reached(line: str, tmp_path: Path) -> None:
    try:
        mirror = Mirror(tmp_path, "/proc/self/ns/net", "127.0.0.1", 0)
    except PermissionError:
        pytest.skip("root is needed to listen in another namespace")
    try:
        host, _, port = mirror.url.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), 10) as sock:
            sock.sendall(f"{line} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            assert b" 403 " in sock.recv(1000).partition(b"\r\n")[0]
    finally:
        mirror.end()


def test_what_apt_and_pip_of_this_machine_use_can_be_reached() -> None:
    assert {PyPI.netloc, PyPI.file_storage_domain} <= registries()
    assert "example.org" not in registries()
