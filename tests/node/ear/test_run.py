"""A whole node with a card and a microphone in one air: what it says when the microphone is pulled; its doctor.

What it hears, and what the commune makes of that: tests/lab/test_deaf.py.
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
from fakes.lab import HOLD_MS, SOON_MS
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
        pressed_ns = time.monotonic_ns()
        self.node.press(kind="fire")
        self.node.see(lambda glance: glance["gong"])
        heard_ns = [one.at_ns for one in self.card.happenings() if one.what == "on" and one.at_ns > pressed_ns]
        assert HOLD_MS <= (heard_ns[0] - pressed_ns) / 1e6 <= HOLD_MS + SOON_MS
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


def test_with_a_microphone_pulled_busy_or_well_the_gong_sounds_as_soon_and_the_box_says_so(box: Box) -> None:
    with Bare(box.mosquitto, "", f"{C}/up/#") as listener:
        proof = box.sound(0.6, listener)
        assert proof["strokes_heard"] == proof["strokes"] >= 2
        box.microphone.unplug()
        proof = box.sound(0.6, listener)
        assert proof.get("strokes_heard") is None and proof["strokes"] >= 2
        box.node.see(lambda glance: glance["microphone"].startswith("gone") and glance["link"] == "trouble")
        box.microphone.plug_in()
        box.node.see(lambda glance: glance["microphone"] == "ok")
        with box.microphone.occupied():
            proof = box.sound(0.6, listener)
            assert proof.get("strokes_heard") is None and proof["strokes"] >= 2


def test_the_doctor_says_what_it_hears(tmp_path: Path, start_node: StartNode) -> None:
    card = paced.PacedCard(tmp_path, air=True)
    paced.PacedMicrophone(card, noise=300)
    node = start_node(1, change=with_ears, environment=card.environment)
    assert "Micrô: ear, hộp kẻng đang dùng" in doctor(node, card)
    node.stop()
    told = doctor(node, card)
    assert "✓ Micrô: ear, nghe được xung quanh ở mức −4" in told and "gong" in told


def doctor(node: NodeProcess, card: paced.PacedCard) -> str:
    command = [sys.executable, "-m", "node.cli", "doctor", "--settings", str(node.settings)]
    done = subprocess.run(command, env=card.environment, capture_output=True, text=True, cwd=ROOT, check=False)
    return done.stdout
