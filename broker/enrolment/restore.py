"""A backup put back, on a machine where nothing of the commune is left, or in place of what is there.

What must hold: nothing is changed before the whole backup is unpacked, held against its list, and found to be this
program's (settings that load, a register that opens and is no newer one's); what was there before is moved aside, never
deleted. It goes where it came from or nowhere: settings in another folder would still name the old register's place,
and whoever only wanted to look would have replaced what is in use. Numbers of orders go on above every number that was
given out (core/counter.py begins at the wall clock and above each hello), so the clock must not be before the backup.
The journal says that it was put back, and when it was made: lines that nodes have witnessed since are missing, and the
trouble `altered` says so until somebody has seen it.
It does not know systemd: the command line stops and starts what runs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from broker.core.records import Entry
from broker.enrolment import archive
from broker.enrolment.archive import BackupFault, Kept, Manifest
from broker.enrolment.files import fault
from broker.enrolment.sealing import is_sealed, unseal
from broker.enrolment.site import CONSOLE, INSTALLED, Site, read_site
from broker.errors import RegisterTaken
from broker.register.lock import HomeLock
from broker.register.store import FILE, SqliteRegister

SERVICE = "service"
FOLDER_MODES = {"etc": 0o755, "mosquitto": 0o750, "register": 0o750, "console": 0o700}
"""Of the folders that are made anew, as the installer and systemd make them."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of it."""

    manifest: Manifest
    """Of the backup."""
    site: Site
    """As it is now."""
    aside: list[Path]
    """Where what was there before is."""


def restore(
    file: Path, etc: Path, private_key: Path | None, now: datetime, desk_home: Callable[[Path], Path]
) -> Restored:
    """Put a backup back. BackupFault, SealFault, KengError, OSError; nothing is changed by one that is raised.

    `desk_home` says of a console.yaml where the desk's home is.
    """
    etc = etc.absolute()
    etc.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".keng-restore-", dir=etc.parent) as name, ExitStack() as held:
        work = Path(name)
        manifest = archive.unpack(_opened(file, private_key, work), work / "all")
        _check_clock(file, manifest, now)
        places = _places(work / "all", etc, desk_home)
        _check_home(file, manifest, etc, places)
        _check_register(work / "all", manifest, now)
        _check_idle(places["register"], held)
        aside = _put_all(work / "all", places, manifest, now)
    return Restored(manifest, read_site(etc), aside)


def _opened(file: Path, private_key: Path | None, work: Path) -> Path:
    try:
        if not is_sealed(file):
            return file
        if private_key is None:
            raise BackupFault(
                f"{file} được niêm phong. Hãy lấy USB trong két và thêm: --key /media/…/backup.key",
                f"{file} is sealed. Take the stick out of the safe and add: --key /media/…/backup.key",
            )
        plain = work / "backup.tar.gz"
        with plain.open("wb") as out:
            unseal(file, private_key, out)
    except OSError as error:
        if isinstance(error, BackupFault) or not error.filename:
            raise
        raise fault(file, error, vi="đọc", en="read") from error
    return plain


def _check_clock(file: Path, manifest: Manifest, now: datetime) -> None:
    """A clock before the backup gives orders numbers that nodes have had already."""
    made = datetime.fromisoformat(manifest.at)
    if now < made:
        raise BackupFault(
            f"Đồng hồ máy này ({now:%Y-%m-%d %H:%M}) chậm hơn lúc sao lưu ({manifest.at}). Hãy chỉnh giờ trước "
            "(sudo timedatectl set-time …, hoặc nối mạng), rồi chạy lại.",
            f"This machine's clock ({now:%Y-%m-%d %H:%M}) is before the backup {file} ({manifest.at}). Set it first, "
            "then run this again.",
        )


def _places(unpacked: Path, etc: Path, desk_home: Callable[[Path], Path]) -> dict[str, Path]:
    """Where each part belongs, as the backup's own settings say it; they are checked by that. SettingsError."""
    if not (unpacked / "etc" / INSTALLED).exists():
        raise BackupFault("Trong bản sao lưu không có installed.yaml.", "There is no installed.yaml in the backup.")
    site = read_site(unpacked / "etc")
    places = {"etc": etc, "mosquitto": site.broker.folder, "register": site.commune.home}
    if (unpacked / "etc" / CONSOLE).exists():
        places["console"] = desk_home(unpacked / "etc" / CONSOLE)
    return places


