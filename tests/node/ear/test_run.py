"""A whole node with a real card and a real microphone in one air: what it proves, and what it says when one is dead.

One node a test, several soundings in it: a sounding takes its time, and the box goes on living.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fakes import paced
from fakes.mosquitto import Mosquitto
from fakes.nodes import ROOT, NodeProcess
from fakes.onwire import Bare
from fakes.waiting import eventually

C = "keng/1/cong-lac"
StartNode = Callable[..., NodeProcess]
pytestmark = pytest.mark.skipif(bool(paced.missing()), reason=f"no virtual card: {paced.missing()}")


class Box:
    """A node with ears, on a broker."""

    def __init__(self, folder: Path, start_node: StartNode, mosquitto: Mosquitto) -> None:
        self.card = paced.PacedCard(folder, air=True)
        self.microphone = paced.PacedMicrophone(self.card)
        self.mosquitto = mosquitto
        self.node = start_node(mosquitto.port, change=with_ears, environment=self.card.environment)
        self.node.see(lambda glance: glance["linked"] and glance["microphone"] == "ok")

    def sound(self, for_s: float, listener: Bare) -> dict[str, Any]:
        """A press that is taken back after so long; the proof, which is there within 2 s of the end."""
        before = len(said(listener, "/sounded"))
        self.node.press(kind="fire")
        self.node.see(lambda glance: glance["gong"])
        time.sleep(for_s)  # a gong sounds in real time
        self.node.ask({"cancel": True}, until="released")
        self.node.see(lambda glance: glance["gong"] is None)
        ended_s = time.monotonic()
        proof = eventually(lambda: said(listener, "/sounded")[before:], why="no proof")[0]
        assert time.monotonic() - ended_s <= 2.0
        return proof


def with_ears(text: str) -> str:
    """Settings of a node with the virtual card and the virtual microphone."""
    return text.replace("{adapter: wav, wav: gong.wav}", "{adapter: alsa, device: gong}\nmicrophone: ear")


def said(listener: Bare, word: str) -> list[dict[str, Any]]:
    return [json.loads(payload) for topic, payload in listener.heard if topic.endswith(word)]


@pytest.fixture
def box(tmp_path: Path, start_node: StartNode, mosquitto: Mosquitto) -> Box:
    return Box(tmp_path, start_node, mosquitto)


def test_the_strokes_of_a_real_gong_are_heard_and_a_cut_cable_or_a_dead_microphone_is_named(box: Box) -> None:
    with Bare(box.mosquitto, "", f"{C}/up/#") as listener:
        proof = box.sound(2.2, listener)
        assert (proof["strokes_heard"], proof["ended"]) == (proof["strokes"], "all_clear")
        assert proof["strokes"] >= 5 and -40 < proof["level_db"] < -10

        box.microphone.cut_the_loudspeaker()
        proof = box.sound(1.5, listener)
        assert (proof["strokes_heard"], proof["strokes"] > 2) == (0, True)
        eventually(lambda: said(listener, "/status")[-1]["microphone"] == "unheard", 2)
        assert box.node.glances[-1]["speaker"] == "ok" and box.node.glances[-1]["link"] == "trouble"

        box.microphone.mend_the_loudspeaker()
        box.microphone.mute()
        proof = box.sound(1.2, listener)
        assert proof.get("strokes_heard") is None
        eventually(lambda: said(listener, "/status")[-1]["microphone"] == "deaf", 2)


def test_a_microphone_that_is_pulled_is_named_within_five_seconds_and_the_gong_sounds_on(box: Box) -> None:
    with Bare(box.mosquitto, "", f"{C}/up/#") as listener:
        box.microphone.unplug()
        pulled_s = time.monotonic()
        box.node.see(lambda glance: glance["microphone"].startswith("gone"), 10)
        assert time.monotonic() - pulled_s <= 5.0
        proof = box.sound(0.6, listener)
        assert proof.get("strokes_heard") is None and proof["strokes"] >= 2
        box.microphone.plug_in()
        box.node.see(lambda glance: glance["microphone"] == "ok", 5)
        with box.microphone.occupied():
            proof = box.sound(0.6, listener)
            assert proof.get("strokes_heard") is None and proof["strokes"] >= 2


def test_the_doctor_says_what_it_hears(tmp_path: Path, start_node: StartNode) -> None:
    card = paced.PacedCard(tmp_path, air=True)
    paced.PacedMicrophone(card, noise=300)
    node = start_node(1, change=with_ears, environment=card.environment)
    assert "ear" in doctor(node, card) and "keng status" in doctor(node, card)
    node.stop()
    told = doctor(node, card)
    assert "✓ Micrô: ear, nghe được xung quanh ở mức −4" in told and "gong" in told
    node.settings.write_text(node.settings.read_text().replace("microphone: ear", "microphone: nowhere"))
    assert "! Không có micrô tên “nowhere”" in doctor(node, card)


def doctor(node: NodeProcess, card: paced.PacedCard) -> str:
    command = [sys.executable, "-m", "node.cli", "doctor", "--settings", str(node.settings)]
    done = subprocess.run(command, env=card.environment, capture_output=True, text=True, cwd=ROOT, check=False)
    return done.stdout
