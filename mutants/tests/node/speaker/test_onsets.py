"""Does the ear of the tests find blows where they are, and nowhere else?"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from fakes.onsets import onsets

from patterns.builtin import builtins
from patterns.clip import Clip
from patterns.render import render, stroke_of
from patterns.voice import DEFAULT_VOICE

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def clips() -> list[Clip]:
    stroke = stroke_of(DEFAULT_VOICE)
    return [render(score, stroke).clip(name) for name, score in builtins().items()]


def blows(clip: Clip, frames: int) -> Iterator[int]:
    """Every stroke of the clip's first `frames` frames, by its own count."""
    known = 0
    for ms in range(frames // 48 + 1):
        if clip.strokes_until(ms * 48 + 1) > known:
            known += 1
            yield ms * 48


def test_it_finds_the_blows_of_every_built_in_pattern_to_a_millisecond(clips: list[Clip]) -> None:
    struck = missed = 0
    for clip in clips:
        frames = clip.frames + (4 * 48_000 if clip.loop_end else 0)
        found, true = np.array(onsets(clip.played(frames))), np.array(list(blows(clip, frames)))
        assert max(np.abs(true - f).min() for f in found) <= 48, f"{clip.name}: a blow that was not struck"
        missed += sum(np.abs(found - t).min() > 48 for t in true)
        struck += len(true)
    assert struck > 500
    assert missed <= struck // 100


def test_a_sound_that_is_cut_off_is_no_blow(clips: list[Clip]) -> None:
    alarm = next(c for c in clips if c.name == "alarm")
    for ms in (1030, 1500, 2222):
        frames = ms * 48
        silence = bytes(48_000)
        pcm = alarm.played(frames)
        assert len(onsets(pcm + silence)) == alarm.strokes_until(frames - 480)


def test_silence_has_none() -> None:
    assert onsets(bytes(96_000)) == []
    assert onsets(b"") == []
