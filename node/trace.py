"""Everything that happened to a node and what it did about it: one JSON line a step, so that a night replays in a test.

    {"type":"Started","at_ms":…,"setup":{…}}            a run of the program; its seed is what ids and nonces come from
    {"type":"Step","at_ms":…,"item":{…},"effects":[…]}

What must always hold: tracing never stops or slows the node (buffered, never synced; a full disk ends it with one line
in the log); two files at most, each half of the limit. The files are 0600: the seed foretells ids and nonces. No
password and no private key is ever in them.

When the second file is full the first is dropped: then the start of the run is gone, and what is left is a timeline.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from io import BufferedWriter
from pathlib import Path

import msgspec

from node.core.effects import Effect
from node.core.items import Item
from node.core.setup import Setup
from node.errors import TraceFault

_log = logging.getLogger(__name__)


class Started(msgspec.Struct, frozen=True, tag=True):
    """A run began."""

    at_ms: int
    """Monotonic, as the core was told."""
    setup: Setup
    """As the core was told."""


class Step(msgspec.Struct, frozen=True, tag=True):
    """One item."""

    at_ms: int
    """Monotonic, as the core was told."""
    item: Item
    """What happened."""
    effects: tuple[Effect, ...]
    """What the core asked for."""


Line = Started | Step
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Line)


def older(path: Path) -> Path:
    """Where the first half of the trace lies."""
    return path.with_name(path.name + ".1")


class Trace:
    """Writes; goes on at the end of what is there."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._half = max_bytes // 2
        self._file: BufferedWriter | None = None
        self._size = 0
        self._guard(self._open)

    def started(self, at_ms: int, setup: Setup) -> None:
        """A run begins."""
        self._write(Started(at_ms, setup))

    def step(self, at_ms: int, item: Item, effects: Sequence[Effect]) -> None:
        """One step."""
        if self._file is not None:
            self._write(Step(at_ms, item, tuple(effects)))

    def flush(self) -> None:
        """Give the kernel what is buffered: when the loop has nothing else to do."""
        if self._file is not None:
            self._guard(self._file.flush)

    def close(self) -> None:
        """The end of the run."""
        if self._file is not None:
            self._guard(self._file.close)
            self._file = None

    def _open(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._file = os.fdopen(handle, "ab")
        self._size = os.fstat(handle).st_size

    def _write(self, line: Line) -> None:
        raw = _encoder.encode(line) + b"\n"

        def write() -> None:
            if self._size + len(raw) > self._half and self._size and self._file is not None:
                self._file.close()
                self._path.replace(older(self._path))
                self._open()
            if self._file is not None:
                self._file.write(raw)
                self._size += len(raw)

        self._guard(write)

    def _guard(self, act: Callable[[], object]) -> None:
        try:
            act()
        except (OSError, ValueError) as error:  # ValueError: a file that a failed flush has closed
            _log.warning("tracing ends: %s: %s", self._path, error)
            lost, self._file = self._file, None
            with suppress(OSError, ValueError):  # what it still holds finds no room either
                if lost is not None:
                    lost.close()


def read_trace(path: Path) -> Iterator[tuple[int, Line]]:
    """The lines of one file with their numbers, from 1; a torn last line is left out. Raises TraceFault."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if not raw.endswith(b"\n"):
                    return
                try:
                    yield number, _decoder.decode(raw)
                except msgspec.MsgspecError as error:
                    raise TraceFault(
                        f"{path}, dòng {number}: không phải dấu vết của hộp kẻng ({error}).",
                        f"{path}, line {number}: not a trace of a node ({error}).",
                    ) from error
    except OSError as error:
        raise TraceFault(
            f"{path}: không đọc được ({error.strerror}). Hãy kiểm tra tên tệp và quyền đọc.",
            f"{path}: cannot be read ({error.strerror}). Check the name and the permission.",
        ) from error
