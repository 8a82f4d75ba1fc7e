"""A witness that counts: what a year on the street comes to. Pure.

    witness = Measured(); …; witness.figures()

What must hold: it judges as the strict one does, and goes on; times are the town's own, in virtual milliseconds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from fakes.townnode import NodeMachine
from fakes.townwitness import Witness

from node.core.records import OwnAlert, Record

STEADY_MS = 10_000  # a gong whose link held that long is one that should sound at once
ALL_WITHIN_MS = 30_000  # an order that is older sounds nowhere new
STALE = (
    "nothing forged, retained or old sounds",
    "no gong sounds past its lease",
    "what is over does not sound again",
    "after clear nothing sounds",
    "once out of the set, out for ever",
    "what a gong knows to be over it does not sound again",
    "a gong that fell silent does not sound again for a second",
)
DOUBLED = ("one alert, one incident", "what a journal claimed is in the register exactly once")
BUCKETS_MS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000, 10**9)


@dataclass
class Measured(Witness):
    """See the module."""

    promises: Counter[str] = field(default_factory=Counter)
    """How often each was broken."""
    received_ms: list[int] = field(default_factory=list)
    """From the press until its node knows that the register has it."""
    everywhere_ms: list[int] = field(default_factory=list)
    """From the press until the last gong of its reach sounds it, of those that were linked."""
    nowhere: int = 0
    """Presses that a linked gong did not sound at all: it was sounding another alarm, or died just then."""
    up_ms: int = 0
    """Node-milliseconds linked, synced, with the commune heard."""
    all_ms: int = 0
    """Node-milliseconds that were looked at."""

    def see(self, town: Any) -> None:
        """Begin."""
        super().see(town)
        self._waiting: dict[str, set[str]] = {}
        self._got: set[str] = set()
        self._looked_ms = town.now_ms

    def broken(self, promise: str, **facts: Any) -> None:
        """Count it."""
        self.promises[promise] += 1

    def wrote(self, node: NodeMachine, record: Record) -> None:
        """Of a node."""
        new = isinstance(record, OwnAlert) and record.id not in self.alerts
        super().wrote(node, record)
        if not isinstance(record, OwnAlert):
            return
        ghost = self.alerts[record.id]
        if new and not record.silent and not record.drill and record.kind != "test":
            steady = {one.name for one in self._town.nodes.values() if one.link.steady_ms() > STEADY_MS}
            self._waiting[record.id] = steady | {node.name}
        if record.state in ("received", "acknowledged") and record.id not in self._got:
            self._got.add(record.id)
            self.received_ms.append(self._town.now_ms - ghost.pressed_ms)

    def _began(self, node: NodeMachine, id_: str) -> None:
        super()._began(node, id_)
        waiting = self._waiting.get(id_)
        if waiting is None:
            return
        waiting.discard(node.name)
        if not waiting:
            del self._waiting[id_]
            self.everywhere_ms.append(self._town.now_ms - self.alerts[id_].pressed_ms)

    def check(self) -> None:
        """From time to time."""
        super().check()
        now_ms = self._town.now_ms
        passed_ms, self._looked_ms = now_ms - self._looked_ms, now_ms
        if passed_ms > 60_000:
            return  # a day without power
        for node in self._town.nodes.values():
            self.all_ms += passed_ms
            if node.running and node.link.up and node.lamps.link == "steady":
                self.up_ms += passed_ms
        for id_ in [id_ for id_ in self._waiting if now_ms - self.alerts[id_].pressed_ms > ALL_WITHIN_MS]:
            del self._waiting[id_]
            self.nowhere += 1

    def forget(self) -> None:
        """A night is over: what nobody will ask about again."""
        del self.heard[:-200]

    def figures(self) -> dict[str, Any]:
        """What it came to."""
        shelf, judge = self._town.service.shelf, self.chime_judge
        incidents = shelf.incidents
        claimed = [one for one in self.alerts.values() if one.claimed]
        lost = [one for one in claimed if one.id not in incidents and one.id not in shelf._joined]
        openings = Counter(one.subject for one in shelf.journal if one.what == "alert")
        return {
            "alerts pressed": len(self.alerts),
            "of them silent": sum(one.silent for one in self.alerts.values()),
            "alerts lost": len(lost),
            "alerts doubled": sum(times - 1 for times in openings.values()) + self._times(DOUBLED),
            "stale alarms": self._times(STALE),
            "chimes due": judge.due,
            "chimes sounded": sum(self.chimes.values()),
            "chimes missed": judge.missed,
            "chimes doubled": self.promises["a chime sounds at most once"],
            "chimes that nobody was held to": dict(judge.excused),
            "availability": round(self.up_ms / max(1, self.all_ms), 5),
            "press to received, ms": spread(self.received_ms),
            "press to every linked gong, ms": spread(self.everywhere_ms),
            "presses that a linked gong did not sound within 30 s": self.nowhere,
            "promises broken": dict(self.promises),
        }

    def _times(self, names: tuple[str, ...]) -> int:
        return sum(self.promises[name] for name in names)


def spread(samples: list[int]) -> dict[str, Any]:
    """Percentiles (nearest rank) and a histogram."""
    ordered = sorted(samples)
    if not ordered:
        return {"n": 0}
    at = {name: ordered[max(0, -(-share * len(ordered) // 1_000) - 1)] for name, share in RANKS.items()}
    below = [sum(one <= limit for one in ordered) for limit in BUCKETS_MS]
    counts = [below[0], *(now - before for before, now in pairwise(below))]
    return {"n": len(ordered), **at, "histogram": dict(zip(map(str, BUCKETS_MS), counts, strict=True))}


RANKS = {"p50": 500, "p90": 900, "p99": 990, "p99.9": 999, "max": 1_000}
