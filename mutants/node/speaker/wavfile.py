"""A WAV file as loudspeaker, for machines without one: sample k of the file sounded at its zero + k / 48000 s.

What must always hold: the file is a plain WAV that any program can read at any time, its sizes true after each write;
silence is a hole in a sparse file, so a quiet night costs a few KiB; starts, stops and pre-emption fall on the clock
as on a device. A comment in the file (INFO, ICMT) says when its zero was: "monotonic_ns=… boot=… started=…Z".

A node that restarts goes on in its file. After LIMIT_S, or if the file is not its own (another boot, another program),
it goes on in gong-2.wav, gong-3.wav…: nothing is overwritten.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from node.speaker.errors import SinkTrouble, Underrun, trouble
from node.speaker.ports import RATE_HZ
from node.speaker.sink import Gauge
from node.speaker.tape import NS_PER_S, frames_in

AHEAD_FRAMES = RATE_HZ * 40 // 1000
"""40 ms, as alsa.py has it."""
LIMIT_S = 6 * 3600
"""Six hours are 2.07 GB by name: below the 2 GiB at which old programs stop reading."""
COMMENT_BYTES = 128
HEADER_BYTES = 12 + 24 + 12 + 8 + COMMENT_BYTES + 8
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


class WavFile:
    """A Sink over a file, paced by the monotonic clock."""

    def __init__(self, path: Path, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._first = path
        self._clock = clock
        self._path = path
        self._file = -1
        self._zero_ns = 0
        self._base: int | None = None
        self._written = 0

    @property
    def path(self) -> Path:
        """The file it writes now."""
        return self._path

    def open(self) -> None:
        self._guard(self._cut)
        self._guard(self._roll)
        self._base, self._written = None, 0

    def gauge(self) -> Gauge:
        if self._base is None:
            return Gauge(AHEAD_FRAMES, 0, running=False)
        heard = self._now() - self._base
        if heard > self._written:
            raise Underrun
        return Gauge(AHEAD_FRAMES - (self._written - heard), heard, running=True)

    def write(self, pcm: memoryview) -> int:
        if self._base is None:
            self._base = self._now()
        at = self._base + self._written
        self._guard(lambda: self._put(at, pcm))
        self._written += len(pcm) // 2
        return len(pcm) // 2

    def close(self) -> None:
        try:
            self._cut()
        except OSError:
            # A full disk cannot keep us from being silent.
            self._base = None

    def probe(self) -> None:
        """Lengthen the file by the silence since: a hole."""
        self._guard(self._roll)
        self._guard(lambda: self._resize(self._now()))

    def _now(self) -> int:
        return frames_in(self._clock() - self._zero_ns)

    def _cut(self) -> None:
        """What was written ahead and has not sounded never will."""
        if self._base is not None and self._file >= 0:
            self._resize(min(self._base + self._written, max(self._base, self._now())))
        self._base = None

    def _put(self, frame: int, pcm: memoryview) -> None:
        if frame + len(pcm) // 2 > RATE_HZ * LIMIT_S:
            # A sound that runs over the edge is an underrun: the deck opens again, and goes on in the next file.
            raise Underrun
        os.pwrite(self._file, pcm, HEADER_BYTES + 2 * frame)
        self._state_sizes(frame + len(pcm) // 2)

    def _resize(self, frames: int) -> None:
        os.ftruncate(self._file, HEADER_BYTES + 2 * frames)
        self._state_sizes(frames)

    def _state_sizes(self, frames: int) -> None:
        os.pwrite(self._file, struct.pack("<I", HEADER_BYTES - 8 + 2 * frames), 4)
        os.pwrite(self._file, struct.pack("<I", 2 * frames), HEADER_BYTES - 4)

    def _roll(self) -> None:
        """See that there is a file of ours with room in it."""
        if self._file >= 0 and self._path.exists() and self._now() < RATE_HZ * LIMIT_S - AHEAD_FRAMES:
            return
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        self._first.parent.mkdir(parents=True, exist_ok=True)
        number = 1
        while not self._take(number):
            number += 1

    def _take(self, number: int) -> bool:
        name = self._first.name if number == 1 else f"{self._first.stem}-{number}{self._first.suffix}"
        path = self._first.with_name(name)
        boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else "unknown"
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        header = os.pread(file, HEADER_BYTES, 0)
        if header:
            zero_ns = _zero(header, boot)
            if zero_ns is None or not 0 <= self._clock() - zero_ns < LIMIT_S * NS_PER_S - NS_PER_S:
                os.close(file)
                return False
            self._zero_ns = zero_ns
        else:
            self._zero_ns = self._clock()
            os.pwrite(file, _header(self._zero_ns, boot), 0)
        self._file, self._path = file, path
        return True

    def _guard(self, act: Callable[[], None]) -> None:
        try:
            act()
        except SinkTrouble:
            raise
        except OSError as fault:
            raise trouble(fault.errno or 0, f"{self._path}: {fault.strerror}") from fault


def _header(zero_ns: int, boot: str) -> bytes:
    started = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    comment = f"monotonic_ns={zero_ns} boot={boot} started={started}".encode().ljust(COMMENT_BYTES, b"\0")
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16)
    listed = struct.pack("<4sI4s4sI", b"LIST", 12 + COMMENT_BYTES, b"INFO", b"ICMT", COMMENT_BYTES) + comment
    body = b"WAVE" + shape + listed + struct.pack("<4sI", b"data", 0)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _zero(header: bytes, boot: str) -> int | None:
    """When the file's first sample sounded, if the file is ours and of this boot."""
    words = dict(w.split("=", 1) for w in header[-COMMENT_BYTES - 8 : -8].decode(errors="replace").split() if "=" in w)
    if header[:4] != b"RIFF" or words.get("boot") != boot or not words.get("monotonic_ns", "").isdigit():
        return None
    return int(words["monotonic_ns"])
