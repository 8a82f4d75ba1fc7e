"""One seed of the street: plays its plan; a broken promise comes out as the shortest script that shows it. Pure."""

from __future__ import annotations

import os

from fakes.townscript import Broken
from street.plan import Plan, plan, play
from street.shrink import MOST_TRIES, shortest

SEEDS = 300
"""Of the default suite."""
EACH = 10 if os.environ.get("KENG_EXAMPLES") == "short" else 1
"""On a second Python each tenth of them: what it may break is the language, not the logic."""
SHRINK = os.environ.get("KENG_SHRINK", "1") != "0"
"""Mutants want to know that, not why."""


def broken_by(it: Plan) -> str | None:
    """The promise's words, without when and where."""
    try:
        play(it)
    except Broken as broken:
        return broken.promise.split(" at ")[0]
    return None


def survives(it: Plan) -> None:
    """AssertionError with a script that replays, if a promise is broken."""
    try:
        play(it)
    except Broken:
        if not SHRINK:
            raise
    else:
        return
    play(shortest(it, broken_by, MOST_TRIES))
    raise AssertionError(f"seed {it.seed} broke a promise once, and then did not: chances outside the dice")


def two_nights(seed: int) -> None:
    """The plan of this number."""
    survives(plan(seed))
