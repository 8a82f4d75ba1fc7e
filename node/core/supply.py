"""What is said of the power, from what the machine tells every ten seconds. Pure.

Rule 1. A word that a person reads does not flicker: each comes at one limit and goes at another, or after a while.
Rule 2. It only tells. Nothing is shut down at a low battery: a gong works as long as there is power.
Rule 3. How long a battery lasts is said once it was measured, from how fast it empties; never guessed from its size.
"""

from __future__ import annotations

from typing import Literal

from node.core.items import Machine

Word = Literal["ok", "low", "hot", "mains_lost", "battery_low", "unread"]

LOW_MS = 60_000  # a weak supply dips under each stroke: it is told for a minute after the last dip
HOT_C, COOL_C = 80.0, 75.0  # a Pi's firmware slows it down from 80 °C on
MAINS_MS = 20_000  # two readings: a plug that is moved is no power cut
BATTERY_LOW_PCT, BATTERY_WELL_PCT = 30.0, 40.0  # of 72 h a day is left: time for somebody to come
UNREAD_MS = 60_000  # one reading that fails on a long wire is nothing
FALL_PCT, RISE_PCT = (
    3.0,
    1.0,
)  # where nothing tells of the mains: a gauge's noise is below 1, and it only falls on battery
RATE_PCT, RATE_MS = 2.0, 600_000  # less than that, and hours left would be a guess
HOUR_MS = 3_600_000
MOST_H = 999.0


class Supply:
    """Mutable; `take` a reading, then ask."""

    def __init__(self) -> None:
        self.mains: bool | None = None
        """Whether the power is on; none: nobody knows."""
        self.battery_pct: int | None = None
        """What is left, as last read."""
        self.battery_h: float | None = None
        """Hours that are left at the present rate; none: not on battery, or not measured yet."""
        self._told = False
        self._low_ms: int | None = None
        self._hot = self._empty = False
        self._unread_ms: int | None = None
        self._unread = False
        self._doubt_ms: int | None = None
        self._guessed: bool | None = None
        self._turn: float | None = None  # the highest so far while it is fed, the lowest while it is not
        self._begun: tuple[int, float] | None = None

    def take(self, now_ms: int, machine: Machine) -> None:
        """One reading; times never go back."""
        self._told = self._told or machine.supply is not None or machine.battery is not None
        if machine.supply == "low":
            self._low_ms = now_ms
        elif self._low_ms is not None and now_ms - self._low_ms >= LOW_MS:
            self._low_ms = None
        heat = machine.temperature_c
        if heat is not None:
            self._hot = heat >= HOT_C or (self._hot and heat >= COOL_C)
        if machine.battery is not None:
            self._read_battery(now_ms, machine)

    @property
    def word(self) -> Word | None:
        """The gravest; none where the machine can tell nothing."""
        if self._empty and self.mains is not True:
            return "battery_low"
        if self.mains is False:
            return "mains_lost"
        if self._unread:
            return "unread"
        if self._low_ms is not None:
            return "low"
        return "hot" if self._hot else "ok" if self._told else None

    def _read_battery(self, now_ms: int, machine: Machine) -> None:
        pct = machine.battery_pct
        if machine.battery == "unread" or pct is None:
            self._unread_ms = now_ms if self._unread_ms is None else self._unread_ms
            self._unread = self._unread or now_ms - self._unread_ms >= UNREAD_MS
            if self._unread:
                self.battery_pct = self.battery_h = None
            return
        self._unread_ms, self._unread = None, False
        self.battery_pct = round(min(100.0, max(0.0, pct)))
        self._empty = pct < BATTERY_LOW_PCT or (self._empty and pct < BATTERY_WELL_PCT)
        self._judge_mains(now_ms, self._guess(pct) if machine.mains is None else machine.mains)
        self._reckon(now_ms, pct)

    def _guess(self, pct: float) -> bool | None:
        """By the gauge alone: it falls by more than its noise, or rises again."""
        falling = self._guessed is False
        self._turn = pct if self._turn is None else (min if falling else max)(self._turn, pct)
        if falling and pct >= self._turn + RISE_PCT:
            self._guessed, self._turn = True, pct
        elif not falling and pct <= self._turn - FALL_PCT:
            self._guessed, self._turn = False, pct
        return self._guessed

    def _judge_mains(self, now_ms: int, seen: bool | None) -> None:
        if seen is None or seen == self.mains:
            self._doubt_ms = None
        elif self.mains is None and seen:
            self.mains = True
        elif self._doubt_ms is None:
            self._doubt_ms = now_ms
        elif now_ms - self._doubt_ms >= MAINS_MS:
            self.mains, self._doubt_ms = seen, None

    def _reckon(self, now_ms: int, pct: float) -> None:
        if self.mains is not False:
            self._begun = self.battery_h = None
            return
        if self._begun is None or pct > self._begun[1]:
            self._begun = (now_ms, pct)
        since_ms, gone = now_ms - self._begun[0], self._begun[1] - pct
        if since_ms >= RATE_MS and gone >= RATE_PCT:
            self.battery_h = round(min(MOST_H, max(0.0, pct) * since_ms / gone / HOUR_MS), 1)
