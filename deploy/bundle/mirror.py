"""Where this machine's own apt gets Debian from: another system's packages come from there too.

KENG_MIRROR names another place, such as a copy on a disk for a commune without internet.
"""

from __future__ import annotations

import os
import subprocess

VARIABLE = "KENG_MIRROR"
FIELDS = "$(REPO_URI)|$(ORIGIN)|$(LABEL)|$(COMPONENT)"


class NoMirror(RuntimeError):
    """apt knows no place that has Debian."""


def mirror() -> str:
    """Its address. NoMirror, whose words say what to do."""
    if named := os.environ.get(VARIABLE):
        return named
    words = ["apt-get", "indextargets", "--format", FIELDS, "Created-By: Packages"]
    try:
        told = subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words
    except (OSError, subprocess.CalledProcessError):
        told = ""
    if (found := debian_in(told)) is None:
        raise NoMirror(
            "apt của máy này không có kho Debian nào. Hãy chạy: sudo apt update, hoặc đặt KENG_MIRROR=http://… / "
            "this machine's apt has no archive of Debian. Run: sudo apt update, or set KENG_MIRROR=http://…"
        )
    return found


def debian_in(told: str) -> str | None:
    """The first archive of Debian itself in what apt tells, one `FIELDS` a line; not its security updates'."""
    for line in told.splitlines():
        address, _, about = line.partition("|")
        if about == "Debian|Debian|main":
            return address.rstrip("/")
    return None
