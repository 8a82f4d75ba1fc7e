"""A disk that may lose its power after any deed: what it holds then.

The model. A write goes to the disk in sectors of 512 bytes; a sector is there as written or as before. Until a file is
synced (fsync, fdatasync) each of its written sectors, and each change of its length, may have survived or not, each for
itself; a length that survived without its bytes shows zeros or garbage. Until a folder is synced each name that was
made, moved or taken away in it may have survived or not, each for itself. A sync that failed makes nothing safe, and
neither does a later one of the same file for what was written before (Linux calls lost pages clean).

Harsher than ext4 (data=ordered) and f2fs on an SD card: their names and lengths survive in the order in which they were
made; a length survives only with its bytes; a synced new file brings its name. (ext4 does lose a move whose folder was
not synced: test_ext4.py has it measured.)

Milder: a move of a name is one step (ext4 and f2fs journal it; FAT does not); a sync that returned is believed, while
cheap cards lie; a sector that is not written is not harmed, while a card that loses power as it rearranges its flash
may lose its neighbours; folders are there as soon as they are made (the installer makes ours).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Literal

from cuts.recording import Deed, Recording

SECTOR_BYTES = 512
UNTRUSTED = "-shm"
"""SQLite's index of its log: memory rather than a file, made anew after a crash; here it comes back as garbage."""

Survives = Callable[[int], bool]
"""Whether a part of the deed of this number did."""
Image = dict[str, bytes]
"""The files of a folder, by name."""


@dataclass(slots=True)
class _Change:
    number: int
    at: int
    written: bytes | None
    """None: the length was set."""
    fate: Literal["loose", "lost", "safe"] = "loose"
    """Lost: its sync failed, and no later one saves it. Safe: synced, but on top of one that is lost."""


@dataclass(slots=True)
class _File:
    safe: bytearray
    changes: list[_Change] = field(default_factory=list)

    def sync(self) -> None:
        for change in self.changes:
            change.fate = "safe" if change.fate == "loose" else change.fate
        while self.changes and self.changes[0].fate == "safe":
            change = self.changes.pop(0)
            if change.written is None:
                _resize(self.safe, change.at)
            else:
                _put(self.safe, change.at, change.written)

    def lose(self) -> None:
        for change in self.changes:
            change.fate = "lost" if change.fate == "loose" else change.fate

    def after_cut(self, survives: Survives, fill: Callable[[int], bytes]) -> bytes:
        raw, length = bytearray(self.safe), len(self.safe)
        for change in self.changes:
            at, written = change.at, change.written
            there = (lambda _: True) if change.fate == "safe" else survives
            if written is None:
                if there(change.number):
                    del raw[at:]
                    length = at
                continue
            for start, end in _sectors(at, len(written)):
                if there(change.number):
                    _put(raw, start, written[start - at : end - at], fill)
            if at + len(written) > length and there(change.number):
                length = at + len(written)
        _resize(raw, length, fill)
        return bytes(raw)


@dataclass(frozen=True, slots=True)
class _Naming:
    number: int
    file: int
    old: str | None
    """Taken away, if it still is the file's."""
    new: str | None
    """The file's from now on."""

    @property
    def folder(self) -> str:
        return str(PurePosixPath(self.new or self.old or "").parent)

    def apply(self, names: dict[str, int]) -> None:
        if self.old is not None and names.get(self.old) == self.file:
            del names[self.old]
        if self.new is not None:
            names[self.new] = self.file


