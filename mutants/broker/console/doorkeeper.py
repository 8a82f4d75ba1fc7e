"""Connections, before anybody knows who it is: strangers on the LAN must not take all the room the duty desk needs.

What must hold: an address has MAX_EACH connections at most, this machine's own is not counted; who opens one and does
not ask within HEAD_S, or does not finish sending what was begun within BODY_S, is hung up on. A stream that is read
stays for as long as it is read.
"""

from __future__ import annotations

import asyncio
import resource
from collections import Counter
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from broker.console.people.guard import is_own, network_of

MAX_EACH = 60
"""A browser has six at once; ten of them may be behind one address."""
HEAD_S = 5.0
BODY_S = 20.0
IDLE_S = 65.0
LOOK_S = 2.5
WANTED_FILES = 8_192
"""Descriptors: connections that have not even greeted yet are not counted by anybody."""
_open: Counter[str] = Counter()


class Doorkeeper(H11Protocol):
    """uvicorn's, with a limit for each address and a watch on the slow."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """One more, or one too many."""
        super().connection_made(transport)
        peer, here = (transport.get_extra_info(name) for name in ("peername", "sockname"))
        client = str(peer[0]) if peer else ""
        self._counted = "" if is_own(client, str(here[0]) if here else "") else network_of(client)
        self._since_s = self.loop.time()
        self._last_cycle: Any = None
        self._watch: asyncio.TimerHandle | None = None
        if self._counted:
            _open[self._counted] += 1
            if _open[self._counted] > MAX_EACH:
                transport.abort()
                return
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """One less."""
        if self._watch is not None:
            self._watch.cancel()
        if self._counted:
            _open[self._counted] -= 1
            if _open[self._counted] <= 0:
                del _open[self._counted]
        super().connection_lost(exc)

    def _look(self) -> None:
        """Whether it is being served; if not, for how long it has not been."""
        cycle: Any = self.cycle
        now_s = self.loop.time()
        served = cycle is not None and not cycle.response_complete and not cycle.more_body
        if served or cycle is not self._last_cycle:
            self._since_s, self._last_cycle = now_s, cycle
        limit_s = HEAD_S if cycle is None else IDLE_S if cycle.response_complete else BODY_S
        if now_s - self._since_s > limit_s:
            self.transport.abort()
            return
        self._watch = self.loop.call_later(LOOK_S, self._look)


def more_files() -> None:
    """As many descriptors as we may, up to WANTED_FILES."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < WANTED_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(WANTED_FILES, hard), hard))
