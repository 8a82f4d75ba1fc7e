"""What the doctor says of a microphone, by what a second with it gave."""

import pytest

from node.soundcheck import microphone, surroundings

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("level_db", "deaf", "state", "word"),
    [(-47.2, False, "ok", "−47 dB"), (-120.0, True, "warn", "im lặng"), (-5.0, False, "warn", "quá to (−5 dB)")],
)
def test_a_level_is_told_and_silence_or_noise_is_warned_of(level_db: float, deaf: bool, state: str, word: str) -> None:
    found = surroundings("ear", level_db, deaf=deaf)
    assert (found.state, word in found.vi, "ear" in found.en) == (state, True, True)


def test_without_a_microphone_nothing_is_said_and_a_running_node_s_is_left_alone() -> None:
    assert list(microphone(None, running=False)) == []
    (found,) = microphone("ear", running=True)
    assert found.state == "ok" and "ear" in found.vi
