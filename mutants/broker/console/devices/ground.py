"""What lies under the gongs: a picture or a PMTiles file that somebody put into the console's home, or nothing.

    ground.pmtiles                        raster tiles: coordinates in degrees
    ground.png | .jpg | .webp             a picture; coordinates in its own pixels, bottom left is 0, 0

What must hold: only these names are ever served, in ranges too, as PMTiles is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

TILES = "ground.pmtiles"
PICTURES = ("ground.png", "ground.jpg", "ground.webp")
KINDS = {".pmtiles": "application/octet-stream", ".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp"}
MAX_RANGE = 4 * 1024 * 1024
"""Of one answer: a directory of tiles has some kilobytes, a tile some more."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is."""

    kind: Literal["none", "picture", "tiles"]
    """Which."""
    path: Path | None = None
    """Its file."""


def ground_of(home: Path) -> Ground:
    """Tiles before pictures."""
    if (home / TILES).is_file():
        return Ground("tiles", home / TILES)
    for name in PICTURES:
        if (home / name).is_file():
            return Ground("picture", home / name)
    return Ground("none")


def span(header: str | None, size: int) -> tuple[int, int] | None:
    """(first, last) byte of a Range header of one range; none: the whole file. ValueError if it cannot be served."""
    if not header:
        return None
    unit, _, wanted = header.partition("=")
    first_text, dash, last_text = wanted.partition("-")
    if unit.strip() != "bytes" or not dash or "," in wanted:
        raise ValueError(header)
    if not first_text.strip():
        first, last = max(0, size - int(last_text)), size - 1
    else:
        first, last = int(first_text), min(int(last_text) if last_text.strip() else size - 1, size - 1)
    if not 0 <= first <= last:
        raise ValueError(header)
    return first, min(last, first + MAX_RANGE - 1)
