"""A release as a folder: checked, signed, laid out where nodes fetch it.

What must hold: a folder is offered only if a release key vouches for its manifest and each of its files is what that
says; what is laid out appears under its version whole or not at all, and what runs is told by nobody else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import wire
from broker.errors import BrokerError
from broker.synced import sync_folder
from wire.errors import ReleaseFault
from wire.release import MANIFEST, MAX_MANIFEST_BYTES, SIGNATURE, Manifest, keys_of, newer, opened, signed
from wire.signature import Signer

OUTLET = Path("/var/lib/keng-releases")
"""What nodes may fetch."""
KEEP = 2
"""Versions there: the one that is offered, and the one before, for nodes in the middle of it."""
OWN = Path("/etc/keng/release.pub")
"""A commune that builds its own releases puts its keys here; then they alone count. As at the nodes."""

_SAYS: dict[str, tuple[str, str]] = {
    "key": (
        f"máy này chưa có khóa phát hành nào. Chép khóa công khai của nơi phát hành vào {OWN} ở máy này và ở mỗi hộp, "
        "xem deploy/UPDATES.md",
        f"this machine knows no release key. Put the releaser's public key into {OWN} here and on each box, "
        "see deploy/UPDATES.md",
    ),
    "signature": ("không có chữ ký phát hành đúng, đừng dùng", "no release key vouches for it; do not use it"),
    "manifest": ("manifest.json không đọc được", "manifest.json cannot be understood"),
    "hash": ("tệp bị hỏng hoặc thiếu, hãy chép lại", "a file is damaged or missing; copy it again"),
}


class ReleaseUnfit(BrokerError, ValueError):
    """A folder that must not be offered."""


def release_keys(own: Path | None = None) -> tuple[str, ...]:
    """The public keys of this file; none: those that this machine trusts. ReleaseUnfit, with the file."""
    brought = Path(wire.__file__).with_name("release.pub")
    file = own or (OWN if OWN.exists() else brought)
    try:
        return keys_of(file.read_text("utf-8"))
    except (ReleaseFault, OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise ReleaseUnfit(
            f"{file}: khóa phát hành không dùng được ({why}). Mỗi dòng một khóa công khai, như keng keys new in ra.",
            f"{file}: the release keys cannot be used ({why}). A public key on each line, as keng keys new says it.",
        ) from error


def check(folder: Path, keys: tuple[str, ...]) -> tuple[Manifest, str]:
    """The manifest, and its SHA-256. ReleaseUnfit, with the file that is wrong."""
    if not keys:
        raise _unfit(folder, ReleaseFault("key"))
    try:
        raw, signature = _read(folder / MANIFEST), _read(folder / SIGNATURE)
        manifest = opened(raw, signature.decode("ascii", "replace").strip(), keys)
        _check_files(folder, manifest)
    except ReleaseFault as fault:
        raise _unfit(folder, fault) from fault
    except OSError as fault:
        raise _unreadable(folder, fault) from fault
    return manifest, hashlib.sha256(raw).hexdigest()


def _unfit(folder: Path, fault: ReleaseFault) -> ReleaseUnfit:
    vi, en = _SAYS[fault.why]
    detail = f" ({fault.detail})" if fault.detail else ""
    return ReleaseUnfit(f"{folder}: {vi}{detail}.", f"{folder}: {en}{detail}.")


def _unreadable(folder: Path, fault: OSError) -> ReleaseUnfit:
    if isinstance(fault, FileNotFoundError) and fault.filename == str(folder / SIGNATURE):
        return ReleaseUnfit(
            f"{folder}: chưa ai ký. Nơi phát hành ký bằng: keng release sign {folder} --key FILE",
            f"{folder}: nobody has signed it. Whoever releases does so by: keng release sign {folder} --key FILE",
        )
    return ReleaseUnfit(
        f"{fault.filename or folder}: không đọc được ({fault.strerror}). Đây có phải thư mục keng-bundle không?",
        f"{fault.filename or folder}: cannot be read ({fault.strerror}). Is this a folder keng-bundle?",
    )


def _check_files(folder: Path, manifest: Manifest) -> None:
    for path, file in manifest.files.items():
        there = folder / path
        if not there.is_file() or there.stat().st_size != file.bytes or _sha256(there) != file.sha256:
            raise ReleaseFault("hash", path)


def sign(folder: Path, key: Path) -> Manifest:
    """Put the release key's word into the folder. ReleaseUnfit, OSError."""
    try:
        signer = Signer.from_file(key)
    except OSError as error:
        raise ReleaseUnfit(
            f"{key}: không đọc được khóa ({error.strerror}). Khóa mới: keng keys new {key}",
            f"{key}: the key cannot be read ({error.strerror}). A new one: keng keys new {key}",
        ) from error
    except ValueError as error:
        raise ReleaseUnfit(f"{key}: không phải khóa ({error}).", f"{key}: no key ({error}).") from error
    try:
        raw = _read(folder / MANIFEST)
    except OSError as error:
        raise _unreadable(folder, error) from error
    (folder / SIGNATURE).write_text(signed(raw, signer) + "\n", "ascii")
    try:
        return check(folder, (signer.public,))[0]
    except ReleaseUnfit:
        (folder / SIGNATURE).unlink()
        raise


def lay_out(folder: Path, manifest: Manifest, outlet: Path = OUTLET) -> Path:
    """Copy it to where nodes fetch it. ReleaseUnfit if another of this version lies there, OSError."""
    outlet.mkdir(parents=True, exist_ok=True, mode=0o755)
    draft, place = outlet / f".{manifest.version}.draft", outlet / manifest.version
    if (place / MANIFEST).exists() and _read(place / MANIFEST) != _read(folder / MANIFEST):
        # Nodes in the middle of it would find what they were not promised, and all of it would stop.
        raise ReleaseUnfit(
            f"{place}: bản {manifest.version} đã được đưa ra với nội dung khác. Hãy tăng version rồi làm lại bộ cài; "
            f"nếu chắc chắn chưa hộp nào nhận: keng update stop, xóa {place}, đưa lại.",
            f"{place}: another version {manifest.version} was offered already. Raise the version and make the bundle "
            f"again; if surely no box has it: keng update stop, delete {place}, offer again.",
        )
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    for name in (MANIFEST, SIGNATURE, *manifest.files):
        to = draft / name
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, to)
        with to.open("rb") as file:
            os.fsync(file.fileno())
        to.chmod(0o644)
    for inner in (draft, *(path for path in draft.rglob("*") if path.is_dir())):
        inner.chmod(0o755)
    old = outlet / f".{manifest.version}.old"
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.rename(old)
    draft.rename(place)
    sync_folder(outlet)
    _prune(outlet, manifest.version)
    return place


def _prune(outlet: Path, offered: str) -> None:
    kept: list[str] = []
    for path in outlet.iterdir():
        if path.name.startswith("."):
            shutil.rmtree(path, ignore_errors=True)
            continue
        at = next((at for at, other in enumerate(kept) if newer(path.name, other)), len(kept))
        kept.insert(at, path.name)
    kept = [offered, *(name for name in kept if name != offered)]
    for name in kept[KEEP:]:
        shutil.rmtree(outlet / name, ignore_errors=True)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_MANIFEST_BYTES + 1)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
