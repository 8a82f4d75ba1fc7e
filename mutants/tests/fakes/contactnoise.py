"""What a contact's wire shows: presses that bounce, and noise that is no press. Pure; the randomness is passed in.

A trace is a function from µs to closed or not; `readings` is what the real sampling rule, jitter and stalls make of it.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Callable, Iterator

from node.sampling import Sampling

Trace = Callable[[int], bool]
US = 1_000


def toggles(times_us: list[int]) -> Trace:
    """Open at first, then the other way at each time."""
    return lambda at_us: bisect_right(times_us, at_us) % 2 == 1


def a_press(rng: random.Random, start_us: int, held_ms: int) -> Trace:
    """Closed for `held_ms`; the contact bounces for up to 5 ms at its beginning, and after its end."""
    edges = [start_us]
    for base_us in (start_us, start_us + held_ms * US):
        times = sorted(rng.sample(range(base_us + 50, base_us + 5 * US), 2 * rng.randrange(0, 8)))
        edges += times
    edges.append(start_us + held_ms * US)
    return toggles(sorted(edges))


def lightning(rng: random.Random, long_us: int) -> Trace:
    """Bursts of up to 15 ms, at most one in 100 ms, of spikes from 10 µs to 3 ms."""
    edges: list[int] = []
    at_us = rng.randrange(0, 100 * US)
    while at_us < long_us:
        end_us = at_us + rng.randrange(US, 15 * US)
        while at_us < end_us:
            wide_us = min(rng.randrange(10, 3 * US), end_us - at_us)
            edges += [at_us, at_us + wide_us]
            at_us += wide_us + rng.randrange(10, 3 * US)
        at_us = end_us + rng.randrange(100 * US, 500 * US)
    return toggles(edges)


def hum(rng: random.Random, long_us: int) -> Trace:
    """50 Hz picked up by 100 m of wet cable: below the threshold for up to half of each period, for seconds."""
    del long_us
    period_us, share, phase_us = 20 * US + rng.randrange(-100, 100), rng.uniform(0.05, 0.5), rng.randrange(20 * US)
    dirt = rng.randrange(0, 400)
    return lambda at_us: (at_us + phase_us + (at_us * 7919) % (dirt + 1)) % period_us < share * period_us


def chatter(rng: random.Random, long_us: int) -> Trace:
    """A loose contact on a gate that bangs in the wind: touches of up to 12 ms, the pauses longer than they are."""
    edges: list[int] = []
    at_us = rng.randrange(0, 50 * US)
    while at_us < long_us:
        touch_us = rng.randrange(100, 12 * US)
        edges += [at_us, at_us + touch_us]
        at_us += touch_us + rng.randrange(touch_us, 4 * touch_us + 5 * US)
    return toggles(edges)


def snow(rng: random.Random, long_us: int) -> Trace:
    """Each reading by chance, closed less than half the time."""
    del long_us
    share, seed = rng.uniform(0.02, 0.45), rng.randrange(1 << 30)
    return lambda at_us: hash((seed, at_us // 500)) % 1_000_003 < share * 1_000_003


NOISE = (lightning, hum, chatter, snow)


def readings(
    rng: random.Random, trace: Trace, long_us: int, *, hints: bool, stall_ms: int
) -> Iterator[tuple[int, bool]]:
    """(ms, closed) as they are told to the core; up to 3 ms late, now and then `stall_ms`, edges hinted at or not."""
    sampling = Sampling()
    at_us = rng.randrange(10 * US)
    was = False
    while at_us < long_us:
        closed = trace(at_us)
        if hints and closed != was and rng.random() < 0.5:
            sampling.hint(at_us // US)
        was = closed
        told, wait_ms = sampling.take(at_us // US, ("x",) if closed else ())
        if told:
            yield at_us // US, closed
        late_us = rng.randrange(stall_ms * US) if rng.random() < 0.005 else int(rng.random() ** 6 * 3 * US)
        at_us += wait_ms * US + late_us
