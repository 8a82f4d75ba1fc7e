"""Which demos run on this machine: each writes a small file when it is ready, and `keng` finds it by itself.

What must hold: a demo that was killed is not found (its process is looked at, by number and time of start); nobody
else's file is believed (the folder must be ours and closed to others); a broken file is no demo, never an error.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from wire.codec import encode, read
from wire.errors import Refused

HOME_FILE = "demo.json"
"""In the demo's own folder."""
MAX_FILE_BYTES = 256 * 1024
"""Forty nodes fill a tenth of it."""


class DemoNode(Struct, frozen=True, kw_only=True):
    """One hamlet's node of a demo."""

    node: str
    """Its id."""
    hamlet: str
    """Its hamlet's id."""
    name: str
    """The hamlet's name."""
    wav: str | None
    """File that holds its sound; none: the machine's sound device."""
    control: str
    """Unix socket through which its buttons are pressed."""
    trace: str
    """Record of all that happened to it."""


class Demo(Struct, frozen=True, kw_only=True):
    """A demo that runs."""

    pid: int
    """Of its main process."""
    born: int
    """When that was started, in clock ticks since boot: a number that is used again is told apart."""
    home: str
    """Its folder."""
    commune: str
    """Slug."""
    host: str
    """Of its MQTT broker."""
    port: int
    """Of its MQTT broker."""
    nodes: tuple[DemoNode, ...]
    """The hamlets."""


def announce(demo: Demo, places: Sequence[Path] | None = None) -> list[Path]:
    """Write the demo's file into its home and where `keng` looks; the files. OSError if the home is not ours."""
    written = [Path(demo.home) / HOME_FILE]
    _replace(written[0], encode(demo))
    for folder in folders() if places is None else places:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _ours(folder):
                _replace(folder / f"demo-{demo.pid}.json", encode(demo))
                return [*written, folder / f"demo-{demo.pid}.json"]
        except OSError:
            continue
    return written


def running(places: Sequence[Path] | None = None) -> list[Demo]:
    """The demos that run here, newest first."""
    looked = folders() if places is None else places
    found = {demo.pid: demo for folder in looked if _ours(folder) for demo in _in(folder)}
    return sorted(found.values(), key=lambda demo: (demo.born, demo.pid), reverse=True)


def at_home(home: Path) -> Demo | None:
    """The demo that lives in this folder, if it runs."""
    return _read(home / HOME_FILE)


def folders(environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Where a demo may announce itself, best first."""
    chosen = environment.get("XDG_RUNTIME_DIR")
    own = Path(environment.get("HOME") or "/nonexistent") / ".local" / "state" / "keng"
    last = Path(tempfile.gettempdir()) / f"keng-{os.getuid()}"
    return [*([Path(chosen) / "keng"] if chosen else []), own, last]


def born(pid: int) -> int | None:
    """When a process was started, in clock ticks since boot; none: there is no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()  # the name before it may hold anything
    return None if fields[0] in "ZX" else int(fields[19])


def _in(folder: Path) -> Iterator[Demo]:
    for file in sorted(folder.glob("demo-*.json")):
        demo = _read(file)
        if demo is not None:
            yield demo
        else:
            file.unlink(missing_ok=True)


def _read(file: Path) -> Demo | None:
    try:
        with file.open("rb") as opened:
            demo = read(opened.read(MAX_FILE_BYTES), Demo)
    except (OSError, Refused):
        return None
    return demo if born(demo.pid) == demo.born else None


def _ours(folder: Path) -> bool:
    try:
        stat = folder.lstat()
    except OSError:
        return False
    return stat.st_uid == os.getuid() and not stat.st_mode & 0o022 and not folder.is_symlink()


def _replace(file: Path, content: bytes) -> None:
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(file)
