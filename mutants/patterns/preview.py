"""Plays a WAV on a desk, to hear what a pattern is like. A gong does not play this way (node/speaker does).

simpleaudio where it is safe: it crashes at the end of the first sound on Python 3.12 and later. Else PulseAudio's or
ALSA's own player as a child. What must always hold: it returns when the sound is over, or with a PreviewError that says
what to install.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
import tempfile

from patterns.clip import RATE
from patterns.errors import PatternsError

PLAYERS = (("paplay",), ("aplay", "-q"))
"""In the order in which they are tried; each takes a WAV's path."""
SIMPLEAUDIO_BELOW = (3, 12)
"""Measured: from 3.12 on it dies of SIGSEGV, every time."""
GRACE_S = 15
"""A player that has not ended so long after the sound hangs on its device."""
WAV_HEADER_BYTES = 44
"""As cache.wav_bytes writes it."""


class PreviewError(PatternsError, OSError):
    """Nothing here can play sound."""


def play(wav: bytes) -> None:
    """Play a mono 16-bit 48 kHz WAV to its end. Raises PreviewError."""
    pcm = wav[WAV_HEADER_BYTES:]
    if sys.version_info < SIMPLEAUDIO_BELOW and _simpleaudio(pcm):
        return
    why = "–"
    for command, *options in PLAYERS:
        found = shutil.which(command)
        if found is None:
            continue
        failed = _child([found, *options], wav, len(pcm) / 2 / RATE + GRACE_S)
        if failed is None:
            return
        why = f"{command}: {failed}"
    raise PreviewError(
        f"Máy này không phát được tiếng ({why}). Hãy xem loa và thẻ âm thanh, cài alsa-utils, "
        "hoặc dùng: keng patterns render NAME out.wav",
        f"No sound can be played here ({why}). Check the loudspeaker and sound card, install alsa-utils, "
        "or use: keng patterns render NAME out.wav",
    )


def _simpleaudio(pcm: bytes) -> bool:
    try:
        simpleaudio = importlib.import_module("simpleaudio")
        simpleaudio.play_buffer(pcm, 1, 2, RATE).wait_done()
    except Exception:  # not installed, no device: its errors share no base class, and the players below may still do
        return False
    return True


def _child(command: list[str], wav: bytes, limit_s: float) -> str | None:
    """Why it failed; None if it played."""
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        file.write(wav)
        file.flush()
        try:
            ended = subprocess.run(  # noqa: S603 - a fixed player, found on the path, and a file of our own
                [*command, file.name], capture_output=True, timeout=limit_s, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return str(error)
    lines = ended.stderr.decode(errors="replace").strip().splitlines()
    return None if ended.returncode == 0 else (lines or [f"exit {ended.returncode}"])[-1]
