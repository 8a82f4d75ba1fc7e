"""The clips that can be played without delay, by the names of their patterns.

What must always hold: asking costs a dictionary's look-up; an alarm always gets a clip (the pattern itself, else the
built-in alarm, else the last resort), anything else gets its own or none. Samples stay mapped files until played.

It does not know how clips are made: prepare.py of the room `patterns` does that, in a child (see preparing.py).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from node.lastresort import last_resort
from patterns.builtin import ALARM, builtins
from patterns.cache import find
from patterns.clip import Clip
from patterns.codebook import codebook_from_message
from patterns.score import Score
from patterns.voice import Voice

_log = logging.getLogger(__name__)


class Shelf:
    """Clips by name. Filled on one thread, asked by another: dictionaries are replaced whole."""

    def __init__(self, cache_dir: Path, voice: Voice) -> None:
        self._cache_dir = cache_dir
        self._voice = voice
        self._clips: dict[str, Clip] = {}
        self._last_resort: Clip | None = None

    def names(self) -> tuple[str, ...]:
        """What is ready."""
        return tuple(self._clips)

    def fill(self, scores: Iterable[Score]) -> tuple[str, ...]:
        """Take what the cache has of these; names of what it has not. What was on the shelf stays."""
        wanted = {score.name: score for score in scores}
        found = {name: clip for name, score in wanted.items() if (clip := find(self._cache_dir, score, self._voice))}
        self._clips = {**self._clips, **found}
        if ALARM not in self._clips and self._last_resort is None:
            _log.warning("no rendered alarm in %s: the last resort stands in", self._cache_dir)
            self._last_resort = last_resort(ALARM)
        return tuple(name for name in wanted if name not in found)

    def get(self, name: str, *, alarm: bool) -> Clip | None:
        """The clip to play."""
        own = self._clips.get(name)
        if own is not None or not alarm:
            return own
        return self._clips.get(ALARM) or self._last_resort


def scores_of(codebook: bytes | None) -> tuple[Score, ...]:
    """What a node with this stored code book may have to play: the general patterns first, `alarm` before all."""
    general = {name: score for name, score in builtins().items() if "/" not in name}
    scores = {ALARM: general[ALARM], **general, **(builtins() if codebook is None else _named_in(codebook))}
    return tuple(scores.values())


def _named_in(codebook: bytes) -> dict[str, Score]:
    import msgspec

    from patterns.errors import PatternsError

    try:
        book = codebook_from_message(msgspec.json.decode(codebook))
    except (PatternsError, ValueError) as error:
        _log.warning("the stored code book cannot be used: %s", error)
        return dict(builtins())
    return {score.name: score for score in book.needed()}
