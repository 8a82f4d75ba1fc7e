"""How many cuts a run makes, and how it says that it gets on: some hundreds by default, 19,000 under KENG_SOAK=1.

`KENG_CUTS=n` makes so many of each test's (for a slow machine, or a long night). A whole soak goes on after a loss,
and what it came to is kept in soak.md.
"""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from cuts.disk import UNTRUSTED, Cut, boundaries, cuts
from cuts.recording import Deed, Recording
from fakes.soaktable import note

SOAK = bool(os.environ.get("KENG_SOAK"))
SAY_EVERY_S = 5.0
"""How often a soak shows that it is alive."""
SEED = 5
TABLE = Path(__file__).with_name("soak")
HEAD = """# Power cuts: what the last soak came to

Written by `KENG_SOAK=1 pytest tests/cuts --timeout=0`. Each cut is a disk as it may be after that write, on which the
real program is opened; lost: it did not open, was not whole, or lacked what had been answered for."""


@dataclass(frozen=True, slots=True)
class Life:
    """A recording, read."""

    recording: Recording
    deeds: list[Deed]
    opened: int
    """Deeds before the first claim: what it keeps is being made, or opened."""

    def cuts(self, count: int, places: Sequence[int] = (), leave_out: str = "") -> Iterator[Cut]:
        """Cuts at these places, or anywhere; `leave_out`: a kind of deed that never was."""
        deeds = [deed for deed in self.deeds if deed.kind not in leave_out]
        return cuts(self.recording, deeds, places or boundaries(deeds), count, random.Random(SEED))


def lived(recording: Recording) -> Life:
    """What was recorded until now."""
    deeds = recording.deeds()
    return Life(recording, deeds, next(number for number, deed in enumerate(deeds) if deed.kind == "K"))


def how_many(default: int, soak: int) -> int:
    """The cuts of one test."""
    asked = os.environ.get("KENG_CUTS")
    return int(asked) if asked else soak if SOAK else default


def judged(what: str, cuts: Iterable[Cut], judge: Callable[[Cut], object], capsys: pytest.CaptureFixture[str]) -> int:
    """Judge each cut; how many there were. The AssertionError of one that fails names it; a soak says how far it is."""
    count, lost, began, said = 0, 0, time.monotonic(), time.monotonic()
    first: AssertionError | None = None

    def say(more: str) -> None:
        with capsys.disabled():
            print(f"\n{what}: {count} cuts in {time.monotonic() - began:.0f} s, {lost} lost{more}", end="", flush=True)

    for cut in cuts:
        try:
            judge(cut)
        except Exception as error:
            failed = AssertionError(f"{what}: cut {count}, after {cut.after} deeds: {error}")
            if not SOAK:
                raise failed from error
            lost += 1
            first = first or failed
        count += 1
        if SOAK and time.monotonic() - said > SAY_EVERY_S:
            said = time.monotonic()
            say("…")
    if SOAK:
        say(" ")
        if not os.environ.get("KENG_CUTS"):
            note(TABLE, HEAD, what, cuts=count, lost=lost, took_s=round(time.monotonic() - began))
    if first is not None:
        raise first
    return count


def each_disk_once(judge: Callable[[Cut], object]) -> Callable[[Cut], object]:
    """The same judge, which opens no disk twice: of the cuts while something is made many leave the very same.

    For a judge that asks for nothing but the files and the claims. What comes back as garbage is not compared.
    """
    seen: set[bytes] = set()

    def once(cut: Cut) -> None:
        files = [(name, raw) for name, raw in sorted(cut.image.items()) if not name.endswith(UNTRUSTED)]
        digest = hashlib.sha256(repr((files, cut.claims)).encode()).digest()
        if digest not in seen:
            judge(cut)
            seen.add(digest)

    return once


def losses(cuts: Iterable[Cut], judge: Callable[[Cut], object]) -> int:
    """How many cuts the judge finds fault with: for proofs that it can."""
    found = 0
    for cut in cuts:
        try:
            judge(cut)
        except Exception:
            found += 1
    return found
