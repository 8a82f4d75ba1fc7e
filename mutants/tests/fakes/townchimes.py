"""Judges a town's chimes: each at its hour or not at all, once, and by everybody who could. Pure; part of the witness.

What must hold: it judges by the clocks that there were. A chime may begin by any time that the commune's clock has
shown in this run, for a node may not have heard of a jump yet; by no other. A gong is held to a chime if its program
was up with a proved clock two minutes before, whatever small steps (SMALL_JUMP_MS together) the commune's made.
It leaves alone what a larger jump, or another sound at the hour, makes doubtful.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import TYPE_CHECKING

from fakes.townnode import NodeMachine

if TYPE_CHECKING:
    from fakes.townwitness import Witness

GRACE_MS = 60_000
SYNCED_MS = 120_000
ARMED_MS = 1_600  # a chime is handed to the speaker so much ahead
CLOSE_MS = 5
SMALL_JUMP_MS = 45_000  # within the grace: no such step may cost a chime, or double it
SLACK_MS = 20_000  # how wrong a proved clock may be: an answer that took its 10 s, and a day of two crystals
JUDGED_AFTER_MS = 3_000
SECOND_MS = 1_300  # half of what the slowest link's two ways may differ by, and a little
JUMP_SEEN_MS = 301_000  # a node asks for the time at least so often
LONGEST_MS = 13_000  # of a chime here
ZONE_AHEAD = timedelta(hours=7)
DAY_MS = 86_400_000


class ChimeJudge:
    """See the module."""

    def __init__(self, witness: Witness) -> None:
        self._witness = witness
        self._town = witness._town
        self._armed: dict[tuple[str, str], tuple[int, int | None]] = {}
        self._unwritten: set[tuple[str, str]] = set()
        self._began: dict[tuple[str, str], int] = {}
        self._synced: dict[str, tuple[int, int]] = {}
        self._judged: set[str] = set()
        self.due = self.missed = 0
        """How many a gong had to sound, and how many of them it did not."""
        self.excused: Counter[str] = Counter()
        """How many nobody could be held to, and why."""

    def written(self, node: NodeMachine, id_: str) -> None:
        """A node has written down that it is about to sound one."""
        self._armed[node.name, id_] = (self._town.now_ms, node.core._parts.wall_ms(node.clocks.now_ms))

    def looked(self, node: NodeMachine) -> None:
        """A step is done: is its clock proved?"""
        core = node.core._parts
        if not node.running or core.wall_ms(node.clocks.now_ms) is None or core.book is None:
            self._synced.pop(node.name, None)
        else:
            self._synced.setdefault(node.name, (self._town.now_ms, node.runs))

    def forgive(self, node: str, id_: str) -> None:
        """Its memory of that was destroyed."""
        self._unwritten.add((node, id_))

    def began(self, node: NodeMachine, id_: str) -> None:
        """It sounds."""
        witness, now_ms = self._witness, self._town.now_ms
        times = witness.chimes[node.name, id_] = witness.chimes.get((node.name, id_), 0) + 1
        if node._mending:
            self._unwritten.add((node.name, id_))  # a dead disk remembers nothing, and says so in the status
        if times > 1 and (node.name, id_) not in self._unwritten:
            witness.broken("a chime sounds at most once", node=node.name, id=id_, times=times)
        self._began.setdefault((node.name, id_), now_ms)
        due_ms = due_wall_ms(id_)
        offs_ms = [*witness.offsets_ms, 0] if node.in_step else witness.offsets_ms
        lates_ms = [self._town.agenda.wall_ms + off_ms - due_ms for off_ms in offs_ms]
        if not any(-ARMED_MS - SLACK_MS <= late_ms <= GRACE_MS + SLACK_MS for late_ms in lates_ms):
            witness.broken("no chime by a clock that the commune never had", node=node.name, id=id_, late_ms=lates_ms)
        if (node.name, id_) not in self._armed:
            witness.broken("a chime is written down before it sounds", node=node.name, id=id_)
            return
        # It is armed ahead, by the clock as it is then, and keeps that moment whatever the clock does meanwhile.
        armed_ms, wall_ms = self._armed[node.name, id_]
        wait_ms = now_ms - armed_ms
        if wall_ms is None or not due_ms - ARMED_MS <= wall_ms <= due_ms + GRACE_MS:
            witness.broken("a chime sounds at its hour or not at all", node=node.name, id=id_, wall_ms=wall_ms)
        elif abs(wait_ms - max(0, due_ms - wall_ms)) > CLOSE_MS:
            witness.broken("a chime sounds on the second", node=node.name, id=id_, wait_ms=wait_ms)

    def check(self) -> None:
        """Those whose time is over: has everybody sounded them who had to?"""
        town = self._town
        off_ms = town.service.clocks.wall_off_ms
        for id_, due_ms in self._dues(town.agenda.wall_ms + off_ms):
            true_ms = due_ms - town.agenda.begins_ms - off_ms
            judged_ms = true_ms + GRACE_MS + SMALL_JUMP_MS + JUDGED_AFTER_MS
            if id_ in self._judged or true_ms < 0 or not judged_ms < town.now_ms:
                continue
            self._judged.add(id_)
            jumps_ms = [ms for at_ms, ms in self._witness.jumps if at_ms > true_ms - SYNCED_MS - 10_000]
            jumped_ms = sum(map(abs, jumps_ms))
            for node in town.nodes.values():
                self._judge(node, id_, true_ms, jumped_ms)

    def _judge(self, node: NodeMachine, id_: str, true_ms: int, jumped_ms: int) -> None:
        since = self._synced.get(node.name)
        up = since is not None and since[1] == node.runs and since[0] <= true_ms - SYNCED_MS - jumped_ms
        if jumped_ms > SMALL_JUMP_MS:
            self.excused["the commune's clock jumped"] += 1
            return
        if not up:
            self.excused["not up with a proved clock two minutes before"] += 1
            return
        if self._busy(node, id_, true_ms, jumped_ms):
            self.excused["an alarm sounded"] += 1
            return
        self.due += 1
        began_ms = self._began.get((node.name, id_), true_ms)
        calm = not any(at_ms > true_ms - JUMP_SEEN_MS for at_ms, _ in self._witness.jumps)
        if calm and not node.in_step and abs(began_ms - true_ms) > SECOND_MS:
            self._witness.broken("hamlets chime together, on the second", node=node.name, id=id_, began_ms=began_ms)
        if not self._witness.chimes.get((node.name, id_), 0):
            self.missed += 1
            self._witness.broken("a synced gong sounds each chime once", node=node.name, id=id_)

    def _busy(self, node: NodeMachine, id_: str, true_ms: int, jumped_ms: int) -> bool:
        """Whether something else sounded there around that time."""
        low_ms, high_ms = true_ms - ARMED_MS - jumped_ms, true_ms + LONGEST_MS + jumped_ms
        now = self._witness._now.get(node.name)
        if now is not None and now.began_ms < high_ms:
            return True
        for name, other, began_ms, ended_ms in reversed(self._witness.heard):
            if ended_ms <= low_ms:
                return False
            if name == node.name and other != id_ and began_ms < high_ms:
                return True
        return False

    def _dues(self, wall_ms: int) -> list[tuple[str, int]]:
        """Ids of the chimes of yesterday to today, by the commune's clock, and their moments."""
        names = [chime["name"] for chime in self._town.service.codebook["chimes"]]
        return [(id_, due_wall_ms(id_)) for id_ in _ids(tuple(names), (wall_ms + 7 * 3_600_000) // DAY_MS)]


@lru_cache(maxsize=64)
def _ids(names: tuple[str, ...], day: int) -> tuple[str, ...]:
    dates = [datetime(1970, 1, 1) + timedelta(days=day - back) for back in (1, 0) if day - back >= 0]
    return tuple(f"{name}/{date:%Y-%m-%d}" for date in dates for name in names)


@lru_cache(maxsize=1_024)
def due_wall_ms(id_: str) -> int:
    """The moment in a chime's id, at-HHMM/YYYY-MM-DD, local time of the town."""
    name, _, date = id_.partition("/")
    local = datetime.strptime(f"{date} {name[3:]}", "%Y-%m-%d %H%M").replace(tzinfo=timezone(ZONE_AHEAD))
    return int(local.timestamp()) * 1_000