def _check_home(file: Path, manifest: Manifest, etc: Path, places: dict[str, Path]) -> None:
    if manifest.home in ("", str(etc)):
        return
    others = ", ".join(str(place) for part, place in places.items() if part != "etc")
    raise BackupFault(
        f"Bản sao lưu này là của {manifest.home}, không phải {etc}; mà sổ trực, mật khẩu của nó vẫn sẽ thay cái đang "
        f"dùng ở {others}. Chỉ xem: keng backup --look {file}. Lấy lại thật: thêm --etc {manifest.home}",
        f"This backup is {manifest.home}'s, not {etc}'s; its register and passwords would replace what is in use in "
        f"{others} all the same. To look: keng backup --look {file}. To put it back: --etc {manifest.home}",
    )


def _check_register(unpacked: Path, manifest: Manifest, now: datetime) -> None:
    """Open it as the service will, and say in its journal what was done. RegisterError."""
    home = unpacked / "register"
    if not (home / FILE).exists():
        return
    register = SqliteRegister(home)
    try:
        body = {"what": "restored", "detail": {"at": _stamp(now), "made": manifest.at}}
        at_ms = int(now.timestamp() * 1000)
        register.append([Entry(what="audited", subject=manifest.commune, by=None, at_ms=at_ms, body=body)])
    finally:
        register.close()
    for path in home.iterdir():
        if path.name != FILE:
            path.unlink()


def _check_idle(home: Path, held: ExitStack) -> None:
    """A register that a service has open must not be taken from under it. RegisterTaken."""
    if home.is_dir():
        try:
            lock = HomeLock(home)
        except RegisterTaken as error:
            raise BackupFault(
                "Dịch vụ của xã đang chạy. Hãy dừng trước: sudo systemctl stop keng-commune keng-console",
                "The commune's service runs. Stop it first: sudo systemctl stop keng-commune keng-console",
            ) from error
        held.callback(lock.close)


def _put_all(unpacked: Path, places: dict[str, Path], manifest: Manifest, now: datetime) -> list[Path]:
    aside = []
    with ExitStack() as undo:
        for part, place in places.items():
            if place.exists() and any(place.iterdir()):
                old = place.with_name(f"{place.name}.before-{now:%Y%m%d-%H%M%S}")
                place.rename(old)
                undo.callback(old.rename, place)
                aside.append(old)
            undo.callback(shutil.rmtree, place, ignore_errors=True)
            place.mkdir(parents=True, exist_ok=True)
            place.chmod(FOLDER_MODES[part])
            owner = _owner(part, manifest)
            if (unpacked / part).is_dir():
                for source in sorted((unpacked / part).rglob("*")):
                    if source.is_file():
                        _put(
                            source, place / source.relative_to(unpacked / part), manifest.files[_name(source, unpacked)]
                        )
            if owner is not None:
                _give(place, owner)
        os.sync()
        undo.pop_all()
    return aside


def _put(source: Path, target: Path, kept: Kept) -> None:
    target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    with (
        source.open("rb") as file,
        os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out,
    ):
        shutil.copyfileobj(file, out)
        out.flush()
        os.fsync(out.fileno())
    target.chmod(kept.mode)
    _give(target, kept)


def _owner(part: str, manifest: Manifest) -> Kept | None:
    """The service's folders belong to whom their files do; the settings' to root."""
    if part == "etc":
        return None
    return next((kept for name, kept in manifest.files.items() if name.startswith(f"{part}/")), None)


def _give(path: Path, kept: Kept) -> None:
    """By name; a user that this machine does not have leaves it to root. Nothing unless we are root."""
    if os.geteuid() == 0:
        with suppress(LookupError):
            shutil.chown(path, kept.owner, kept.group)


def _name(source: Path, unpacked: Path) -> str:
    return str(source.relative_to(unpacked))


def _stamp(now: datetime) -> str:
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
