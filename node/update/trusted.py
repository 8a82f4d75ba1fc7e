"""Whose word counts for a release, and which machine this is: read from what root alone can write."""

from __future__ import annotations

import subprocess
from pathlib import Path

from wire.errors import ReleaseFault
from wire.release import keys_of

OWN = Path("/etc/keng/release.pub")
"""A commune that builds its own releases puts its keys here; then they alone count."""
BROUGHT = "release.pub"
"""Beside wire/release.py: those that this version of the program was released with."""
OS_RELEASE = Path("/etc/os-release")


def release_keys(own: Path = OWN) -> tuple[str, ...]:
    """The public keys. ReleaseFault(key) if the file is no good."""
    import wire

    brought = Path(wire.__file__).with_name(BROUGHT)
    file = own if own.exists() else brought
    try:
        return keys_of(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ReleaseFault("key", f"{file}: {error}") from error


def target(os_release: Path = OS_RELEASE) -> str:
    """SUITE-ARCHITECTURE of Debian, as trixie-arm64. ReleaseFault(machine)."""
    try:
        lines = os_release.read_text("utf-8").splitlines()
        suite = next(line.partition("=")[2].strip('"') for line in lines if line.startswith("VERSION_CODENAME="))
        # Not the kernel's word: a 32-bit system often has a 64-bit kernel.
        asked = ["dpkg", "--print-architecture"]
        done = subprocess.run(asked, capture_output=True, text=True, timeout=30, check=True)  # noqa: S603 - our own words
    except (OSError, StopIteration, subprocess.SubprocessError) as error:
        raise ReleaseFault("machine", f"no Debian: {error}") from error
    return f"{suite}-{done.stdout.strip()}"
