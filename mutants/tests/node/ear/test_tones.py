"""Which tones a gong rings in, and how strongly a block holds them."""

import math
from array import array

import pytest
from fakes.clips import bursts
from fakes.struck import struck

from node.ear.tones import BLOCK, EAR_HZ, HIGHEST_HZ, LOWEST_HZ, Comb, blocks, folded, tones_of
from node.lastresort import last_resort
from patterns.voice import PARTIALS, Bar

pytestmark = pytest.mark.pure


def sine(hz: float, level: float, frames: int = BLOCK, phase: float = 0.0) -> array:
    return array("h", (round(level * math.sin(2 * math.pi * hz * i / EAR_HZ + phase)) for i in range(frames)))


@pytest.mark.parametrize("hz", [520.0, 700.0, 1000.0])
def test_the_tones_of_a_bar_are_its_partials(hz: float) -> None:
    found = tones_of(struck("test", Bar(fundamental_hz=hz)))
    heard = [hz * ratio for ratio in PARTIALS if LOWEST_HZ <= hz * ratio <= HIGHEST_HZ]
    for partial in heard:
        assert min(abs(partial - tone) for tone in found) <= 100, (found, heard)


def test_the_last_resort_rings_in_the_same() -> None:
    assert tones_of(last_resort("alarm")) == tones_of(struck("alarm"))


def test_a_clip_that_is_no_bar_at_all_has_tones_too() -> None:
    assert len(tones_of(bursts(400))) == 3


def test_a_full_scale_tone_in_its_band_has_the_magnitude_of_full_scale_at_any_phase() -> None:
    for phase in (0.0, 0.7, 2.0):
        (value,) = Comb([1400])(sine(1400, 32_767, phase=phase))
        assert abs(value) == pytest.approx(32_767, rel=0.02)
        assert abs(Comb([2800])(sine(1400, 32_767, phase=phase))[0]) < 330


def test_samples_are_folded_to_the_ear_s_rate_and_cut_into_whole_blocks() -> None:
    wide = array("h", [6, 0, 0, 0, 0, 6] * BLOCK * 2 + [9])
    heard = folded(wide.tobytes())
    assert heard == array("h", [2] * BLOCK * 2)
    assert [len(block) for block in blocks(heard[:-1])] == [BLOCK]
