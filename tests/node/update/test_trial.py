"""A version on trial is good if it was well without a gap, and in doubt it is not."""

import pytest

from node.update.files import Health
from node.update.trial import FRESH_S, MOST_RUNS, SOUNDING_S, START_S, STEADY_S, TRIAL_S, WELL, Judge

pytestmark = pytest.mark.pure

NEW = "0.2.0"


def health(
    at_s: float, *, run: str = "r1", version: str = NEW, heard: bool = True, wrong: tuple[str, ...] = (),
    sounding: bool = False,
) -> Health:  # fmt: skip
    return Health(version=version, run=run, at_s=at_s, heard=heard, wrong=wrong, sounding=sounding)


def verdict(judge: Judge, from_s: int = 0, to_s: int = int(TRIAL_S) + 10, **how: object) -> tuple[int, str] | None:
    for now_s in range(from_s, to_s, 5):
        found = judge.see(now_s, health(now_s, **how))  # type: ignore[arg-type]  # a test's own words
        if found is not None:
            return now_s, found
    return None


def test_a_version_that_is_well_for_its_time_is_good() -> None:
    assert verdict(Judge(NEW, None, 0)) == (int(STEADY_S), WELL)


def test_one_that_never_comes_is_rolled_back_as_soon_as_it_should_have() -> None:
    judge = Judge(NEW, None, 0)
    assert [judge.see(now_s, None) for now_s in (0, START_S - 1, START_S)] == [None, None, "crash"]


def test_so_is_one_that_came_and_went() -> None:
    judge = Judge(NEW, None, 0)
    assert verdict(judge, to_s=60) is None
    assert [judge.see(55 + START_S - 1, None), judge.see(55 + START_S, None)] == [None, "crash"]


def test_the_old_one_that_still_speaks_is_not_taken_for_it() -> None:
    assert verdict(Judge(NEW, None, 0), version="0.1.0") == (int(START_S), "crash")


def test_one_that_the_commune_does_not_hear_is_rolled_back() -> None:
    assert verdict(Judge(NEW, None, 0), heard=False) == (int(TRIAL_S), "unlinked")


def test_one_that_something_is_wrong_with_is_rolled_back() -> None:
    assert verdict(Judge(NEW, None, 0), wrong=("SpeakerHealth",)) == (int(TRIAL_S), "unwell: SpeakerHealth")


def test_while_it_sounds_it_is_not_led_back_for_a_doubt_and_afterwards_it_is() -> None:
    judge = Judge(NEW, None, 0)
    assert verdict(judge, to_s=int(TRIAL_S) + 300, heard=False, sounding=True) is None
    assert verdict(judge, from_s=int(TRIAL_S) + 300, to_s=int(TRIAL_S) + 400, heard=False) == (
        TRIAL_S + 300,
        "unlinked",
    )


def test_a_sound_that_never_ends_keeps_no_version_for_ever() -> None:
    to_s = int(TRIAL_S + SOUNDING_S) + 10
    assert verdict(Judge(NEW, None, 0), to_s=to_s, heard=False, sounding=True) == (TRIAL_S + SOUNDING_S, "unlinked")


def test_one_that_crashed_while_it_sounded_is_led_back_at_once() -> None:
    judge = Judge(NEW, None, 0)
    assert verdict(judge, to_s=60, sounding=True) is None
    assert judge.see(55 + START_S, None) == "crash"


def test_a_commune_that_comes_back_before_the_end_gives_it_its_whole_time_and_not_a_look_more() -> None:
    back_s = int(TRIAL_S) - 50
    late, gone = Judge(NEW, None, 0), Judge(NEW, None, 0)
    for judge in (late, gone):
        assert verdict(judge, to_s=back_s, heard=False) is None
    assert verdict(late, from_s=back_s, to_s=back_s + 300) == (back_s + int(STEADY_S), WELL)
    assert verdict(gone, from_s=back_s, to_s=int(TRIAL_S) + 20) is None
    assert verdict(gone, from_s=int(TRIAL_S) + 20, to_s=int(TRIAL_S) + 60, heard=False) == (TRIAL_S + 20, "unlinked")


def test_a_machine_that_has_been_on_for_days_judges_no_otherwise() -> None:
    began_s = 500_000
    for how, expected in (({}, (STEADY_S, WELL)), ({"heard": False}, (TRIAL_S, "unlinked"))):
        found = verdict(Judge(NEW, None, began_s), from_s=began_s, to_s=began_s + int(TRIAL_S) + 10, **how)
        assert found == (began_s + expected[0], expected[1])


def test_a_last_look_without_a_word_ends_it_though_it_sounded_before() -> None:
    judge = Judge(NEW, None, 0)
    assert verdict(judge, to_s=int(TRIAL_S), heard=False, sounding=True) is None
    assert judge.see(TRIAL_S, None) == "unlinked"


def test_a_word_counts_for_as_long_as_it_is_fresh() -> None:
    judge = Judge(NEW, None, 0)
    judge.see(0, health(0))
    assert judge.see(STEADY_S, health(STEADY_S - FRESH_S)) == WELL


def test_what_was_wrong_before_is_not_held_against_it() -> None:
    before = health(0, version="0.1.0", wrong=("MicrophoneHealth", "SpeakerHealth"))
    assert verdict(Judge(NEW, before, 0), wrong=("SpeakerHealth",)) == (int(STEADY_S), WELL)


def test_a_loop_of_crashes_is_seen_before_the_end() -> None:
    judge = Judge(NEW, None, 0)
    found = [judge.see(now_s, health(now_s, run=f"r{now_s}")) for now_s in range(MOST_RUNS + 1)]
    assert found == [None] * MOST_RUNS + ["crash"]


def test_a_gap_begins_its_time_anew() -> None:
    judge = Judge(NEW, None, 0)
    assert verdict(judge, to_s=100) is None
    assert judge.see(105, None) is None
    assert verdict(judge, from_s=110) == (110 + int(STEADY_S), WELL)


def test_a_stumble_at_its_start_begins_its_time_anew() -> None:
    judge = Judge(NEW, None, 0)
    assert verdict(judge, to_s=100, run="r1") is None
    assert verdict(judge, from_s=100, run="r2") == (100 + int(STEADY_S), WELL)


def test_an_old_word_of_a_frozen_node_is_none() -> None:
    judge = Judge(NEW, None, 0)
    word = health(0)
    found = [judge.see(now_s, word) for now_s in range(0, int(TRIAL_S), 10)]
    assert "well" not in found and "crash" in found and FRESH_S < START_S < STEADY_S < TRIAL_S
