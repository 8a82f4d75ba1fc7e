"""Lamps: how bright, when. `brightness` is pure; `Lamps` gives it a thread that sleeps while nothing moves.

    alert   sending       blinks, 5 a second          received  swells and fades, once in 2 s
            acknowledged  steady                      dark      dark
    link    unheard       blinks, once in 2 s         trouble   blinks, 4 a second            steady  steady

A one-lamp box shows the alert; while there is none, the link. Where there are faults with a number (wire/blinks.py),
the link lamp shows its look for 4 s, is dark for 2 s, counts one number out, is dark for 2 s, and so on with the next:
a long flash counts five, a short one one.
"""

from __future__ import annotations

import logging
import math
import threading
import time

from node.board import Board
from node.core.effects import AlertLamp, LinkLamp, Show
from node.errors import PinFault
from wire.blinks import LONG

_log = logging.getLogger(__name__)

SENDING_MS = 200
"""5 Hz: haste that nobody takes for a pulse."""
RECEIVED_MS = 2_000
"""0.5 Hz, swelling: somebody has it."""
UNHEARD_MS = 2_000
"""0.5 Hz, hard on and off: told apart from swelling even with one lamp."""
TROUBLE_MS = 250
"""4 Hz."""
FRAME_MS = 40
"""25 steps a second make a swell smooth."""
LOOK_MS = 4_000
"""Of the look itself, before each number: what it says must stay to be seen."""
GAP_MS = 2_000
"""Dark around a number: twice as long as any look is."""
LONG_MS, SHORT_MS, APART_MS = 1_200, 250, 450
"""A long flash, a short one, and the dark after each: told apart, and counted, from a ladder."""
RETRY_MS = 1_000
"""After a pin that did not obey; the sampler reports it and opens the pins again."""
CLOSE_S = 1.0

Look = AlertLamp | LinkLamp
_BLINKS: dict[str, int] = {"sending": SENDING_MS, "unheard": UNHEARD_MS, "trouble": TROUBLE_MS}
_COUNTS: tuple[Look, ...] = ("steady", "unheard", "trouble")
"""Looks of the link, which numbers may stand between."""
_STEADY: dict[str, float] = {"dark": 0.0, "steady": 1.0, "acknowledged": 1.0}


def brightness(look: Look, since_ms: int, codes: tuple[int, ...] = ()) -> tuple[float, int | None]:
    """How bright a lamp is `since_ms` after it took on this look, 0 to 1; and in how many ms that changes, if ever."""
    at_ms = since_ms % sum(map(_round_ms, codes)) if codes else 0
    for code in codes:
        if at_ms >= _round_ms(code):
            at_ms -= _round_ms(code)
        elif at_ms >= LOOK_MS:
            return _counted(code, at_ms - LOOK_MS)
        else:
            level, wait_ms = brightness(look, at_ms)
            return level, min(LOOK_MS - at_ms, wait_ms or LOOK_MS)
    if look in _STEADY:
        return _STEADY[look], None
    if look in _BLINKS:
        half_ms = _BLINKS[look] // 2
        turn, within_ms = divmod(since_ms, half_ms)
        return float(turn % 2 == 0), half_ms - within_ms
    swell = (1 - math.cos(2 * math.pi * (since_ms % RECEIVED_MS) / RECEIVED_MS)) / 2
    # Never quite dark: at its darkest it is still not "dark".
    return round(0.05 + 0.95 * swell**2, 3), FRAME_MS


def _flashes_ms(code: int) -> list[int]:
    return [LONG_MS] * (code // LONG) + [SHORT_MS] * (code % LONG)


def _round_ms(code: int) -> int:
    """One look and one number."""
    return LOOK_MS + 2 * GAP_MS + sum(flash_ms + APART_MS for flash_ms in _flashes_ms(code))


def _counted(code: int, at_ms: int) -> tuple[float, int | None]:
    """Within a number, from the dark before it to the dark behind it."""
    if at_ms < GAP_MS:
        return 0.0, GAP_MS - at_ms
    at_ms -= GAP_MS
    for flash_ms in _flashes_ms(code):
        if at_ms < flash_ms:
            return 1.0, flash_ms - at_ms
        if at_ms < flash_ms + APART_MS:
            return 0.0, flash_ms + APART_MS - at_ms
        at_ms -= flash_ms + APART_MS
    return 0.0, GAP_MS - at_ms


def looks(show: Show, lamps: tuple[str, ...]) -> dict[str, Look]:
    """What each lamp of the box shows; `lamps` are of alert, link, one."""
    one: Look = show.link if show.alert == "dark" else show.alert
    wanted: dict[str, Look] = {"alert": show.alert, "link": show.link, "one": one}
    return {lamp: wanted[lamp] for lamp in lamps}


class Lamps:
    """Drives a board's lamps."""

    def __init__(self, board: Board, lamps: tuple[str, ...]) -> None:
        self._board = board
        self._names = lamps
        self._change = threading.Condition()
        self._looks: dict[str, tuple[Look, tuple[int, ...], int]] = {}
        self._again = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="lamps", daemon=True)
        self._thread.start()

    def show(self, show: Show) -> None:
        """Take on these looks; returns at once."""
        now_ms = _now_ms()
        with self._change:
            for lamp, look in looks(show, self._names).items():
                codes = show.codes if look in _COUNTS else ()
                if lamp not in self._looks or self._looks[lamp][:2] != (look, codes):
                    self._looks[lamp] = (look, codes, now_ms)
            self._again = True
            self._change.notify()

    def renew(self) -> None:
        """The pins were opened anew, and are dark: drive them all again."""
        with self._change:
            self._again = True
            self._change.notify()

    def close(self) -> None:
        """All dark; the thread ends."""
        with self._change:
            self._closing = True
            self._change.notify()
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        driven: dict[str, float] = {}
        while True:
            with self._change:
                if self._closing:
                    return
                if self._again:
                    driven.clear()
                    self._again = False
                current = dict(self._looks)
            wait_ms = self._drive(current, driven)
            with self._change:
                if not self._again and not self._closing:
                    self._change.wait(None if wait_ms is None else wait_ms / 1000)

    def _drive(self, current: dict[str, tuple[Look, tuple[int, ...], int]], driven: dict[str, float]) -> int | None:
        now_ms = _now_ms()
        waits: list[int] = []
        for lamp, (look, codes, since_ms) in current.items():
            level, wait_ms = brightness(look, now_ms - since_ms, codes)
            waits += [] if wait_ms is None else [wait_ms]
            if driven.get(lamp) == level:
                continue
            try:
                self._board.drive(lamp, level)
                driven[lamp] = level
            except PinFault:
                waits.append(RETRY_MS)
            except Exception:
                _log.exception("lamp %s does not obey", lamp)
                waits.append(RETRY_MS)
        return min(waits, default=None)


def _now_ms() -> int:
    return time.monotonic_ns() // 1_000_000
