"""What a hostile, slow or broken outlet, or a full card, can do to the fetcher: cost an update, and no more."""

import errno
import os
import shutil
import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fakes.releases import FILES, KEY, TARGET, a_release, as_offered, served

from broker.mosquitto.ca import make_authority, make_server_certificate
from broker.outlet import tls
from node.update.fetch import CHUNK, Fetcher, NoNetwork
from node.update.files import PERMIT, Permitted, write
from wire.access import LinkSettings, tls_context
from wire.errors import ReleaseFault
from wire.release import Release

Say = Callable[[socketserver.StreamRequestHandler], None]


@contextmanager
def machine(say: Say) -> Iterator[int]:
    """One that takes a request and answers as it likes; its port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            try:
                say(self)
            except OSError:
                return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def fetcher(folder: Path, context: ssl.SSLContext | None = None, timeout_s: float = 30.0) -> Callable[[Release], Path]:
    for each in ("run", "fetched"):
        (folder / each).mkdir(exist_ok=True)

    def fetch(release: Release) -> Path:
        permitted = Permitted(offer="o1", release=release, hosts=("127.0.0.1",))
        write(folder / "run" / PERMIT, permitted, sync=False)
        one = Fetcher(
            folder / "fetched", folder / "run", (KEY.public,), TARGET, "0.1.0", context,
            wait=lambda _: None, timeout_s=timeout_s,
        )  # fmt: skip
        return one.fetch(permitted)

    return fetch


def offered(port: int) -> Release:
    return Release(version="0.2.0", manifest="0" * 64, port=port)


def endless(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        handler.wfile.write(b"x" * CHUNK)


def endless_in_pieces(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")


def endless_head(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        handler.wfile.write(b"X-More: " + b"x" * 1000 + b"\r\n")


def elsewhere(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/manifest.json\r\n\r\n")


def rubbish(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(os.urandom(300) + b"\n")


def packed(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n\x1f\x8b")


def silent(handler: socketserver.StreamRequestHandler) -> None:
    handler.rfile.read(1)  # until the other end has enough


@pytest.mark.parametrize("say", [endless, endless_in_pieces, endless_head, elsewhere, rubbish, packed, silent])
def test_whatever_an_outlet_answers_costs_an_update_and_leaves_nothing_behind(tmp_path: Path, say: Say) -> None:
    with machine(say) as port, pytest.raises((NoNetwork, ReleaseFault)):
        fetcher(tmp_path, timeout_s=0.3)(offered(port))
    assert [path for path in (tmp_path / "fetched").rglob("*") if path.is_file()] == []


@pytest.mark.timeout(120)
def test_a_certificate_of_the_communes_for_another_machine_is_not_believed(tmp_path: Path) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    (home := tmp_path / "ours").mkdir()
    authority = make_authority(home, "cong-lac")
    release = a_release(tmp_path / "outlet" / "0.2.0")
    context = tls_context(LinkSettings("127.0.0.1", 1, "x", ca_file=authority.certificate))
    for name, believed in (("10.77.0.99", False), ("127.0.0.1", True)):
        (folder := tmp_path / name).mkdir()
        certificate, key = make_server_certificate(folder, authority, [name])
        with served(tmp_path / "outlet", tls(certificate, key)) as port:
            fetch = fetcher(tmp_path, context)
            if believed:
                assert (fetch(as_offered(release, port)) / "install.sh").read_bytes() == FILES["install.sh"]
            else:
                with pytest.raises(NoNetwork, match="certificate"):
                    fetch(as_offered(release, port))
                assert [path for path in (tmp_path / "fetched").rglob("*") if path.is_file()] == []


def test_a_machine_without_tls_is_not_spoken_to_where_tls_is_wanted(tmp_path: Path) -> None:
    with machine(rubbish) as port, pytest.raises(NoNetwork):
        fetcher(tmp_path, ssl.create_default_context(), timeout_s=0.3)(offered(port))


@pytest.mark.parametrize("room_kb", [0, 4, 8, 12, 16, 24, 32])
def test_wherever_the_card_is_full_what_is_there_is_whole_and_it_goes_on(tmp_path: Path, room_kb: int) -> None:
    card = tmp_path / "fetched"
    card.mkdir()
    if os.geteuid() or subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={max(room_kb, 4)}k,nr_inodes=64", "tmpfs", card],
        check=False, capture_output=True,
    ).returncode:  # fmt: skip
        pytest.skip("a small card is a mount: root alone")
    try:
        release = a_release(tmp_path / "outlet" / "0.2.0")
        if room_kb == 0:
            (card / "taken").write_bytes(b"x" * 4096)
        with served(tmp_path / "outlet") as port:
            fetch = fetcher(tmp_path)
            with pytest.raises(OSError) as caught:
                fetch(as_offered(release, port))
            assert caught.value.errno == errno.ENOSPC
            for path in card.rglob("*"):
                if path.is_file() and path.suffix != ".part" and path.name in ("install.sh", "version"):
                    assert path.read_bytes() == (release / path.relative_to(card / "0.2.0")).read_bytes()
            (card / "taken").unlink(missing_ok=True)
            subprocess.run(["mount", "-o", "remount,size=200m", card], check=True)
            assert (fetch(as_offered(release, port)) / "install.sh").read_bytes() == FILES["install.sh"]
    finally:
        subprocess.run(["umount", "-l", card], check=False)


def test_another_release_of_the_same_version_takes_nothing_over_from_the_first(tmp_path: Path) -> None:
    with served(tmp_path / "outlet") as port:
        fetch = fetcher(tmp_path)
        fetch(as_offered(a_release(tmp_path / "outlet/0.2.0"), port))
        release = as_offered(a_release(tmp_path / "outlet/0.2.0", **{"install.sh": b"exit 3\n"}), port)
        assert (fetch(release) / "install.sh").read_bytes() == b"exit 3\n"


def test_a_link_that_waits_in_the_folder_is_not_written_through(tmp_path: Path) -> None:
    # The folder is the fetcher's own; what runs as the same user might have left something in it.
    (victim := tmp_path / "victim").write_text("the node's")
    release = a_release(tmp_path / "outlet/0.2.0")
    (folder := tmp_path / "fetched/0.2.0").mkdir(parents=True)
    (folder / "install.sh.part").symlink_to(victim)
    with served(tmp_path / "outlet") as port:
        fetcher(tmp_path)(as_offered(release, port))
    assert victim.read_text() == "the node's"
