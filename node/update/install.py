"""Installs what was fetched beside what runs, puts it on trial, keeps it or rolls it back. As root, without a network.

    proved ─► copied, hashed ─► installed ─► doctor ─► permission looked at once more ─► current switched ─► restart
                                                        well for STEADY_S: good switched · else: current back, restart

Rule 1. Nothing that was fetched is believed: the signature is checked here again, and each file as it is copied to
where nobody but root writes.
Rule 2. Whatever happens at whatever step, the power included, `current` leads to the old version, or to the new one
while `trial.json` says so; then the next start of this, or the next boot, leads it back.
Rule 3. Every end is told; what runs is never worse than told.
"""

from __future__ import annotations

import errno
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from msgspec import structs

from node.update.fetch import CHUNK, sha256_of
from node.update.files import HEALTH, PERMIT, TOLD, TRIAL, Health, Permitted, Trial, plain, read, write
from node.update.layout import BUNDLE, PROGRAM, Layout, version_of
from node.update.trial import OLD_S, UNLINKED, WELL, Judge
from wire.errors import ReleaseFault
from wire.release import MANIFEST, SIGNATURE, File, Manifest, for_target, newer, opened
from wire.reports import Updating

MAX_CUTS = 2  # a village's power goes, or the commune's; a version in whose trials that happens thrice is what did it
LOOK_S = 5.0
ENDED = frozenset({"done", "rolled_back"})
STRANGE = (
    errno.ENOENT,
    errno.ENOTDIR,
    errno.ELOOP,
    errno.EINVAL,
)  # no ordinary file; a bad card says EIO
WHY_CHARS = 80  # of the wire's Word


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that an installer touches."""

    layout: Layout
    """The versions."""
    run: Path
    """The node's folder: permission and health."""
    fetched: Path
    """The fetcher's."""
    state: Path
    """The installer's own."""
    keys: Callable[[], tuple[str, ...]]
    """The release keys. ReleaseFault."""
    target: Callable[[], str]
    """Which machine this is. ReleaseFault."""
    set_up: Callable[[Path, Path], None]
    """Install the program from a bundle into a folder. SubprocessError, OSError."""
    doctor: Callable[[Path], str]
    """Ask the version in a folder whether it can do its work here: empty, or what is wrong."""
    restart: Callable[[], None]
    """Let the node start again."""
    wait: Callable[[float], None]
    """Let seconds pass."""
    now_s: Callable[[], float]
    """Monotonic."""


