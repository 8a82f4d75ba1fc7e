"""What the benches stand on: a node with a paced card, the commune's service, the peers, and an ear on the card."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fakes.mosquitto import Mosquitto
from fakes.nodes import NodeProcess, shared_cache
from fakes.paced import PacedCard
from fakes.waiting import eventually

from patterns.builtin import builtins
from patterns.cache import find
from patterns.voice import DEFAULT_VOICE
from wire.codec import encode
from wire.messages import ActiveAlarm, Alarms
from wire.topics import Topics
from wire.uuid7 import uuid7
from wire.words import Instant

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
TOPICS = Topics("cong-lac")
SETTINGS = """\
node: {name}
hamlet: {name}
commune: cong-lac
broker: {{host: 127.0.0.1, port: {port}}}
panel:
  factory: mock
  buttons:
    - {{name: held, pin: 17, hold_s: 0.3}}
    - {{name: touched, pin: 27, kind: fire, hold_s: 0}}
  cancel: {{pin: 23}}
  drill: {{pin: 24}}
  lamps: {{alert: 5, link: 6}}
speaker: {{adapter: alsa, device: default}}
state_dir: state
cache_dir: {cache}
control: control.sock
"""
SERVICE = """\
commune: cong-lac
home: home
codebook: {codebook}
mqtt: {{host: 127.0.0.1, port: {port}}}
"""


class Ear:
    """Finds in a paced card's log when things were heard."""

    def __init__(self, card: PacedCard) -> None:
        self._card = card

    def first(self, what: str, after_ns: int, within_s: float = 3.0) -> int | None:
        """Monotonic ns of the first such happening after a moment; none if it did not come."""
        try:
            return eventually(
                lambda: next((h.at_ns for h in self._card.happenings() if h.what == what and h.at_ns > after_ns), None),
                within_s,
            )
        except AssertionError:
            return None

    def silence(self, after_ns: int, within_s: float = 3.0) -> int | None:
        """Monotonic ns at which the device was let go or fell silent for good after a moment."""
        return self.first("stop", after_ns, within_s)

    def quiet(self, within_s: float = 20.0) -> None:
        """Wait until the card is closed by everybody."""

        def closed() -> bool:
            log = [h.what for h in self._card.happenings() if h.what in ("open", "close")]
            return not log or log[-1] == "close"

        eventually(closed, within_s, "the card is still held")


def wav(folder: Path, name: str, pattern: str, seconds: float) -> Path:
    """A pattern as a plain WAV file of that length, for the peers."""
    clip = find(shared_cache(), builtins()[pattern], DEFAULT_VOICE)
    assert clip is not None
    path = folder / f"{name}.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(bytes(clip.pcm[: int(seconds * 48_000) * 2]))
    return path


def bench_node(home: Path, port: int, card: PacedCard, name: str = "thon-1") -> NodeProcess:
    """A real node process on a paced card."""
    node = NodeProcess(home, SETTINGS.format(name=name, port=port, cache=shared_cache()))
    return node.start({"ALSA_CONFIG_PATH": str(card.config)})


@contextmanager
def service(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The commune's service, on the sample code book."""
    home.mkdir(parents=True)
    book = ROOT / "patterns" / "data" / "codebooks" / "cong-lac.yaml"
    (home / "commune.yaml").write_text(SERVICE.format(codebook=book, port=port))
    command = [
        sys.executable,
        "-c",
        "import sys; from pathlib import Path; from broker.run import run; sys.exit(run(Path(sys.argv[1])))",
    ]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen([*command, str(home / "commune.yaml")], stderr=log, cwd=ROOT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def plain_script(port: int, folder: Path, card: PacedCard) -> Iterator[subprocess.Popen[str]]:
    """gpiozero + paho + simpleaudio."""
    command = [
        sys.executable,
        str(HERE / "peers" / "plain.py"),
        str(port),
        str(folder / "alarm.wav"),
        str(folder / "chime.wav"),
    ]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        bufsize=1,
        env=card.environment,
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "ready"
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def shell_script(port: int, folder: Path, card: PacedCard) -> Iterator[subprocess.Popen[bytes]]:
    """mosquitto_sub | while read; do aplay."""
    process = subprocess.Popen(
        ["bash", str(HERE / "peers" / "shell.sh"), str(port), str(folder)], env=card.environment, start_new_session=True
    )
    time.sleep(0.5)  # it says nothing when it has subscribed
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class Mouth:
    """Publishes by hand, as another client would."""

    def __init__(self, broker: Mosquitto) -> None:
        from fakes.swarm import Swarm

        self._swarm = Swarm(broker.host, broker.port, lambda *_: None)
        self._client = self._swarm.join("mouth", ["nothing"])
        self._swarm.settle()
        self.counter = time.time_ns() // 1_000_000

    def say(self, topic: str, payload: bytes) -> int:
        """Publish; monotonic ns just before."""
        now_ns = time.monotonic_ns()
        self._client.publish(topic, payload)
        self._swarm.run(lambda: False, 0.001)
        return now_ns

    def alarms(self, *, sound: bool) -> int:
        """State a set by hand, with one alarm or none; monotonic ns just before."""
        now = Instant(time.time_ns() // 1_000_000)
        self.counter = max(self.counter + 1, now.ms)
        entry = ActiveAlarm(
            id=uuid7(now.ms, self.counter.to_bytes(10)),
            kind="fire",
            pattern="alarm",
            drill=False,
            hamlets=("all",),
            since=now,
            lease_s=60,
            by="bench",
            text="Cháy",
        )
        order = Alarms(issued_at=now, counter=self.counter, alarms=(entry,) if sound else ())
        return self.say(TOPICS.all("alarms"), encode(order))

    def close(self) -> None:
        """Leave."""
        self._swarm.close()
