"""What this machine can play: one gong, all of them, or none. Tried, not guessed.

Two openers at once tell a mixing device (PulseAudio, PipeWire, dmix) from a bare card, which one program holds alone.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Literal

from deploy.demo.home import DemoFault
from deploy.demo.options import SoundChoice

Found = Literal["shared", "single", "none"]

DEVICE = "default"
LOOK_S = 0.5
"""aplay says within this that it cannot open a device; one that plays silence is still playing."""
_SILENCE = ("-q", "-t", "raw", "-f", "S16_LE", "-r", "48000", "-c", "1", "-D", DEVICE, "/dev/zero")


def probe(environment: Mapping[str, str] = os.environ) -> Found:
    """Play silence on the default device, then a second time beside it."""
    player = shutil.which("aplay")
    if player is None:
        return "none"
    with ExitStack() as ending:

        def plays() -> bool:
            child = subprocess.Popen(  # noqa: S603 - a fixed command
                [player, *_SILENCE],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=dict(environment),
            )
            ending.callback(child.wait)
            ending.callback(child.kill)
            try:
                child.wait(LOOK_S)
            except subprocess.TimeoutExpired:
                return True
            return False

        if not plays():
            return "none"
        return "shared" if plays() else "single"


def on_device(choice: SoundChoice, hamlets: int) -> tuple[int, str, str]:
    """How many hamlets, from the first, sound on the device; and that in Vietnamese and English. DemoFault."""
    found: Found = "none" if choice == "wav" else probe()
    if choice == "device" and found == "none":
        raise DemoFault(
            f'Không mở được thiết bị âm thanh "{DEVICE}". Hãy xem: aplay -L; hoặc dùng --sound wav.',
            f'The sound device "{DEVICE}" cannot be opened. See: aplay -L; or use --sound wav.',
        )
    match found:
        case "shared":
            return hamlets, "Tiếng kẻng ra loa của máy này.", "The gongs sound on this machine's loudspeaker."
        case "single":
            return (
                1,
                "Thẻ âm thanh chỉ cho một chương trình dùng: thôn đầu ra loa, các thôn khác ra tệp WAV.",
                "The sound card serves one program at a time: the first hamlet sounds, the others go to WAV files.",
            )
        case _:
            why = (
                ("", "") if choice == "wav" else ("Máy này không có thiết bị âm thanh. ", "There is no sound device. ")
            )
            return 0, f"{why[0]}Mỗi thôn kêu vào một tệp WAV.", f"{why[1]}Each hamlet sounds into a WAV file."
