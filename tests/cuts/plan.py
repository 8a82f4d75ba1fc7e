"""How many cuts a run makes, and how it says that it gets on: some hundreds by default, 15,000 under KENG_SOAK=1.

`KENG_CUTS=n` makes so many of each test's (for a slow machine, or a long night).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable

from cuts.disk import Cut

SOAK = bool(os.environ.get("KENG_SOAK"))
SAY_EVERY_S = 5.0
"""How often a soak shows that it is alive."""


def how_many(default: int, soak: int) -> int:
    """The cuts of one test."""
    asked = os.environ.get("KENG_CUTS")
    return int(asked) if asked else soak if SOAK else default


def judged(what: str, cuts: Iterable[Cut], judge: Callable[[Cut], object]) -> int:
    """Judge each cut; how many there were. The AssertionError of one that fails names it."""
    count, began, said = 0, time.monotonic(), time.monotonic()
    for cut in cuts:
        try:
            judge(cut)
        except Exception as error:
            raise AssertionError(f"{what}: cut {count}, after {cut.after} deeds: {error}") from error
        count += 1
        if SOAK and time.monotonic() - said > SAY_EVERY_S:
            said = time.monotonic()
            print(f"{what}: {count} cuts in {said - began:.0f} s", file=sys.__stderr__, flush=True)
    if SOAK:
        spent = time.monotonic() - began
        print(f"{what}: {count} cuts in {spent:.0f} s, nothing lost", file=sys.__stderr__, flush=True)
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
