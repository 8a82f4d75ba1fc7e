"""What a newcomer's hands do between two machines: a copy of this house, a folder on a USB stick, a finger."""

from __future__ import annotations

import subprocess
from pathlib import Path

from fakes.bootmachine import Machine

ROOT = Path(__file__).parents[2]


def carry(machine: Machine, who: str = "root") -> None:
    """A clone of this checkout, with what is not committed yet, into the home of somebody there."""
    home = machine.home_of(who)
    house = machine.disk / home[1:] / "keng"
    unpack(house)
    bare = house.with_suffix(".bare")
    subprocess.run(["git", "clone", "-q", "--bare", "--depth", "1", f"file://{ROOT}", bare], check=True)
    bare.rename(house / ".git")
    subprocess.run(["git", "--git-dir", house / ".git", "config", "core.bare", "false"], check=True)
    if who != "root":
        machine.run(f"chown -R {who}: {home}/keng")


def unpack(target: Path) -> None:
    """This checkout, as a clone would have it (what is not committed yet included), into a folder."""
    target.mkdir(parents=True)
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "-co", "--exclude-standard"]
    names = subprocess.run(listed, check=True, capture_output=True).stdout.split(b"\0")
    here = b"\0".join(name for name in names if name and (ROOT / name.decode()).exists())
    pack = subprocess.run(
        ["tar", "-C", str(ROOT), "-c", "--null", "-T", "-"], input=here, check=True, capture_output=True
    )
    subprocess.run(["tar", "-C", str(target), "-x", "--no-same-owner"], input=pack.stdout, check=True)
