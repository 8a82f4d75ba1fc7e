"""Where the versions of the program lie, and which of them runs.

    /opt/keng/versions/0.2.0/   one version: bundle/, program/ (a venv made of it); whole if it has `.complete`
    /opt/keng/versions/0.2.0+3f0c9a1b/   another build of it, installed by hand while that ran (deploy/versions.sh)
    /opt/keng/current           what runs: a link to one of them
    /opt/keng/good              the last that was proved: a trial falls back to it, and the updater itself runs from it
    /opt/keng/bin               current/program/bin, for units and people

Rule 1. `current` always leads to a whole version: it is replaced in one step, after what it leads to is on the disk.
Rule 2. A trial is that the two links differ. Nothing else has to be remembered for the way back.
Rule 3. What one of the links leads to is never altered or deleted.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from wire.release import newer

ROOT = Path("/opt/keng")
CURRENT, GOOD, VERSIONS, COMPLETE = "current", "good", "versions", ".complete"
BUNDLE, PROGRAM = "bundle", "program"

Step = Callable[[str], None]
"""Told before each step that the disk may see; a test pulls the plug there."""


def no_step(_: str) -> None:
    """Nobody looks on."""


class Layout:
    """The versions below one folder."""

    def __init__(self, root: Path = ROOT, step: Step = no_step, flush: Callable[[], None] = os.sync) -> None:
        """`flush`: all that was written is on the disk; one call for thousands of files."""
        self.root = root
        self._step = step
        self._flush = flush

    @property
    def current(self) -> str | None:
        """The version that runs; none: this machine was not installed so."""
        return self._read(CURRENT)

    @property
    def good(self) -> str | None:
        """The last that was proved."""
        return self._read(GOOD)

    def folder(self, version: str) -> Path:
        """Where a version lies, or is to lie."""
        return self.root / VERSIONS / version

    def whole(self, version: str) -> bool:
        """Whether it is there, all of it."""
        return (self.folder(version) / COMPLETE).is_file()

    def begin(self, version: str) -> Path:
        """An empty folder for a new version. OSError, ValueError if the version is in use."""
        if version in (self.current, self.good):
            raise ValueError(f"{version} is in use")
        folder = self.folder(version)
        self._step("clean")
        (folder / COMPLETE).unlink(missing_ok=True)
        if folder.exists():
            shutil.rmtree(folder)
        self._step("make")
        folder.mkdir(parents=True)
        return folder

    def complete(self, version: str) -> None:
        """All of it is there: say so, once it is safe."""
        folder = self.folder(version)
        self._step("sync")
        self._flush()
        self._step("complete")
        mark = folder / COMPLETE
        mark.touch()
        _sync(mark)
        _sync(folder)
        _sync(folder.parent)

    def try_out(self, version: str) -> None:
        """Run it from the next start on. ValueError if it is not whole."""
        if not self.whole(version):
            raise ValueError(f"{version} is not whole")
        self._point(CURRENT, version)

    def keep(self) -> None:
        """What runs is good."""
        if self.current is not None:
            self._point(GOOD, self.current)

    def fall_back(self) -> bool:
        """Run what was good from the next start on; whether that is another."""
        good = self.good
        if good is None or good == self.current:
            return False
        self._point(CURRENT, good)
        return True

    def prune(self, before: str | None) -> None:
        """Delete all versions but those that the links lead to and the one before. What cannot be deleted stays."""
        kept = {self.current, self.good, before}
        for folder in sorted((self.root / VERSIONS).glob("*")):
            if folder.name not in kept:
                self._step("prune")
                (folder / COMPLETE).unlink(missing_ok=True)
                shutil.rmtree(folder, ignore_errors=True)

    def newest_whole(self) -> str | None:
        """Of all that are there: where a card has lost its links."""
        found: str | None = None
        for folder in (self.root / VERSIONS).glob("*"):
            if self.whole(folder.name) and (found is None or newer(version_of(folder.name), version_of(found))):
                found = folder.name
        return found

    def _read(self, link: str) -> str | None:
        try:
            name = (self.root / link).readlink().name
        except OSError:
            return None
        return name if self.whole(name) else None

    def _point(self, link: str, version: str) -> None:
        """In one step, and safe when it returns."""
        new = self.root / f".{link}.new"
        self._step(f"{link} draft")
        new.unlink(missing_ok=True)
        new.symlink_to(Path(VERSIONS) / version)
        self._step(f"{link} switch")
        new.replace(self.root / link)
        self._step(f"{link} sync")
        _sync(self.root)


def version_of(name: str) -> str:
    """Of the folder's name."""
    return name.partition("+")[0]


def _sync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
