"""Fault 18: a gong that plays and is not heard, and a microphone that hears nothing, are troubles right after it.

The sound card says that all is well: it is the box's own microphone, in one air with the card, that knows better.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
from fakes.lab import Lab
from fakes.paced import PacedCard, PacedMicrophone, missing
from fakes.waiting import eventually

BAR_S = 2.0
"""A sounding is proved so soon after its end."""
LOOKED_S = 0.5
"""For the looking itself, on a machine that does other work as well."""
pytestmark = pytest.mark.skipif(bool(missing()), reason=f"no virtual card: {missing()}")


def lab_with_ears(start_lab: Callable[..., Lab]) -> tuple[Lab, PacedMicrophone]:
    lab = start_lab(start=False)
    card = PacedCard(lab.node.home, air=True)
    microphone = PacedMicrophone(card)
    old, new = "{adapter: wav, wav: gong.wav}", "{adapter: alsa, device: gong}\nmicrophone: ear"
    lab.node.settings.write_text(lab.node.settings.read_text().replace(old, new))
    lab.node.inside = ("env", f"ALSA_CONFIG_PATH={card.config}")
    lab.start()
    lab.node.see(lambda glance: glance["microphone"] == "ok")
    return lab, microphone


def sound(lab: Lab, for_s: float) -> tuple[dict[str, Any], float]:
    """Press, let it sound, take it back; what the register has of it, and when it was over."""
    id_ = lab.press()
    time.sleep(for_s)  # a gong sounds in real time
    lab.node.ask({"cancel": True}, until="released")
    lab.node.see(lambda glance: glance["gong"] is None)
    over_s = time.monotonic()
    proved = eventually(
        lambda: [row for row in lab.commune.journal("sounded") if row["subject"] == id_], why="no proof"
    )
    assert time.monotonic() - over_s <= BAR_S + LOOKED_S
    body: dict[str, Any] = proved[0]["body"]
    return body, over_s


def raised(lab: Lab, kind: str, over_s: float) -> None:
    """That trouble is open in time, and no other is of that box."""
    eventually(lambda: (kind, "thon-1") in lab.commune.troubles(), why=f"no trouble {kind}")
    assert time.monotonic() - over_s <= BAR_S + LOOKED_S


def test_a_gong_that_plays_unheard_and_a_microphone_that_hears_nothing_are_troubles_within_two_seconds_of_its_end(
    start_lab: Callable[..., Lab],
) -> None:
    lab, microphone = lab_with_ears(start_lab)
    body, _ = sound(lab, 2.0)
    assert body["strokes_heard"] == body["strokes"] >= 5
    assert not {("speaker", "thon-1"), ("microphone", "thon-1")} & lab.commune.troubles(over=True)

    microphone.cut_the_loudspeaker()
    body, over_s = sound(lab, 1.2)
    assert body["strokes_heard"] == 0 < body["strokes"]
    raised(lab, "speaker", over_s)

    microphone.mend_the_loudspeaker()
    microphone.mute()
    body, over_s = sound(lab, 0.8)
    assert body["strokes_heard"] is None
    raised(lab, "microphone", over_s)
