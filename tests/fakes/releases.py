"""Releases as small folders: signed, laid out, served on this machine, and a node's surroundings to install them in."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from broker.outlet import Outlet
from node.update.files import HEALTH, PERMIT, Health, Permitted, read, write
from node.update.install import Surroundings
from node.update.layout import PROGRAM, Layout
from wire.release import MANIFEST, SIGNATURE, Release, signed
from wire.signature import Signer

KEY, OTHER = Signer(b"r" * 32), Signer(b"o" * 32)
TARGET = "trixie-arm64"
FILES = {
    "install.sh": b"exit 0\n",
    "wheels/any/keng-py3-none-any.whl": b"keng" * 1000,
    f"wheels/{TARGET}/msgspec.whl": b"msgspec" * 1000,
    "wheels/bookworm-arm64/msgspec.whl": b"another machine's",
    f"debs/{TARGET}/libasound2t64_1%3a1.2_arm64.deb": b"the system's",
}


def a_release(folder: Path, version: str = "0.2.0", *, key: Signer = KEY, **changes: bytes) -> Path:
    """A signed folder; `changes` to its files."""
    files = FILES | {"version": version.encode()} | changes
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    manifest = {
        "format": 1, "program": "keng", "version": version, "build": "b", "targets": {TARGET: {"python": "3.13"}},
        "files": {path: {"sha256": hashlib.sha256(raw).hexdigest(), "bytes": len(raw)} for path, raw in files.items()},
    }  # fmt: skip
    raw = json.dumps(manifest).encode()
    (folder / MANIFEST).write_bytes(raw)
    (folder / SIGNATURE).write_text(signed(raw, key) + "\n")
    return folder


def as_offered(folder: Path, port: int) -> Release:
    """What an order says of a folder."""
    raw = (folder / MANIFEST).read_bytes()
    version = json.loads(raw)["version"]
    return Release(version=version, manifest=hashlib.sha256(raw).hexdigest(), port=port)


@contextmanager
def served(folder: Path, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """An outlet of this folder of releases, without TLS unless there is a context; its port."""
    outlet = Outlet(("127.0.0.1", 0), context, folder)
    thread = threading.Thread(target=outlet.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield outlet.server_address[1]
    finally:
        outlet.shutdown()
        thread.join()
        outlet.server_close()


class PlugPulled(BaseException):
    """The power went."""


class Machine:
    """A node's card and its processes: what the installer touches, on a clock of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.run, self.fetched, self.state = folder / "run", folder / "fetched", folder / "state"
        for each in (self.run, self.fetched, self.state):
            each.mkdir(parents=True)
        self.steps: list[str] = []
        self.pull_at: int | None = None
        """The plug is pulled before this step."""
        self.full_at: range = range(0)
        """At these steps the disk is full."""
        self.layout = Layout(folder / "opt", self._step, lambda: None)
        self.now_s = 1000.0
        self.restarts = 0
        self.doctor_says = ""
        self.behaves: Callable[[str, float], dict[str, Any] | None] = lambda version, since_s: {}
        """How a version does so many seconds after it was started: changes to a healthy word, or None: nothing."""
        self.on_set_up: Callable[[], None] = lambda: None
        self._started_s = self.now_s
        self.install_by_hand("0.1.0")
        self.started = self.layout.current
        """What the node that runs was started with."""

    def install_by_hand(self, version: str) -> None:
        """As install.sh does."""
        folder = self.layout.begin(version)
        (folder / PROGRAM).mkdir()
        self.layout.complete(version)
        self.layout.try_out(version)
        self.layout.keep()
        self.steps.clear()

    def permit(self, release: Release, offer: str = "o1") -> Permitted:
        permitted = Permitted(offer=offer, release=release, hosts=("127.0.0.1",))
        write(self.run / PERMIT, permitted, sync=False)
        return permitted

    def runs(self) -> str | None:
        """The version that starts now: a whole one, or none."""
        return self.layout.current

    def around(self) -> Surroundings:
        return Surroundings(
            layout=self.layout, run=self.run, fetched=self.fetched, state=self.state, keys=lambda: (KEY.public,),
            target=lambda: TARGET, set_up=self._set_up, doctor=lambda _: self.doctor_says, restart=self._restart,
            wait=self._wait, now_s=lambda: self.now_s,
        )  # fmt: skip

    def _step(self, name: str) -> None:
        if self.pull_at is not None and len(self.steps) == self.pull_at:
            raise PlugPulled(name)
        self.steps.append(name)
        if len(self.steps) - 1 in self.full_at:
            raise OSError(errno.ENOSPC, "No space left on device", name)

    def _set_up(self, bundle: Path, folder: Path) -> None:
        self._step("set up")
        folder.mkdir()
        (folder / "who").write_bytes((bundle / "version").read_bytes())
        self.on_set_up()

    def _restart(self) -> None:
        self._step("restart")
        self.restarts += 1
        self.started = self.layout.current
        self._started_s = self.now_s
        (self.run / HEALTH).unlink(missing_ok=True)

    def _wait(self, seconds: float) -> None:
        self._step("wait")
        self.now_s += seconds
        version = self.runs()
        word = None if version is None else self.behaves(version, self.now_s - self._started_s)
        if version is not None and word is not None:
            well = Health(version=version, run=f"r{self.restarts}", at_s=self.now_s, heard=True)
            fields = {name: getattr(well, name) for name in well.__struct_fields__} | word
            write(self.run / HEALTH, Health(**fields), sync=False)

    def health(self) -> Health | None:
        return read(self.run / HEALTH, Health)


def room_left(folder: Path) -> int:
    """Bytes."""
    there = os.statvfs(folder)
    return there.f_bavail * there.f_frsize
