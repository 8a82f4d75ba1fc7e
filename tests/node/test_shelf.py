"""There is always an alarm to play: the pattern's own clip, the built-in one, or the last resort."""

from pathlib import Path

import numpy as np
import pytest
from fakes.nodes import shared_cache
from fakes.onsets import onsets

from node.lastresort import BEAT_MS, ROUND_MS, STROKES, last_resort
from node.shelf import Shelf, scores_of
from patterns.builtin import builtins
from patterns.voice import DEFAULT_VOICE


def test_without_a_cache_an_alarm_still_sounds_and_nothing_else_does(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path, DEFAULT_VOICE)
    missing = shelf.fill(scores_of(None))
    assert missing[0] == "alarm" and set(missing) == set(builtins())
    assert shelf.names() == ()
    assert shelf.get("curfew", alarm=False) is None
    clip = shelf.get("ea-o/alarm", alarm=True)
    assert clip is not None and clip.loop_end == clip.frames


def test_with_a_cache_everything_is_there_by_its_name() -> None:
    shelf = Shelf(shared_cache(), DEFAULT_VOICE)
    assert shelf.fill(scores_of(None)) == ()
    curfew, unknown = shelf.get("curfew", alarm=False), shelf.get("nobody/knows", alarm=True)
    assert curfew is not None and curfew.name == "curfew"
    assert unknown is not None and unknown.name == "alarm"


def test_a_code_book_that_cannot_be_read_leaves_the_built_in_patterns() -> None:
    assert {score.name for score in scores_of(b"{")} == set(builtins())


@pytest.mark.pure
def test_the_last_resort_is_a_rapid_three_beat_loud_and_never_clipped() -> None:
    clip = last_resort("alarm")
    pcm = np.frombuffer(clip.pcm, dtype="<i2")
    assert 25_000 < abs(pcm).max() < 32_000
    twice = np.concatenate([pcm, pcm])
    found = [frame / 48 for frame in onsets(twice)]
    wanted = [turn * ROUND_MS + beat * BEAT_MS for turn in range(2) for beat in range(STROKES)]
    assert len(found) == len(wanted)
    assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 3
    assert BEAT_MS <= 350 and ROUND_MS - (STROKES - 1) * BEAT_MS <= 1_000
