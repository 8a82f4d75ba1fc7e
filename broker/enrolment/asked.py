"""Which nodes the service asks root to dismiss: empty files in its own folder, named as the nodes.

What must hold: a name is taken out before anything is done for it, or systemd's path would start root's hands again and
again; only a slug is ever a name, whatever the service's user puts there; nothing of theirs is read or followed.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from wire.words import is_slug

AT_ONCE = 100
"""A commune has fewer; what is left starts this again."""


def taken(folder: Path) -> list[str]:
    """The names, which are gone from there afterwards."""
    names: list[str] = []
    with suppress(OSError):
        for entry in sorted(folder.iterdir())[:AT_ONCE]:
            try:
                entry.unlink()
            except IsADirectoryError:
                with suppress(OSError):
                    entry.rmdir()
                continue
            if is_slug(entry.name):
                names.append(entry.name)
    return names
