"""One second with a microphone, for the doctor: that it is there, and how loud it is in front of it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from node.ear.alsa import AlsaMicrophone
from node.ear.ear import DEAF_SPAN, STALL_NS, level_of
from node.ear.errors import UnknownMicrophone
from node.ear.stream import Stream
from node.ear.tones import BLOCK_MS, Comb
from node.speaker.errors import SinkTrouble
from node.speaker.libasound import cards

LISTENS_MS = 1_000
"""Long enough for a level, short enough for a person who waits."""
LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What was heard."""

    level_db: float
    """Mean loudness, of full scale."""
    deaf: bool
    """Silence and nothing else."""


def listen(device: str) -> Surroundings:
    """Listen for a second. Raises UnknownMicrophone, NoAlsa, SinkTrouble."""
    microphone = AlsaMicrophone(device)
    try:
        microphone.open()
    except SinkTrouble as fault:
        if fault.code in ("unknown", "gone"):
            raise UnknownMicrophone(device, [card.name for card in cards("Input")]) from fault
        raise
    try:
        return _listen(microphone)
    finally:
        microphone.close()


def _listen(microphone: AlsaMicrophone) -> Surroundings:
    began_ns = time.monotonic_ns()
    stream = Stream(began_ns, Comb(()))
    power, span, heard = 0.0, 0, 0
    while heard * BLOCK_MS < LISTENS_MS:
        time.sleep(LOOK_S)
        for bit in stream.take(time.monotonic_ns(), microphone.read(microphone.waiting()), 0):
            power, span, heard = power + bit.power, max(span, bit.span), heard + 1
        if time.monotonic_ns() - stream.moved_ns > STALL_NS:
            raise SinkTrouble("io", "it is open and gives nothing")
    return Surroundings(level_of(power / heard), span <= DEAF_SPAN)
