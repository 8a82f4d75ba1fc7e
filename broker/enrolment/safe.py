"""What is put into the chief's safe, on a stick: the CA's own key, and the key that opens sealed backups.

What must hold: the CA's key leaves this machine only when the copy on the stick was read back and fits the CA; the key
of backups is never on this machine's disk at all. A commune without an issuer needs the CA's key here, and keeps it.
A second stick gets both keys from the first one, or nothing: one that only looks like the safe's would have the real
one thrown away. No key is made in another's place unless somebody says that the stick is lost.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from broker.enrolment.archive import BackupFault
from broker.enrolment.backup import PUBLIC_KEY
from broker.enrolment.files import PUBLIC, SECRET, put, read
from broker.enrolment.sealing import new_pair, public_half
from broker.enrolment.site import Site
from broker.errors import CertificateError
from broker.mosquitto.ca import CA_KEY, ISSUER, public_of

BACKUP_KEY = "backup.key"
README = "DOC-TOI.txt"
WORDS = """\
USB này của xã {commune}. Cất trong két của trưởng công an xã. Không cắm vào máy nào khác ngoài máy của xã.

backup.key   mở bản sao lưu đã niêm phong. Mất tệp này thì các bản ở nơi khác không mở được nữa.
ca.key       khóa gốc của xã. Chỉ cần khi máy của xã đổi sang tên hoặc địa chỉ ngoài mạng nội bộ.

Máy của xã hỏng: cài máy mới, cắm USB này và USB sao lưu, rồi chạy
    sudo bash deploy/install-commune.sh --restore TỆP-SAO-LƯU --key /media/…/backup.key

This stick belongs in the safe of the commune's chief of police. backup.key opens sealed backups; ca.key is the
commune's own key, needed only for names and addresses outside private networks. A new machine: the line above.
"""


@dataclass(frozen=True, slots=True)
class Safe:
    """What is on the stick now."""

    folder: Path
    """Where."""
    moved: bool
    """Whether the CA's key left this machine."""
    made: bool
    """Whether a new key of backups was made."""
    kept: bool
    """Whether this commune is of an older kind, whose CA's key must stay."""
    whole: bool
    """Whether the CA's key is on the stick: it is not where the stick that had it is lost."""


def put_into_safe(site: Site, folder: Path, *, first: Path | None = None, lost: bool = False) -> Safe:
    """Write the stick. `first`: a stick that has the keys, which are copied; `lost`: there is none any more.

    BackupFault, SealFault, CertificateError, OSError.
    """
    _check_stick(site, folder)
    public, private = site.etc / PUBLIC_KEY, folder / BACKUP_KEY
    key, there = site.ca_file.parent / CA_KEY, folder / CA_KEY
    if there.exists() and not _is_the_cas(there, site):
        raise _theirs(there)  # it may be the only one
    if first is not None:
        _copy_keys(site, first, folder)
    made = False
    if private.exists():
        if not public.exists() and (there.exists() or not (folder / README).exists()):
            # Ours, of a run that was cut off here, or of before this machine was restored.
            put(public, public_half(private) + "\n", PUBLIC)
        if not public.exists() or public_half(private) != read(public).strip():
            raise _theirs(private)
    elif lost or not public.exists():
        secret, known = new_pair()
        put(private, secret + "\n", SECRET)
        if read(private).strip() != secret:
            raise _unread(private)
        put(public, known + "\n", PUBLIC)
        made = True
    else:
        raise _elsewhere(folder)
    kept, moved = not (site.ca_file.parent / ISSUER).exists(), False
    if key.exists():
        put(there, read(key), SECRET)
        if not _is_the_cas(there, site):
            raise _unread(there)
        if not kept:
            _forget(key)
            moved = True
    put(folder / README, WORDS.format(commune=site.commune.commune), PUBLIC)
    os.sync()
    return Safe(folder, moved, made, kept, there.exists())


def _check_stick(site: Site, folder: Path) -> None:
    if not folder.is_dir() or folder.stat().st_dev == site.etc.stat().st_dev:
        raise BackupFault(
            f"{folder} không phải USB đã cắm (không có, hoặc nằm trên ổ của máy này). Hãy xem: lsblk",
            f"{folder} is no stick that is plugged in (missing, or on this machine's disk). See: lsblk",
        )


def _is_the_cas(key: Path, site: Site) -> bool:
    try:
        return public_of(key) == public_of(site.ca_file)
    except CertificateError:
        return False


def _copy_keys(site: Site, first: Path, folder: Path) -> None:
    """From a stick that has them, each held against its public half before and after; nothing of theirs is touched."""
    if first.exists() and first.samefile(folder):
        raise BackupFault(f"{first}: cùng một USB.", f"{first}: one and the same stick.")
    known = read(site.etc / PUBLIC_KEY).strip() if (site.etc / PUBLIC_KEY).exists() else ""
    if public_half(first / BACKUP_KEY) != known:
        raise _theirs(first / BACKUP_KEY)
    names = [BACKUP_KEY]
    if (first / CA_KEY).exists():
        if not _is_the_cas(first / CA_KEY, site):
            raise _theirs(first / CA_KEY)
        names.append(CA_KEY)
    for name in names:
        if (folder / name).exists() and read(folder / name) != read(first / name):
            raise _theirs(folder / name)
    for name in names:
        put(folder / name, read(first / name), SECRET)
        if read(folder / name) != read(first / name):
            raise _unread(folder / name)


def _elsewhere(folder: Path) -> BackupFault:
    return BackupFault(
        f"Khóa đã ở một USB khác (trong két); chưa ghi gì vào {folder}. Muốn có USB thứ hai: cắm cả hai, rồi chạy: "
        f"sudo keng safe {folder} --from /media/USB-CŨ. USB cũ đã mất: sudo keng safe {folder} --lost",
        f"The keys are on another stick (in the safe); nothing was written to {folder}. For a second one plug both in "
        f"and run: sudo keng safe {folder} --from /media/OLD-STICK. If that is lost: sudo keng safe {folder} --lost",
    )


def _forget(key: Path) -> None:
    """Over what it said, then away. A flash card may keep an old block all the same: that is said in the README."""
    with key.open("r+b") as file:
        file.write(os.urandom(key.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    key.unlink()


def _theirs(path: Path) -> BackupFault:
    return BackupFault(
        f"{path} không hợp với xã này (của xã khác?). Không có gì bị thay đổi; hãy dùng USB khác.",
        f"{path} does not fit this commune (another one's?). Nothing was changed; use another stick.",
    )


def _unread(path: Path) -> BackupFault:
    return BackupFault(
        f"{path}: ghi xong mà đọc lại không đúng. Khóa vẫn ở máy này; hãy dùng USB khác.",
        f"{path}: written, and not read back as it was. The key is still here; use another stick.",
    )
