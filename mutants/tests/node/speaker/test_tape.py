"""Where is a clip at a given frame, loop after loop?"""

from __future__ import annotations

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.speaker.epoch import Epoch
from node.speaker.gain import scaler
from node.speaker.tape import Tape, frames_in, ns_of
from patterns.clip import Clip

pytestmark = pytest.mark.pure


@st.composite
def clips(draw: st.DrawFn) -> Clip:
    frames = draw(st.integers(1, 60))
    loop = draw(st.none() | st.integers(0, frames - 1))
    strokes = tuple(sorted(draw(st.sets(st.integers(0, frames - 1)))))
    pcm = memoryview(array("h", range(1, frames + 1)).tobytes())
    return Clip("x", 48_000, pcm, frames, loop, None if loop is None else frames, strokes)


@given(clips(), st.lists(st.integers(1, 40), min_size=1, max_size=20))
def test_read_in_any_pieces_it_is_what_the_clip_says_is_played(clip: Clip, rooms: list[int]) -> None:
    tape, frame, read = Tape(clip), 0, b""
    for room in rooms:
        piece = tape.read(frame, room)
        assert len(piece) <= 2 * room
        assert bool(piece) is not tape.over(frame)
        read += bytes(piece)
        frame += len(piece) // 2
    assert read == clip.played(frame)


@given(clips(), st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_blows_add_up_over_any_cut(clip: Clip, a: int, b: int, c: int) -> None:
    first, cut, last = sorted((a, b, c))
    tape = Tape(clip)
    whole = tape.strokes_between(first, last)
    assert tape.strokes_between(first, cut) + tape.strokes_between(cut, last) == whole
    assert tape.strokes_between(last, first) == 0 or first == last


@given(st.integers(0, 1 << 40))
def test_frames_and_ns_agree(frames: int) -> None:
    assert frames - 1 <= frames_in(ns_of(frames)) <= frames


def test_the_truest_look_is_the_earliest_of_the_last_ones() -> None:
    epoch = Epoch()
    for late_ns, now_ms in ((9, 20), (0, 27), (4, 34)):
        epoch.look(now_ms * 1_000_000 + late_ns * 100_000, now_ms * 48)
    assert epoch.at_ns == 0
    for now_ms in range(100, 400, 7):
        epoch.look(now_ms * 1_000_000 + 300_000, now_ms * 48)
    assert epoch.at_ns == 300_000, "a card's clock drifts: old looks are forgotten"


@pytest.mark.parametrize("gain_db", [0.1, -61.0, float("nan")])
def test_a_gain_nobody_can_mean_is_refused(gain_db: float) -> None:
    with pytest.raises(ValueError, match="gain_db"):
        scaler(gain_db)


def test_gain_scales_every_sample_and_0_db_none() -> None:
    loud = memoryview(array("h", [32767, -32768, 100, 0]).tobytes())
    assert scaler(0.0)(loud) is loud
    assert list(scaler(-20.0)(loud).cast("h")) == [3276, -3276, 10, 0]
