"""Contacts: levels in, presses out.

Rule 1. A contact is read as a level every few milliseconds and integrated; edges get lost, and long cables invent them.
Rule 2. A press of 60 ms or more is never lost, even with a bouncing contact; noise never becomes one.
Rule 3. One press a closing: a button that is stuck presses once, then is a trouble. A restart is no opening.
Rule 4. A press is an exercise if the drill switch was on before the hold began and still is when it is complete: who
turns the key beside a hand that calls for help makes no exercise of that call. In the same reading is before.
The one danger: a stalled sampler. A long gap between readings proves nothing, so the count starts again.
"""

from __future__ import annotations

from dataclasses import dataclass

from node.core.setup import ContactSetup

TRUST_MS = 36  # closed time that makes a press; the rest of the 60 ms is for bounce and for the first look
OPEN_WEIGHT = 3  # an open reading counts three times: noise that is closed half the time runs steeply downhill
LONGEST_STEP_MS = 6  # what one reading can vouch for: a sampler that stalls sees a 50 Hz hum closed each time it looks
BLIND_MS = 200  # after a gap this long nobody knows what the contact did
STUCK_MS = 30_000  # no hand holds a button that long
DRILL_LEFT_MS = 3_600_000  # no exercise lasts an hour; a key that was forgotten makes exercises of real presses
SILENT_STUCK_MS = 900_000  # one that must not give itself away: by then whoever was there is gone


class Integrator:
    """One contact's level, integrated. Times are monotonic ms and never go back."""

    def __init__(self, closed: bool = False) -> None:
        """`closed`: what it is taken for until readings say otherwise."""
        self.closed = closed
        """The contact, debounced."""
        self.since_ms = 0
        """When the run of closed readings began that led to `closed`; after a long gap, when it was read again."""
        self.began_ms = 0
        """The same, whatever gaps there were: an order of two contacts must not get lost in a stall."""
        self.closed_ms = 0
        """When `closed` changed last."""
        self._sum_ms = TRUST_MS if closed else 0
        self._last: tuple[int, bool] | None = None

    def feed(self, at_ms: int, closed: bool) -> None:
        """One reading."""
        last = self._last
        at_ms = at_ms if last is None else max(at_ms, last[0])
        self._last = (at_ms, closed)
        if last is None:
            self.since_ms = self.began_ms = self.closed_ms = at_ms
            return
        gap_ms = at_ms - last[0]
        if gap_ms > BLIND_MS and last[1]:
            # The count starts again, but no opening was seen: a stuck button must not press once more for each stall.
            self._sum_ms = 0
            self.since_ms = at_ms
            return
        step_ms = min(gap_ms, LONGEST_STEP_MS)
        self._sum_ms = min(TRUST_MS, self._sum_ms + step_ms) if last[1] else self._sum_ms - OPEN_WEIGHT * step_ms
        if self._sum_ms <= 0:
            self._sum_ms = 0
            self.since_ms = self.began_ms = at_ms
            self._become(False, at_ms)
        elif self._sum_ms >= TRUST_MS:
            self._become(True, at_ms)

    def _become(self, closed: bool, at_ms: int) -> None:
        if closed != self.closed:
            self.closed = closed
            self.closed_ms = at_ms


@dataclass(frozen=True, slots=True)
class Pressed:
    """A contact was held for its time."""

    contact: ContactSetup
    """Which."""
    at_ms: int
    """When the hold was complete."""
    drill: bool = False
    """An exercise: the drill switch was on all the while."""


class Box:
    """All contacts of the box."""

    def __init__(self, contacts: tuple[ContactSetup, ...], spent: tuple[str, ...] = ()) -> None:
        """`spent`: those that had pressed, and were still closed, when the last run ended."""
        self._contacts = {setup.name: (setup, Integrator(setup.name in spent)) for setup in contacts}
        self.spent: tuple[str, ...] = tuple(name for name in self._contacts if name in spent)
        """Contacts that have pressed and were not seen open since, in the order of the setup."""
        self.stuck: tuple[str, ...] = ()
        """Contacts that have been closed for too long, in the order of the setup; a silent one much later."""
        self.left_on: tuple[str, ...] = ()
        """Drill switches that were forgotten."""
        self.shown = False
        """Whether one of these may be seen on the box: a silent contact never."""

    def feed(self, at_ms: int, closed: tuple[str, ...]) -> list[Pressed]:
        """One reading of all contacts; the presses that are complete by it, in the order of the setup."""
        held: list[tuple[ContactSetup, Integrator]] = []
        stuck: list[ContactSetup] = []
        left_on: list[str] = []
        spent: list[str] = []
        for name, (setup, level) in self._contacts.items():
            level.feed(at_ms, name in closed)
            if not level.closed:
                continue
            held_ms = at_ms - level.since_ms
            closed_for_ms = at_ms - level.closed_ms
            if setup.purpose == "drill":
                left_on += [name] if closed_for_ms > DRILL_LEFT_MS else []
                continue
            if closed_for_ms > (SILENT_STUCK_MS if setup.silent else STUCK_MS):
                stuck.append(setup)
            if name in self.spent:
                spent.append(name)
            elif held_ms >= setup.hold_ms:
                spent.append(name)
                held.append((setup, level))
        self.stuck, self.left_on = tuple(setup.name for setup in stuck), tuple(left_on)
        self.spent = tuple(spent)
        self.shown = bool(left_on) or any(not setup.silent for setup in stuck)
        # Once all are read: the switch may come after the button in the setup.
        return [Pressed(setup, at_ms, self._is_drill(level.began_ms)) for setup, level in held]

    def _is_drill(self, began_ms: int) -> bool:
        """Whether a drill switch is on, and was when a hold began."""
        switches = (level for setup, level in self._contacts.values() if setup.purpose == "drill")
        return any(level.closed and level.began_ms <= began_ms for level in switches)
