"""Plans: two nights of a commune of five hamlets, drawn from one number, with faults that are aimed. Pure.

    play(plan(17))          # the script that it became; fakes.townscript.Broken if a promise is broken

Two nights are ten minutes around 22:00 of two dates, the village without power in between (now and then one machine
stays up all day); or ten minutes around midnight, so that the date changes under everybody.
What must hold: a seed is a plan, for ever, whatever the machine; steps can be left out one by one, and what is left is
a plan too; at least half of the faults fall within half a second of a press or an ask, or around the hour of a chime.
It does not judge; the witness of the town does.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

from fakes.town import Town
from fakes.townscript import Script
from fakes.towntime import EVENING_MS
from fakes.townwitness import Witness
from street.faults import AT_A_PRESS, AT_THE_HOUR, Draft, Step

from wire.words import Instant

DAY_MS = 86_400_000
NIGHT_MS = 600_000
HOUR_MS = 240_000
"""From the beginning of a night to its chime: longer than the two minutes of the promise, and a link's first tries."""
LAST_MS = 60_000
"""Before the end of a night nothing new is begun."""
HOLD_MS = 840
"""From the finger to the press."""
HOMES = {"thon-1": "h1", "thon-2": "h2", "thon-3": "h3", "thon-4": "h4", "post-1": "h5"}
DATES = ("2026-11-21", "2026-11-30", "2026-12-30", "2026-12-31", "2027-02-28", "2028-02-28", "2027-06-15")
"""Ordinary ones, and ends of months, of years, of Februaries."""


@dataclass(frozen=True)
class Plan:
    """What will be done, when."""

    seed: int
    town: dict[str, Any]
    """What Town is made of."""
    steps: tuple[Step, ...]
    """(ms since the beginning, step of a Script, its arguments), in order."""
    aims: tuple[int, ...] = ()
    """Moments that faults are aimed at."""
    faults: tuple[int, ...] = field(default=(), compare=False)
    """Moments of faults."""


def play(it: Plan, witness: Witness | None = None, log: list[tuple[int, str]] | None = None) -> Script:
    """Do it; Broken if a promise is broken."""
    script = Script(Town(**it.town, witness=witness or Witness(), log=log))
    for at_ms, step, how in it.steps:
        script.at(at_ms, step, **how)
    return script


def plan(seed: int) -> Plan:
    """The plan of this number."""
    rng = random.Random(f"two nights {seed}")
    midnight = rng.random() < 0.2
    begins_ms = Instant.parse(f"{rng.choice(DATES)}T{'16:55' if midnight else '14:56'}:00.000Z").ms
    town: dict[str, Any] = {
        "seed": seed,
        "homes": HOMES,
        "keys": rng.random() < 0.4,
        "ppm": {node: rng.randint(-50, 50) for node in HOMES},
        "begins_ms": begins_ms,
        "chimes": ("23:59", "00:02") if midnight else ("05:00", "22:00"),
        "capture": 40,
    }
    if rng.random() < 0.3:
        town["book"] = {"relays": {"h1": ["h2", "h3"], "h2": ["h1"]}, "alarm_s": rng.choice([60, 120, 180])}
    draft = Draft(rng, HOMES)
    if midnight:
        night(draft, 0, (HOUR_MS, HOUR_MS + 180_000))
        draft.put(NIGHT_MS, "heal")
    else:
        night(draft, 0, (HOUR_MS,))
        awake = rng.choice(list(HOMES)) if rng.random() < 0.04 else None
        within_ms = rng.choice([100, 5_000, 40_000])
        draft.put(NIGHT_MS, "day", until_ms=DAY_MS, within_ms=within_ms, **({} if awake is None else {"but": awake}))
        night(draft, DAY_MS, (DAY_MS + HOUR_MS,))
        draft.put(DAY_MS + NIGHT_MS, "heal")
    return Plan(seed, town, draft.in_order(), tuple(draft.aims), tuple(draft.faults))


