"""The connection by which flooders are heard (core/hush.py): their own queue in Mosquitto, and little of our time.

What must hold: a flooder gets PER_S words a second of us and no more; whatever it says after its flood is heard within
about a second, and not behind the 40,000 words that wait in the kernel then: these are dropped with the connection.
It does not know who floods, nor what is said.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from broker.core.items import Flooding, Item
from wire.envelope import Arrived, LinkItem

PER_S = 300
"""Words of all flooders; a box that is well says a few."""
REST_S = 1.0
"""Then nothing is read for so long, well within the link's keepalive."""


class Hearing(Protocol):
    """wire.link.Link, as it is used here."""

    def open(self) -> None:
        """Start trying."""
        ...

    def listen(self, subscriptions: Sequence[str]) -> None:
        """Hear these from now on."""
        ...

    def again(self) -> None:
        """Make a new connection."""
        ...

    def close(self, last: None = None) -> None:
        """End it."""
        ...


class Aside:
    """Made when it is needed first, and kept."""

    def __init__(
        self,
        make: Callable[[Callable[[LinkItem], None]], Hearing],
        put: Callable[[Item], None],
        now_s: Callable[[], float] = time.monotonic,
        rest: Callable[[float], None] = time.sleep,
    ) -> None:
        """`make`: a link that delivers to what it is given; `put`: the inbox's."""
        self._make = make
        self._put = put
        self._now_s = now_s
        self._rest = rest
        self._link: Hearing | None = None
        self._words_s: deque[float] = deque(maxlen=PER_S)

    def listen(self, filters: Sequence[str]) -> None:
        """Hear these alone. Returns at once."""
        if self._link is None:
            self._link = self._make(self._deliver)
            self._link.open()
        self._link.listen(filters)

    def close(self) -> None:
        """End it."""
        if self._link is not None:
            self._link.close()

    def _deliver(self, item: LinkItem) -> None:
        """On the link's thread, which may rest here: it has nobody else to hear."""
        if not isinstance(item, Arrived) or self._link is None:
            return
        self._put(item)
        self._words_s.append(self._now_s())
        if len(self._words_s) == PER_S and self._words_s[-1] - self._words_s[0] < 1.0:
            self._words_s.clear()
            # keng/1/commune/up/NODE/word
            self._put(Flooding(item.topic.split("/")[4]))
            self._rest(REST_S)
            self._link.again()
