"""What only a real card can do to libasound's adapter: odd shapes, wrong names, a process that was asleep."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes.paced import PacedCard
from fakes.speaker_rig import MS, ChildRig, wait_for
from fakes.waiting import SLOWER

from node.speaker.ports import Ended, Health, Started

ROOT = Path(__file__).parents[3]
ASK = """
import json, sys
sys.path.insert(0, sys.argv[1])
from node.speaker.alsa import cards, check
from node.speaker.errors import SinkTrouble, UnknownDevice
try:
    check(sys.argv[2])
    said = "ok"
except UnknownDevice as fault:
    said = str(fault)
except SinkTrouble as fault:
    said = fault.code
print(json.dumps({"cards": [c.name for c in cards()], "said": said}))
"""


def ask(card: PacedCard, device: str) -> dict[str, object]:
    """cards() and check(device) in a process that sees this card; nothing may be printed beside the answer."""
    done = subprocess.run(
        [sys.executable, "-c", ASK, str(ROOT), device], env=card.environment, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    answer: dict[str, object] = json.loads(done.stdout)
    return answer


def test_the_cards_there_are_can_be_listed(paced_card: PacedCard) -> None:
    assert ask(paced_card, "gong") == {"cards": ["gong"], "said": "ok"}


@pytest.mark.parametrize("device", ["nowhere", "plughw:CARD=Nowhere"])
def test_an_unknown_card_is_answered_with_those_there_are_in_both_languages(paced_card: PacedCard, device: str) -> None:
    vietnamese, english = str(ask(paced_card, device)["said"]).splitlines()
    for sentence in (vietnamese, english):
        assert device in sentence
        assert "gong" in sentence
        assert "keng-node doctor" in sentence
    assert vietnamese.startswith("Không có thiết bị âm thanh")


def test_a_busy_card_is_not_an_unknown_one(paced_card: PacedCard) -> None:
    with paced_card.occupied():
        assert ask(paced_card, "gong")["said"] == "busy"


@pytest.mark.parametrize("kind", ["alsa", "aplay"])
def test_a_speaker_on_an_unknown_card_lives_and_says_so(paced_card: PacedCard, kind: str) -> None:
    paced_card.config.write_text(paced_card.config.read_text().replace("pcm.gong", "pcm.drum"))
    rig = ChildRig(kind, paced_card, 40)
    rig.play("a", "steady", 100)
    ended = wait_for(rig, Ended, ref="a")
    rig.close()
    assert (ended.how, ended.why.split(":")[0]) == ("failed", "unknown")
    assert isinstance(rig.reports[0], Health)
    assert not rig.reports[0].ok


def test_a_card_that_knows_only_stereo_gets_both_channels(tmp_path: Path) -> None:
    rig = ChildRig("alsa", PacedCard(tmp_path, channels=2), 40)
    rig.play("a", "bursts", 200)
    assert wait_for(rig, Ended, ref="a") == Ended("a", "finished", 200, 2, "")
    rig.close()
    assert len(rig.blows_ns()) == 2


def test_gain_turns_it_down(paced_card: PacedCard) -> None:
    rig = ChildRig("alsa", paced_card, 40, gain_db=-20.0)
    rig.play("a", "steady", 100)
    wait_for(rig, Ended, ref="a")
    rig.close()
    loudest = max(int(np.abs(pcm.astype(np.int32)).max()) for _, pcm in rig.runs())
    assert loudest == 1379


def test_a_process_that_was_asleep_goes_on_where_it_would_be(paced_card: PacedCard) -> None:
    rig = ChildRig("alsa", paced_card, 40)
    rig.play("a", "bursts", 300, 100, (100, 300))
    started = wait_for(rig, Started, ref="a")
    rig.pass_ms(150)
    os.kill(rig.child.pid, signal.SIGSTOP)
    rig.pass_ms(230)
    os.kill(rig.child.pid, signal.SIGCONT)
    rig.pass_ms(400)
    rig.stop()
    ended = wait_for(rig, Ended, ref="a")
    rig.close()
    assert "xrun" in [h.what for h in paced_card.happenings()]
    assert [r for r in rig.reports if isinstance(r, Health)] == [Health(True, "ok")]
    assert len([r for r in rig.reports if isinstance(r, Started)]) == 1
    assert ended.duration_ms < 700
    off_beat_ms = [(at - started.at_ns) / MS % 100 for at in rig.blows_ns()]
    assert max(min(ms, 100 - ms) for ms in off_beat_ms) <= 15


def test_stop_and_pre_emption_drop_what_is_queued(paced_card: PacedCard) -> None:
    rig = ChildRig("alsa", paced_card, 40)
    took_over_ms, silent_ms = [], []
    for i in range(9):
        rig.play(f"quiet{i}", "bursts", 2000, 1000)
        wait_for(rig, Started, ref=f"quiet{i}")
        rig.pass_ms(60)
        asked_ns = rig.play(f"loud{i}", "steady", 2000)
        wait_for(rig, Started, ref=f"loud{i}")
        rig.pass_ms(50)
        stopped_ns = rig.stop()
        wait_for(rig, Ended, ref=f"loud{i}")
        first_ns, last_ns = paced_card.spans()[-1]
        took_over_ms.append((first_ns - asked_ns) / MS)
        silent_ms.append((last_ns - stopped_ns) / MS)
    rig.close()
    assert sorted(took_over_ms)[4] < 10 * SLOWER
    assert sorted(silent_ms)[4] < 10 * SLOWER


def test_it_holds_the_card_only_while_it_sounds(paced_card: PacedCard) -> None:
    rig = ChildRig("alsa", paced_card, 40)
    rig.play("a", "steady", 100)
    wait_for(rig, Ended, ref="a")
    with paced_card.occupied():
        pass
    rig.close()


def test_a_killed_aplay_is_replaced_and_told(paced_card: PacedCard) -> None:
    rig = ChildRig("aplay", paced_card, 40)
    rig.play("a", "steady", 300, (100, 300))
    wait_for(rig, Started, ref="a")
    rig.pass_ms(60)
    children = [
        c for task in Path(f"/proc/{rig.child.pid}/task").iterdir() for c in (task / "children").read_text().split()
    ]
    assert len(children) == 1
    os.kill(int(children[0]), signal.SIGKILL)
    wait_for(rig, Health, ok=False)
    rig.pass_ms(200)
    assert rig.reports[-1] == Health(True, "ok")
    rig.stop()
    assert wait_for(rig, Ended, ref="a").how == "stopped"
    rig.close()
