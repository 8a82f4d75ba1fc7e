"""A blow is what could not be foreseen, however loudly something else rings."""

import math
from array import array

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.ear.blows import PAST, Blow, Blows
from node.ear.tones import BLOCK, EAR_HZ, Comb, blocks

pytestmark = pytest.mark.pure

TONES = (500, 1400, 2800)


def found(sound: np.ndarray) -> list[Blow]:
    blows = Blows(Comb(TONES))
    heard = array("h", np.clip(np.round(sound), -32_768, 32_767).astype("<i2").tobytes())
    return [blow for block in blocks(heard) if (blow := blows.feed(block)) is not None]


def ring(frames: int, level: float, phase: float, ring_s: float = 1.5) -> np.ndarray:
    t = np.arange(frames) / EAR_HZ
    return level * 10 ** (-3 * t / ring_s) * np.sin(2 * np.pi * 1433 * t + phase)


@settings(deadline=None, max_examples=30)
@given(hz=st.floats(20, 3_900), level=st.floats(0, 30_000), noise=st.floats(0, 20), seed=st.integers(0, 99))
def test_a_steady_tone_holds_no_blow_but_its_beginning(hz: float, level: float, noise: float, seed: int) -> None:
    t = np.arange(3 * EAR_HZ) / EAR_HZ
    sound = level * np.sin(2 * np.pi * hz * t) + np.random.default_rng(seed).normal(0, noise, len(t))
    assert all(blow.block <= PAST + 2 for blow in found(sound))


@settings(deadline=None, max_examples=60)
@given(
    phase=st.floats(0, 2 * math.pi),
    level=st.floats(0.5, 2.0),
    at=st.integers(30 * BLOCK, 40 * BLOCK),
    loud=st.floats(600, 15_000),
)
def test_a_new_blow_is_found_whatever_its_phase_over_one_that_still_rings(
    phase: float, level: float, at: int, loud: float
) -> None:
    sound = np.concatenate([np.zeros(10 * BLOCK), ring(90 * BLOCK, loud, 0)])
    sound[at:] += ring(len(sound) - at, level * loud, phase)
    sound += np.random.default_rng(1).normal(0, 10, len(sound))
    at_blocks = [blow.block for blow in found(sound)]
    assert any(abs(block - at / BLOCK) <= 1.5 for block in at_blocks), at_blocks
    assert 10 in at_blocks or 9 in at_blocks or 11 in at_blocks


def test_what_rings_already_when_it_is_opened_was_struck_before() -> None:
    first = found(ring(100 * BLOCK, 8_000, 1.0))[0]
    assert (first.block, first.opening) == (0, True)


def test_steady_noise_is_no_opening_blow_and_hardly_any_other() -> None:
    counts = [found(np.random.default_rng(seed).normal(0, 2_000, 10 * EAR_HZ)) for seed in range(5)]
    assert not any(blow.opening for blows in counts for blow in blows)
    assert sum(len(blows) for blows in counts) < 50


@pytest.mark.parametrize("level", [0, 3, 60])
def test_what_is_too_faint_is_nothing(level: float) -> None:
    assert found(np.concatenate([np.zeros(800), ring(8_000, level, 0)])) == []
