"""A log of bounded size: two files of which the older is thrown away. A full disk loses lines, never the writer."""

from __future__ import annotations

import os
from io import FileIO
from pathlib import Path


class BoundedLog:
    """Appends to `path`; at `limit` bytes it becomes `path.1`. Also used for traces: a line is whole in one file."""

    def __init__(self, path: Path, limit: int, kept: int = 1) -> None:
        """`kept`: older files, `.1` the youngest."""
        self.path = path
        self.lost = 0
        """Lines that could not be written."""
        self._limit = limit
        self._kept = kept
        self._file: FileIO | None = None
        self._size = 0

    def open(self) -> None:
        """Go on after what is there. OSError."""
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        self._file = FileIO(handle, "ab")
        self._size = os.fstat(handle).st_size

    def write(self, line: bytes) -> None:
        """Append; never raises."""
        try:
            if self._file is None or self._size + len(line) > self._limit > 0 < self._size:
                self._turn_over()
            assert self._file is not None  # noqa: S101 - _turn_over opened it or raised
            self._size += self._file.write(line)
        except (OSError, ValueError):
            self.lost += 1

    def last_line(self) -> str:
        """For a person; empty if there is none."""
        try:
            return self.path.read_bytes()[-1000:].decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
        except OSError:
            return ""

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _turn_over(self) -> None:
        had = self._file is not None
        self.close()
        if had:
            for number in reversed(range(self._kept)):
                older = self._name(number)
                if older.exists():
                    older.replace(self._name(number + 1))
        self.open()

    def _name(self, number: int) -> Path:
        return self.path if number == 0 else self.path.with_name(f"{self.path.name}.{number}")
