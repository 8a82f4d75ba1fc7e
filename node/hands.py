"""Carries out a core's effects, in order, and decides nothing.

What must always hold: every effect is tried, whatever became of the ones before it (a full disk silences nobody); no
effect raises or waits for the network; a Sound that cannot be played still gets its Finished.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from node.core.effects import Effect, KeepCodeBook, Nudge, Permit, Publish, Show, Silence, Sound, Write
from node.core.items import Finished, Item
from node.journal import Journal
from node.speaker.ports import Speaker
from patterns.clip import Clip
from wire.envelope import Publication

_log = logging.getLogger(__name__)


class Sender(Protocol):
    """The link, as far as effects need it."""

    def publish(self, publication: Publication) -> bool:
        """Hand it to the network now; False if there is none."""
        ...

    def nudge(self) -> None:
        """Try now instead of waiting."""
        ...


class ClipShelf(Protocol):
    """Where clips come from."""

    def get(self, name: str, *, alarm: bool) -> Clip | None:
        """The clip to play; for an alarm there always is one."""
        ...


class LampRow(Protocol):
    """What shows."""

    def show(self, show: Show) -> None:
        """Take on these looks."""
        ...


Sign = Callable[[str, bytes], str | None]
"""Signature of what is said on a topic; None: not signed."""


class Hands:
    """Everything that effects reach."""

    def __init__(
        self,
        speaker: Speaker,
        shelf: ClipShelf,
        journal: Journal,
        sender: Sender,
        lamps: LampRow,
        keep_codebook: Callable[[bytes], None],
        sign: Sign,
        tell: Callable[[Item], None],
        permit: Callable[[Permit], None] = lambda _: None,
    ) -> None:
        self._speaker = speaker
        self._shelf = shelf
        self._journal = journal
        self._sender = sender
        self._lamps = lamps
        self._keep_codebook = keep_codebook
        self._sign = sign
        self._tell = tell
        self._permit = permit

    def do(self, effects: Sequence[Effect]) -> None:
        """Carry them out."""
        for effect in effects:
            try:
                self._one(effect)
            except Exception as fault:
                _log.exception("an effect failed: %.200r", effect)
                if isinstance(effect, Sound):
                    self._tell(Finished(effect.ref, "failed", 0, 0, f"bug: {type(fault).__name__}: {fault}"))

    def _one(self, effect: Effect) -> None:
        match effect:
            case Sound():
                self._sound(effect)
            case Silence():
                self._speaker.stop(effect.ref)
            case Write():
                self._journal.append(effect.record)  # the journal itself tells what became of it
            case Publish():
                sig = self._sign(effect.topic, effect.payload)
                self._sender.publish(Publication(effect.topic, effect.payload, effect.retain, sig))
            case Show():
                self._lamps.show(effect)
            case KeepCodeBook():
                self._keep_codebook(effect.payload)
            case Nudge():
                self._sender.nudge()
            case Permit():
                self._permit(effect)

    def _sound(self, sound: Sound) -> None:
        clip = self._shelf.get(sound.pattern, alarm=sound.alarm)
        if clip is None:
            self._tell(Finished(sound.ref, "failed", 0, 0, f"unknown: pattern {sound.pattern} is not ready"))
        else:
            self._speaker.play(sound.ref, clip, sound.at_ms)
