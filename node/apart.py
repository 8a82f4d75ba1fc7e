"""A question that may keep whoever asks it waiting, asked on a thread of its own.

A chip on the I2C bus that holds its clock down keeps the kernel, and whoever reads, for a second and more: an RTC's
time and a battery's charge are such readings. What must hold: `look` returns at once, whatever the chip does, and never
asks a second time while the first has not come back. It does not know what is asked.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from node.core.items import Item, Machine
from node.machine import SYS, machine, system_clock
from node.settings import UpsSettings
from node.ups import with_battery

_log = logging.getLogger(__name__)


class Apart:
    """One question, asked again and again."""

    def __init__(self, ask: Callable[[], Item], instead: Callable[[], Item], put: Callable[[Item], None]) -> None:
        """`put` is given the answer, on the other thread; or `instead`'s, while there is none."""
        self._ask, self._instead, self._put = ask, instead, put
        self._asking: threading.Thread | None = None

    def look(self) -> None:
        """Ask."""
        if self._asking is not None and self._asking.is_alive():
            self._put(self._instead())
            return
        self._asking = threading.Thread(target=self._run, name="apart", daemon=True)
        self._asking.start()

    def _run(self) -> None:
        try:
            self._put(self._ask())
        except Exception:
            _log.exception("a reading failed")


def readings(ups: UpsSettings | None, put: Callable[[Item], None], sys: Path = SYS) -> tuple[Apart, Apart]:
    """Of the clock, and of heat and power. An RTC that hangs leaves the wall clock; a battery that does is unread."""
    unread = Machine(battery=None if ups is None else "unread")
    return (
        Apart(lambda: system_clock(sys), lambda: system_clock(None), put),
        Apart(lambda: with_battery(machine(sys), ups, sys), lambda: unread, put),
    )
