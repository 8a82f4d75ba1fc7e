"""UUIDv7 (RFC 9562, 5.7) from a time and entropy that are passed in, so that a core stays replayable.

Python's own uuid.uuid7 comes with 3.14 and reads clock and entropy by itself.
"""

from __future__ import annotations

import hashlib
from uuid import UUID


def uuid7(wall_ms: int, entropy: bytes) -> str:
    """The id for a moment (ms since 1970) and at least 10 bytes of entropy."""
    if len(entropy) < 10:
        raise ValueError("a UUIDv7 needs 10 bytes of entropy")
    noise = int.from_bytes(entropy[:10])
    value = (wall_ms & (1 << 48) - 1) << 80 | 7 << 76 | (noise >> 62 & 0xFFF) << 64 | 2 << 62 | noise & (1 << 62) - 1
    return str(UUID(int=value))


class Entropy:
    """A stream of unpredictable bytes from one secret seed: the same seed, the same run."""

    def __init__(self, seed: bytes) -> None:
        if not seed:
            raise ValueError("entropy needs a seed")
        self._key = hashlib.blake2b(seed).digest()
        self._drawn = 0

    def draw(self, size: int) -> bytes:
        """The next `size` (at most 64) bytes."""
        self._drawn += 1
        return hashlib.blake2b(self._drawn.to_bytes(8), key=self._key, digest_size=size).digest()
