"""A way out for machines without one: a proxy in a network namespace, which keeps Debian's packages on the disk.

    mirror = Mirror(folder, "/proc/123/ns/net", "10.77.0.1", 3142)     # http://10.77.0.1:3142 for apt and pip

What must hold: only package registries' hosts are asked for; a package (.deb) is fetched once, whole or not at all;
lists are always fetched, for they change; the folder stays below its limit. Connections out are made where this
process is, so the machines need neither names nor routes.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import select
import shutil
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from pip._internal.models.index import PyPI

MOST_BYTES = 3 << 30
WITHIN_S = 120
CLONE_NEWNET = 0x40000000


@cache
def registries() -> frozenset[str]:
    """Hosts of packages, as this machine's own apt, pip and npm have them; and Node.js's, for pyright fetches it."""
    apt = _told("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages")
    named = [os.environ.get("PIP_INDEX_URL", PyPI.simple_url), *apt, *_told("npm", "config", "get", "registry")]
    found = {urlsplit(one).hostname for one in named} | {PyPI.netloc, PyPI.file_storage_domain, "nodejs.org"}
    # Debian's images name security updates by a host of their own.
    found |= {f"security.{host.partition('.')[2]}" for host in found if host and host.startswith("deb.")}
    return frozenset(host for host in found if host)


def _told(*words: str) -> list[str]:
    try:
        return subprocess.run(words, capture_output=True, text=True, check=False).stdout.split()
    except OSError:
        return []


class Mirror:
    """Serves until it is ended."""

    def __init__(self, folder: Path, namespace: str, address: str, port: int) -> None:
        """`namespace`: the path of the one it listens in."""
        folder.mkdir(parents=True, exist_ok=True)
        bound(folder, MOST_BYTES)
        handler = type("Handler", (_Handler,), {"folder": folder})
        self._server = ThreadingHTTPServer((address, port), handler, bind_and_activate=False)
        self._server.daemon_threads = True
        self._server.socket.close()
        self._server.socket = _socket_in(namespace, address, port)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://{address}:{self._server.socket.getsockname()[1]}"

    def end(self) -> None:
        """No more."""
        self._server.shutdown()
        self._server.server_close()


def bound(folder: Path, most_bytes: int) -> int:
    """Take the files away that were used longest ago until it holds no more; how many bytes it holds."""
    found = sorted((path.stat().st_atime, path.stat().st_size, path) for path in folder.rglob("*") if path.is_file())
    size = sum(one[1] for one in found)
    for _, bytes_, path in found:
        if size <= most_bytes:
            break
        path.unlink()
        size -= bytes_
    return size


def _socket_in(namespace: str, address: str, port: int) -> socket.socket:
    """A listening socket belongs to the namespace that its thread was in; ours is another's."""
    made: list[socket.socket | OSError] = []

    def make() -> None:
        try:
            with open(namespace, "rb") as file:
                _enter(file.fileno())
            one = socket.socket()
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind((address, port))
            one.listen(64)
            made.append(one)
        except OSError as error:
            made.append(error)

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    if isinstance(made[0], OSError):
        raise made[0]
    return made[0]


def _enter(namespace: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(namespace, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class _Handler(BaseHTTPRequestHandler):
    folder: Path

    def do_GET(self) -> None:
        """apt's way: a whole address in the request line."""
        parts = urlsplit(self.path)
        if parts.hostname not in registries():
            self.send_error(403, "not a package registry")
            return
        kept = self.folder / hashlib.sha256(parts.path.encode()).hexdigest() if parts.path.endswith(".deb") else None
        try:
            if kept is not None and kept.exists():
                os.utime(kept)
                with kept.open("rb") as file:
                    self._answer(200, kept.stat().st_size, {})
                    shutil.copyfileobj(file, self.wfile, 1 << 20)
                return
            self._fetch(kept)
        except urllib.error.HTTPError as error:
            self._answer(error.code, 0, {})
        except OSError as error:
            self.close_connection = True
            self.log_error("%s: %s", self.path, error)

    def _fetch(self, kept: Path | None) -> None:
        since = {name: value for name in ("If-Modified-Since", "Range") if (value := self.headers.get(name))}
        asked = urllib.request.Request(self.path, headers=since if kept is None else {})
        with urllib.request.urlopen(asked, timeout=WITHIN_S) as answer:
            size = answer.headers.get("Content-Length")
            if kept is None or size is None:
                body = answer.read()
                told = {
                    name: value for name in ("Last-Modified", "Content-Range") if (value := answer.headers.get(name))
                }
                self._answer(answer.status, len(body), told)
                self.wfile.write(body)
                return
            draft = kept.with_suffix(f".{threading.get_ident()}")
            with draft.open("wb") as file:
                shutil.copyfileobj(answer, file, 1 << 20)
        if draft.stat().st_size != int(size):
            draft.unlink()
            raise OSError("cut off")
        draft.rename(kept)
        with kept.open("rb") as file:
            self._answer(200, kept.stat().st_size, {})
            shutil.copyfileobj(file, self.wfile, 1 << 20)

    def do_CONNECT(self) -> None:
        """pip's way: a tunnel, and TLS in it."""
        host, _, port = self.path.partition(":")
        if host not in registries() or port != "443":
            self.send_error(403, "not a package registry")
            return
        try:
            with socket.create_connection((host, 443), WITHIN_S) as there:
                self.send_response(200)
                self.end_headers()
                self._both_ways(there)
        except OSError as error:
            self.log_error("%s: %s", self.path, error)
        self.close_connection = True

    def _both_ways(self, there: socket.socket) -> None:
        pair = {self.connection: there, there: self.connection}
        while ready := select.select([*pair], [], [], WITHIN_S)[0]:
            for one in ready:
                read = one.recv(1 << 16)
                if not read:
                    return
                pair[one].sendall(read)

    def _answer(self, code: int, size: int, more: dict[str, str]) -> None:
        self.send_response(code)
        for name, value in {"Content-Length": str(size), **more}.items():
            self.send_header(name, value)
        self.end_headers()

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nobody reads it; a fault shows at apt and pip."""
