"""Rendered patterns on disk, found by what they are: a node needs neither NumPy nor a render at start.

    <key>.wav     a standard WAV that anyone can play (once through)
    <key>.json    what a WAV does not say: loop, strokes, and the hash of the samples

What must always hold: the key names score, voice and way of rendering, so an entry is never out of date; the .json is
written last, each file in one step, synced; an entry that is damaged in any way is as good as missing. Samples are
mapped, not read: they cost no memory until they are played, and then only the page cache's. But a page of a map that
the card cannot give any more kills the program (SIGBUS): what must sound in any case is asked for as `held`.

Does not know: how to render (prepare.py), NumPy, pydub.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import tempfile
import wave
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import msgspec

from patterns.clip import BYTES_PER_FRAME, RATE, Clip
from patterns.score import Score
from patterns.voice import Voice, identity

RENDERING = 1
"""Rises when the same score and voice would sound different."""
MAX_FRAMES = 180 * RATE
"""The longest score, its ringing and its loop's settling; a larger file is none of ours."""
MAX_SIDECAR_BYTES = 512 * 1024
"""A thousand strokes and the passes of a short loop need a tenth."""
WAV_HEADER_BYTES = 44
"""RIFF, fmt and data headers of plain PCM, as the wave module writes them."""
TEMPORARY = ".part-"
"""Start of the names of files being written."""


class Sidecar(msgspec.Struct, frozen=True):
    """The .json beside a .wav."""

    pattern: str
    """Its name when it was rendered."""
    score: str
    """Hash of its strokes."""
    rate: int
    """Frames a second."""
    frames: int
    """In the WAV."""
    loop_start: int | None
    """First frame of the loop."""
    loop_end: int | None
    """After its last."""
    strokes: tuple[int, ...]
    """First frame of each stroke up to `loop_end`."""
    sha256: str
    """Hex, of the samples."""


def score_hash(score: Score) -> str:
    """Hex; the same for whatever scores strike the same strokes."""
    timeline = score.timeline()
    strokes = [[[hit.at_ms, hit.gain] for hit in hits] for hits in (timeline.head, timeline.loop)]
    return _hash([strokes, timeline.head_ms if timeline.loop else None, timeline.loop_ms])


def key(score: Score, voice: Voice) -> str:
    """The entry's name: 32 hex digits."""
    return _hash([RENDERING, RATE, score_hash(score), identity(voice)])[:32]


def find(cache_dir: Path, score: Score, voice: Voice, *, held: bool = False) -> Clip | None:
    """The clip, checked, its samples mapped or `held` in memory; None if missing or damaged. Never raises."""
    name = key(score, voice)
    try:
        raw = _read(cache_dir / f"{name}.json", MAX_SIDECAR_BYTES)
        sidecar = msgspec.json.decode(raw, type=Sidecar)
        if not _plausible(sidecar) or sidecar.score != score_hash(score):
            return None
        pcm = _samples(cache_dir / f"{name}.wav", sidecar, held)
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return None
    if pcm is None:
        return None
    return Clip(
        name=score.name,
        rate=sidecar.rate,
        pcm=pcm,
        frames=sidecar.frames,
        loop_start=sidecar.loop_start,
        loop_end=sidecar.loop_end,
        strokes=sidecar.strokes,
    )


def store(
    cache_dir: Path,
    score: Score,
    voice: Voice,
    pcm: bytes,
    loop_start: int | None,
    loop_end: int | None,
    strokes: tuple[int, ...],
) -> Path:
    """Write an entry, synced, in one step; the path of its WAV. Raises OSError."""
    name = key(score, voice)
    cache_dir.mkdir(parents=True, exist_ok=True)
    sidecar = Sidecar(
        pattern=score.name,
        score=score_hash(score),
        rate=RATE,
        frames=len(pcm) // BYTES_PER_FRAME,
        loop_start=loop_start,
        loop_end=loop_end,
        strokes=strokes,
        sha256=hashlib.sha256(pcm).hexdigest(),
    )
    wav = cache_dir / f"{name}.wav"
    (cache_dir / f"{name}.json").unlink(missing_ok=True)  # first: at no time does it speak of another WAV
    _write(wav, wav_bytes(pcm))
    _write(cache_dir / f"{name}.json", msgspec.json.encode(sidecar))
    folder = os.open(cache_dir, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return wav


def wav_bytes(pcm: bytes | memoryview) -> bytes:
    """A standard WAV of mono 16-bit samples at 48 kHz."""
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(BYTES_PER_FRAME)
        file.setframerate(RATE)
        file.writeframes(pcm)
    return buffer.getvalue()


def _plausible(sidecar: Sidecar) -> bool:
    start, end, frames = sidecar.loop_start, sidecar.loop_end, sidecar.frames
    loop_fits = end is None if start is None else end == frames and 0 <= start < frames
    strokes = sidecar.strokes
    rising = all(earlier < later for earlier, later in pairwise(strokes))
    strokes_fit = bool(strokes) and strokes[0] == 0 and strokes[-1] < frames and rising
    return sidecar.rate == RATE and 0 < frames <= MAX_FRAMES and loop_fits and strokes_fit


def _samples(path: Path, sidecar: Sidecar, held: bool) -> memoryview | None:
    """The samples, if they are what the sidecar says. Hashed by reading: hashing the map would make it resident."""
    size = WAV_HEADER_BYTES + sidecar.frames * BYTES_PER_FRAME
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size != size:
            return None
        header = file.read(WAV_HEADER_BYTES)
        if held:
            pcm = file.read(size)
            good = hashlib.sha256(pcm).hexdigest() == sidecar.sha256 and _ours(header, sidecar)
            return memoryview(pcm) if good else None
        if hashlib.file_digest(file, "sha256").hexdigest() != sidecar.sha256 or not _ours(header, sidecar):
            return None
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return memoryview(mapped)[WAV_HEADER_BYTES:]


def _ours(header: bytes, sidecar: Sidecar) -> bool:
    return header == wav_bytes(b"")[:4] + _size(36 + 2 * sidecar.frames) + wav_bytes(b"")[8:40] + _size(
        2 * sidecar.frames
    )


def _size(count: int) -> bytes:
    return count.to_bytes(4, "little")


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        raw = file.read(limit + 1)
    if len(raw) > limit:
        raise ValueError("too large")
    return raw


def _write(path: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(prefix=TEMPORARY, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
