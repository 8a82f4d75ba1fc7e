"""The file of a backup: a compressed tar whose first member says what is in it, and in which state each file must be.

    manifest.json     {format, commune, at, program, files: {name: {sha256, mode, owner, group}}, left_out, notes, home}
    etc/…  mosquitto/…  register/…  console/…

What must hold: nothing is taken out that the manifest does not name, whose SHA-256 is another, or whose name leads out
of its folder; a backup that was cut off or altered is refused as a whole.
It does not know where the files belong: backup.py and restore.py do.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from broker.enrolment.files import InstallFault

FORMAT = 1
MANIFEST = "manifest.json"
MAX_MANIFEST = 4 * 1024 * 1024
"""A commune of 200 boxes has some hundred files."""
PARTS = ("etc", "mosquitto", "register", "console")
READ = 1024 * 1024
DAMAGED = (tarfile.TarError, zlib.error, EOFError)
"""What Python makes of an archive that is none, or not whole. A disk that fails is said by itself."""
_NAME = re.compile(r"[A-Za-z0-9_.@+-]+(/[A-Za-z0-9_.@+ -]+)+")


class BackupFault(InstallFault, ValueError):
    """A backup that cannot be made, or is none."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file, and to whom it belonged."""

    sha256: str
    """Of what is in it."""
    mode: int
    """Permissions."""
    owner: str
    """By name: numbers are others on another machine."""
    group: str
    """By name."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    commune: str
    """Slug."""
    at: str
    """When, by the clock of the machine; ISO 8601 with Z."""
    program: str
    """Version that wrote it."""
    files: dict[str, Kept] = field(default_factory=dict)
    """By name in the archive."""
    left_out: list[str] = field(default_factory=list)
    """Too large, and to be had elsewhere."""
    notes: list[str] = field(default_factory=list)
    """What a person must know when it is put back."""
    home: str = ""
    """The folder of settings it was made of; empty: of before this was written down."""


def write(target: IO[bytes], manifest: Manifest, sources: dict[str, Path]) -> None:
    """The whole archive. OSError."""
    text = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=1).encode()
    with tarfile.open(fileobj=target, mode="w|gz", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, MANIFEST, io.BytesIO(text), len(text))
        for name, source in sources.items():
            with source.open("rb") as file:
                _add(tar, name, file, source.stat().st_size)


def _add(tar: tarfile.TarFile, name: str, file: IO[bytes], size: int) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode = size, 0o600
    tar.addfile(about, file)


def check(path: Path) -> Manifest:
    """Read it all, and hold it against its manifest. BackupFault."""
    return unpack(path, None)


def unpack(path: Path, into: Path | None) -> Manifest:
    """Write its files below `into`, private; None: only look whether they could be. BackupFault, OSError."""
    try:
        with tarfile.open(path, mode="r|gz") as tar:
            return _unpack(path, _members(path, tar), into)
    except DAMAGED as error:
        raise _broken(path, str(error), str(error)) from error


def _unpack(path: Path, members: Iterator[tuple[str, IO[bytes]]], into: Path | None) -> Manifest:
    name, file = next(members, ("", io.BytesIO()))
    manifest = _manifest(path, name, file)
    missing = dict(manifest.files)
    for name, file in members:
        kept = missing.pop(name, None)
        if kept is None:
            raise _broken(path, f"thừa {name}", f"{name} is not in its list")
        if _copy(file, None if into is None else into / name) != kept.sha256:
            raise _broken(path, f"{name} khác lúc sao lưu", f"{name} is not as it was written")
    if missing:
        raise _broken(path, f"thiếu {min(missing)}", f"{min(missing)} is missing")
    return manifest


def _members(path: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    for member in tar:
        file = tar.extractfile(member) if member.isreg() else None
        if file is None:
            raise _broken(path, f"{member.name} không phải tệp thường", f"{member.name} is no regular file")
        yield member.name, file


def _copy(source: IO[bytes], target: Path | None) -> str:
    digest = hashlib.sha256()
    if target is not None:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with io.BytesIO() if target is None else target.open("xb") as out:
        while piece := source.read(READ):
            digest.update(piece)
            if target is not None:
                out.write(piece)
    return digest.hexdigest()


def _manifest(path: Path, name: str, file: IO[bytes]) -> Manifest:
    try:
        found = cast(dict[str, Any], json.loads(file.read(MAX_MANIFEST))) if name == MANIFEST else {}
        if found.pop("format", None) != FORMAT:
            raise _broken(path, "không phải bản sao lưu của kẻng", "no backup of this program")
        files = {one: Kept(**about) for one, about in found.pop("files").items()}
        manifest = Manifest(files=files, **found)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, BackupFault):
            raise
        raise _broken(path, f"không đọc được {MANIFEST}", f"{MANIFEST} cannot be read") from error
    for one in files:
        place = PurePosixPath(one)
        if not _NAME.fullmatch(one) or ".." in place.parts or place.parts[0] not in PARTS:
            raise _broken(path, f"tên tệp lạ: {one}", f"a strange name: {one}")
    return manifest


def digest(path: Path) -> str:
    """SHA-256 of a file. OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _broken(path: Path, vi: str, en: str) -> BackupFault:
    return BackupFault(
        f"{path}: bản sao lưu hỏng ({vi}). Không có gì bị thay đổi; hãy dùng bản khác.",
        f"{path}: a damaged backup ({en}). Nothing was changed; use another one.",
    )
