"""What is put into the chief's safe, on a stick: the CA's own key, and the key that opens sealed backups.

What must hold: the CA's key leaves this machine only when the copy on the stick was read back and fits the CA; the key
of backups is never on this machine's disk at all. A commune without an issuer needs the CA's key here, and keeps it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from broker.enrolment.archive import BackupFault
from broker.enrolment.backup import PUBLIC_KEY
from broker.enrolment.files import PUBLIC, SECRET, put, read
from broker.enrolment.sealing import new_pair
from broker.enrolment.site import Site
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


def put_into_safe(site: Site, folder: Path) -> Safe:
    """Write the stick. BackupFault, OSError."""
    if not folder.is_dir() or folder.stat().st_dev == site.etc.stat().st_dev:
        raise BackupFault(
            f"{folder} không phải USB đã cắm (không có, hoặc nằm trên ổ của máy này). Hãy xem: lsblk",
            f"{folder} is no stick that is plugged in (missing, or on this machine's disk). See: lsblk",
        )
    public, private = site.etc / PUBLIC_KEY, folder / BACKUP_KEY
    key, there = site.ca_file.parent / CA_KEY, folder / CA_KEY
    if key.exists() and there.exists() and read(there) != read(key):
        raise _theirs(there)  # it may be the only one
    made = not public.exists()
    if made:
        if private.exists():
            raise _theirs(private)
        secret, known = new_pair()
        put(private, secret + "\n", SECRET)
        if read(private).strip() != secret:
            raise _unread(private)
        put(public, known + "\n", PUBLIC)
    kept, moved = not (site.ca_file.parent / ISSUER).exists(), False
    if key.exists():
        put(folder / CA_KEY, read(key), SECRET)
        if public_of(folder / CA_KEY) != public_of(site.ca_file):
            raise _unread(folder / CA_KEY)
        if not kept:
            _forget(key)
            moved = True
    put(folder / README, WORDS.format(commune=site.commune.commune), PUBLIC)
    os.sync()
    return Safe(folder, moved, made, kept)


def _forget(key: Path) -> None:
    """Over what it said, then away. A flash card may keep an old block all the same: that is said in the README."""
    with key.open("r+b") as file:
        file.write(os.urandom(key.stat().st_size))
        file.flush()
        os.fsync(file.fileno())
    key.unlink()


def _theirs(path: Path) -> BackupFault:
    return BackupFault(
        f"Trên USB đã có {path}, của xã khác? Hãy dùng USB khác.",
        f"{path} is there already, another commune's? Use another stick.",
    )


def _unread(path: Path) -> BackupFault:
    return BackupFault(
        f"{path}: ghi xong mà đọc lại không đúng. Khóa vẫn ở máy này; hãy dùng USB khác.",
        f"{path}: written, and not read back as it was. The key is still here; use another stick.",
    )
