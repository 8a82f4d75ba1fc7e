"""A microphone through libasound, on a virtual one that hears a virtual card: in processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fakes.paced import PacedCard, PacedMicrophone, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=f"no virtual card: {missing()}")
ROOT = Path(__file__).parents[3]
ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
from node.ear.checkup import listen
from node.ear.errors import UnknownMicrophone
from node.speaker.errors import SinkTrouble
from node.speaker.libasound import cards
try:
    heard = listen(sys.argv[2])
    said = {"level_db": heard.level_db, "deaf": heard.deaf}
except UnknownMicrophone as fault:
    said = {"vi": fault.vi, "en": fault.en}
except SinkTrouble as fault:
    said = {"code": fault.code}
print(json.dumps({"cards": [c.name for c in cards("Input")], **said}))
"""


def ask(card: PacedCard, device: str = "ear") -> dict[str, object]:
    """What a second with that microphone gives; nothing may be printed beside the answer."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(ROOT), device], env=card.environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_it_hears_its_surroundings_from_a_card_that_knows_only_stereo_too(tmp_path: Path) -> None:
    card = PacedCard(tmp_path, air=True)
    PacedMicrophone(card, noise=300, channels=2)
    told = ask(card)
    assert told["deaf"] is False and "ear" in str(told["cards"])
    assert float(str(told["level_db"])) == pytest.approx(-45.5, abs=1)  # ± 300, evenly: 173 of 32,768


def test_a_muted_one_is_deaf(tmp_path: Path) -> None:
    card = PacedCard(tmp_path, air=True)
    PacedMicrophone(card).mute()
    assert ask(card)["deaf"] is True


def test_a_busy_one_and_an_unknown_one_are_told_apart(tmp_path: Path) -> None:
    card = PacedCard(tmp_path, air=True)
    ear = PacedMicrophone(card)
    with ear.occupied():
        assert ask(card)["code"] == "busy"
    for device in ("nowhere", "plughw:CARD=Nowhere"):
        told = ask(card, device)
        assert device in str(told["vi"]) and device in str(told["en"])
        assert "ear" in str(told["vi"]) and "keng-node doctor" in str(told["en"])
    ear.unplug()
    assert "Không có micrô" in str(ask(card)["vi"])
