"""Debian's packages for another system, with all they need and a bare one lacks: by apt, in folders of its own.

What must hold: nothing of this machine's apt is read or changed, and what is fetched bears Debian's signature. What
every system has (Priority required, and Python) is left out; so is systemd-timesyncd, which must fit systemd exactly.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from deploy.bundle.mirror import mirror
from deploy.bundle.targets import Target

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
WANTED = ("alsa-utils",)
SOUND = {"bookworm": "libasound2", "trixie": "libasound2t64"}
SMALL = ("python3-nacl", "python3-yaml")
"""On 32 bits, where PyPI has no wheel of them."""
HEADERS = ("libc6-dev", "libc6", "linux-libc-dev", "libgcc-s1")
"""What a compiler needs of Debian 12, so that what it makes loads on 13 as well."""

CONF = """\
Dir::Etc::sourcelist "{home}/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "{home}/empty";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::State::lists "{home}/lists";
Dir::State::status "{home}/status";
Dir::State::extended_states "{home}/extended";
Dir::Cache "{home}/cache";
APT::Architecture "{arch}";
APT::Architectures {{ "{arch}"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
"""


class Apt:
    """apt for one target."""

    def __init__(self, target: Target, home: Path) -> None:
        self._home = home / f"apt-{target.name}"
        self._suite = target.suite
        for name in ("lists/partial", "cache/archives/partial", "empty"):
            (self._home / name).mkdir(parents=True, exist_ok=True)
        (self._home / "status").write_text("")
        signed = f"[signed-by={KEYRING}] "
        lines = [f"deb {signed}{mirror()} {target.suite} main"]
        (self._home / "sources.list").write_text("\n".join(lines) + "\n")
        (self._home / "apt.conf").write_text(CONF.format(home=self._home, arch=target.arch))
        self._apt("apt-get", "-qq", "update")

    def fetch(self, wanted: tuple[str, ...], to: Path) -> list[Path]:
        """What is wanted and what it needs beyond the base, as files in `to`."""
        base = self._needed(*self._base())
        names = sorted(set(self._needed(*self._base(), *wanted)) - set(base))
        return self.exactly(names, to)

    def exactly(self, names: list[str] | tuple[str, ...], to: Path) -> list[Path]:
        """These packages' files, in `to`."""
        to.mkdir(parents=True, exist_ok=True)
        if names:
            self._apt("apt-get", "-qq", "download", *names, cwd=to)
        for path in to.glob("*.deb"):
            path.rename(to / path.name.replace("%3a", "."))  # of an epoch: FAT32 and paths in a manifest know no colon
        return sorted(to.glob("*.deb"))

    def _base(self) -> list[str]:
        listed = self._apt("apt-cache", "dumpavail")
        names = ["python3"]
        for stanza in listed.split("\n\n"):
            fields = dict(line.split(": ", 1) for line in stanza.splitlines() if ": " in line and line[0] != " ")
            if fields.get("Priority") == "required":
                names.append(fields["Package"])
        return sorted(set(names))

    def _needed(self, *names: str) -> list[str]:
        said = self._apt("apt-get", "-qq", "--simulate", "install", *names)
        return sorted({line.split()[1] for line in said.splitlines() if line.startswith("Inst ")})

    def _apt(self, *command: str, cwd: Path | None = None) -> str:
        environment = {**os.environ, "APT_CONFIG": str(self._home / "apt.conf"), "LC_ALL": "C"}
        done = subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        if done.returncode:
            raise OSError(f"{' '.join(command[:3])}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout


def unpack(debs: list[Path], to: Path) -> None:
    """Their files, below `to`; nothing is installed."""
    to.mkdir(parents=True, exist_ok=True)
    for deb in debs:
        subprocess.run(["dpkg-deb", "-x", deb, to], check=True)  # noqa: S603, S607 - our own words