class Installer:
    """One try."""

    def __init__(self, around: Surroundings) -> None:
        self._around = around
        self._layout = around.layout
        self._trial = read(around.state / TRIAL, Trial)

    def run(self) -> bool:
        """Do what is permitted, if anything is; false: it must be started again, to lead back.

        Never raises but for mistakes of ours and a disk that takes no word.
        """
        if recover(self._layout, self._around.state):
            self._around.restart()
            self._trial = read(self._around.state / TRIAL, Trial)
        permitted = self._permitted()
        if permitted is None or self._over(permitted):
            return True
        try:
            self._install(permitted)
        except ReleaseFault as fault:
            self._tell(permitted, "failed", str(fault))
        except OSError as fault:
            full = fault.errno in (errno.ENOSPC, errno.EDQUOT)
            self._tell(permitted, "failed", "full" if full else f"disk: {fault.strerror}")
        except subprocess.SubprocessError as fault:
            self._tell(permitted, "failed", f"install: {fault}")
        trial = read(self._around.state / TRIAL, Trial)
        return self._layout.current == self._layout.good and (trial is None or not trial.on)

    def _permitted(self) -> Permitted | None:
        return read(self._around.run / PERMIT, Permitted)

    def _over(self, permitted: Permitted) -> bool:
        told = read(self._around.state / TOLD, Updating)
        return told is not None and told.offer == permitted.offer and told.state in ENDED

    def _cuts(self, permitted: Permitted) -> int:
        trial = self._trial
        return trial.cuts if trial is not None and trial.offer == permitted.offer else 0

    def _tell(self, permitted: Permitted, state: str, why: str = "") -> None:
        _tell(self._around.state, permitted.offer, permitted.release.version, state, why)

    def _install(self, permitted: Permitted) -> None:
        layout, version = self._layout, permitted.release.version
        if layout.good is None:
            raise ReleaseFault("machine", "not installed by versions; run install.sh once")
        manifest, raw, signature = self._proved(permitted)
        if self._cuts(permitted) > MAX_CUTS:
            self._tell(permitted, "rolled_back", "power")
            return
        if not self._ready(version, raw):
            self._tell(permitted, "installing")
            self._place(permitted, manifest, raw, signature)
        wrong = self._around.doctor(layout.folder(version) / PROGRAM)
        if wrong:
            self._tell(permitted, "rolled_back", f"doctor: {wrong}")
            return
        # Last of all: an alarm may have come while pip was busy, or the evening.
        if self._permitted() != permitted:
            self._tell(permitted, "ready")
            return
        self._try_out(permitted)

    def _proved(self, permitted: Permitted) -> tuple[Manifest, bytes, bytes]:
        folder = self._around.fetched / permitted.release.version
        with plain(folder, MANIFEST) as file:
            raw = file.read(1 << 20)
        with plain(folder, SIGNATURE) as file:
            signature = file.read(1 << 10)
        manifest = opened(raw, signature.decode("ascii", "replace").strip(), self._around.keys())
        if manifest.version != permitted.release.version:
            raise ReleaseFault("manifest", f"{manifest.version} under the name of {permitted.release.version}")
        good = version_of(self._layout.good or "")
        if not newer(manifest.version, good):
            raise ReleaseFault("older", f"{manifest.version}, installed {good}")
        return manifest, raw, signature

    def _ready(self, version: str, manifest: bytes) -> bool:
        """Whether just this release is installed already, and only waited."""
        try:
            return (
                self._layout.whole(version)
                and (self._layout.folder(version) / BUNDLE / MANIFEST).read_bytes() == manifest
            )
        except OSError:
            return False

    def _place(self, permitted: Permitted, manifest: Manifest, raw: bytes, signature: bytes) -> None:
        version = permitted.release.version
        files = for_target(manifest, self._around.target())
        self._layout.prune(None)
        folder = self._layout.begin(version)
        source, bundle = self._around.fetched / version, folder / BUNDLE
        try:
            for path, file in files.items():
                _copied(source, bundle / path, file, path)
            # Those that were proved: what lies there may be others by now.
            (bundle / MANIFEST).write_bytes(raw)
            (bundle / SIGNATURE).write_bytes(signature)
            self._around.set_up(bundle, folder / PROGRAM)
            self._layout.complete(version)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)  # a full card needs the room
            raise

    def _try_out(self, permitted: Permitted) -> None:
        around, layout, version = self._around, self._layout, permitted.release.version
        before, old = read(around.run / HEALTH, Health), layout.good
        trial = Trial(offer=permitted.offer, version=version, cuts=self._cuts(permitted))
        self._tell(permitted, "trying")
        write(around.state / TRIAL, trial)
        try:
            verdict = self._verdict(version, before)
            if verdict == WELL:
                layout.keep()
            else:
                self._lead_back()  # before any word of it: a bad version may have filled the disk
        except OSError:
            # The disk fails, or is full, in the middle: nothing is proved, and nothing unproved may run on.
            if layout.good != version:
                self._lead_back()
                write(around.state / TRIAL, structs.replace(trial, on=False))
            raise
        if verdict == WELL:
            self._tell(permitted, "done")  # before the mark is gone: what is not told is told at the next start
            (around.state / TRIAL).unlink()
            layout.prune(old)
            return
        if verdict == UNLINKED and not self._is_heard(version_of(old or "")):
            _doubt(around.state, trial, UNLINKED)  # nor is the old one: the commune is away
            return
        self._tell(permitted, "rolled_back", verdict)
        (around.state / TRIAL).unlink()

    def _verdict(self, version: str, before: Health | None) -> str:
        around = self._around
        self._layout.try_out(version)
        around.restart()
        judge = Judge(version, before, around.now_s())
        while (verdict := judge.see(around.now_s(), read(around.run / HEALTH, Health))) is None:
            around.wait(LOOK_S)
        return verdict

    def _lead_back(self) -> None:
        self._layout.fall_back()
        self._around.restart()

    def _is_heard(self, version: str) -> bool:
        """Whether the commune hears this version soon."""
        around = self._around
        until_s = around.now_s() + OLD_S
        while around.now_s() < until_s:
            around.wait(LOOK_S)
            health = read(around.run / HEALTH, Health)
            if health is not None and health.version == version and health.heard:
                return True
        return False


def recover(layout: Layout, state: Path) -> bool:
    """Lead `current` back to what was good if a trial was cut off; whether something else runs from the next start on.

    At each boot before the node, and at each start of the installer.
    """
    trial = read(state / TRIAL, Trial)
    if layout.good is None:
        # A card that lost a link: any whole version is better than none.
        found = layout.current or layout.newest_whole()
        if found is not None:
            layout.try_out(found)
            layout.keep()
        return found is not None
    changed = layout.fall_back()
    if trial is None or not trial.on:
        return changed
    if layout.good == trial.version:
        # It had been found good; only that was not told.
        _tell(state, trial.offer, trial.version, "done", "")
        (state / TRIAL).unlink()
        return changed
    _doubt(state, trial, "power")
    return True  # the links may have been led back already, and the node not started again


def _doubt(state: Path, trial: Trial, why: str) -> None:
    """It ended without a proof: it is tried again, but not for ever."""
    write(state / TRIAL, structs.replace(trial, on=False, cuts=trial.cuts + 1))
    _tell(state, trial.offer, trial.version, "rolled_back" if trial.cuts >= MAX_CUTS else "failed", why)


def _tell(state: Path, offer: str, version: str, state_word: str, why: str) -> None:
    line = "".join(letter for letter in " ".join(why.split()) if letter.isprintable())[:WHY_CHARS]
    write(state / TOLD, Updating(offer=offer, version=version, state=state_word, why=line))


def _copied(folder: Path, to: Path, file: File, name: str) -> None:
    """Copy, no more than it may have, and check the copy: what is checked must be what nobody else can alter."""
    to.parent.mkdir(parents=True, exist_ok=True)
    try:
        source = plain(folder, name)
    except OSError as error:
        if error.errno not in STRANGE:
            raise
        raise ReleaseFault("hash", f"{name}: {error.strerror}") from error
    left = file.bytes + 1
    with source, to.open("wb") as into:
        while left and (chunk := source.read(min(CHUNK, left))):
            into.write(chunk)
            left -= len(chunk)
    if left != 1 or sha256_of(to) != file.sha256:
        raise ReleaseFault("hash", name)