class Disk:
    """Takes deeds one by one; says at any time what a cut could leave."""

    def __init__(self, recording: Recording) -> None:
        self._files = [_File(bytearray(content)) for _, content in recording.base.values()]
        self._by_inode = {inode: number for number, (inode, _) in enumerate(recording.base.values())}
        self._names = {name: number for number, name in enumerate(recording.base)}
        self._namings: list[_Naming] = []
        self._number = 0

    def take(self, deed: Deed) -> None:
        """The next one."""
        self._number += 1
        match deed.kind:
            case "C":
                # An inode may come again while the file that had it can still come back.
                self._by_inode[deed.inode] = len(self._files)
                self._files.append(_File(bytearray()))
                self._name(deed, None, deed.name)
            case "R":
                assert PurePosixPath(deed.name).parent == PurePosixPath(deed.other).parent, (
                    "moves within one folder only"
                )
                self._name(deed, deed.name, deed.other)
            case "L":
                self._name(deed, None, deed.other)
            case "U":
                self._name(deed, deed.name, None)
            case "W":
                self._file(deed).changes.append(_Change(self._number, deed.at, deed.payload))
            case "T":
                self._file(deed).changes.append(_Change(self._number, deed.at, None))
            case "S":
                self._file(deed).sync()
            case "F" if deed.inode in self._by_inode:
                self._file(deed).lose()
            case "F":
                pass  # of a folder: its names stay as loose as they were
            case "D":
                self._sync_folder(deed.name or ".")

    def after_cut(self, dice: random.Random) -> Image:
        """The files that are there when the power is back."""
        survives, fill = _survivors(dice, self._number), _filler(dice)
        names = dict(self._names)
        for naming in self._namings:
            if survives(naming.number):
                naming.apply(names)
        return {
            name: dice.randbytes(32768) if name.endswith(UNTRUSTED) else self._files[file].after_cut(survives, fill)
            for name, file in names.items()
        }

    def without_cut(self) -> Image:
        """The files as a program sees them."""
        names = dict(self._names)
        for naming in self._namings:
            naming.apply(names)
        return {name: self._files[file].after_cut(lambda _: True, bytes) for name, file in names.items()}

    def _file(self, deed: Deed) -> _File:
        return self._files[self._by_inode[deed.inode]]

    def _name(self, deed: Deed, old: str | None, new: str | None) -> None:
        self._namings.append(_Naming(self._number, self._by_inode[deed.inode], old, new))

    def _sync_folder(self, folder: str) -> None:
        for naming in self._namings:
            if naming.folder == folder:
                naming.apply(self._names)
        self._namings = [naming for naming in self._namings if naming.folder != folder]


def _survivors(dice: random.Random, last: int) -> Survives:
    """Nothing, everything, all up to some deed that is torn, or each part by a die of its own."""
    match dice.randrange(6):
        case 0:
            return lambda _: False
        case 1:
            return lambda _: True
        case 2:
            torn = last - int(dice.expovariate(0.1))
            return lambda number: number < torn or (number == torn and dice.random() < 0.5)
        case _:
            chance = dice.choice((0.05, 0.5, 0.95))
            return lambda _: dice.random() < chance


def _filler(dice: random.Random) -> Callable[[int], bytes]:
    return dice.choice((bytes, dice.randbytes))


def _sectors(at: int, size: int) -> Iterator[tuple[int, int]]:
    start = at
    while start < at + size:
        end = min(at + size, (start // SECTOR_BYTES + 1) * SECTOR_BYTES)
        yield start, end
        start = end


def _put(raw: bytearray, at: int, written: bytes, fill: Callable[[int], bytes] = bytes) -> None:
    if at > len(raw):
        _resize(raw, at, fill)
    raw[at : at + len(written)] = written


def _resize(raw: bytearray, length: int, fill: Callable[[int], bytes] = bytes) -> None:
    if length > len(raw):
        raw += fill(length - len(raw))
    del raw[length:]


def lay_out(image: Image, folder: Path) -> None:
    """Write an image's files below a folder; one already there was none of ours."""
    for name, content in image.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


@dataclass(frozen=True, slots=True)
class Cut:
    """The power failed."""

    after: int
    """So many deeds."""
    claims: Sequence[bytes]
    """Made until then, JSON."""
    image: Image
    """What was left."""


def boundaries(deeds: Sequence[Deed]) -> list[int]:
    """Before and after each deed; right after a claim twice."""
    return [*range(len(deeds) + 1), *(number + 1 for number, deed in enumerate(deeds) if deed.kind == "K")]


def cuts(
    recording: Recording, deeds: Sequence[Deed], places: Sequence[int], count: int, dice: random.Random
) -> Iterator[Cut]:
    """`count` of them at these places, in their order; if they are fewer, each comes again, with other survivors."""
    rounds, rest = divmod(count, len(places))
    wanted = sorted([*places] * rounds + dice.sample(places, rest))
    disk, claims, taken = Disk(recording), list(recording.claims), 0
    for place in wanted:
        for deed in deeds[taken:place]:
            disk.take(deed)
            if deed.kind == "K":
                claims.append(deed.payload)
        taken = place
        yield Cut(place, list(claims), disk.after_cut(dice))
