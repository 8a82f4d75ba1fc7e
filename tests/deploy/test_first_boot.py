"""A box that was just hung up, over what the installer makes: one stroke through its card, and the commune says so."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from fakes.installed import PROGRAM, Installed, _listens, glance, make_demo_box
from fakes.nodes import shared_cache
from fakes.onsets import onsets
from fakes.paced import PacedCard, missing
from fakes.ports import fresh_port
from fakes.waiting import eventually

from node.finger import press
from wire.blinks import CLOCK, ENTRY, KEYS, NETWORK, SPEAKER

pytestmark = pytest.mark.skipif(missing() is not None, reason=f"the virtual sound card needs {missing()}")
WITHIN_S = 45.0
BYTES_A_SECOND = 96_000
SAID = re.compile(r"Finished\(ref=\S+, how='finished', duration_ms=(1|2|3)\d{3}, strokes=0")
"""In a box's log: a sentence, to its end."""
HELD_MS = 4_000
"""Longer than the quiet that a box waits for, and the second after it."""


@dataclass
class Box:
    """A box with a card, a folder and a machine of its commune."""

    machine: Installed
    name: str
    folder: Path
    card: PacedCard

    def start(self) -> None:
        """Power on."""
        command = [PROGRAM / "bin/keng-node", "run", "--settings", self.folder / "node.yaml"]
        where = f"ALSA_CONFIG_PATH={self.card.config}"
        self.machine.start(self.name, "env", where, *command)
        eventually(lambda: _listens(self.folder / "control"), WITHIN_S, "the box does not start")

    def off(self) -> None:
        """Pull the plug."""
        process = self.machine.processes[self.name]
        process.kill()
        process.wait()

    def blows(self) -> int:
        """What came out of the card."""
        return sum(len(onsets(pcm)) for _, pcm in self.runs())

    def runs(self) -> list[tuple[int, bytes]]:
        """Stretches of sound; none while the card never ran."""
        ran = any(happening.what == "start" for happening in self.card.happenings())
        return self.card.runs() if ran else []

    def settings(self, **changes: Any) -> None:
        """Alter its node.yaml."""
        path = self.folder / "node.yaml"
        path.write_text(json.dumps(yaml.safe_load(path.read_text()) | changes))

    def doctor(self, *arguments: str) -> dict[str, Any]:
        """keng-node doctor --json."""
        done = self.machine_run("doctor", "--json", *arguments)
        found: dict[str, Any] = json.loads(done)
        return found

    def machine_run(self, *arguments: str) -> str:
        """keng-node with this box's settings; what it says."""
        command = [str(PROGRAM / "bin/keng-node"), *arguments, "--settings", str(self.folder / "node.yaml")]
        return subprocess.run(command, capture_output=True, text=True, env=self.card.environment, check=False).stdout

    def spoke_at(self) -> object:
        """When the commune says that it raised its voice."""
        [row] = [row for row in self.machine.asked("status")["nodes"] if row["node"] == self.name]
        return row.get("spoke_at")


def zone_at(hour: int) -> str:
    """A time zone in which it is about that hour now, whatever this machine's clock shows."""
    ahead = (hour - datetime.now(UTC).hour + 11) % 24 - 11
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/GMT"


def commune(home: Path, hour: int) -> Installed:
    """A commune's machine, at that hour."""
    machine = Installed(home / "commune")
    machine.found()
    book = machine.codebook.read_text()
    machine.codebook.write_text(book.replace("Asia/Ho_Chi_Minh", zone_at(hour)))
    machine.start_mosquitto()
    machine.start_service()
    return machine


def hung_up(machine: Installed, name: str) -> Box:
    """A new box that was enrolled there, with a sound card of its own."""
    home = machine.root.parent
    enrol = ("enrol", name, "--hamlet", name, "--hamlet-name", name, "--button", "try:17:test")
    said = machine.keng(*enrol, "--etc", machine.etc, "--out", home, "--json")
    assert said.returncode == 0, said.stdout + said.stderr
    folder = Path(json.loads(said.stdout)["folder"])
    assert yaml.safe_load((folder / "node.yaml").read_text())["first_boot"] is True
    make_demo_box(folder, shared_cache(), first_boot=True)
    (home / f"card-{name}").mkdir()
    box = Box(machine, name, folder, PacedCard(home / f"card-{name}"))
    box.settings(speaker={"adapter": "alsa", "device": "gong"}, amplifier={"pin": 25, "hold_ms": 0})
    return box


@pytest.fixture(scope="module")
def by_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """A commune at noon."""
    machine = commune(tmp_path_factory.mktemp("day"), 12)
    yield machine
    machine.end()


