"""The sentences that a box can say: recordings that come with the program, made ready in less than a millisecond.

    patterns/data/words/<word>.wav     24 kHz mono, G.711 µ-law; `make words` speaks them anew

What must always hold: asking costs the loop a file of some 60 KB and no arithmetic in Python; a recording that is
missing or not as ours are is no clip, never an error. A sentence has no strokes: no ear listens for it, no hammer
strikes it.
"""

from __future__ import annotations

from importlib.resources import files

from node.core.beginning import SAID
from node.hands import ClipShelf
from patterns.clip import BYTES_PER_FRAME, RATE, Clip

WELL_WORD = "well"
"""The recording of wire.blinks.WELL."""
MAX_BYTES = 200_000
"""Eight seconds; the longest sentence has three."""
HEADER = b"RIFF", b"WAVEfmt \x12\x00\x00\x00\x07\x00\x01\x00\xc0\x5d\x00\x00"
"""How ours begin: µ-law, one channel, 24,000 a second; between the two stands the length."""
TIMES = RATE // 24_000
"""Each sample is played so often: what that adds lies above what a horn gives."""


def _linear(code: int) -> int:
    code = ~code & 0xFF
    size = ((((code & 0x0F) << 3) + 0x84) << (code >> 4 & 7)) - 0x84
    return -size if code & 0x80 else size


_LOW = bytes(_linear(code) & 0xFF for code in range(256))
_HIGH = bytes(_linear(code) >> 8 & 0xFF for code in range(256))


def recording(word: str) -> Clip | None:
    """A sentence as it is played; none if there is no such recording."""
    try:
        raw = (files("patterns") / "data" / "words" / f"{word}.wav").read_bytes()
    except (OSError, ValueError):
        return None
    return read(raw, word)


def read(raw: bytes, word: str) -> Clip | None:
    """A file's bytes as it is played; none if it is not as ours are."""
    head, mark, rest = raw.partition(b"data")
    if not mark or not (raw.startswith(HEADER[0]) and head[8:].startswith(HEADER[1])) or len(raw) > MAX_BYTES:
        return None
    codes = rest[4 : 4 + int.from_bytes(rest[:4], "little")]
    if not codes:
        return None
    pcm = bytearray(len(codes) * TIMES * BYTES_PER_FRAME)
    low, high = codes.translate(_LOW), codes.translate(_HIGH)
    for turn in range(TIMES):
        pcm[2 * turn :: 2 * TIMES] = low
        pcm[2 * turn + 1 :: 2 * TIMES] = high
    return Clip(SAID + word, RATE, memoryview(bytes(pcm)), len(codes) * TIMES, None, None, ())


class WordShelf:
    """A hands.ClipShelf that has the sentences, too."""

    def __init__(self, patterns: ClipShelf) -> None:
        self._patterns = patterns

    def get(self, name: str, *, alarm: bool) -> Clip | None:
        """The clip to play."""
        if name.startswith(SAID) and not alarm:
            return recording(name.removeprefix(SAID))
        return self._patterns.get(name, alarm=alarm)
