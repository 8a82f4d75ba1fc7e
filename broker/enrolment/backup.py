"""What a commune cannot be built again without, in one file each night: keys, passwords, code book, register, accounts.

    backup.yaml:   folder: /var/backups/keng    keep: 14    second: /media/keng     # a stick, or another machine's disk

What must hold: SQLite's files are copied by its own backup, so that each is of one moment while the service writes; a
copy counts only when it was read again and every file is in it; the older ones go only then. A copy that leaves the
machine is sealed as soon as there is a key for it (`keng safe`). What failed is told, and written where the service's
home is, for whoever asks how old the last one is.
The key of the CA is not in it where a key for daily use is: its place is the safe.
"""

from __future__ import annotations

import grp
import json
import os
import pwd
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO

from broker.enrolment import archive
from broker.enrolment.archive import BackupFault, Kept, Manifest
from broker.enrolment.files import PUBLIC, put
from broker.enrolment.sealing import seal
from broker.enrolment.site import Site
from broker.errors import SettingsError
from broker.mosquitto.ca import CA_KEY, ISSUER
from broker.register.store import FILE
from broker.synced import sync_folder
from broker.upkeep import STATE
from patterns.errors import YamlError
from patterns.fields import Faults
from patterns.yamlfile import read_yaml

BACKUP = "backup.yaml"
"""Settings, in `etc`."""
PUBLIC_KEY = "backup.pub"
"""In `etc`; its private half lies in the safe."""
FOLDER = Path("/var/backups/keng")
KEEP, MAX_KEEP = 14, 400
"""Two weeks of nights: a slip that nobody sees for a week can still be looked up."""
MAX_FILE = 16 * 1024 * 1024
"""Of what is no database: a plan of the commune is a tenth; a map of the province can be had again."""
BUSY_S = 30.0
HOT = (".draft", "-wal", "-shm", "-journal")
"""Ends of names that mean something only to the program that runs."""
PLAIN_END, SEALED_END = ".tar.gz", ".tar.gz.sealed"


@dataclass(frozen=True, slots=True)
class BackupSettings:
    """backup.yaml."""

    folder: Path = FOLDER
    """On this machine; root alone may look in."""
    keep: int = KEEP
    """How many, in each place."""
    second: Path | None = None
    """Another disk."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What of the duty desk is kept; its settings are its own to read."""

    home: Path
    """Accounts, secret, the commune's plan."""
    elsewhere: str = ""
    """Where its database is, if not there."""


@dataclass(frozen=True, slots=True)
class Done:
    """One backup."""

    file: Path
    """On this machine."""
    manifest: Manifest
    """What is in it."""
    second: Path | None = None
    """Its copy elsewhere."""
    sealed: bool = False
    """Whether that copy is."""


def load_backup(etc: Path) -> BackupSettings:
    """Read backup.yaml; what is not said, or no file at all, is as the names above have it. SettingsError."""
    path = etc / BACKUP
    if not path.exists():
        return BackupSettings()
    try:
        faults = Faults(read_yaml(path))
    except YamlError as error:
        raise SettingsError(error.vi, error.en, error.faults) from error
    parts = faults.top.record({"folder", "keep", "second"})
    folder, second = (parts[name].text(1000) if name in parts else None for name in ("folder", "second"))
    keep = parts["keep"].integer(1, MAX_KEEP) if "keep" in parts else None
    faults.raise_all(SettingsError)
    return BackupSettings(Path(folder) if folder else FOLDER, keep or KEEP, Path(second) if second else None)


def back_up(site: Site, settings: BackupSettings, desk: Desk | None, now: datetime) -> Done:
    """Make one, then its copy elsewhere, and say in STATE how it went. BackupFault, OSError."""
    state = site.commune.home / STATE
    try:
        done = _back_up(site, settings, desk, now)
    except (OSError, ValueError) as error:
        _say(state, {"at": _stamp(now), "ok": False, "why": str(error)[:500]})
        raise
    _say(state, {"at": _stamp(now), "ok": True, "file": str(done.file), "second": str(done.second or "")})
    return done


def _back_up(site: Site, settings: BackupSettings, desk: Desk | None, now: datetime) -> Done:
    folder = settings.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"keng-{site.commune.commune}-{now:%Y%m%d-%H%M%S}"
    file = folder / f"{name}{PLAIN_END}"
    with tempfile.TemporaryDirectory(prefix=".keng-", dir=folder) as work:
        sources, manifest = _collect(site, desk, Path(work), now)
        _whole(file, lambda out: archive.write(out, manifest, sources))
    archive.check(file)
    _drop_old(folder, settings.keep, file)
    if settings.second is None:
        return Done(file, manifest)
    _check_elsewhere(settings.second, folder)
    public = site.etc / PUBLIC_KEY
    sealed = public.exists()
    copy = settings.second / f"{name}{SEALED_END if sealed else PLAIN_END}"
    with file.open("rb") as source:
        _whole(copy, lambda out: seal(source, out, public) if sealed else _copy(source, out))
    _drop_old(settings.second, settings.keep, copy)
    return Done(file, manifest, copy, sealed)


