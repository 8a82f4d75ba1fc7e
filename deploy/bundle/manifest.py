"""What is in a bundle, with SHA-256, and whether it is all there and whole. Run on the box too, with its own Python:

    python3 deploy/bundle/manifest.py BUNDLE             exit 0, or 1 and a sentence for each file that is not as it was
    python3 deploy/bundle/manifest.py BUNDLE --field build

What must hold: no file that install.sh might use is left out; a path leads nowhere but below the bundle.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from pathlib import Path, PurePosixPath
from typing import Any

FILE = "manifest.json"
BESIDE = frozenset({FILE, "release.sig"})
"""Not listed: itself, and the project's word for it."""
FORMAT = 1
BLOCK = 1 << 20
MOST_SHOWN = 10


def write(folder: Path, version: str, targets: dict[str, dict[str, str]]) -> dict[str, Any]:
    """List everything below it, and what it is."""
    files = {
        name: {"sha256": digest(folder / name), "bytes": (folder / name).stat().st_size} for name in names_in(folder)
    }
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "program": "keng",
        "version": version,
        "build": build_of(files),
        "made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "targets": targets,
        "files": files,
    }
    (folder / FILE).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return manifest


def names_in(folder: Path) -> list[str]:
    """Relative paths of all that is to be listed, sorted."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(name for name in found if name not in BESIDE and "__pycache__" not in name)


def build_of(files: dict[str, dict[str, Any]]) -> str:
    """One hash over all of them."""
    lines = "".join(f"{entry['sha256']}  {name}\n" for name, entry in sorted(files.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
    return total.hexdigest()


def faults(folder: Path) -> list[tuple[str, str]]:
    """What is wrong, Vietnamese and English; nothing if all is well."""
    manifest = read(folder)
    if manifest is None:
        return [
            (
                f"{folder / FILE}: không có hoặc hỏng. Hãy chép lại cả thư mục.",
                "is missing or broken. Copy the whole folder again.",
            )
        ]
    found: list[tuple[str, str]] = []
    for name, entry in sorted(manifest["files"].items()):
        path = folder / name
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or not path.is_file():
            found.append((f"{path}: thiếu tệp này.", "this file is missing."))
        elif path.stat().st_size != entry["bytes"] or digest(path) != entry["sha256"]:
            found.append((f"{path}: tệp hỏng.", "this file is damaged."))
    return found


def read(folder: Path) -> dict[str, Any] | None:
    """The manifest; None if it is none."""
    try:
        manifest = json.loads((folder / FILE).read_text("utf-8"))
        files = manifest["files"]
        good = manifest["format"] == FORMAT and all(
            isinstance(entry["sha256"], str) and isinstance(entry["bytes"], int) for entry in files.values()
        )
        return manifest if good and build_of(files) == manifest["build"] else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def main() -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--field")
    args = parser.parse_args()
    if args.field is not None:
        manifest = read(args.bundle)
        print("" if manifest is None else manifest.get(args.field, ""))
        return int(manifest is None)
    wrong = faults(args.bundle)
    for vi, en in wrong[:MOST_SHOWN]:
        print(f"{vi} / {en}", file=sys.stderr)
    if wrong:
        print(
            f"{args.bundle}: {len(wrong)} tệp không đúng, chưa cài gì. Hãy chép lại thư mục này từ máy của xã.\n"
            f"{args.bundle}: {len(wrong)} files are not as they were; nothing was installed. Copy the folder again.",
            file=sys.stderr,
        )
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
