"""Where everything of an installed commune is: commune.yaml, and deploy/install-commune.sh's installed.yaml beside it.

    address: 192.168.1.10                      # where nodes find this machine
    others: [xa.example.vn]                    # and where else
    mosquitto: {folder: /etc/mosquitto/keng, pid_file: /run/mosquitto/mosquitto.pid,
                nodes_port: 8883, officers_port: 8884, local_port: 1883}
    ca: ca/ca.crt

It does not know what is in the files it names.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from broker.errors import SettingsError
from broker.mosquitto.configuration import CommuneBroker
from broker.settings import MAX_PATH, CommuneSettings, load_settings
from patterns.errors import YamlError
from patterns.fields import Faults, Field
from patterns.yamlfile import read_yaml
from wire.hosts import MAX_HOSTS

ETC = Path("/etc/keng")
PID_FILE = Path("/run/mosquitto/mosquitto.pid")
"""As Debian's mosquitto.conf has it."""
COMMUNE, INSTALLED, KENG, CODEBOOK = "commune.yaml", "installed.yaml", "keng.yaml", "codebook.yaml"
CONSOLE = "console.yaml"
"""Files in `etc`."""


@dataclass(frozen=True, slots=True)
class Site:
    """An installed commune."""

    etc: Path
    """Folder of its settings."""
    commune: CommuneSettings
    """commune.yaml."""
    codebook: Path
    """The code book's file."""
    address: str
    """Name or address at which nodes find this machine."""
    broker: CommuneBroker
    """Mosquitto's folder and ports."""
    pid_file: Path
    """Of Mosquitto."""
    ca_file: Path
    """The commune's CA, for nodes and officers."""
    others: tuple[str, ...] = ()
    """More of its names and addresses, which nodes try in turn."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """All names and addresses, the first one first; as many as a node takes."""
        return tuple(dict.fromkeys((self.address, *self.others)))[:MAX_HOSTS]


def read_site(etc: Path = ETC) -> Site:
    """Read commune.yaml and installed.yaml. SettingsError."""
    if not (etc / INSTALLED).exists():
        raise SettingsError(
            f"Không có {etc / INSTALLED}: máy này chưa cài cho xã. Hãy chạy: sudo bash deploy/install-commune.sh",
            f"There is no {etc / INSTALLED}: no commune is installed here. Run: sudo bash deploy/install-commune.sh",
        )
    commune = load_settings(etc / COMMUNE)
    if commune.codebook is None:
        raise SettingsError(
            f"{etc / COMMUNE}: chưa có codebook. Hãy thêm dòng: codebook: {CODEBOOK}",
            f"{etc / COMMUNE}: no codebook. Add the line: codebook: {CODEBOOK}",
        )
    try:
        faults = Faults(read_yaml(etc / INSTALLED))
    except YamlError as error:
        raise SettingsError(error.vi, error.en, error.faults) from error
    site = _read(faults.top, etc, commune, commune.codebook)
    faults.raise_all(SettingsError)
    return site


def _read(top: Field, etc: Path, commune: CommuneSettings, codebook: Path) -> Site:
    parts = top.record({"address", "others", "mosquitto", "ca"}, {"address", "mosquitto", "ca"})
    ports = ("nodes_port", "officers_port", "local_port")
    known = {"folder", "pid_file", *ports}
    mosquitto = parts["mosquitto"].record(known, known) if "mosquitto" in parts else {}
    others = parts["others"].items(MAX_HOSTS) if "others" in parts else []
    numbers = [mosquitto[name].integer(1, 65_535) or 0 if name in mosquitto else 0 for name in ports]
    return Site(
        etc=etc,
        commune=commune,
        codebook=codebook,
        address=(parts["address"].text(255) if "address" in parts else None) or "",
        broker=CommuneBroker(commune.commune, _path(mosquitto.get("folder"), etc), *numbers),
        pid_file=_path(mosquitto.get("pid_file"), etc),
        ca_file=_path(parts.get("ca"), etc),
        others=tuple(one.text(255) or "" for one in others),
    )


def _path(given: Field | None, beside: Path) -> Path:
    return beside / ((given.text(MAX_PATH) if given is not None else None) or "")
