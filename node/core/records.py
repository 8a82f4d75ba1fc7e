"""What a node writes down: the only things that a restart must know.

Each record is one line of the journal. Folding them in order gives the `Memory`; a compacted journal is the
records that give the same memory. A record that a newer program wrote and this one cannot read is skipped.
"""

from __future__ import annotations

from typing import Literal, assert_never

from msgspec import Struct, structs

from wire.messages import Witness
from wire.words import ClockState, Kind

OwnState = Literal["sending", "received", "acknowledged", "closed"]

MAX_ALERTS = 64  # a hamlet's own alerts that are not closed; a stuck commune must not fill the disk
MAX_CHIMES = 64  # three weeks of three chimes a day: nothing older can come again within its grace
MAX_WITNESSES = 400  # a year of nights, and the chimes between: 50 KB of a journal that is written anew
MAX_HEARD = 256  # ids of others' alerts and ended alarms that must not sound again


class OwnAlert(Struct, frozen=True, tag=True):
    """An alert of this node, whole, at each change of it."""

    id: str
    """UUIDv7."""
    kind: Kind
    """Which button."""
    silent: bool
    """Sounds and shows nothing here."""
    drill: bool
    """An exercise."""
    pressed_wall_ms: int
    """Wall time of the press; see `clock`."""
    clock: ClockState
    """Whether that can be believed."""
    pressed_ms: int
    """Monotonic time of the press, good for as long as `boot` is the machine's."""
    boot: str
    """The kernel's boot id."""
    count: int = 1
    """How often pressed."""
    state: OwnState = "sending"
    """What the register said."""
    cancelled: bool = False
    """Taken back by the cancel contact."""
    quiet: bool = False
    """Our press alone does not make it sound again: cleared or cancelled."""
    last_ms: int | None = None
    """Monotonic time of the last press; none: of the only one."""


class ChimeDone(Struct, frozen=True, tag=True, omit_defaults=True):
    """A chime that sounded or is about to: once per id, ever. Written before it sounds."""

    id: str
    """`<name>/<local date>`."""
    witness: Witness | None = None
    """The head of the commune's register that came with its order; none: our own code book's chime."""


class Witnessed(Struct, frozen=True, tag=True):
    """A head of the commune's register, in a journal that was written anew: its chime may be forgotten by then."""

    witness: Witness
    """As it came."""


class CounterObeyed(Struct, frozen=True, tag=True):
    """The last order obeyed: nothing at or below it is obeyed again."""

    counter: int
    """The order's."""


class HeardAlert(Struct, frozen=True, tag=True):
    """Another node's alert that sounded here, or an alarm that was cleared: no copy of the alert sounds again."""

    id: str
    """The alert's."""
    over: bool = False
    """For good: closed, taken back, or a test that was played. Even a set that still states it does not sound it."""


class SpentContacts(Struct, frozen=True, tag=True):
    """All contacts that have pressed and were not seen open since: over a restart, too, one closing is one press."""

    names: tuple[str, ...]
    """As in the settings, in their order."""


class FirstBoot(Struct, frozen=True, tag=True, omit_defaults=True):
    """How far a new installation has come, whole, at each change of it; see firstboot.py."""

    steps: int = 0
    """Steps of its first hour that were begun."""
    struck: bool = False
    """Its one stroke has sounded, or was about to: never again."""
    told: bool = False
    """The commune surely knows that it has sounded."""


Record = OwnAlert | ChimeDone | Witnessed | CounterObeyed | HeardAlert | SpentContacts | FirstBoot


class Memory(Struct, frozen=True):
    """What the records add up to."""

    alerts: dict[str, OwnAlert] = {}
    """This node's alerts that are not closed, oldest first."""
    chimes: tuple[str, ...] = ()
    """Chimes done, oldest first."""
    witnesses: tuple[Witness, ...] = ()
    """Heads of the commune's register, in the order in which they came."""
    counter: int = 0
    """The last order obeyed."""
    heard: tuple[str, ...] = ()
    """Ids of others' alerts that sounded here, oldest first."""
    over: tuple[str, ...] = ()
    """Ids of alarms that must not sound again, oldest first."""
    spent: tuple[str, ...] = ()
    """Contacts that have pressed and were not seen open since."""
    first: FirstBoot = FirstBoot()
    """How far this installation has come."""

    def after(self, record: Record) -> Memory:
        """The memory with one more record; the oldest entries beyond the limits are forgotten."""
        match record:
            case OwnAlert():
                alerts = {**self.alerts, record.id: record}
                if record.state == "closed":
                    del alerts[record.id]
                while len(alerts) > MAX_ALERTS:
                    del alerts[min(alerts, key=lambda id_: _weight(alerts[id_]))]
                return structs.replace(self, alerts=alerts)
            case ChimeDone():
                chimes = _with(self.chimes, record.id, MAX_CHIMES)
                return structs.replace(self._after_witness(record.witness), chimes=chimes)
            case Witnessed():
                return self._after_witness(record.witness)
            case CounterObeyed():
                return structs.replace(self, counter=max(self.counter, record.counter))
            case HeardAlert():
                over = _with(self.over, record.id, MAX_HEARD) if record.over else self.over
                return structs.replace(self, heard=_with(self.heard, record.id, MAX_HEARD), over=over)
            case SpentContacts():
                return structs.replace(self, spent=record.names)
            case FirstBoot():
                return structs.replace(self, first=record)
            case _:
                assert_never(record)

    def _after_witness(self, witness: Witness | None) -> Memory:
        """A head that has not moved since the last chime says nothing new."""
        if witness is None or self.witnesses[-1:] == (witness,):
            return self
        return structs.replace(self, witnesses=(*self.witnesses, witness)[-MAX_WITNESSES:])

    def records(self) -> list[Record]:
        """Records that give this very memory, each list in its order: what a compacted journal holds."""
        return [
            CounterObeyed(self.counter),
            *(ChimeDone(done) for done in self.chimes),
            *(Witnessed(witness) for witness in self.witnesses),
            *(HeardAlert(over, over=True) for over in self.over),
            *(HeardAlert(heard) for heard in self.heard),
            *self.alerts.values(),
            *([SpentContacts(self.spent)] if self.spent else []),
            *([self.first] if self.first != FirstBoot() else []),
        ]


def _weight(alert: OwnAlert) -> tuple[bool, bool]:
    """What is lightest is forgotten first, among equals the oldest: an exercise, then what the register has anyway."""
    return (not (alert.drill or alert.kind == "test"), alert.state == "sending")


def _with(ids: tuple[str, ...], new: str, most: int) -> tuple[str, ...]:
    return (*(other for other in ids if other != new), new)[-most:]
