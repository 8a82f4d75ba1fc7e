"""Clips: strokes counted and samples played, loops and all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.clip import Clip

pytestmark = pytest.mark.pure


def clip(frames: int, loop_start: int | None, strokes: tuple[int, ...]) -> Clip:
    pcm = b"".join((n % 30_000).to_bytes(2, "little") for n in range(frames))
    return Clip("x", 48_000, memoryview(pcm), frames, loop_start, None if loop_start is None else frames, strokes)


@st.composite
def clips(draw: st.DrawFn) -> Clip:
    frames = draw(st.integers(1, 200))
    loop_start = draw(st.none() | st.integers(0, frames - 1))
    strokes = draw(st.sets(st.integers(0, frames - 1), min_size=1))
    return clip(frames, loop_start, tuple(sorted(strokes)))


@given(clips(), st.integers(0, 2000))
def test_strokes_are_counted_as_if_each_frame_were_looked_at(one: Clip, played: int) -> None:
    at, counted = 0, 0
    for _ in range(played):
        if at == one.frames:
            if one.loop_start is None:
                break
            at = one.loop_start
        counted += at in one.strokes
        at += 1
    assert one.strokes_until(played) == counted


@given(clips(), st.integers(0, 2000))
def test_samples_are_played_as_if_each_frame_were_looked_at(one: Clip, frames: int) -> None:
    expected, at = bytearray(), 0
    for _ in range(frames):
        if at == one.frames and one.loop_start is not None:
            at = one.loop_start
        expected += bytes(one.pcm[2 * at : 2 * at + 2]) if at < one.frames else b"\0\0"
        at += 1
    assert one.played(frames) == bytes(expected)