def night(draft: Draft, begin_ms: int, hours_ms: tuple[int, ...], long_ms: int = NIGHT_MS) -> None:
    """Presses, officers, faults at them, faults at the hour, and some at any time."""
    rng = draft.rng
    draft.begin_ms, draft.end_ms = begin_ms, begin_ms + long_ms
    for _ in range(rng.choice([1, 2, 2, 3])):
        near = rng.random() < draft.near_the_hour
        at_ms = rng.choice(hours_ms) + rng.randint(-3_000, 14_000) if near else draft.anytime(15_000, LAST_MS)
        episode(draft, at_ms)
    for hour_ms in hours_ms:
        draft.aims.append(hour_ms)
        for fault in rng.sample(AT_THE_HOUR, rng.choice([0, 1, 1, 2])):
            fault(draft, hour_ms)
    for fault in rng.sample(draft.anytime_faults, rng.choice([0, 1, 2])):
        fault(draft, draft.anytime(2_000, LAST_MS))


def episode(draft: Draft, at_ms: int) -> None:
    """A press or an officer's alarm, what people make of it, and what goes wrong in that very second."""
    rng, node = draft.rng, draft.node()
    draft.aims.append(at_ms)
    draft.victim = node
    if rng.random() < 0.8:
        button = rng.choice(["red"] * 5 + ["fire"] * 2 + ["quiet"] * 2 + ["try"])
        drill = {"drill": True} if rng.random() < 0.15 else {}
        draft.put(at_ms - HOLD_MS, "finger", node=node, button=button, **drill)
        if rng.random() < 0.3:
            draft.put(at_ms + rng.randint(1_500, 20_000), "finger", node=node, button=button, **drill)
        if rng.random() < 0.2:
            draft.put(at_ms + rng.randint(1_500, 25_000), "finger", node=node, button="cancel", ms=200)
    else:
        officer_sounds(draft, at_ms)
    for fault in rng.choices(AT_A_PRESS, k=rng.choice([0, 1, 1, 2, 2, 3])):
        fault(draft, at_ms + rng.randint(-500, 500))
    if rng.random() < 0.15:
        # An exercise around it, sounding or over, by another officer.
        about_ms = at_ms + rng.randint(-4_000, 4_000)
        draft.ask(about_ms, "alarm", user="second", kind="fire", hamlets=["all"], drill=True, lease_s=20)
    officers_act(draft, at_ms)


def officer_sounds(draft: Draft, at_ms: int) -> None:
    """An alarm from the desk."""
    rng = draft.rng
    how: dict[str, Any] = {"kind": "fire", "hamlets": rng.choice([["all"], ["h1"], ["h2", "h3", "h5"]])}
    how["drill"] = rng.random() < 0.3
    if rng.random() < 0.3:
        how["lease_s"] = 20
    if rng.random() < 0.25:
        how["pattern"] = "bao-dong-cu"  # of no code book: each gong plays its own
    draft.ask(at_ms, "alarm", **how)


def officers_act(draft: Draft, at_ms: int) -> None:
    """One or two officers take it, silence it, end it, in any order, and ends overtake beginnings."""
    rng = draft.rng
    for verb, chance in (("acknowledge", 0.5), ("clear", 0.4), ("close", 0.35)):
        if rng.random() > chance:
            continue
        when_ms = at_ms + rng.choice([rng.randint(-200, 2_000), rng.randint(2_000, 40_000)])
        more = {"outcome": rng.choice(["cháy", "báo nhầm"])} if verb == "close" else {}
        draft.ask(when_ms, verb, target="all", **more)
        if rng.random() < 0.3:
            other = rng.choice(["acknowledge", "close", "clear"])
            more = {"outcome": "báo nhầm"} if other == "close" else {}
            draft.ask(when_ms + rng.randint(-20, 20), other, user="second", target="all", **more)
        if rng.random() < 0.3:
            draft.aims.append(when_ms)
            rng.choice(AT_A_PRESS)(draft, when_ms + rng.randint(-500, 500))


assert Instant.parse("2026-11-21T13:40:00.000Z").ms == EVENING_MS
