"""Faults of a plan: what may go wrong at a moment, and when it is put right again. Pure; the dice are passed in.

What must hold: a fault is put right before its night is over, or by the heal at the end of the plan; none makes a town
judge itself differently (fakes/townsteps.py and fakes/townwitness.py do that). Three tables say which are aimed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from fakes.townscript import BAD_ORDERS
from fakes.townsteps import GARBAGE, WORDS

Step = tuple[int, str, dict[str, Any]]
YEARS_MS = 94_608_000_000
JUMPS_MS = (-YEARS_MS, YEARS_MS, -25_200_000, -1_795_000_000_000, -90_000, -40_000, -3_000, 3_000, 40_000, 90_000)
"""Three years, seven hours, to 1970, and steps that a chime must bear."""


class Draft:
    """A plan that is being drawn."""

    def __init__(self, rng: random.Random, homes: dict[str, str]) -> None:
        self.rng = rng
        self.nodes = list(homes)
        self.victim = self.nodes[0]
        """Who has just pressed."""
        self.begin_ms = self.end_ms = 0
        """Of this night."""
        self.anytime_faults = ANYTIME
        self.near_the_hour = 0.4
        """Share of the presses that fall around the chime."""
        self.aims: list[int] = []
        self.faults: list[int] = []
        self._steps: list[Step] = []

    def put(self, at_ms: int, step: str, **how: Any) -> None:
        """A step."""
        self._steps.append((max(0, at_ms), step, how))

    def ask(self, at_ms: int, verb: str, **how: Any) -> None:
        """An officer's."""
        self.put(at_ms, "ask", verb=verb, **how)

    def fault(self, at_ms: int, step: str, **how: Any) -> None:
        """A step that breaks something."""
        self.faults.append(at_ms)
        self.put(max(self.begin_ms, at_ms), step, **how)

    def later(self, at_ms: int, low_ms: int = 500, high_ms: int = 60_000) -> int:
        """When it is put right."""
        return min(at_ms + self.rng.randint(low_ms, high_ms), self.end_ms - 1_000)

    def off_ms(self, at_ms: int, high_ms: int = 30_000) -> int:
        """For how long it is away: mostly shortly."""
        off_ms = self.rng.choice([self.rng.randint(30, 2_000), self.rng.randint(30, high_ms)])
        return max(1, min(off_ms, self.end_ms - 1_000 - at_ms))

    def anytime(self, after_ms: int, before_ms: int) -> int:
        """Within the night."""
        return self.rng.randint(self.begin_ms + after_ms, self.end_ms - before_ms)

    def node(self) -> str:
        """One of them."""
        return self.rng.choice(self.nodes)

    def near(self) -> str:
        """Mostly the one that has just pressed."""
        return self.victim if self.rng.random() < 0.7 else self.node()

    def in_order(self) -> tuple[Step, ...]:
        """The steps by time; of the same moment, as they were put."""
        return tuple(sorted(self._steps, key=lambda step: step[0]))


Fault = Callable[[Draft, int], None]


def node_reboots(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "reboot", node=draft.near(), off_ms=draft.off_ms(at_ms), power=draft.rng.random() < 0.6)


def node_dies_between_effects(draft: Draft, at_ms: int) -> None:
    node, power = draft.near(), draft.rng.random() < 0.5
    draft.fault(at_ms, "dark_after", node=node, effects=draft.rng.randint(0, 7), power=power)
    draft.put(draft.later(at_ms), "on", node=node, reboot=power)


def write_is_torn(draft: Draft, at_ms: int) -> None:
    node = draft.near()
    draft.fault(at_ms, "tear", node=node, kept=draft.rng.randint(0, 250))
    draft.put(draft.later(at_ms), "on", node=node)


def write_is_torn_and_somebody_presses_again(draft: Draft, at_ms: int) -> None:
    """Nothing else is written in between, for no order comes; and once more the power goes."""
    node = draft.near()
    draft.put(at_ms - 3_000, "cut", link=node)
    draft.fault(at_ms, "tear", node=node, kept=draft.rng.randint(1, 250))
    draft.put(at_ms, "finger", node=node, button="fire")
    draft.put(at_ms + 1_500, "on", node=node)
    draft.put(at_ms + 2_500, "finger", node=node, button="red")
    draft.put(at_ms + 5_000, "reboot", node=node, off_ms=1_000)
    draft.put(draft.later(at_ms, 7_000), "mend", link=node)


def byte_rots(draft: Draft, at_ms: int) -> None:
    node = draft.near()
    draft.fault(at_ms, "dark", node=node, power=True)
    draft.put(at_ms + 10, "rot", node=node, at=draft.rng.randrange(60_000), bit=draft.rng.randrange(8))
    draft.put(draft.later(at_ms, 20), "on", node=node)


def node_disk_fails(draft: Draft, at_ms: int) -> None:
    node = draft.near()
    draft.fault(at_ms, "node_disk", node=node, state=draft.rng.choice(["full", "read_only", "failed"]))
    draft.put(draft.later(at_ms), "node_disk", node=node, state="ok")


def service_restarts(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "restart_service", off_ms=draft.off_ms(at_ms, 60_000))


def service_dies_between_effects(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "kill_service", effects=draft.rng.randint(0, 9))
    draft.put(draft.later(at_ms), "start_service")


def commune_disk_full(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "disk", full=True)
    draft.put(draft.later(at_ms), "disk", full=False)


def broker_restarts(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "restart_broker", off_ms=draft.off_ms(at_ms))


def broker_dies_after_puback(draft: Draft, at_ms: int) -> None:
    word = draft.rng.choice(["alert", "alert", "silent", "answer", "alarms", "hello", "welcome"])
    draft.fault(at_ms, "puback_then_crash", word=word)
    draft.put(draft.later(at_ms), "start_broker")


