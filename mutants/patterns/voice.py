"""What a hamlet's gong sounds like: a struck steel bar described by a few numbers, or a recording of the gong itself.

    bar: {fundamental_hz: 520, ring_s: 3.2, damping: 0.7, levels: [1, 0.8, 0.55, 0.35], mallet_ms: 0.4, beat_hz: 1.6}

or

    recording: kẻng-thôn-1.m4a        # beside this file

What must always hold: two voices that would sound different have different `identity`; loading needs neither NumPy nor
pydub, for nodes look clips up by voice.

Does not know: how to make sound of it (strike.py, recording.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

from patterns.errors import PatternsError, VoiceError
from patterns.fields import Faults, Field
from patterns.yamlfile import read_yaml

PARTIALS = (1.0, 2.756, 5.404, 8.933)
"""Frequencies of a free-free bar's bending modes over the first (Euler–Bernoulli: 3.0112², 5², 7², 9² over 3.0112²)."""
MAX_RECORDING_BYTES = 20 * 1024 * 1024
"""A minute of uncompressed stereo and more; a stroke takes seconds."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A free steel bar: a length of rail, a wheel rim, a shell case."""

    fundamental_hz: float = 520.0
    """Lowest partial, 80 to 2,000 Hz. Horn loudspeakers carry 400 Hz and up."""
    ring_s: float = 3.2
    """Until the lowest partial has sunk by 60 dB, 0.2 to 8 s."""
    damping: float = 0.7
    """How much sooner high partials die: ring of partial f is ring_s / (f / fundamental)^damping; 0 to 2."""
    levels: tuple[float, float, float, float] = (1.0, 0.8, 0.55, 0.35)
    """Of the four partials before the mallet softens them, 0 to 1."""
    mallet_ms: float = 0.4
    """Contact of the hammer, 0.1 to 1.5 ms: steel about 0.3, wood about 1."""
    beat_hz: float = 1.6
    """A rail is no perfect bar: each partial is two, so far apart, and so wavers; 0 to 10 Hz."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One stroke of the hamlet's own gong."""

    path: str
    """Of the sound file."""
    sha256: str
    """Hex, of its bytes."""


Voice: TypeAlias = Bar | Recording
"""What strokes sound like."""
DEFAULT_VOICE = Bar()
"""A length of rail."""


def identity(voice: Voice) -> dict[str, object]:
    """What distinguishes the voice, as JSON: the same recording is the same voice wherever it lies."""
    if isinstance(voice, Recording):
        return {"recording": voice.sha256}
    return {"bar": asdict(voice)}


def load_voice(path: Path) -> Voice:
    """Read a voice's YAML file. Raises VoiceError with all faults."""
    try:
        faults = Faults(read_yaml(path))
    except PatternsError as error:
        raise VoiceError(error.vi, error.en, error.faults) from error
    voice = read_voice(faults.top, path.parent)
    faults.raise_all(VoiceError)
    return voice or DEFAULT_VOICE


def read_voice(field: Field, folder: Path) -> Voice | None:
    """A voice within a larger file; recordings are looked for in `folder`. None if there are faults."""
    parts = field.record({"bar", "recording"})
    if len(parts) != 1:
        field.fault("cần đúng một trong hai: bar hoặc recording.", "needs exactly one of: bar, recording.")
        return None
    return _bar(parts["bar"]) if "bar" in parts else _recording(parts["recording"], folder)


def _bar(field: Field) -> Bar | None:
    before = len(field.faults.found)
    parts = field.record({"fundamental_hz", "ring_s", "damping", "levels", "mallet_ms", "beat_hz"})
    default = DEFAULT_VOICE
    bar = Bar(
        fundamental_hz=_number(parts, "fundamental_hz", 80, 2000, default.fundamental_hz),
        ring_s=_number(parts, "ring_s", 0.2, 8, default.ring_s),
        damping=_number(parts, "damping", 0, 2, default.damping),
        levels=_levels(parts["levels"]) if "levels" in parts else default.levels,
        mallet_ms=_number(parts, "mallet_ms", 0.1, 1.5, default.mallet_ms),
        beat_hz=_number(parts, "beat_hz", 0, 10, default.beat_hz),
    )
    return bar if len(field.faults.found) == before else None


def _number(parts: Mapping[str, Field], name: str, low: float, high: float, default: float) -> float:
    number = parts[name].number(low, high) if name in parts else None
    return default if number is None else number


def _levels(field: Field) -> tuple[float, float, float, float]:
    levels = [level for item in field.items(len(PARTIALS)) if (level := item.number(0, 1)) is not None]
    if len(levels) != len(PARTIALS) or max(levels) == 0:
        field.fault("cần bốn số từ 0 đến 1, không phải toàn 0.", "needs four numbers from 0 to 1, not all 0.")
        return DEFAULT_VOICE.levels
    return levels[0], levels[1], levels[2], levels[3]


def _recording(field: Field, folder: Path) -> Recording | None:
    name = field.text(400)
    if name is None:
        return None
    path = folder / name
    try:
        if path.stat().st_size > MAX_RECORDING_BYTES:
            limit = MAX_RECORDING_BYTES // (1024 * 1024)
            field.fault(
                f"{path}: lớn hơn {limit} MB; hãy cắt lấy một tiếng.", f"{path}: over {limit} MB; cut out one stroke."
            )
            return None
        with path.open("rb") as file:
            return Recording(str(path), hashlib.file_digest(file, "sha256").hexdigest())
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        field.fault(
            f"{path}: không đọc được tệp ghi âm ({reason}).", f"{path}: the recording cannot be read ({reason})."
        )
        return None
