"""The systems a bundle is for: Debian's suite and architecture, and what pip and gcc call them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

PYTHONS = {"bookworm": "3.11", "trixie": "3.13"}
"""Debian 12, 13 and Raspberry Pi OS of the same name."""
GLIBC = {"bookworm": 36, "trixie": 41}
"""2.x: newer wheels do not load."""
MACHINES = {"arm64": "aarch64", "armhf": "armv7l", "amd64": "x86_64"}
"""As Python calls it."""
USUAL = ("bookworm-arm64", "trixie-arm64", "bookworm-armhf", "trixie-armhf")
"""Every Pi from the 2 on; a PC (amd64) only when asked for."""
OLDEST_GLIBC = 17


@dataclass(frozen=True, slots=True)
class Target:
    """One system."""

    suite: str
    """Debian's word."""
    arch: str
    """dpkg's word."""

    @property
    def name(self) -> str:
        """As in the bundle."""
        return f"{self.suite}-{self.arch}"

    @property
    def python(self) -> str:
        """Its version, as 3.13."""
        return PYTHONS[self.suite]

    @property
    def pip(self) -> list[str]:
        """pip's words for it."""
        machine, short = MACHINES[self.arch], self.python.replace(".", "")
        tags = [f"manylinux_2_{minor}_{machine}" for minor in range(GLIBC[self.suite], OLDEST_GLIBC - 1, -1)]
        tags += [f"manylinux2014_{machine}", f"linux_{machine}"]
        words = [
            "--implementation",
            "cp",
            "--python-version",
            short,
            "--abi",
            f"cp{short}",
            "--abi",
            "abi3",
            "--abi",
            "none",
        ]
        return words + [word for tag in tags for word in ("--platform", tag)]

    @property
    def small(self) -> bool:
        """32 bits: for most compiled libraries PyPI has no wheel."""
        return self.arch == "armhf"


def target_of(name: str) -> Target:
    """ValueError if there is no such system."""
    suite, _, arch = name.partition("-")
    if suite not in PYTHONS or arch not in MACHINES:
        raise ValueError(name)
    return Target(suite, arch)
