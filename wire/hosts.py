"""In which order the names and addresses of one machine are tried, and which of them last let us in.

What must hold: the one that last let us in comes first, also after a restart; each of the others has its turn before
anybody waits; a file that cannot be read or written costs nothing but the order. It is written only when it changes:
an SD card wears out. It does not know the network.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

MAX_HOSTS = 8
"""A machine has a cable, a Wi-Fi, a name and perhaps a tunnel; more is a slip of the pen."""
MAX_KEPT_BYTES = 1_024
"""A name has 255 at most; a larger file is none of ours."""
_log = logging.getLogger(__name__)


class Hosts:
    """Whose turn it is."""

    def __init__(self, names: Sequence[str], kept: Path | None = None) -> None:
        self._names = list(dict.fromkeys(names))
        self._kept = kept
        self._on_disk = _read(kept)
        self._first = self._names.index(self._on_disk) if self._on_disk in self._names else 0
        self._turn = 0

    @property
    def now(self) -> str:
        """The one to try."""
        number = self._first
        if self._turn:
            others = [one for one in range(len(self._names)) if one != self._first]
            number = others[self._turn - 1]
        return self._names[number]

    def let_in(self) -> None:
        """It did: it is the first from now on."""
        self._first, self._turn = self._names.index(self.now), 0
        if self._kept is not None and self._on_disk != self.now and (len(self._names) > 1 or self._on_disk):
            self._on_disk = self.now
            _write(self._kept, self.now)

    def failed(self) -> bool:
        """It did not: the next one's turn. Whether all have had theirs, so that it is time to wait."""
        self._turn = (self._turn + 1) % len(self._names)
        return self._turn == 0


def _read(kept: Path | None) -> str:
    if kept is None:
        return ""
    try:
        with kept.open("rb") as file:
            return file.read(MAX_KEPT_BYTES).decode("utf-8", "replace").strip()
    except OSError:
        return ""


def _write(kept: Path, name: str) -> None:
    draft = kept.with_name(f".{kept.name}.draft")
    try:
        with draft.open("w", encoding="utf-8") as file:
            file.write(name + "\n")
            file.flush()
            os.fsync(file.fileno())
        draft.replace(kept)
    except OSError as error:
        _log.warning("%s cannot be written (%s): the next start tries the addresses in their order", kept, error)
        with suppress(OSError):
            draft.unlink()
