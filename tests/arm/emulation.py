"""What this machine must have to run Debian for another processor, and the kernel's word for it (binfmt_misc).

    for line in lacking(): print(line)              # nothing: it can
    with understood("arm64"): …                     # the kernel starts programs for it by qemu, also inside a chroot

What must hold: what was registered or mounted here is taken back; what the machine had already is used and left.
It knows nothing of Debian or of the house.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

QEMU_CPU = "QEMU_CPU"
BINFMT = Path("/proc/sys/fs/binfmt_misc")
PROGRAMS = {
    "debootstrap": "debootstrap", "unshare": "util-linux", "chroot": "coreutils", "tar": "tar", "ip": "iproute2",
}  # fmt: skip
"""Program and Debian package."""


@dataclass(frozen=True, slots=True)
class Processor:
    """One that Raspberry Pis have."""

    debian: str
    """As dpkg calls it."""
    uname: str
    """As the kernel calls a machine that needs no emulation for it."""
    qemu: str
    """Its emulator; static, so that it runs where no library of ours is."""
    machine: int
    """ELF's e_machine."""
    bits: int
    cpu: str
    """The core that qemu is to be, as qemu calls it: that of the oldest Pi with this processor. qemu's own choice, its
    newest, signs return addresses, as Debian 13's programs ask: nothing to a processor, to qemu four parts in five."""

    @property
    def magic(self) -> bytes:
        """How its programs begin: ELF, 32 or 64 bits, little endian; executables (2) and shared objects (3) alike."""
        kind = 2 if self.bits == 64 else 1
        return b"\x7fELF" + bytes([kind, 1, 1]) + bytes(9) + b"\x02\x00" + self.machine.to_bytes(2, "little")

    @property
    def mask(self) -> bytes:
        """Which bits of the magic count: neither the OS's letter nor the last bit of 2 and 3."""
        return b"\xff" * 7 + b"\x00" + b"\xff" * 8 + b"\xfe\xff\xff\xff"


PROCESSORS = {
    "arm64": Processor("arm64", "aarch64", "qemu-aarch64-static", 183, 64, "cortex-a53"),
    "armhf": Processor("armhf", "armv7l", "qemu-arm-static", 40, 32, "cortex-a7"),
}


def native(arch: str) -> bool:
    """Whether this very machine runs it: on a Pi nothing is emulated."""
    return platform.machine() == PROCESSORS[arch].uname


def environment(arch: str) -> dict[str, str]:
    """What qemu reads: to be in the environment of whatever it starts; it takes it from its program's own."""
    return {} if native(arch) else {QEMU_CPU: PROCESSORS[arch].cpu}


def lacking(
    archs: list[str], found: Callable[[str], object] = shutil.which, user: int | None = None, binfmt: Path = BINFMT
) -> list[str]:
    """A sentence for each thing that is missing, and what to do; none: it can be tried."""
    words = []
    if (os.geteuid() if user is None else user) != 0:
        words.append("not root: run `sudo make arm` (a Debian in a folder has files of several users)")
    words += [f"{name} is missing: sudo apt install {package}" for name, package in PROGRAMS.items() if not found(name)]
    for arch in archs:
        if native(arch) or understands(arch, binfmt):
            continue
        if not found(PROCESSORS[arch].qemu):
            words.append(f"{PROCESSORS[arch].qemu} is missing: sudo apt install qemu-user-static")
        if not binfmt.exists():
            words.append(f"{binfmt} is not there: this kernel has no binfmt_misc (sudo modprobe binfmt_misc)")
    return words


def understands(arch: str, binfmt: Path = BINFMT) -> bool:
    """Whether the kernel has an enabled entry for it that also works inside a chroot (flag F)."""
    wanted = PROCESSORS[arch].magic.hex()
    for entry in binfmt.glob("*") if binfmt.is_dir() else ():
        if entry.name in ("register", "status"):
            continue
        try:
            lines = entry.read_text().splitlines()
        except OSError:  # taken away while it was looked at
            continue
        said = {name: rest for name, _, rest in (line.partition(" ") for line in lines)}
        if lines[:1] == ["enabled"] and said.get("magic") == wanted and "F" in said.get("flags:", ""):
            return True
    return False


def entry_of(arch: str, interpreter: str) -> str:
    """What is written into `register`."""
    one = PROCESSORS[arch]
    magic, mask = ("".join(f"\\x{byte:02x}" for byte in word) for word in (one.magic, one.mask))
    return f":keng-{arch}:M::{magic}:{mask}:{interpreter}:F"


@contextmanager
def understood(arch: str, binfmt: Path = BINFMT) -> Iterator[None]:
    """Within it the kernel starts this processor's programs. OSError where it may not be told to."""
    if native(arch):
        yield
        return
    mounted = not (binfmt / "register").exists()
    if mounted:
        subprocess.run(["mount", "-t", "binfmt_misc", "binfmt_misc", str(binfmt)], check=True)
    registered = not understands(arch, binfmt)
    try:
        if registered:
            interpreter = shutil.which(PROCESSORS[arch].qemu)
            assert interpreter is not None, f"{PROCESSORS[arch].qemu} is missing"
            (binfmt / "register").write_text(entry_of(arch, os.path.realpath(interpreter)))
        yield
    finally:
        if registered and (binfmt / f"keng-{arch}").exists():
            (binfmt / f"keng-{arch}").write_text("-1")
        if mounted:
            subprocess.run(["umount", str(binfmt)], check=False)
