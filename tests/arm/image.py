"""Debian for another processor, made by debootstrap once and kept as one tar outside the tree; and what tests need.

    tar = image("trixie", "arm64")      # some minutes the first time: what a Pi has before anything of ours
    over = layer("trixie", "arm64")     # broker, compiler and the like, to be laid over it when ours is installed

The layer is Debian's packages, taken apart and not configured: that takes seconds, and qemu's dpkg a quarter of an
hour. What must hold: a tar that is there is whole (it gets its name last); another recipe is another name; a Debian is
made in namespaces of its own, in memory, so that a broken run leaves nothing mounted. All is Debian's, and signed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from arm import emulation

from deploy.bundle.debs import Apt, unpack
from deploy.bundle.mirror import mirror
from deploy.bundle.targets import Target

SUITES = {"bookworm": "3.11", "trixie": "3.13"}
"""Debian 12 and 13, and their Python."""
BARE = ("python3", "util-linux", "adduser", "systemd", "systemd-sysv", "udev", "kmod")
"""Beside Debian's smallest: what every system that boots has (Priority important), so the bundle brings none of it."""
TOOLS = (
    "alsa-utils", "gcc", "iproute2", "libasound2-dev", "libc6-dev", "mosquitto", "mosquitto-clients", "openssl",
    "procps", "python3-venv",
)  # fmt: skip
SMALL_TOOLS = ("python3-numpy",)
"""On 32 bits, where the bundle has no NumPy: tests make and look at sounds by it."""
SIZE = "6G"
"""The most that a Debian may take in memory while it is made or used; it takes a tenth of that."""


def cache() -> Path:
    """Where Debians are kept: $KENG_CACHE, or ~/.cache/keng."""
    return Path(os.environ.get("KENG_CACHE") or Path.home() / ".cache" / "keng") / "arm"


def tools(arch: str) -> tuple[str, ...]:
    """Debian's packages that tests need."""
    return TOOLS + (SMALL_TOOLS if emulation.PROCESSORS[arch].bits == 32 else ())


def named(suite: str, arch: str, kind: str) -> str:
    """A file name that changes with the recipe."""
    recipe = " ".join((mirror(), *(tools(arch) if kind == "tools" else BARE)))
    return f"{suite}-{arch}-{kind}-{hashlib.sha256(recipe.encode()).hexdigest()[:10]}.tar"


def image(suite: str, arch: str) -> Path:
    """The tar, made if it is not there. CalledProcessError if it cannot be."""
    kept = _place(suite, arch, "bare")
    if kept.exists():
        return kept
    sys.stderr.write(f"… making {suite} {arch}: some minutes, once\n")
    part = kept.with_suffix(".part")
    place = kept.parent / f"making-{os.getpid()}"
    place.mkdir()
    try:
        words = [*apart(), "--mount-proc", "bash", "-euc", made_by(suite, arch), "make", str(place), str(part)]
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
            env={**os.environ, **emulation.environment(arch)},
        )  # fmt: skip
        if done.returncode:
            sys.stderr.write("\n".join((done.stdout + done.stderr).splitlines()[-20:]) + "\n")
            done.check_returncode()
        part.rename(kept)
    finally:
        part.unlink(missing_ok=True)
        place.rmdir()
    return kept


def layer(suite: str, arch: str) -> Path:
    """The tar of what tests need, made if it is not there. OSError if it cannot be."""
    kept = _place(suite, arch, "tools")
    if kept.exists():
        return kept
    sys.stderr.write(f"… what tests need of {suite} {arch}\n")
    part = kept.with_suffix(".part")
    with tempfile.TemporaryDirectory(prefix="keng-arm-") as folder:
        work = Path(folder)
        unpack(Apt(Target(suite, arch), work).fetch(tools(arch), work / "debs"), work / "files")
        try:
            subprocess.run(["tar", "-C", work / "files", "--numeric-owner", "-cf", part, "."], check=True)
            part.rename(kept)
        finally:
            part.unlink(missing_ok=True)
    return kept


def _place(suite: str, arch: str, kind: str) -> Path:
    """Where it is, or will be: of the same kind there is no older one."""
    kept = cache() / named(suite, arch, kind)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        for older in kept.parent.glob(f"{suite}-{arch}-{kind}-*"):
            older.unlink()
    return kept


def apart(*more: str) -> list[str]:
    """Words before a command that is to have mounts and processes of its own, and to die with whoever started it."""
    return ["setpriv", "--pdeathsig", "KILL", "--", "unshare", "--mount", "--pid", "--fork", "--kill-child", *more]


def made_by(suite: str, arch: str) -> str:
    """The shell's lines: $1 a folder to mount on, $2 the tar to write."""
    return f"""mount -t tmpfs -o size={SIZE},mode=755 keng-arm $1
debootstrap --arch={arch} --variant=minbase --include={",".join(BARE)} {suite} $1/root {mirror()}
rm -rf $1/root/var/cache/apt/archives/*.deb $1/root/var/lib/apt/lists/*
tar -C $1/root --numeric-owner --exclude=./proc/* --exclude=./sys/* -cf $2 ."""


def clean() -> None:
    """Away with everything that is kept."""
    shutil.rmtree(cache(), ignore_errors=True)
