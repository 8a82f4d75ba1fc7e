"""How many cuts a run makes, and how it says that it gets on: some hundreds by default, 15,000 under KENG_SOAK=1.

`KENG_CUTS=n` makes so many of each test's (for a slow machine, or a long night).
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from cuts.disk import Cut, boundaries, cuts
from cuts.recording import Deed, Recording

SOAK = bool(os.environ.get("KENG_SOAK"))
SAY_EVERY_S = 5.0
"""How often a soak shows that it is alive."""
SEED = 5


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
    count, began, said = 0, time.monotonic(), time.monotonic()

    def say(more: str) -> None:
        with capsys.disabled():
            print(f"\n{what}: {count} cuts in {time.monotonic() - began:.0f} s{more}", end="", flush=True)

    for cut in cuts:
        try:
            judge(cut)
        except Exception as error:
            raise AssertionError(f"{what}: cut {count}, after {cut.after} deeds: {error}") from error
        count += 1
        if SOAK and time.monotonic() - said > SAY_EVERY_S:
            said = time.monotonic()
            say("…")
    if SOAK:
        say(", nothing lost ")
    return count


def losses(cuts: Iterable[Cut], judge: Callable[[Cut], object]) -> int:
    """How many cuts the judge finds fault with: for proofs that it can."""
    found = 0
    for cut in cuts:
        try:
            judge(cut)
        except Exception:
            found += 1
    return found
