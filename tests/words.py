"""Speaks the sentences that a box can say, and writes them as small recordings: make words

Needs Debian's espeak-ng (its Vietnamese voice) and NumPy; a node needs neither. A recording is a standard WAV, 24 kHz
mono, µ-law (eight bits a sample): some 60 KB a sentence, and half of a node's 48 kHz.
What must hold: the same espeak-ng gives the same files; none is longer than MOST_S, louder than full scale, or silent.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np

from wire.blinks import BLINKS, WELL

FOLDER = Path(__file__).parent.parent / "patterns/data/words"
RATE = 24_000
MOST_S = 4.0
"""Longer sentences nobody follows on a ladder, under a horn."""
SPEECH = ("-v", "vi", "-s", "135", "-p", "45", "-g", "3")
"""Northern voice; slowly, and a gap between the words."""
PEAK = 0.89
"""A decibel below full scale."""
BAND_HZ = (250.0, 7_500.0)
"""What a horn gives; the rest would only take power."""
BIAS, CLIP = 0x84, 32_635
"""Of ITU-T G.711's µ-law."""


def spoken(text: str) -> tuple[np.ndarray, int]:
    """What espeak-ng says, -1 to 1, and its rate."""
    done = subprocess.run(["espeak-ng", *SPEECH, "--stdout", text], capture_output=True, check=True)
    head, _, data = done.stdout.partition(b"data")
    # To a pipe espeak-ng writes a header without lengths.
    rate = struct.unpack_from("<I", head, 24)[0]
    samples = np.frombuffer(data[4 : 4 + (len(data) - 4) // 2 * 2], "<i2").astype(float) / 32_768
    return samples, rate


def shaped(samples: np.ndarray, rate: int) -> np.ndarray:
    """Without silence at its ends, in the band of a horn, at RATE, as loud as it can be."""
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    samples = np.concatenate([np.zeros(rate // 10), samples[loud[0] : loud[-1] + 1], np.zeros(rate // 10)])
    spectrum = np.fft.rfft(samples)
    at_hz = np.fft.rfftfreq(len(samples), 1 / rate)
    spectrum[(at_hz < BAND_HZ[0]) | (at_hz > BAND_HZ[1])] = 0
    length = round(len(samples) * RATE / rate)
    bins = np.zeros(length // 2 + 1, complex)
    most = min(len(bins), len(spectrum))
    bins[:most] = spectrum[:most]
    wide = np.fft.irfft(bins, length)
    return wide / np.max(np.abs(wide)) * PEAK


def ulaw(samples: np.ndarray) -> bytes:
    """G.711."""
    whole = np.clip(np.round(samples * 32_767), -CLIP, CLIP).astype(int)
    size = np.abs(whole) + BIAS
    exponent = np.floor(np.log2(size)).astype(int) - 7
    mantissa = (size >> (exponent + 3)) & 0x0F
    code = np.where(whole < 0, 0x80, 0) | (exponent << 4) | mantissa
    return bytes((~code & 0xFF).astype(np.uint8))


def wav(data: bytes) -> bytes:
    """WAVE_FORMAT_MULAW, 7."""
    data_padded = data + b"\xff" * (len(data) % 2)
    form = struct.pack("<HHIIHHH", 7, 1, RATE, RATE, 1, 8, 0)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"fact" + struct.pack("<II", 4, len(data))
    chunks += b"data" + struct.pack("<I", len(data)) + data_padded
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def main() -> int:
    """All of them."""
    if shutil.which("espeak-ng") is None:
        sys.stderr.write("Thiếu espeak-ng: sudo apt-get install espeak-ng / espeak-ng is missing\n")
        return 1
    FOLDER.mkdir(exist_ok=True)
    for word, text in [*((blink.word, blink.vi) for blink in BLINKS), ("well", WELL)]:
        samples = shaped(*spoken(text))
        assert len(samples) <= MOST_S * RATE, f"{word}: {len(samples) / RATE:.1f} s"
        (FOLDER / f"{word}.wav").write_bytes(wav(ulaw(samples)))
        sys.stdout.write(f"{word}: {len(samples) / RATE:.1f} s, {text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