def test_a_new_box_is_well_sounds_one_stroke_and_the_commune_says_that_it_has_raised_its_voice(
    by_day: Installed,
) -> None:
    box = hung_up(by_day, "thon-3")
    found = box.doctor()
    assert found["ok"] and found["codes"] == [], found
    assert [line["vi"] for line in found["findings"] if "chữ ký đúng" in line["vi"]]
    box.start()
    eventually(box.spoke_at, WITHIN_S, "the commune never heard of it")
    assert box.blows() == 1
    told = box.machine.keng("status", "--settings", box.machine.etc / "keng.yaml").stdout
    assert "đã lên tiếng" in told
    box.off()
    box.start()
    eventually(lambda: glance(box.folder)["link"] == "steady", WITHIN_S, "it is not heard")
    press(box.folder / "control", {"name": "try"})
    eventually(lambda: box.blows() == 2, WITHIN_S, "the test button is silent")
    # By then it would have struck again by itself.
    assert box.doctor()["ok"] and box.blows() == 2


@pytest.mark.skipif(not os.environ.get("KENG_SOAK"), reason="a second commune; the night's hours are tried in the core")
def test_a_box_hung_up_at_night_waits_for_a_press_on_its_test_button(tmp_path: Path) -> None:
    machine = commune(tmp_path, 0)
    try:
        box = hung_up(machine, "thon-3")
        box.start()
        eventually(lambda: glance(box.folder)["link"] == "steady", WITHIN_S, "it is not heard")
        until = datetime.now(UTC) + timedelta(milliseconds=HELD_MS)
        eventually(lambda: datetime.now(UTC) > until, WITHIN_S)
        assert box.blows() == 0 and box.spoke_at() is None
        press(box.folder / "control", {"name": "try"})
        eventually(box.spoke_at, WITHIN_S, "the commune never heard of it")
        assert box.blows() == 1
    finally:
        machine.end()


def test_a_box_of_another_commune_and_a_retired_one_say_so_by_their_lamp_and_to_their_doctor(by_day: Installed) -> None:
    box = hung_up(by_day, "thon-4")
    keys = yaml.safe_load((box.folder / "node.yaml").read_text())["keys"]
    box.settings(keys={**keys, "commune": "A" * 42 + "A="})
    assert box.doctor()["codes"] == [KEYS, CLOCK]
    box.settings(keys=keys, first_boot=False)
    box.start()
    eventually(lambda: glance(box.folder)["link"] == "steady", WITHIN_S, "it is not heard")
    said = box.machine.keng("retire", box.name, "--etc", box.machine.etc, "--json")
    assert said.returncode == 0, said.stderr
    eventually(lambda: glance(box.folder)["codes"] == [ENTRY], WITHIN_S, "the lamp does not say why")
    box.off()
    found = box.doctor()
    assert not found["ok"] and found["codes"][0] == ENTRY, found


def test_without_card_and_network_the_lamp_counts_both_and_the_doctor_names_the_cards_that_are_there(
    by_day: Installed,
) -> None:
    box = hung_up(by_day, "thon-5")
    broker = yaml.safe_load((box.folder / "node.yaml").read_text())["broker"]
    box.settings(broker={**broker, "port": fresh_port()})
    box.card.unplug()
    box.start()
    eventually(lambda: glance(box.folder)["codes"][:2] == [SPEAKER, NETWORK], WITHIN_S, "the lamp does not count both")
    assert glance(box.folder)["link"] == "trouble"
    box.card.plug_in()
    eventually(lambda: SPEAKER not in glance(box.folder)["codes"], WITHIN_S, "the lamp says it is still gone")
    press(box.folder / "control", {"name": "try"})
    eventually(lambda: SAID.search(box.machine.said(box.name)), WITHIN_S, "it does not say that it has no network")
    box.off()
    box.card.unplug()
    found = box.doctor()
    assert found["codes"][:2] == [SPEAKER, NETWORK], found
    [line] = [line for line in found["findings"] if line["code"] == SPEAKER]
    assert "gong" in line["vi"]


def test_the_doctor_says_aloud_what_it_found_but_not_at_night(by_day: Installed) -> None:
    box = hung_up(by_day, "thon-6")
    (box.folder / "node.key").unlink()
    found = box.doctor("--voice")
    assert found["codes"][0] == KEYS
    last, heard_s = found["findings"][-1]["vi"], sum(len(pcm) for _, pcm in box.runs()) / BYTES_A_SECOND
    if "không nói" in last:  # no code book is stored yet: the hour is Vietnam's
        assert heard_s == 0
    else:
        assert "Đã nói" in last and heard_s > 1.5
