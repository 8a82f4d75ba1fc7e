"""A witness of a town: sees every step of both cores and every word, and says at once which promise was broken. Pure.

What must hold: it judges by what really happened (presses, writes that were synced, commits, what was said when), never
by what a core believes, but for the priorities of a stage. `broken` is an AssertionError that says when, where, what.
It does not know why anything was done; a promise it cannot judge in a moment (a link that has just been cut) it leaves.
Its parts: townseen.py (what it knows), towngongs.py, towncommune.py, townjudge.py, townchimes.py (what it judges).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from fakes.townchimes import ChimeJudge
from fakes.towncommune import CommuneWitness
from fakes.towngongs import GongWitness
from fakes.townjudge import Judge, RivalWatch

from wire.envelope import Publication

if TYPE_CHECKING:
    from fakes.town import Asked, Town


@dataclass
class Witness(GongWitness, CommuneWitness):
    """See the module."""

    def see(self, town: Town) -> None:
        """Begin."""
        super().see(town)
        self.chime_judge = ChimeJudge(self)
        self.judge = Judge(self)

    def jumped(self, ms: int) -> None:
        """The commune's clock has just jumped."""
        self.jumped_ms = self._town.now_ms
        self.jumps.append((self._town.now_ms, ms))
        self.offsets_ms.append(self._town.service.clocks.wall_off_ms)

    def of_rival(self) -> RivalWatch:
        """Who watches a second service."""
        return RivalWatch(self)

    # -- the broker and people

    def published(self, who: str, said: Publication) -> None:
        """A tap of the broker."""
        self.judge.published(who, said)

    def asked(self, asked: Asked) -> None:
        """A person asks."""
        self.asks.append(asked)
        if asked.verb == "widen":
            self._widened(msgspec.json.decode(asked.payload))

    def _widened(self, ask: dict[str, Any]) -> None:
        """An officer's word alone brings back what was over, and makes a silent press loud; never at its own gong."""
        id_ = ask["target"]
        self.over.pop(id_, None)
        self._taken.pop(id_, None)
        self._quieted = {(node, other) for node, other in self._quieted if other != id_}
        if ask.get("loud"):
            self._loud.add(id_)
            self._silent.discard(id_.encode())

    def told(self, asked: Asked) -> None:
        """A person is told."""

    # -- from time to time

    def check(self) -> None:
        """What can be judged at any moment."""
        for node in self._town.nodes.values():
            self._check_sounding(node)
            self._check_agreement(node)
            self._check_silent_node(node)
        self._check_service()
        self.chime_judge.check()
        self.judge.check()
