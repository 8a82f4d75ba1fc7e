"""Makes a plan that breaks a promise as short as it goes, and prints it as a script. Pure.

    shortest(plan, breaks)      # breaks the same promise, and leaving out any one step mends it (if the tries last)

Delta debugging over the steps: the end is cut off, then halves, quarters … single ones are left out for as long as the
same promise breaks; then what the town is made of is made simpler.
What must hold: it tries at most MOST_TRIES plans; what it gives back has been seen to break that promise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from street.plan import Plan

MOST_TRIES = 150
"""Each costs what a plan costs, a third of a second; the first ones halve it."""

Breaks = Callable[[Plan], str | None]
"""The promise that a plan breaks, in words that are the same each time; none if it breaks none."""


def shortest(it: Plan, breaks: Breaks, tries: int = MOST_TRIES) -> Plan:
    """See the module; `it` itself if it breaks nothing."""
    want = breaks(it)
    if want is None:
        return it
    left = [tries]

    def still(other: Plan) -> bool:
        left[0] -= 1
        return left[0] >= 0 and breaks(other) == want

    while left[0] > 0:
        smaller = simpler(without(it, still), still)
        done, it = len(smaller.steps) == len(it.steps), smaller
        if done:
            break
    return it


def without(it: Plan, still: Callable[[Plan], bool]) -> Plan:
    """Leave out what can be left out: first the end, then pieces, large ones first."""
    low, high = 0, len(it.steps)
    while low < high:
        half = (low + high) // 2
        if still(replace(it, steps=it.steps[:half])):
            high = half
        else:
            low = half + 1
    it = replace(it, steps=it.steps[:high])
    size = len(it.steps) // 2
    while size:
        at = 0
        while at < len(it.steps):
            other = left_out(it, at, at + size)
            if still(other):
                it = other
            else:
                at += size
        size = min(size, len(it.steps)) // 2
    return it


def left_out(it: Plan, begin: int, end: int) -> Plan:
    """Without these steps. Nobody waits awake for a day that is left out: what came after it comes at once."""
    gone_ms = sum(how["until_ms"] - at_ms for at_ms, step, how in it.steps[begin:end] if step == "day")
    after = tuple((at_ms - gone_ms, step, how) for at_ms, step, how in it.steps[end:])
    return replace(it, steps=it.steps[:begin] + after)


def simpler(it: Plan, still: Callable[[Plan], bool]) -> Plan:
    """A simpler town, and people who do one thing in place of two."""
    for name, value in (("keys", False), ("ppm", {}), ("book", {}), ("seed", 0)):
        if it.town.get(name, value) != value:
            other = replace(it, town={**it.town, name: value})
            if still(other):
                it = other
    return it
