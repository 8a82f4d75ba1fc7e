"""A year of thirty hamlets: 365 evenings of a quarter of an hour, with the faults of the street. Pure.

What must hold: it is one town from the first evening to the last, so journals, registers and numbers grow as they
would; by day nobody has power. A second service is left out: it would be there for minutes of each night.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from fakes.town import Town
from fakes.townscript import Script
from street.faults import ANYTIME, Draft, second_service
from street.measured import Measured
from street.plan import DAY_MS, night

from wire.words import Instant

NIGHTS = 365
HAMLETS = 30
NIGHT_MS = 900_000
HOUR_MS = 300_000
BEGINS_MS = Instant.parse("2026-11-21T14:55:00.000Z").ms
HEALED_MS = 120_000


def year(nights: int, seed: int, told: Callable[[int, Script], None] = lambda *_: None) -> tuple[dict[str, Any], int]:
    """The figures, and how many events it took. `told` after each night."""
    homes = {f"thon-{number:02}": f"h{number:02}" for number in range(1, HAMLETS)} | {"post-1": f"h{HAMLETS}"}
    hamlets = list(homes.values())
    witness = Measured()
    town = Town(
        seed=seed,
        homes=homes,
        witness=witness,
        begins_ms=BEGINS_MS,
        chimes=("22:00",),
        ppm={node: number * 3 % 101 - 50 for number, node in enumerate(homes)},
        # Whoever presses, everybody hears: from the press to every gong is from one end of the commune to the other.
        book={"relays": {one: [other for other in hamlets if other != one] for one in hamlets}},
        capture=40,
    )
    script = Script(town)
    for number in range(nights):
        begin_ms = number * DAY_MS
        draft = Draft(random.Random(f"year {seed} {number}"), homes)
        draft.anytime_faults = tuple(fault for fault in ANYTIME if fault is not second_service)
        draft.near_the_hour = 0.1
        night(draft, begin_ms, (begin_ms + HOUR_MS,), NIGHT_MS - HEALED_MS)
        draft.put(begin_ms + NIGHT_MS - HEALED_MS, "heal")
        draft.put(begin_ms + NIGHT_MS, "day", until_ms=begin_ms + DAY_MS, within_ms=20_000)
        for at_ms, step, how in draft.in_order():
            script.at(at_ms, step, **how)
        script.steps.clear()
        witness.forget()
        told(number + 1, script)
    return witness.figures(), town.agenda.done
