"""There is always an alarm to play: the pattern's own clip, the built-in one, or the last resort."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from fakes.nodes import shared_cache
from fakes.onsets import onsets

from node.lastresort import BEAT_MS, ROUND_MS, STROKES, last_resort
from node.shelf import Shelf, scores_of
from patterns.builtin import builtins
from patterns.cache import key
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


def test_a_chime_that_is_due_as_the_box_starts_is_found_before_the_shelf_is_filled() -> None:
    shelf = Shelf(shared_cache(), DEFAULT_VOICE)
    assert shelf.get("curfew", alarm=False) is None
    shelf.want(scores_of(None))
    curfew = shelf.get("curfew", alarm=False)
    assert curfew is not None and curfew.name == "curfew"
    assert shelf.get("nobody/knows", alarm=False) is None


def test_a_code_book_that_cannot_be_read_leaves_the_built_in_patterns() -> None:
    for stored in (b"{", b"\xff", b"[" * 5_000 + b"]" * 5_000, b'{"patterns":' + b"[" * 5_000 + b"]" * 5_000 + b"}"):
        assert {score.name for score in scores_of(stored)} == set(builtins())


READ_AFTER_THE_CARD_BROKE = """
import os, sys
from pathlib import Path
from node.shelf import Shelf, scores_of
from patterns.voice import DEFAULT_VOICE
shelf = Shelf(Path(sys.argv[1]), DEFAULT_VOICE)
assert shelf.fill(scores_of(None)) == ()
for wav in Path(sys.argv[1]).glob("*.wav"):
    os.truncate(wav, 4096)
for name, alarm in (("alarm", True), ("cong-lac/alarm", True), ("drill", False), ("wake", True)):
    print(len(bytes(shelf.get(name, alarm=alarm).pcm)) > 400_000)
"""


def test_alarms_and_drills_outlive_a_card_that_cannot_be_read_any_more(tmp_path: Path) -> None:
    """Their samples were a mapped file: a page that could not be read killed the node when it should have sounded."""
    shutil.copytree(shared_cache(), tmp_path / "cache")
    command = [sys.executable, "-c", READ_AFTER_THE_CARD_BROKE, str(tmp_path / "cache")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout.split()) == (0, ["True"] * 4), ended.stderr


def test_a_chime_s_samples_stay_on_the_card_and_cost_no_memory(tmp_path: Path) -> None:
    shelf = Shelf(shared_cache(), DEFAULT_VOICE)
    shelf.fill(scores_of(None))
    wake, alarm = shelf.get("wake", alarm=False), shelf.get("alarm", alarm=True)
    assert wake is not None and alarm is not None
    assert type(wake.pcm.obj).__name__ == "mmap"
    assert type(alarm.pcm.obj) is bytes


def test_only_so_much_is_held_in_memory_and_the_alarm_before_all(tmp_path: Path) -> None:
    shelf = Shelf(shared_cache(), DEFAULT_VOICE, held_bytes=1_400_000)
    shelf.fill(scores_of(None))
    names = [name for name in shelf.names() if builtins()[name].use in ("alarm", "drill")]
    clips = {name: shelf.get(name, alarm=False) for name in names}
    held = [name for name, clip in clips.items() if clip is not None and type(clip.pcm.obj) is bytes]
    assert held[:2] == ["alarm", "drill"] and len(held) < len(names)


def test_an_alarm_that_is_not_held_and_cannot_be_read_sounds_as_the_built_in_one(tmp_path: Path) -> None:
    shutil.copytree(shared_cache(), tmp_path / "cache")
    shelf = Shelf(tmp_path / "cache", DEFAULT_VOICE)
    shelf.fill(scores_of(None))
    whole = shelf.get("wake", alarm=True)
    assert whole is not None and (whole.name, type(whole.pcm.obj)) == ("wake", bytes)
    (tmp_path / "cache" / f"{key(builtins()['wake'], DEFAULT_VOICE)}.wav").unlink()
    broken = shelf.get("wake", alarm=True)
    assert broken is not None and broken.name == "alarm"


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