def cable_is_cut(draft: Draft, at_ms: int) -> None:
    link = draft.rng.choice([draft.victim, draft.victim, draft.node(), "service"])
    draft.fault(at_ms, "cut", link=link)
    draft.put(draft.later(at_ms), "mend", link=link)


def storm(draft: Draft, at_ms: int) -> None:
    link = draft.rng.choice([draft.victim, draft.node(), "service"])
    draft.fault(at_ms, "weather", link=link, kind=draft.rng.choice(["storm", "slow"]))
    draft.put(draft.later(at_ms, 2_000), "mend", link=link)


def thief_takes_over(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "take_over", node=draft.near(), ms=draft.off_ms(at_ms, 20_000))


def clock_jumps(draft: Draft, at_ms: int) -> None:
    ms = draft.rng.choice(JUMPS_MS)
    draft.fault(at_ms, "jump", ms=ms)
    draft.put(draft.later(at_ms, 5_000, 200_000), "jump", ms=-ms)


def node_clock_jumps(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "node_clock", node=draft.node(), off_ms=draft.rng.choice(JUMPS_MS))


def node_is_in_step(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "node_clock", node=draft.node(), off_ms=0, in_step=True)


def something_is_replayed(draft: Draft, at_ms: int) -> None:
    for _ in range(draft.rng.randint(1, 5)):
        node = draft.rng.choice([None, draft.node()])
        draft.fault(at_ms + draft.rng.randint(0, 400), "replay", back=draft.rng.randrange(40), node=node)


def something_is_forged(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "forge", how=draft.rng.choice(BAD_ORDERS))


def garbage_arrives(draft: Draft, at_ms: int) -> None:
    rng = draft.rng
    for _ in range(rng.randint(1, 4)):
        who = rng.choice(["all", "up", "down", "ask"])
        word = rng.choice(["alarm", "clear", "close", "chime"]) if who == "ask" else rng.choice(WORDS)
        draft.fault(at_ms, "garbage", what=rng.choice(list(GARBAGE)), node=draft.near(), word=word, who=who)


def something_is_mutated(draft: Draft, at_ms: int) -> None:
    for _ in range(draft.rng.randint(1, 6)):
        node = draft.rng.choice([None, draft.node()])
        seed = draft.rng.randrange(1 << 30)
        draft.fault(at_ms, "mutate", back=draft.rng.randrange(40), seed=seed, node=node)


def second_service(draft: Draft, at_ms: int) -> None:
    draft.fault(at_ms, "start_rival", copied=draft.rng.random() < 0.5)
    draft.put(draft.later(at_ms, 2_000, 120_000), "kill_rival")


def contact_is_wet(draft: Draft, at_ms: int) -> None:
    rng = draft.rng
    button = rng.choice(["red", "fire", "quiet", "cancel"])
    how = {"noise": rng.randrange(4), "seed": rng.randrange(1 << 20), "ms": rng.randint(300, 1_200)}
    draft.fault(at_ms, "noise", node=draft.node(), button=button, **how)


def button_is_stuck(draft: Draft, at_ms: int) -> None:
    long_ms = min(draft.rng.choice([3_000, 33_000]), draft.end_ms - 1_000 - at_ms)
    draft.fault(at_ms, "stuck", node=draft.node(), button=draft.rng.choice(["red", "fire"]), ms=max(1, long_ms))


def at_the_hour(fault: Fault, low_ms: int, high_ms: int) -> Fault:
    """It falls within so much of the chime's second."""

    def aimed(draft: Draft, hour_ms: int) -> None:
        draft.victim = draft.node()
        fault(draft, hour_ms + draft.rng.randint(low_ms, high_ms))

    return aimed


AT_A_PRESS: tuple[Fault, ...] = (
    node_reboots, node_dies_between_effects, node_dies_between_effects,
    write_is_torn, write_is_torn_and_somebody_presses_again, node_disk_fails, byte_rots,
    service_restarts, service_dies_between_effects, service_dies_between_effects, commune_disk_full,
    broker_restarts, broker_dies_after_puback, cable_is_cut, cable_is_cut, storm, thief_takes_over,
    something_is_replayed, something_is_mutated, contact_is_wet,
)  # fmt: skip
AT_THE_HOUR: tuple[Fault, ...] = (
    at_the_hour(node_reboots, -2_000, 0), at_the_hour(node_reboots, 0, 13_000), at_the_hour(node_reboots, -2_000, 500),
    at_the_hour(clock_jumps, -45_000, 5_000), at_the_hour(clock_jumps, -1_600, 500),
    at_the_hour(broker_restarts, -500, 500), at_the_hour(service_restarts, -1_000, 1_000),
    at_the_hour(broker_restarts, -61_000, -59_000), at_the_hour(service_dies_between_effects, -60_500, -59_500),
    at_the_hour(write_is_torn, -2_000, -1_400), at_the_hour(node_dies_between_effects, -1_700, 0),
    at_the_hour(node_disk_fails, -3_000, 0), at_the_hour(cable_is_cut, -60_000, 1_000),
    at_the_hour(byte_rots, 0, 14_000), at_the_hour(something_is_replayed, -1_000, 20_000),
)  # fmt: skip
ANYTIME: tuple[Fault, ...] = (
    storm, node_clock_jumps, node_is_in_step, clock_jumps, something_is_forged, garbage_arrives, garbage_arrives,
    second_service, contact_is_wet, button_is_stuck, cable_is_cut, service_restarts, thief_takes_over,
    something_is_mutated, commune_disk_full,
)  # fmt: skip
