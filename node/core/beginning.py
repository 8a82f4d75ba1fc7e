"""Joins firstboot.py to the parts of a node: its facts from them, its deeds as effects. Pure; owned by `Node` alone."""

from __future__ import annotations

from typing import assert_never

from msgspec import structs

from node.core.cause import Cause, Priority, Proof
from node.core.chimes import LAST_MS
from node.core.codes import codes, deadline_ms
from node.core.condition import Condition
from node.core.effects import Effect
from node.core.firstboot import Facts, Fledgling, Say, Strike
from node.core.parts import Parts
from node.core.records import FirstBoot
from wire.blinks import BY_CODE

SAID = "say/"
"""Before the name of a recording, among the names of patterns."""


class Beginning:
    """The first hour of a box, and what it says to whoever asks."""

    def __init__(self, parts: Parts, condition: Condition, now_ms: int) -> None:
        self._parts = parts
        self._condition = condition
        # A box whose disk was lost cannot know what it has done: it is not new.
        self._new = parts.setup.first_boot and not parts.setup.forgetful
        past = parts.memory.first
        if parts.setup.damaged:
            past = structs.replace(past, struck=True)  # the line that cannot be read may be the one that said so
        self._fledgling = Fledgling(new=self._new, past=past, now_ms=now_ms)

    def deadline_ms(self, now_ms: int) -> int | None:
        """When time alone lets it act, or changes what the lamp counts out."""
        times = (self._fledgling.deadline_ms(now_ms), deadline_ms(self._parts, self._condition, now_ms))
        return min((time for time in times if time is not None), default=None)

    def proved(self, proof: Proof) -> bool:
        """Whether this is the first sounding that this installation proves."""
        return self._fledgling.proved(proof.strokes, proof.ended, proof.heard)

    def told(self) -> list[Effect]:
        """The commune surely has that proof."""
        return [self._parts.remember(record) for record in self._fledgling.told()]

    def step(self, now_ms: int) -> list[Effect]:
        """What is to be written, and what is to sound: the caller plans the stage next."""
        effects: list[Effect] = []
        if not self._new:
            return effects
        if self._parts.asked_ms is not None:
            self._fledgling.asked(self._parts.asked_ms)
            self._parts.asked_ms = None
        for deed in self._fledgling.step(now_ms, self._facts(now_ms)):
            match deed:
                case FirstBoot():
                    effects.append(self._parts.remember(deed))
                case Strike():
                    self._strike(now_ms)
                case Say():
                    self._say(now_ms, deed.code)
                case _:
                    assert_never(deed)
        return effects

    def _strike(self, now_ms: int) -> None:
        parts = self._parts
        cause = Cause(f"first/{parts.setup.run}", self._pattern, Priority.TEST, now_ms)
        parts.stage.vouch(cause, "calendar", now_ms + LAST_MS)

    def _say(self, now_ms: int, code: int) -> None:
        words = SAID + BY_CODE[code].word
        cause = Cause(words, words, Priority.WORDS, now_ms)
        self._parts.stage.vouch(cause, "box", now_ms + LAST_MS)

    @property
    def _pattern(self) -> str:
        return self._parts.pattern_for("test", drill=False)

    def _facts(self, now_ms: int) -> Facts:
        parts, condition = self._parts, self._condition
        wall_ms, chime_ms = parts.wall_ms(now_ms), parts.calendar.next_wall_ms()
        return Facts(
            hour=parts.hour(now_ms),
            quiet=parts.stage.quiet,
            chime_in_ms=None if wall_ms is None or chime_ms is None else chime_ms - wall_ms,
            ready=self._pattern in parts.ready,
            speaker=condition.speaker == "ok",
            disk=condition.disk == "ok",
            codes=codes(parts, condition, now_ms),
        )
