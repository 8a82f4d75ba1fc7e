"""What a power cut left, laid out to be judged: each image in a folder of its own, in memory, for speed.

commune_after.py and node_after.py judge. An AssertionError says what was lost, a program's own error what does not
open.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cuts.disk import Cut, Image, lay_out

MEMORY = Path("/dev/shm")


@contextmanager
def laid_out(image: Image) -> Iterator[Path]:
    """A folder with these files."""
    with tempfile.TemporaryDirectory(prefix="keng-cut-", dir=MEMORY if MEMORY.is_dir() else None) as name:
        lay_out(image, Path(name))
        yield Path(name)


def claimed(cut: Cut, word: str) -> int | None:
    """The most that was claimed of something; None: nothing yet."""
    return max((claim[word] for raw in cut.claims if word in (claim := json.loads(raw))), default=None)


def last_of(cut: Cut, *words: str) -> str | None:
    """Which of these was claimed last."""
    said = (word for raw in reversed(cut.claims) for word in json.loads(raw))
    return next((word for word in said if word in words), None)
