"""The clips that can be played without delay, by the names of their patterns.

What must always hold: asking costs a dictionary's look-up (for a chime that is due before the shelf is filled, a look
at the card); an alarm always gets a clip (the pattern itself, else the built-in alarm, else the last resort), anything
else gets its own or none. Alarms and drills are held in memory, as far as there is room: a card that cannot be read any
more silences none of them. Other samples stay mapped files until played; one that is to sound as an alarm all the same
is read then.

It does not know how clips are made: prepare.py of the room `patterns` does that, in a child (see preparing.py).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from node.lastresort import last_resort
from patterns.builtin import ALARM, builtins
from patterns.cache import find
from patterns.clip import Clip
from patterns.codebook import codebook_from_message
from patterns.score import Score
from patterns.voice import Voice

_log = logging.getLogger(__name__)

HELD_BYTES = 4 * 1024 * 1024
"""Alarm, drill and four more: what one commune has. The bar for all of a node is 40 MB."""
HELD_USES = ("alarm", "drill")
"""What a press or an order makes sound at once, and wherever it can be heard."""


@dataclass(frozen=True, slots=True)
class _Stored:
    clip: Clip
    score: Score
    held: bool


class Shelf:
    """Clips by name. Filled on one thread, asked by another: the dictionary is replaced whole."""

    def __init__(self, cache_dir: Path, voice: Voice, held_bytes: int = HELD_BYTES) -> None:
        self._cache_dir = cache_dir
        self._voice = voice
        self._held_bytes = held_bytes
        self._stored: dict[str, _Stored] = {}
        self._wanted: dict[str, Score] = {}
        self._last_resort: Clip | None = None

    def names(self) -> tuple[str, ...]:
        """What is ready."""
        return tuple(self._stored)

    def want(self, scores: Iterable[Score]) -> None:
        """These will be filled in: what is asked for before is looked for then."""
        self._wanted = {score.name: score for score in scores}

    def fill(self, scores: Iterable[Score]) -> tuple[str, ...]:
        """Take what the cache has of these; names of what it has not. A name that is not there keeps its old clip."""
        stored: dict[str, _Stored] = {}
        missing: list[str] = []
        room = self._held_bytes
        for score in scores:
            known = self._stored.get(score.name)
            new = self._find(score, known, held=score.use in HELD_USES and room > 0)
            if new is None:
                missing.append(score.name)
            one = new or known
            if one is not None:
                stored[score.name] = one
                room -= one.clip.pcm.nbytes if one.held else 0
        self._stored = stored
        if ALARM not in stored and self._last_resort is None:
            _log.warning("no rendered alarm in %s: the last resort stands in", self._cache_dir)
            self._last_resort = last_resort(ALARM)
        return tuple(missing)

    def get(self, name: str, *, alarm: bool) -> Clip | None:
        """The clip to play."""
        own = self._stored.get(name)
        if own is None and not alarm and name in self._wanted:
            own = self._find(self._wanted[name], None, held=False)
        if own is not None and alarm and not own.held:
            own = self._find(own.score, None, held=True)
        if own is None and alarm:
            own = self._stored.get(ALARM)
        return self._last_resort if own is None and alarm else None if own is None else own.clip

    def _find(self, score: Score, known: _Stored | None, *, held: bool) -> _Stored | None:
        """From the cache; what is held already is not read again."""
        if held and known is not None and known.held and known.score == score:
            return known
        clip = find(self._cache_dir, score, self._voice, held=held)
        return None if clip is None else _Stored(clip, score, held)


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
    except (PatternsError, ValueError, RecursionError) as error:
        _log.warning("the stored code book cannot be used: %s", error)
        return dict(builtins())
    return {score.name: score for score in book.needed()}
