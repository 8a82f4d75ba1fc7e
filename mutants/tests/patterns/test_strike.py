"""One stroke of a bar sounds like a struck bar."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.strike import RATE, strike
from patterns.voice import DEFAULT_VOICE, PARTIALS, Bar

bars = st.builds(
    Bar,
    fundamental_hz=st.floats(80, 2000),
    ring_s=st.floats(0.2, 8),
    damping=st.floats(0, 2),
    levels=st.tuples(st.floats(0.1, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1)),
    mallet_ms=st.floats(0.1, 1.5),
    beat_hz=st.floats(0, 10),
)


@settings(max_examples=25, deadline=None)
@given(bars)
def test_any_bar_peaks_at_one_and_starts_and_ends_in_silence(bar: Bar) -> None:
    stroke = strike(bar)
    assert len(stroke) == round(bar.ring_s * RATE)
    assert np.max(np.abs(stroke)) == pytest.approx(1)
    assert abs(stroke[0]) < 0.35
    assert abs(stroke[-1]) < 1e-6


def test_it_is_audible_within_two_milliseconds() -> None:
    loud = np.abs(strike(DEFAULT_VOICE)) > 0.1  # -20 dB
    assert np.argmax(loud) < 2 * RATE // 1000


def test_it_rings_in_the_ratios_of_a_free_bar() -> None:
    bar = Bar(fundamental_hz=500, beat_hz=0, damping=0.2)
    spectrum = np.abs(np.fft.rfft(strike(bar) * np.hanning(round(bar.ring_s * RATE))))
    hz_per_bin = RATE / round(bar.ring_s * RATE)
    for ratio in PARTIALS:
        near = round(500 * ratio / hz_per_bin)
        window = spectrum[near - 60 : near + 60]
        assert abs(np.argmax(window) - 60) * hz_per_bin < 3
        assert window.max() > 20 * np.median(spectrum[near + 100 : near + 400])


def test_high_partials_die_first() -> None:
    stroke = strike(DEFAULT_VOICE)

    def share_of_high(part: np.ndarray) -> float:
        spectrum = np.abs(np.fft.rfft(part)) ** 2
        cut = round(1000 * len(part) / RATE)
        return float(spectrum[cut:].sum() / spectrum.sum())

    assert share_of_high(stroke[: RATE // 5]) > 3 * share_of_high(stroke[RATE : RATE * 6 // 5])


def test_it_sinks_by_60_db_over_its_ring() -> None:
    stroke = strike(Bar(beat_hz=0))
    early, late = np.max(np.abs(stroke[: RATE // 10])), np.max(np.abs(stroke[-RATE // 4 : -RATE // 10]))
    assert 40 < 20 * np.log10(early / late) < 75


def test_its_wavering_never_silences_it() -> None:
    pure = (1.0, 0.0, 0.0, 0.0)
    wavering, steady = (np.abs(strike(Bar(beat_hz=hz, levels=pure))) for hz in (5, 0))
    frames = RATE // 50
    for at in range(0, RATE, frames):
        assert 20 * np.log10(wavering[at : at + frames].max() / steady[at : at + frames].max()) > -9


def test_its_partials_are_a_free_bars() -> None:
    assert PARTIALS == (1.0, 2.756, 5.404, 8.933)


def test_a_soft_mallet_takes_the_edge_off() -> None:
    def edge(bar: Bar) -> float:
        return float(np.max(np.abs(np.diff(strike(bar)[: RATE // 100]))))

    assert edge(Bar(mallet_ms=1.2)) < 0.8 * edge(Bar(mallet_ms=0.1))