def _collect(site: Site, desk: Desk | None, work: Path, now: datetime) -> tuple[dict[str, Path], Manifest]:
    """What goes in, and the list of it; databases are copied into `work` first."""
    sources: dict[str, Path] = {}
    owners: dict[str, Path] = {}
    left_out, notes = [], []
    for name, path in _files(site, desk):
        if path.suffix == ".sqlite3":
            _snapshot(path, work / name)
            sources[name] = work / name
        elif path.stat().st_size > MAX_FILE:
            left_out.append(name)
            continue
        else:
            # A copy, or a file that is edited meanwhile would not be what the list says.
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes(path.read_bytes())
            sources[name] = work / name
        owners[name] = path
    if desk is not None and desk.elsewhere:
        notes.append(desk.elsewhere)
    files = {name: _kept(source, owners[name]) for name, source in sources.items()}
    home = str(site.etc.absolute())
    return sources, Manifest(site.commune.commune, _stamp(now), _program(), files, left_out, notes, home)


def _files(site: Site, desk: Desk | None) -> Iterator[tuple[str, Path]]:
    issuer = (site.ca_file.parent / ISSUER).exists()
    for path in sorted(site.etc.rglob("*")):
        if _is_kept(path) and not (issuer and path == site.ca_file.parent / CA_KEY):
            yield f"etc/{path.relative_to(site.etc)}", path
    yield from ((f"mosquitto/{path.name}", path) for path in sorted(site.broker.folder.iterdir()) if _is_kept(path))
    if (site.commune.home / FILE).exists():
        yield f"register/{FILE}", site.commune.home / FILE
    if desk is not None and desk.home.is_dir():
        yield from ((f"console/{path.name}", path) for path in sorted(desk.home.iterdir()) if _is_kept(path))


def _is_kept(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".") and not path.name.endswith(HOT)


def _snapshot(path: Path, copy: Path) -> None:
    """By SQLite, page by page under its own locks: whoever writes meanwhile is waited for, not cut in half."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    try:
        with (
            closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=BUSY_S)) as db,
            closing(sqlite3.connect(copy)) as to,
        ):
            db.backup(to)
            [(verdict,), *_] = to.execute("PRAGMA quick_check").fetchall()
    except sqlite3.Error as error:
        verdict = str(error)
    if verdict != "ok":
        raise BackupFault(
            f"{path}: không sao lưu được ({verdict}). Hãy chạy: keng audit verify, và xem ổ đĩa.",
            f"{path}: cannot be backed up ({verdict}). Run: keng audit verify, and look at the disk.",
        )


def _kept(source: Path, original: Path) -> Kept:
    about = original.stat()
    return Kept(archive.digest(source), about.st_mode & 0o777, _user(about.st_uid), _group(about.st_gid))


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return "root"


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return "root"


def _whole(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Under its name only when it is all there and on the disk; for its owner alone. OSError."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while piece := source.read(archive.READ):
        target.write(piece)


def _drop_old(folder: Path, keep: int, newest: Path) -> None:
    """By name, which is by time; never the one just made, whatever the clock said."""
    made = sorted(one for one in folder.glob("keng-*") if one.name.endswith((PLAIN_END, SEALED_END)) and one != newest)
    for one in made[: max(0, len(made) + 1 - keep)]:
        one.unlink()


def _check_elsewhere(second: Path, folder: Path) -> None:
    if not second.is_dir():
        raise BackupFault(
            f"Không có {second}: bản sao lưu chỉ nằm ở {folder}, trên chính máy này. Hãy cắm lại USB.",
            f"There is no {second}: the backup lies in {folder} alone, on this machine. Plug the stick in again.",
        )
    if second.stat().st_dev == folder.stat().st_dev:
        raise BackupFault(
            f"{second} nằm cùng ổ đĩa với {folder} (USB chưa cắm?): hỏng ổ là mất cả hai. Hãy cắm USB vào.",
            f"{second} is on the same disk as {folder} (is the stick out?): with it both are lost. Plug it in.",
        )


def _say(state: Path, told: dict[str, object]) -> None:
    put(state, json.dumps(told, ensure_ascii=False) + "\n", PUBLIC)


def _stamp(now: datetime) -> str:
    return now.strftime("%Y-%m-%dT%H:%M:%SZ")


def _program() -> str:
    try:
        return version("keng")
    except PackageNotFoundError:
        return "0"
