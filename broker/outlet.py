"""The outlet: gives nodes the files of releases over HTTPS, and nothing else to anybody.

A process of its own, as nobody in particular, behind all others: when it is slow, full or gone, updates wait and
nothing else does. The duty desk and Mosquitto know nothing of it. What it gives is public: each node checks it.

Rule 1. Only GET and HEAD, of a path in the manifest of a version that is laid out; a stranger's words open no other
file.
Rule 2. At most AT_ONCE connections, each for AT_MOST_S; the next one waits in line, or is sent away.
"""

from __future__ import annotations

import logging
import re
import shutil
import socket
import ssl
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import msgspec

from broker.release import OUTLET
from wire.release import MANIFEST, SIGNATURE, Manifest
from wire.words import VERSION_PATTERN

PORT = 8445
AT_ONCE = 8  # the commune offers it to three at a time; the rest is for a person who looks
STALL_S = 30.0  # for each word of a connection: a hamlet's link stalls, and nobody may keep a place by being silent
AT_MOST_S = 1_800.0
_log = logging.getLogger(__name__)


class Outlet(ThreadingHTTPServer):
    """Serves until `shutdown`."""

    daemon_threads = True
    request_queue_size = 16

    def __init__(
        self,
        address: tuple[str, int],
        context: ssl.SSLContext | None,
        folder: Path = OUTLET,
        at_most_s: float = AT_MOST_S,
    ) -> None:
        """`context`: with certificate and key; none: plain, for tests on this machine."""
        self.folder = folder
        self._at_most_s = at_most_s
        self._context = context
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """On the accepting thread: give it a place, or send it away. It must not wait for a stranger's handshake."""
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except BaseException:
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """On a thread of its own."""
        timer = threading.Timer(self._at_most_s, lambda: _cut(request))
        timer.daemon = True
        timer.start()
        try:
            request.settimeout(STALL_S)
            if self._context is not None:
                # The handshake apart: while it goes on, `request` must be what the timer can cut.
                request = self._context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
                request.do_handshake()
            super().process_request_thread(request, client_address)
        except (OSError, ValueError):
            self.shutdown_request(request)  # no TLS, or gone
        finally:
            timer.cancel()
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """One connection's end is no line in a log: strangers could fill the disk with them."""
        _log.debug("a connection ended", exc_info=True)


class Handler(BaseHTTPRequestHandler):
    """One request."""

    server_version = "keng"
    sys_version = ""
    timeout = STALL_S

    def do_GET(self) -> None:
        """A file of a release."""
        self._give(body=True)

    def do_HEAD(self) -> None:
        """Whether it is there."""
        self._give(body=False)

    def _give(self, *, body: bool) -> None:
        path = self._path()
        try:
            file = None if path is None else path.open("rb")
        except OSError:
            file = None
        if file is None or path is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        with file:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(path.stat().st_size))
            self.send_header("Connection", "close")
            self.end_headers()
            if body:
                shutil.copyfileobj(file, self.wfile)

    def _path(self) -> Path | None:
        """The file that is meant; none: there is none."""
        version, _, name = unquote(self.path).removeprefix("/").partition("/")
        if not re.search(VERSION_PATTERN, version):
            return None
        folder = cast(Outlet, self.server).folder / version
        if name in (MANIFEST, SIGNATURE):
            return folder / name
        try:
            manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
        except (OSError, msgspec.MsgspecError):
            return None
        return folder / name if name in manifest.files else None

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's word
        """Nothing: see handle_error."""


def _cut(request: socket.socket) -> None:
    try:
        request.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def tls(certificate: Path, key: Path) -> ssl.SSLContext:
    """What the commune's CA vouches for. OSError, ssl.SSLError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context
