"""Whether this node may be updated now, and what is told of it. The updater asks nobody else.

Rule 1. Whatever is against it (node/core/quiet.py) takes the permission back at once, and the updater looks at it last
of all before it switches.
Rule 2. What is offered is stated, and forgotten with its lease. Only a newer version than the one that runs is wanted.
Rule 3. What failed may be tried again after RETRY_MS; what was rolled back not at all under the same offer.
It does not know where a release comes from, nor who vouches for it.
"""

from __future__ import annotations

from collections.abc import Callable

from node.core.effects import Permit
from node.core.items import UpdateTold
from wire.messages import Update, Updating
from wire.release import newer

RETRY_MS = 900_000  # what was out of order (a network, a full disk) may be in order again
ENDED = frozenset({"done", "rolled_back"})


class Updates:
    """What is offered, and how far it is."""

    def __init__(self, version: str) -> None:
        """`version`: the one that runs."""
        self._version = version
        self._order: Update | None = None
        self._until_ms = 0
        self._progress: Updating | None = None
        self._again_ms = 0
        self._permitted: str | None = None
        self._why = ""

    def take(self, now_ms: int, order: Update, age_ms: int) -> bool:
        """The commune's word; whether it says something new."""
        before, self._order = self._order, None if order.release is None else order
        self._until_ms = now_ms + order.lease_s * 1_000 - age_ms
        return (before and before.offer) != (self._order and self._order.offer)

    def told(self, now_ms: int, item: UpdateTold) -> None:
        """The updater's word."""
        if item.update is not None and item.update.state == "failed" and item.update != self._progress:
            self._again_ms = now_ms + RETRY_MS
        self._progress = item.update

    def run(self, now_ms: int, against: Callable[[], str]) -> list[Permit]:
        """Give the permission, or take it back. `against`: what is against it now, in a word."""
        if self._order is not None and now_ms >= self._until_ms:
            self._order = None
        self._why = "" if self._order is None else against()
        order = self._order if self._order is not None and not self._why and self._wanted(now_ms) else None
        permitted = None if order is None else order.offer
        if permitted == self._permitted:
            return []
        self._permitted = permitted
        return [Permit(permitted, None if order is None else order.release)]

    def _wanted(self, now_ms: int) -> bool:
        order, progress = self._order, self._progress
        if order is None or order.release is None or not newer(order.release.version, self._version):
            return False
        mine = progress is not None and progress.offer == order.offer
        return not mine or progress is None or (progress.state not in ENDED and not self._resting(now_ms, progress))

    def _resting(self, now_ms: int, progress: Updating) -> bool:
        return progress.state == "failed" and now_ms < self._again_ms

    def status(self) -> Updating | None:
        """As the commune is told it."""
        order, progress = self._order, self._progress
        if order is None or order.release is None:
            return progress
        offer, version = order.offer, order.release.version
        if progress is not None and progress.offer == offer and (progress.state in {*ENDED, "failed"} or not self._why):
            return progress
        if not newer(version, self._version):
            state = "done" if not newer(self._version, version) else "failed"
            return Updating(offer=offer, version=version, state=state, why="" if state == "done" else "older")
        return Updating(offer=offer, version=version, state="waiting", why=self._why)
