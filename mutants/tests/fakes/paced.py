"""The paced card (pcm_paced.c) for Python: built once, configured in a folder, and its witness read back.

`build()` compiles into a cache named after the source's content, so that no test run compiles it twice.
`PacedCard(folder)` writes the ALSA configuration of one card called "gong" (and makes it the default device); give a
child process its `.environment`: libasound reads its configuration once per process. With `air=True` it can be heard by
a PacedMicrophone(card), called "ear".
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
RATE_HZ = 48_000


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the card's log."""

    what: str
    """open, close, busy, start, stop, xrun, on, off, hi."""
    at_ns: int
    """Monotonic ns."""
    pid: int
    """Who held the card."""
    frame: int
    """Frames in the record before this."""


def missing() -> str | None:
    """What this machine lacks to build the card, in words; None: nothing."""
    if not shutil.which("gcc"):
        return "gcc (sudo apt install gcc)"
    places = [Path("/usr/include/alsa/pcm_external.h")]
    return None if any(p.exists() for p in places) else "ALSA's headers (sudo apt install libasound2-dev)"


def build(name: str = "paced") -> Path:
    """The compiled plugin, from the cache if its source has not changed."""
    source = HERE / f"pcm_{name}.c"
    read = source.read_bytes() + (HERE / "air.h").read_bytes() + sysconfig.get_platform().encode()
    folder = Path(tempfile.gettempdir()) / f"keng-paced-{os.getuid()}-{hashlib.sha256(read).hexdigest()[:16]}"
    plugin = folder / f"libasound_module_pcm_{name}.so"
    if not plugin.exists():
        folder.mkdir(mode=0o700, exist_ok=True)
        draft = folder / f"{os.getpid()}.so"
        command = ["gcc", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-O2", "-DPIC"]
        subprocess.run([*command, "-o", str(draft), str(source), "-lasound"], check=True)
        draft.rename(plugin)
    return plugin


class PacedCard:
    """One card in one folder."""

    def __init__(self, folder: Path, channels: int = 0, *, air: bool = False) -> None:
        """`channels`: 0 takes mono and stereo, 2 stereo only. `air`: it can be heard."""
        self.folder = folder
        self.config = folder / "asound.conf"
        self.log = folder / "card.jsonl"
        self.record = folder / "card.s16"
        self.air = folder / "air"
        self._lock = folder / "card.lock"
        self._unplug = folder / "card.unplugged"
        self.config.write_text(
            f'pcm_type.paced {{ lib "{build()}" }}\n'
            f'pcm.gong {{ type paced  log "{self.log}"  record "{self.record}"  lock "{self._lock}"'
            f'  unplug "{self._unplug}"  channels {channels}'
            + (f'  air "{self.air}"' if air else "")
            + '  hint { show on  description "Paced virtual card" } }\n'
            'pcm.!default { type plug  slave.pcm "gong" }\n'
        )

    @property
    def environment(self) -> dict[str, str]:
        """What a child process needs to see this card, and no other."""
        return {**os.environ, "ALSA_CONFIG_PATH": str(self.config)}

    def unplug(self) -> None:
        """Pull the card: ENODEV for everybody."""
        self._unplug.touch()

    def plug_in(self) -> None:
        """Put it back."""
        self._unplug.unlink(missing_ok=True)

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Somebody else holds the card: EBUSY for everybody."""
        with self._lock.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield

    def happenings(self) -> list[Happening]:
        """The whole log so far."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [Happening(h["ev"], h["t"], h["pid"], h["at"]) for h in map(json.loads, lines)]

    def spans(self) -> list[tuple[int, int]]:
        """(first, last) loud sample of each closed stretch of sound, monotonic ns."""
        ons = [h.at_ns for h in self.happenings() if h.what == "on"]
        offs = [h.at_ns for h in self.happenings() if h.what == "off"]
        return list(zip(ons, offs, strict=False))

    def runs(self) -> list[tuple[int, bytes]]:
        """(monotonic ns of its first sample, s16le mono samples heard) of each run of the device."""
        pcm = self.record.read_bytes() if self.record.exists() else b""
        starts = [h for h in self.happenings() if h.what == "start"]
        ends = [h.frame for h in starts[1:]] + [len(pcm) // 2]
        return [(h.at_ns, pcm[2 * h.frame : 2 * end]) for h, end in zip(starts, ends, strict=True)]


class PacedMicrophone:
    """One microphone in the air of one card, called "ear"."""

    def __init__(
        self, card: PacedCard, *, delay_ms: int = 60, gain: int = 300, noise: int = 30, channels: int = 0
    ) -> None:
        """`gain`: thousandths of what was sounded `delay_ms` ago; `noise`: ± of 32,768; `channels`: as the card's."""
        self._unplug, self._cut, self._deaf, self._lock = (
            card.folder / f"ear.{switch}" for switch in ("unplugged", "cut", "deaf", "lock")
        )
        with card.config.open("a") as config:
            config.write(
                f'pcm_type.heard {{ lib "{build("heard")}" }}\n'
                f'pcm.ear {{ type heard  air "{card.air}"  lock "{self._lock}"  unplug "{self._unplug}"'
                f'  cut "{self._cut}"  deaf "{self._deaf}"  delay_ms {delay_ms}  gain {gain}  noise {noise}'
                f'  channels {channels}  hint {{ show on  description "Virtual microphone" }} }}\n'
            )

    def unplug(self) -> None:
        """Pull it: ENODEV for everybody."""
        self._unplug.touch()

    def plug_in(self) -> None:
        """Put it back."""
        self._unplug.unlink(missing_ok=True)

    def cut_the_loudspeaker(self) -> None:
        """The card plays on; nothing of it is heard any more."""
        self._cut.touch()

    def mend_the_loudspeaker(self) -> None:
        """It is heard again."""
        self._cut.unlink(missing_ok=True)

    def mute(self) -> None:
        """It gives zeros."""
        self._deaf.touch()

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Somebody else listens: EBUSY for everybody."""
        with self._lock.open("a") as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield


@pytest.fixture
def paced_card(tmp_path: Path) -> PacedCard:
    """A fresh card; skips, with the package to install, where it cannot be built."""
    lacking = missing()
    if lacking:
        pytest.skip(f"the paced card needs {lacking}")
    return PacedCard(tmp_path)
