"""One thread that tells the service's journal what people/notes.py kept: in order, one at a time, until it is taken.

What must hold: what the service has not confirmed stays in the table, over restarts of either; an ask is repeated under
its own id, so it is written once; it goes slower than the service's limits, so that a backlog is not refused as a
flood; nothing that goes wrong here ends the thread or a page.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from django.db import close_old_connections
from msgspec import Struct

from broker.console.live.hub import NoAnswer
from broker.console.people.models import Untold
from wire.asks import AskAudit, Told
from wire.topics import Verb

EVERY_S = 1.2
"""Fifty a minute: the service takes sixty of a kind (broker/core/desk.py)."""
AWAY_S = 10.0
"""How long to leave a service alone that did not answer, or refused."""
MOST_REFUSALS = 20
"""Then it is let go, with a line in the machine's journal: one that is never taken must not hold up the rest."""
_log = logging.getLogger(__name__)

Ask = Callable[[Verb, Struct], Told]


def message_of(row: Untold) -> AskAudit:
    """As the wire has it; the same each time it is said, for the service knows an ask again by its whole text."""
    at = datetime.fromtimestamp(row.at_ms / 1000, UTC).isoformat(timespec="milliseconds")
    detail = {"at": at, **{str(key): _line(str(value)) for key, value in row.detail.items()}}
    return AskAudit(id=row.ask, what=row.what, about=_line(row.about) or "-", detail=detail, behalf=row.who or None)


def _line(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text)


class Teller(threading.Thread):
    """Started with the console."""

    def __init__(self, ask: Ask, every_s: float = EVERY_S, away_s: float = AWAY_S) -> None:
        """`ask`: the hub's."""
        super().__init__(name="teller", daemon=True)
        self._ask, self._every_s, self._away_s = ask, every_s, away_s
        self._over = threading.Event()
        self._refused: dict[str, int] = {}

    def run(self) -> None:
        """Until the process ends."""
        wait_s = self._every_s
        while not self._over.wait(wait_s):
            try:
                wait_s = self.turn()
            except Exception:
                _log.exception("the journal is told later")
                wait_s = self._away_s
            finally:
                close_old_connections()

    def end(self) -> None:
        """No further turn."""
        self._over.set()

    def turn(self) -> float:
        """Tell the oldest; how long to wait until the next turn."""
        row = Untold.objects.order_by("pk").first()
        if row is None:
            return self._every_s
        try:
            told = self._ask("audit", message_of(row))
        except NoAnswer:
            return self._away_s
        if not told.ok:
            self._refused[row.ask] = self._refused.get(row.ask, 0) + 1
            if self._refused[row.ask] < MOST_REFUSALS:
                return self._away_s
            _log.error("the journal does not take what happened: %s %s %s: %s", row.who, row.what, row.about, told.why)
        self._refused.pop(row.ask, None)
        row.delete()
        return self._every_s
