"""What a program did to the files of one folder, in order: recorder.c for Python, and the words a program adds to it.

A workload is a script that runs as a child with the recorder, and says with `claim` what it would now tell the world
("so many rows are safe"). Claims stand in the same log as the writes and syncs, at the moment they were made.

    recording = Recording.begun(folder, log)          # what is in the folder now is safe
    recording.run(script, "an argument")              # as often as the program starts anew on the same files
    recording.deeds()

What must hold: a recording replayed whole gives the folder, byte for byte (`test_disk.py`); a deed that the recorder
does not know voids the recording. It does not know memory-mapped writes, and records one thread at a time.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import struct
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).with_name("recorder.c")
TESTS = Path(__file__).parent.parent
HEAD = struct.Struct("<c3xQQHHI")
WITHIN_S = 100.0
"""A workload that takes longer is stuck."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One record."""

    kind: str
    """As recorder.c has them; K: a claim; F: a sync of this inode failed."""
    inode: int = 0
    """Of the file."""
    at: int = 0
    """Where it was written, or the length that was set."""
    name: str = ""
    """From the folder; "" is the folder itself."""
    other: str = ""
    """The new name."""
    payload: bytes = b""
    """What was written, or claimed (JSON)."""


@dataclass(slots=True)
class Recording:
    """A folder, what it held at first, and a log."""

    folder: Path
    """Below it everything is written down."""
    log: Path
    """Outside of it."""
    base: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    """Inode and content of each file at first, by name."""
    claims: list[bytes] = field(default_factory=list)
    """Made in an earlier life, JSON."""

    @classmethod
    def begun(cls, folder: Path, log: Path, claims: Sequence[bytes] = ()) -> Recording:
        """An empty recording over the folder as it is, which is what is safe at first."""
        files = [path for path in folder.rglob("*") if path.is_file()]
        base = {str(path.relative_to(folder)): (path.stat().st_ino, path.read_bytes()) for path in files}
        return cls(folder.resolve(), log, base, list(claims))

    def run(self, script: Path, *words: str, kill_at_sync: int = 0) -> None:
        """Let it do its work; it is killed (as by kill -9) instead of its sync number `kill_at_sync`; 0: never."""
        environment = {
            **os.environ,
            "LD_PRELOAD": str(recorder()),
            "KENG_CUTS_UNDER": str(self.folder),
            "KENG_CUTS_LOG": str(self.log),
            "PYTHONPATH": os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH")])),
            **({"KENG_CUTS_KILL": str(kill_at_sync)} if kill_at_sync else {}),
        }
        done = subprocess.run(
            [sys.executable, script, self.folder, *words],
            env=environment, capture_output=True, text=True, timeout=WITHIN_S, check=False,
        )  # fmt: skip
        assert done.returncode == (-9 if kill_at_sync else 0), done.stderr

    def deeds(self) -> list[Deed]:
        """All of them."""
        deeds = list(_read(self.log.read_bytes()))
        unknown = sorted({deed.name for deed in deeds if deed.kind == "!"})
        assert not unknown, f"the recorder does not know {unknown}: teach it, or the replay is not what happened"
        return deeds


def _read(raw: bytes) -> Iterator[Deed]:
    at = 0
    while at < len(raw):
        kind, inode, where, name, other, size = HEAD.unpack_from(raw, at)
        start = at + HEAD.size
        names, at = start + name + other, start + name + other + size
        yield Deed(
            kind.decode(), inode, where, raw[start : start + name].decode(), raw[start + name : names].decode(),
            raw[names:at],
        )  # fmt: skip


def _say(kind: bytes, inode: int, payload: bytes) -> None:
    log = os.open(os.environ["KENG_CUTS_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    try:
        os.write(log, HEAD.pack(kind, inode, 0, 0, 0, len(payload)) + payload)
    finally:
        os.close(log)


def claim(**words: Any) -> None:
    """In a workload: from now on the world may have been told this."""
    _say(b"K", 0, json.dumps(words).encode())


def sync_failed(file: int) -> None:
    """In a workload: the disk refused a sync of this open file, and none was made."""
    _say(b"F", os.fstat(file).st_ino, b"")


def missing() -> str | None:
    """What this machine lacks to record, in words; None: nothing."""
    if sys.platform != "linux" or sys.maxsize < 2**32:
        return "Linux on 64 bits"
    return None if shutil.which("gcc") else "gcc (sudo apt install gcc)"


def recorder() -> Path:
    """The compiled shim, from the cache if its source has not changed."""
    key = hashlib.sha256(SOURCE.read_bytes() + sysconfig.get_platform().encode()).hexdigest()[:16]
    folder = Path(tempfile.gettempdir()) / f"keng-recorder-{os.getuid()}-{key}"
    shim = folder / "recorder.so"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shim.exists():
            draft = folder / "draft.so"
            # Some distributions fortify by default, and then bring an `open` of their own.
            command = ["gcc", "-Wall", "-Wextra", "-U_FORTIFY_SOURCE", "-shared", "-fPIC", "-O2"]
            subprocess.run([*command, "-o", str(draft), str(SOURCE), "-ldl"], check=True)
            draft.rename(shim)
    return shim


def needs_recorder() -> None:
    """Skip, with the package to install, where nothing can be recorded."""
    lacking = missing()
    if lacking:
        pytest.skip(f"recording needs {lacking}")
