"""The node's line to the broker: a Link that is made again and again until its certificate and password can be read.

What must always hold: a missing password file never keeps a gong from sounding; what is wrong is told once, as
LinkDown, until it changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from wire.envelope import LinkDown, Publication
from wire.errors import LinkFault
from wire.link import Link, LinkItem, LinkSettings

_log = logging.getLogger(__name__)

RETRY_MS = 5_000
"""Between looks at a missing certificate or password: an installer is copying it just now."""


class Line:
    """A hands.Sender over a Link."""

    def __init__(
        self,
        settings: LinkSettings,
        subscriptions: Sequence[str],
        deliver: Callable[[LinkItem], None],
        will: Callable[[], Publication | None],
    ) -> None:
        self._make: Callable[[], Link] = lambda: Link(settings, subscriptions, deliver, will)
        self._deliver = deliver
        self._link: Link | None = None
        self._why = ""

    def open(self) -> None:
        """Begin, or try to begin again; does nothing once it has begun. Never raises."""
        if self._link is not None:
            return
        try:
            link = self._make()
        except LinkFault as fault:
            if fault.vi != self._why:
                self._why = fault.vi
                _log.error("%s", fault)
                self._deliver(LinkDown(fault.vi, files=True))
            return
        link.open()
        self._link = link

    def publish(self, publication: Publication) -> bool:
        """Hand it to the network now; False if there is none."""
        return self._link is not None and self._link.publish(publication)

    def listen(self, subscriptions: Sequence[str]) -> None:
        """Hear these from now on, by a new connection."""
        if self._link is not None:
            self._link.listen(subscriptions)

    def nudge(self) -> None:
        """Try now instead of waiting."""
        if self._link is not None:
            self._link.nudge()

    def stuck(self) -> bool:
        """Whether the link's thread is caught."""
        return self._link is not None and self._link.moving.stuck()

    def close(self) -> None:
        """An orderly goodbye."""
        if self._link is not None:
            self._link.close()
