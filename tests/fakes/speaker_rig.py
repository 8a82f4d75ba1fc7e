"""A speaker and its witness, real or fake, behind one face: what the contract tests hold in their hands.

A real speaker lives in a child process (speaker_child.py) on a paced card or a WAV file; time passes by itself. The
fake lives on virtual time. Times are monotonic ns of either.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from fakes import speaker_child
from fakes.clips import bursts, steady
from fakes.onsets import onsets, read_wav
from fakes.paced import PacedCard
from fakes.speaker import FakeSpeaker
from fakes.waiting import SLOWER, eventually

from node.speaker.ports import Ended, Health, Report, Started

MS = 1_000_000
RATE_HZ = 48_000
R = TypeVar("R", Started, Ended, Health)
Span = tuple[int, int]
CLIPS = {"bursts": bursts, "steady": steady}


class Rig(Protocol):
    """What a contract test may do."""

    reports: list[Report]
    slack_ms: int
    """How far from the asked moment things may happen on this adapter, on a machine that does other things too."""

    def play(self, ref: str, *clip: Any, in_ms: int | None = None) -> int:
        """Play CLIPS[clip[0]](*clip[1:]); when it was asked for (`in_ms` from now), in ns."""
        ...

    def stop(self, ref: str | None = None) -> int: ...
    def pass_ms(self, ms: int) -> None: ...
    def pause(self) -> None:
        """Let the speaker act on what it was told."""
        ...

    def spans(self) -> list[Span]:
        """Stretches of sound (25 ms of quiet apart) that were heard, ns."""
        ...

    def close(self) -> None: ...
    def unplug(self) -> None: ...
    def plug_in(self) -> None: ...
    def occupied(self) -> AbstractContextManager[None]: ...


def wait_for(rig: Rig, kind: type[R], within_ms: int = 3000, **fields: Any) -> R:
    """The first report of that kind with these fields; AssertionError if none comes."""
    for _ in range(within_ms // 5):
        for report in list(rig.reports):
            if isinstance(report, kind) and all(getattr(report, n) == v for n, v in fields.items()):
                return report
        rig.pass_ms(5)
    raise AssertionError(f"no {kind.__name__} {fields} within {within_ms} ms; there were {rig.reports}")


def spans_of(runs: list[tuple[int, Any]]) -> list[Span]:
    """Stretches louder than 2 % in (ns of first sample, samples) runs; quiet of less than 25 ms does not divide."""
    loud: list[Span] = []
    for zero_ns, pcm in runs:
        for frame in np.flatnonzero(np.abs(np.asarray(pcm, dtype=np.int32)) > 655):
            at_ns = zero_ns + int(frame) * 1_000_000_000 // RATE_HZ
            if loud and at_ns - loud[-1][1] <= 25 * MS:
                loud[-1] = (loud[-1][0], at_ns)
            else:
                loud.append((at_ns, at_ns))
    return loud


class FakeRig:
    """The fake on virtual time."""

    slack_ms = 1

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self._now_ms = 1_000
        self._speaker = FakeSpeaker(self.reports.append, self._now_ms)

    def play(self, ref: str, *clip: Any, in_ms: int | None = None) -> int:
        at_ms = None if in_ms is None else self._now_ms + in_ms
        self._speaker.play(ref, CLIPS[clip[0]](*clip[1:]), at_ms)
        return (at_ms or self._now_ms) * MS

    def stop(self, ref: str | None = None) -> int:
        self._speaker.stop(ref)
        return self._now_ms * MS

    def pass_ms(self, ms: int) -> None:
        self._now_ms += ms
        self._speaker.advance(self._now_ms)

    def pause(self) -> None:
        self.pass_ms(1)

    def spans(self) -> list[Span]:
        return [(h.start_ms * MS, h.end_ms * MS) for h in self._speaker.heard if h.end_ms > h.start_ms]

    def close(self) -> None:
        self._speaker.close()

    def unplug(self) -> None:
        self._speaker.fail("gone: no such device")

    def plug_in(self) -> None:
        self._speaker.recover()

    @contextmanager
    def occupied(self) -> Iterator[None]:
        self._speaker.fail("busy: device or resource busy")
        yield
        self._speaker.recover()


class ChildRig:
    """A real speaker in a child process."""

    def __init__(self, kind: str, card: PacedCard, slack_ms: int, **options: Any) -> None:
        self.reports: list[Report] = []
        self.calls: list[dict[str, Any]] = []
        self.stats: list[dict[str, Any]] = []
        self.slack_ms = round(slack_ms * SLOWER)
        self.card = card
        self.wav = card.folder / "gong.wav" if kind == "wavfile" else None
        where = {"path": str(self.wav)} if self.wav else {"device": "gong"}
        self.child = subprocess.Popen(
            [sys.executable, speaker_child.__file__, json.dumps({"kind": kind, **where, **options})],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=card.environment,
            text=True,
            bufsize=1,
        )
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()
        eventually(lambda: self.reports, 20.0, "the speaker never told its health")

    def play(self, ref: str, *clip: Any, in_ms: int | None = None) -> int:
        at_ms = None if in_ms is None else time.monotonic_ns() // MS + in_ms
        call = self.tell(do="play", ref=ref, clip=list(clip), at_ms=at_ms)
        return call["at_ns"] if at_ms is None else at_ms * MS

    def stop(self, ref: str | None = None) -> int:
        at_ns: int = self.tell(do="stop", ref=ref)["at_ns"]
        return at_ns

    def tell(self, **order: Any) -> dict[str, Any]:
        """Send an order, wait until it was called; how long that took is in the answer."""
        assert self.child.stdin
        before = len(self.calls)
        self.child.stdin.write(json.dumps(order) + "\n")
        eventually(lambda: len(self.calls) > before, why=f"{order} was never called")
        return self.calls[before]

    def pass_ms(self, ms: int) -> None:
        time.sleep(ms / 1000)  # real devices take real time

    def pause(self) -> None:
        self.pass_ms(self.slack_ms)

    def runs(self) -> list[tuple[int, Any]]:
        """(ns of the first sample, samples) of each run of the device; of the file, one."""
        if self.wav:
            recording = read_wav(self.wav)
            return [(recording.zero_ns or 0, recording.pcm)]
        return [(at_ns, np.frombuffer(pcm, dtype="<i2")) for at_ns, pcm in self.card.runs()]

    def spans(self) -> list[Span]:
        return spans_of(self.runs())

    def blows_ns(self) -> list[int]:
        """When blows were heard."""
        return [at + f * 1_000_000_000 // RATE_HZ for at, pcm in self.runs() for f in onsets(pcm)]

    def close(self) -> None:
        if self.child.poll() is None and self.child.stdin and not self.child.stdin.closed:
            self.child.stdin.close()
            self.child.wait(5 * SLOWER)
        self._ear.join(5 * SLOWER)

    def unplug(self) -> None:
        self.card.unplug()

    def plug_in(self) -> None:
        self.card.plug_in()

    def occupied(self) -> AbstractContextManager[None]:
        return self.card.occupied()

    def _listen(self) -> None:
        assert self.child.stdout
        for line in self.child.stdout:
            fields = json.loads(line)
            said = fields.pop("said")
            if said in ("Started", "Ended", "Health"):
                self.reports.append({"Started": Started, "Ended": Ended, "Health": Health}[said](**fields))
            elif said == "stats":
                self.stats.append(fields)
            elif said == "called":
                self.calls.append(fields)


def child_rig(kind: str, folder: Path, **options: Any) -> ChildRig:
    """A real speaker of that kind on a fresh card in `folder`."""
    return ChildRig(kind, PacedCard(folder), 40, **options)
