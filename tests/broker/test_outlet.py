"""The outlet gives the files of releases, and nothing else, to a few at a time."""

import http.client
import shutil
import socket
import ssl
import threading
from pathlib import Path

import pytest
from fakes.releases import FILES, KEY, TARGET, a_release, as_offered, served
from fakes.waiting import eventually

from broker.mosquitto.ca import Authority, make_authority, make_server_certificate
from broker.outlet import AT_ONCE, Outlet, tls
from node.update.fetch import Fetcher, NoNetwork
from node.update.files import PERMIT, Permitted, write
from wire.access import LinkSettings, tls_context


def asked(port: int, path: str, method: str = "GET") -> tuple[int, bytes]:
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
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


@pytest.mark.timeout(120)
def test_a_node_that_has_the_communes_ca_fetches_over_tls_and_no_other_ca_is_believed(tmp_path: Path) -> None:
    pytest.importorskip("nacl")
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    ours, theirs = (make_authority(_folder(tmp_path / name), "cong-lac") for name in ("ours", "theirs"))
    certificate, key = make_server_certificate(_folder(tmp_path / "tls"), ours, ["127.0.0.1"])
    offered = a_release(tmp_path / "outlet" / "0.2.0")
    outlet = Outlet(("127.0.0.1", 0), tls(certificate, key), tmp_path / "outlet")
    thread = threading.Thread(target=outlet.serve_forever, args=(0.02,))
    thread.start()
    try:
        release = as_offered(offered, outlet.server_address[1])
        permitted = Permitted(offer="o1", release=release, hosts=("127.0.0.1",))
        write(_folder(tmp_path / "run") / PERMIT, permitted, sync=False)

        def fetch(authority: Authority) -> Path:
            context = tls_context(LinkSettings("127.0.0.1", 1, "x", ca_file=authority.certificate))
            keys = (KEY.public,)
            fetcher = Fetcher(_folder(tmp_path / "f"), tmp_path / "run", keys, TARGET, "0.1.0", context)
            return fetcher.fetch(permitted)

        with pytest.raises(NoNetwork, match="certificate"):
            fetch(theirs)
        assert (fetch(ours) / "install.sh").read_bytes() == FILES["install.sh"]
    finally:
        outlet.shutdown()
        thread.join()
        outlet.server_close()


def test_whoever_does_not_finish_their_handshake_loses_their_place(folder: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    outlet = Outlet(("127.0.0.1", 0), context, folder, at_most_s=0.2)
    thread = threading.Thread(target=outlet.serve_forever, args=(0.02,))
    thread.start()
    try:
        with socket.create_connection(outlet.server_address[:2], 5) as slow:
            slow.sendall(b"\x16\x03\x01\x40\x00")  # of 16 KiB to come, a byte now and then
            slow.settimeout(5)
            assert slow.recv(1) == b""
    finally:
        outlet.shutdown()
        thread.join()
        outlet.server_close()


def _folder(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    return path
