"""Ids of asks that nobody answered: a person who types the same command again asks the same, and never a second time.

What must hold: an id is taken again for the same words to the same commune only, and for AGAIN_S only. Where nothing
can be kept (a full disk), nothing is: the command then says that it must not be typed again.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from hashlib import blake2s
from pathlib import Path

AGAIN_S = 120.0
"""Longer than anybody waits before trying again, shorter than an alarm sounds: later it is a new wish."""
MAX_ID = 64


def folder() -> Path:
    """Of this person; in memory where the system has such a place, since the disk may be what is full."""
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    return Path(runtime) / "keng" if runtime else Path("~/.local/state/keng").expanduser()


class Unanswered:
    """Remembers them over commands."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def id_of(self, words: bytes) -> str | None:
        """The id under which this was asked just now, if nobody answered."""
        path = self._path(words)
        with suppress(OSError, ValueError):
            if 0 <= time.time() - path.stat().st_mtime < AGAIN_S:
                return path.read_text("ascii")[:MAX_ID] or None
        return None

    def keep(self, words: bytes, id: str) -> None:  # noqa: A002 - the contract's word
        """Nobody has answered this."""
        path = self._path(words)
        with suppress(OSError, ValueError):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self.id_of(words) is None:
                path.write_text(id, "ascii")

    def drop(self, words: bytes) -> None:
        """Somebody has; and what is too old to matter goes with it."""
        with suppress(OSError):
            self._path(words).unlink(missing_ok=True)
            for path in self._folder.glob("ask-*"):
                if time.time() - path.stat().st_mtime >= AGAIN_S:
                    path.unlink(missing_ok=True)

    def _path(self, words: bytes) -> Path:
        return self._folder / f"ask-{blake2s(words, digest_size=12).hexdigest()}"
