"""A register in memory, by the port of broker/ports.py: entries folded into what a service starts from.

It passes the real one's contract tests. Its faults are named; each says how it could be unrealistic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from broker.core.chimerows import CHIME_WHATS, row_of
from broker.core.offer import Offer
from broker.core.records import (
    MAX_ASKS,
    MAX_CALLED,
    MAX_CHIMES,
    MAX_CLOSED,
    MAX_JOINED,
    Alarm,
    AskRow,
    ChimeRow,
    Entry,
    Incident,
    Mute,
    NodeRow,
    Snapshot,
    Trouble,
)
from broker.core.spoken import Spoken
from broker.core.voices import MAX_SPOKEN, SUBJECT, spoken_of
from broker.errors import RegisterFault, RegisterFull
from broker.ports import MAX_PAGE, Page
from broker.register.chain import FIRST, Link, links
from broker.register.rows import line_of
from wire.messages import Witness

ENDED = ("closed", "false_alarm")


class Shelf:
    """The register of one commune. It outlives the services that write into it."""

    def __init__(self) -> None:
        self.journal: list[Entry] = []
        """Every entry that was committed, in order."""
        self._links: list[Link] = []
        self._full = False
        self._loose: list[Entry] = []
        self._incidents: dict[str, Incident] = {}
        self._alarms: dict[str, Alarm] = {}
        self._troubles: dict[tuple[str, str], Trouble] = {}
        self._mutes: dict[tuple[str, str], Mute] = {}
        self._nodes: dict[str, NodeRow] = {}
        self._asks: dict[tuple[str, str], AskRow] = {}
        self._chimes: dict[str, None] = {}
        self._about_chimes: dict[str, list[Entry]] = {}
        self._joined: dict[str, str] = {}
        self._counter = 0
        self._codebook: dict[str, object] | None = None

    def append(self, entries: Sequence[Entry]) -> int:
        """Write and commit at once."""
        self.write(entries)
        return self.commit()

    def write(self, entries: Sequence[Entry]) -> None:
        """The first half of `append`: written, not committed; a power cut takes it."""
        if not entries:
            raise ValueError("nothing to append")
        if self._full:
            raise RegisterFull("Ổ đĩa đầy.", "The disk is full.")
        self._loose.extend(entries)

    def commit(self) -> int:
        """The second half: what was written is safe."""
        for entry in self._loose:
            self._fold(entry)
        lines = enumerate((line_of(entry) for entry in self._loose), len(self.journal) + 1)
        self._links += links(self._links[-1] if self._links else FIRST, ((seq, *line) for seq, line in lines))
        self.journal.extend(self._loose)
        self._loose.clear()
        return len(self.journal)

    @property
    def head(self) -> Witness | None:
        """The last line and its hash."""
        return Witness(seq=self._links[-1][0], hash=self._links[-1][1].hex()) if self._links else None

    def hash_at(self, seq: int) -> str | None:
        """What the chain has for a line."""
        return self._links[seq - 1][1].hex() if 1 <= seq <= len(self._links) else None

    def alter(self, seq: int) -> None:
        """Somebody rewrote the register from this line on, with a chain that fits; the journal here stays as it was."""
        for number in range(seq - 1, len(self._links)):
            self._links[number] = (number + 1, hashlib.sha256(self._links[number][1]).digest())

    def restore(self) -> Snapshot:
        """What a service starts from."""
        over = [id_ for id_, row in self._incidents.items() if row.state in ENDED]
        forgotten = set(over[:-MAX_CLOSED])
        return Snapshot(
            incidents=tuple(row for id_, row in self._incidents.items() if id_ not in forgotten),
            alarms=tuple(row for row in self._alarms.values() if row.active),
            troubles=tuple(self._troubles.values()),
            mutes=tuple(self._mutes.values()),
            nodes=tuple(self._nodes[name] for name in sorted(self._nodes)),
            asks=tuple(self._asks.values())[-MAX_ASKS:],
            chimes=tuple(self._chimes)[-MAX_CHIMES:],
            called=self._called(),
            spoken=self._spoken(),
            joined=tuple(self._joined.items())[-MAX_JOINED:],
            counter=self._counter,
            codebook=self._codebook,
            offer=self._offer(),
            last_at_ms=self.journal[-1].at_ms if self.journal else 0,
            head=self.head,
        )

    def _offer(self) -> Offer | None:
        bodies = [entry.body for entry in self.journal if entry.what in ("offered", "offer_over")]
        return msgspec.convert(bodies[-1], Offer) if bodies else None

    def _spoken(self) -> tuple[Spoken, ...]:
        found = [entry for entry in self.journal if entry.what == "spoke" and entry.subject == SUBJECT]
        return tuple(spoken_of(entry.by, entry.at_ms, entry.body) for entry in found[-MAX_SPOKEN:])

    def _called(self) -> tuple[ChimeRow, ...]:
        rows = (row_of(self._about_chimes[id_]) for id_ in tuple(self._chimes)[-MAX_CALLED:])
        return tuple(row for row in rows if row is not None)

    def page(self, before: int | None = None, limit: int = 50, open_only: bool = False) -> Page:
        """Up to `limit` incidents opened before `before`, the latest first."""
        numbered = list(enumerate(self._incidents.values()))
        asked_for = [
            (n, row)
            for n, row in reversed(numbered)
            if (before is None or n < before) and not (open_only and row.state in ENDED)
        ]
        size = max(1, min(limit, MAX_PAGE))
        shown = asked_for[:size]
        more = len(asked_for) > size
        return Page(incidents=tuple(row for _, row in shown), next=shown[-1][0] if more else None)

    def probe(self) -> None:
        """It can always be read, unless it is full: a real one can be read even then."""
        if self._full:
            raise RegisterFault("Không đọc được sổ.", "The register cannot be read.")

    def close(self) -> None:
        """Nothing to let go of."""

    def power_cut(self) -> None:
        """What was written and not committed is gone. A real disk may keep some of it; then nobody was told."""
        self._loose.clear()

    def fill_disk(self) -> None:
        """Every write fails from now on; a real disk sometimes lets a small one through."""
        self._full = True

    def free_disk(self) -> None:
        """Writes work again."""
        self._full = False

    @property
    def is_full(self) -> bool:
        """Whether every write fails now."""
        return self._full

    @property
    def incidents(self) -> dict[str, Incident]:
        """Every row there ever was, by id, first opened first."""
        return dict(self._incidents)

    def _fold(self, entry: Entry) -> None:
        if entry.incident is not None:
            self._incidents[entry.incident.id] = entry.incident
        if entry.alarm is not None:
            self._alarms[entry.alarm.id] = entry.alarm
        if entry.node is not None:
            self._nodes[entry.node.id] = entry.node
        if entry.ask is not None:
            self._asks.pop((entry.ask.user, entry.ask.id), None)
            self._asks[entry.ask.user, entry.ask.id] = entry.ask
        if entry.trouble is not None:
            self._fold_trouble(entry.trouble)
        if entry.mute is not None:
            self._fold_mute(entry.mute)
        self._fold_by_kind(entry)

    def _fold_trouble(self, row: Trouble) -> None:
        if row.over_at_ms is None:
            self._troubles[row.kind, row.about] = row
        else:
            self._troubles.pop((row.kind, row.about), None)

    def _fold_mute(self, row: Mute) -> None:
        self._mutes.pop((row.node, row.kind), None)
        if row.over_at_ms is None:
            self._mutes[row.node, row.kind] = row

    def _fold_by_kind(self, entry: Entry) -> None:
        if entry.what in CHIME_WHATS:
            self._about_chimes.setdefault(entry.subject, []).append(entry)
        if entry.what == "chime":
            self._chimes[entry.subject] = None
        elif entry.what == "counter":
            self._counter = max(self._counter, int(entry.body["counter"]))
        elif entry.what == "codebook":
            self._codebook = entry.body
        elif entry.what == "insisted" and "joined" in entry.body:
            self._joined[str(entry.body["joined"])] = entry.subject
