"""Debian in a folder, from which machines boot: made by debootstrap once, kept outside the tree, never written again.

What must hold: everything is below place() ($KENG_CACHE, else ~/.cache/keng/boots): `make boots-clean` takes that away
and nothing else. An image is whole or not there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from deploy.bundle.mirror import mirror

RELEASES = ("bookworm", "trixie")
"""Debian 12 and 13."""
ASKED = os.environ.get("KENG_BOOTS", "").split()
WANTED = ASKED or [*RELEASES]
BARE = "systemd,systemd-sysv,dbus,udev"
"""Less than Debian's own installer or Raspberry Pi OS put on any card: what boots, and apt."""
MAKE_WITHIN_S = 1_800
FORMAT = "2"
"""Raised when what is done here changes: images of another are made anew."""


def place() -> Path:
    """Where images, packages and running machines lie."""
    given = os.environ.get("KENG_CACHE")
    return (Path(given) if given else Path.home() / ".cache/keng") / "boots"


def image(release: str) -> tuple[Path, float]:
    """The folder of this release, and the seconds it took to make it: 0 if it was there."""
    folder = place() / f"debian-{release}-{FORMAT}"
    if folder.exists():
        return folder, 0.0
    began_s = time.monotonic()
    packages = place() / "debootstrap"
    packages.mkdir(parents=True, exist_ok=True)
    draft = folder.with_suffix(".draft")
    shutil.rmtree(draft, ignore_errors=True)
    words = ["debootstrap", "--variant=minbase", f"--include={BARE}", f"--cache-dir={packages}", release]
    words += [draft, mirror()]
    done = subprocess.run(words, capture_output=True, text=True, timeout=MAKE_WITHIN_S, check=False)
    if done.returncode:
        raise RuntimeError(f"debootstrap {release}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    for old in place().glob(f"debian-{release}-*"):
        if old != draft:
            shutil.rmtree(old)
    draft.rename(folder)
    return folder, time.monotonic() - began_s


def size_bytes() -> int:
    """What all of it takes."""
    return sum(path.lstat().st_size for path in place().rglob("*")) if place().exists() else 0


def clean() -> None:
    """Take it all away. A folder that still holds a mounted machine is left alone, and said."""
    where = place()
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines() if f" {where}/" in line]
    if mounted:
        raise RuntimeError(f"{mounted[0]} is mounted: `make boots` still runs, or: umount {' '.join(mounted)}")
    shutil.rmtree(where, ignore_errors=True)


if __name__ == "__main__":
    clean()
