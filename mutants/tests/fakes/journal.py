"""A journal on a disk that forgets what was not synced and tears the write during which the power goes. Pure.

    disk = FakeDisk()
    journal = FakeJournal(disk, report)
    disk.tear(kept=5)           # the next write stops after 5 bytes and raises PowerCut: drop the node, make another
    disk.state = "full"         # and "ok" again later

It keeps the very bytes that the real one keeps (node/journalline.py), so a torn line is torn as on a card. It is worse
than a real disk in no way, and better in two: it never loses what it synced, and a broken one breaks at once.
"""

from __future__ import annotations

from collections.abc import Callable

from node.core.items import Disk, DiskState
from node.core.records import Memory, Record
from node.journal import Recall
from node.journalline import line_of, read_lines

COMPACT_BYTES = 64 * 1024


class PowerCut(Exception):
    """The machine is off: whatever was going on is over."""


class FakeDisk:
    """What survives a power cut."""

    def __init__(self) -> None:
        self.platter = b""
        """Synced bytes."""
        self.state: DiskState = "ok"
        """Anything else: writes fail."""
        self._kept: int | None = None

    def tear(self, kept: int) -> None:
        """The next write keeps its first `kept` bytes, and the power goes."""
        self._kept = kept

    def mend(self) -> None:
        """It works again, and nothing is about to go wrong."""
        self.state, self._kept = "ok", None

    def write(self, raw: bytes, *, whole: bool = False) -> None:
        """Append, or put a `whole` new file in place in one step; synced on return. OSError if it is not ok."""
        if self.state != "ok":
            raise OSError(self.state)
        kept, self._kept = self._kept, None
        if kept is None:
            self.platter = raw if whole else self.platter + raw
            return
        if not whole:
            self.platter += raw[:kept]
        elif kept >= len(raw):
            self.platter = raw
        raise PowerCut


class FakeJournal:
    """A node.journal.Journal."""

    def __init__(self, disk: FakeDisk, report: Callable[[Disk], None]) -> None:
        self._disk = disk
        self._report = report
        self._memory = Memory()
        self._unsaved: list[Record] = []
        self._told: DiskState | None = None
        self._stale = False

    def open(self) -> Recall:
        """As the port says."""
        reading = read_lines(self._disk.platter)
        self._stale = bool(reading.damaged or reading.torn)
        for record in reading.records:
            self._memory = self._memory.after(record)
        self._tell()
        return Recall(self._memory, reading.damaged)

    def append(self, record: Record) -> bool:
        """As the port says; may raise PowerCut."""
        self._memory = self._memory.after(record)
        self._unsaved.append(record)
        return self.mend()

    def mend(self) -> bool:
        """As the port says; may raise PowerCut."""
        try:
            if self._stale or len(self._disk.platter) > COMPACT_BYTES:
                self._disk.write(b"".join(map(line_of, self._memory.records())), whole=True)
                self._stale = False
                self._unsaved.clear()
            if self._unsaved:
                self._disk.write(b"".join(map(line_of, self._unsaved)))
                self._unsaved.clear()
        except OSError:
            self._tell()
            return False
        self._tell()
        return True

    def close(self) -> None:
        """As the port says."""

    def _tell(self) -> None:
        state = self._disk.state
        if state != self._told:
            self._told = state
            self._report(Disk(state, "" if state == "ok" else f"fake: {state}"))
