"""The commune's units on a machine that is installed for good: which run, and ending and starting them.

Below a folder of its own (a test, another root) there is no systemd to speak to, and nothing is done.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from broker.enrolment.site import ETC

BOOTED = Path("/run/systemd/system")
"""Exists where systemd is the init (sd_booted(3))."""
OURS = ("keng-console.service", "keng-commune.service", "mosquitto.service")
"""In the order in which they end."""
SYSTEMCTL_S = 120.0


def is_ours(etc: Path) -> bool:
    """Whether systemd runs the commune whose settings these are."""
    return etc.absolute() == ETC and BOOTED.is_dir()


@contextmanager
def stopped(etc: Path, units: Sequence[str] = OURS) -> Iterator[None]:
    """While it lasts these do not run; those that ran do again afterwards, whatever happened."""
    ran = [unit for unit in units if _systemctl("is-active", "--quiet", unit)] if is_ours(etc) else []
    for unit in ran:
        _systemctl("stop", unit)
    try:
        yield
    finally:
        for unit in reversed(ran):
            _systemctl("start", unit)


def restart(etc: Path, *units: str) -> None:
    """Those of these that run."""
    if is_ours(etc):
        _systemctl("try-restart", *units)


def _systemctl(*words: str) -> bool:
    try:
        done = subprocess.run(["systemctl", *words], capture_output=True, timeout=SYSTEMCTL_S, check=False)  # noqa: S603, S607 - our own words, wherever the system has it
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
