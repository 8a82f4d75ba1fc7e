"""A commune's machine and a hamlet's box on two bare Debians, installed by what deploy/README.md tells to type.

What is not as at a real hamlet: pins are gpiozero's mock, and the sound card is tests/fakes' paced one (through
libasound, in real time, with a witness of what was heard); both machines share this machine's kernel and clock.
Each step's seconds are kept in tests/boots/boots.md.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fakes import paced
from fakes.boothands import carry
from fakes.bootmachine import Ground, Machine
from fakes.boottable import note
from fakes.waiting import eventually

WITHIN_S = 60.0
BOX = "thon-1"
SAID = '--name "Cộng Lạc" --commune cong-lac'
CONTROL = "/var/lib/keng-node/control"
CARD = """\
pcm_type.paced {{ lib "/opt/card/{plugin}" }}
pcm.gong {{ type paced  log "{home}/card.jsonl"  record "/dev/null"  lock "{home}/card.lock"
  unplug "{home}/card.unplugged"  channels 0  hint {{ show on  description "Paced virtual card" }} }}
pcm.!default {{ type plug  slave.pcm "gong" }}
"""
PYTHON = "cd / && $(dirname $(realpath /opt/keng/bin/keng-node))/python -"
PRESS = f"""
import time
from pathlib import Path
from node.finger import press
press(Path("{CONTROL}"), {{"name": "fire"}})
print(time.monotonic_ns())
"""
GLANCE = f"""
import socket
with socket.socket(socket.AF_UNIX) as one:
    one.settimeout(5)
    one.connect("{CONTROL}")
    one.sendall(b'{{"watch": true}}\\n')
    print(one.makefile().readline())
"""


class Town:
    """Installed when it is made."""

    def __init__(self, ground: Ground, release: str) -> None:
        self.release = release
        self.commune = ground.machine("commune", release)
        self.box = ground.machine(BOX, release)
        self.lasted: dict[str, float] = {}
        if self.commune.made_s:
            self.keep("debootstrap", self.commune.made_s)
        self.keep("first boot, until systemd has nothing more to start", self.commune.boot())
        carry(self.commune)
        self.timed("apt-get update", lambda: self.commune.run("apt-get update -qq"))
        self.install = f"cd keng && bash deploy/install-commune.sh {SAID} --address {self.commune.address}"
        self.installed = self.timed("install-commune.sh, packages and all", lambda: self.commune.run(self.install))
        self.hang_up()

    def hang_up(self) -> None:
        """The hamlet's box, on a system that runs already."""
        self.timed("keng enrol", lambda: self.commune.run(f"keng enrol {BOX} --hamlet {BOX}"))
        self.box.boot()
        carry(self.box)
        shutil.copytree(self.commune.disk / "root" / BOX, self.box.disk / "root" / BOX)
        self.wire(self.box.disk / "root" / BOX)
        self.box.run("apt-get update -qq")
        self.fitted = self.timed(
            "node.sh, packages and all", lambda: self.box.run(f"cd keng && bash deploy/node.sh ~/{BOX}")
        )
        self.timed("node.sh's end → the box is linked", lambda: self.until_linked())

    def timed(self, step: str, act: Callable[[], Any]) -> Any:
        """What it returns; how long it took goes into the table."""
        began_s = time.monotonic()
        done = act()
        self.keep(step, time.monotonic() - began_s)
        return done

    def keep(self, step: str, seconds: float) -> None:
        self.lasted[step] = seconds
        note(step, self.release, seconds)

    def wire(self, folder: Path) -> None:
        """The box has no pins and no card: it, and what was enrolled for it, are told of ours."""
        settings = folder / "node.yaml"
        text = settings.read_text()
        assert "factory: lgpio" in text
        settings.write_text(text.replace("factory: lgpio", "factory: mock") + f"\ncontrol: {CONTROL}\n")
        plugin = paced.build()
        (self.box.disk / "opt/card").mkdir()
        shutil.copy(plugin, self.box.disk / "opt/card")
        conf = CARD.format(plugin=plugin.name, home="/var/lib/keng-node")
        (self.box.disk / "etc/asound.conf").write_text(conf)

    def press(self) -> int:
        """Hold the fire button for a second; monotonic ns at its end."""
        return int(self.box.run(PYTHON, given=PRESS).stdout.split()[-1])

    def glance(self) -> dict[str, Any]:
        """What a person in front of the box sees; {} while it is not up."""
        done = self.box.run(PYTHON, given=GLANCE, check=False)
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else {}

    def asked(self, words: str) -> dict[str, Any]:
        """What an officer's command says at the commune's machine."""
        told: dict[str, Any] = json.loads(self.commune.run(f"keng {words} --json").stdout)
        return told

    def status(self) -> dict[str, Any]:
        """`keng status`; {} while the service does not answer."""
        done = self.commune.run("keng status --json", check=False)
        return json.loads(done.stdout) if done.returncode == 0 else {}

    def until_linked(self) -> None:
        """The commune hears the box, and the box the commune."""

        def linked() -> bool:
            rows = [row for row in self.status().get("nodes", []) if row["node"] == BOX and row.get("online")]
            return bool(rows) and self.glance().get("link") == "steady"

        eventually(linked, WITHIN_S, "the box and the commune do not hear each other")

    def sounds(self) -> list[tuple[str, int]]:
        """(on or off, monotonic ns) of what the card was heard to do."""
        log = self.box.disk / "var/lib/keng-node/card.jsonl"
        rows = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        return [(row["ev"], row["t"]) for row in rows if row["ev"] in ("on", "off")]

    def heard_since(self, ns: int) -> int:
        """When the first sample after that was heard; 0: none yet."""
        return next((at for what, at in self.sounds() if what == "on" and at >= ns), 0)

    def sounding(self) -> bool:
        """Whether the card is heard now."""
        sounds = self.sounds()
        return bool(sounds) and sounds[-1][0] == "on"

    def hush(self) -> None:
        """Everything closed, and silent."""
        for row in self.asked("incidents --open")["incidents"]:
            self.asked(f"close {row['id']} --outcome 'báo nhầm'")
        self.asked("clear --all")
        eventually(lambda: not self.sounding(), WITHIN_S, "it does not fall silent")

    def end(self) -> None:
        """Off."""
        for machine in (self.box, self.commune):
            machine.end()


def back(machine: Machine, unit: str, before: int) -> float:
    """Seconds until another main process of this unit is up, ready as systemd understands it."""
    began_s = time.monotonic()
    show = f"systemctl show --property=ActiveState,MainPID --value {unit}"

    def anew() -> bool:
        told = machine.run(show, check=False).stdout.split()
        return "active" in told and str(before) not in told and "0" not in told

    eventually(anew, 120, f"{unit} does not come back")
    return time.monotonic() - began_s
