"""The outlet gives the files of releases, and nothing else, to a few at a time."""

import http.client
import socket
from pathlib import Path

import pytest
from fakes.releases import FILES, a_release, served
from fakes.waiting import eventually

from broker.outlet import AT_ONCE


def asked(port: int, path: str, method: str = "GET") -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        link.request(method, path)
        answer = link.getresponse()
        return answer.status, answer.read()
    finally:
        link.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    a_release(tmp_path / "outlet" / "0.2.0")
    (tmp_path / "outlet" / "0.2.0" / "stray").write_text("not in the manifest")
    (tmp_path / "secret").write_text("secret")
    return tmp_path / "outlet"


def test_it_gives_what_the_manifest_names(folder: Path) -> None:
    with served(folder) as port:
        assert asked(port, "/0.2.0/install.sh") == (200, FILES["install.sh"])
        assert asked(port, "/0.2.0/debs/trixie-arm64/libasound2t64_1%253a1.2_arm64.deb")[0] == 200
        assert asked(port, "/0.2.0/manifest.json")[0] == asked(port, "/0.2.0/release.sig")[0] == 200
        assert asked(port, "/0.2.0/install.sh", "HEAD") == (200, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/", "/0.2.0", "/0.2.0/", "/0.2.0/stray", "/0.2.0/../../secret", "/../secret", "/0.2.0/%2e%2e/%2e%2e/secret",
        "/..%2fsecret", "/0.2.0//install.sh", "//etc/passwd", "/0.3.0/install.sh", "/0.2.0/install.sh?x",
        "/.0.2.0.old/x",
    ],
)  # fmt: skip
def test_it_gives_nothing_else(folder: Path, path: str) -> None:
    with served(folder) as port:
        assert asked(port, path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_it_takes_nothing(folder: Path, method: str) -> None:
    with served(folder) as port:
        assert asked(port, "/0.2.0/install.sh", method)[0] == 501


def test_whoever_keeps_all_places_is_waited_for_by_nobody_else_and_places_come_back(folder: Path) -> None:
    with served(folder) as port:
        idle = [socket.create_connection(("127.0.0.1", port), 5) for _ in range(AT_ONCE)]

        def crowded() -> bool:
            try:
                return asked(port, "/0.2.0/install.sh")[0] != 200
            except (OSError, http.client.HTTPException):
                return True

        eventually(crowded)
        for one in idle:
            one.close()
        eventually(lambda: not crowded())
